import type { TextBlock } from "../document.js";
import { el } from "../dom.js";

export function textBlock(block: TextBlock): HTMLElement {
  return el("p", "prose", block.text);
}
