import type { DrawQueue } from "../charts/draw_queue.js";
import type { Tooltip } from "../charts/tooltip.js";
import type { ReportDocument } from "../document.js";
import type { Store } from "../store.js";

/** What blocks are laid out with. */
export interface Context {
  document: ReportDocument;
  store: Store;
  queue: DrawQueue;
  tooltip: Tooltip;
}
