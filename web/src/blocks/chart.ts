import { coloursByArm } from "../charts/arm_colours.js";
import { hiddenLabels } from "../charts/apply_state.js";
import { ChartView } from "../charts/chart_view.js";
import { chartControls } from "../charts/controls.js";
import { saveChart, standaloneSpec, type FileKind } from "../charts/download.js";
import type { ChartBlock } from "../document.js";
import { button, el } from "../dom.js";
import { armColour } from "../palette.js";
import type { Context } from "./context.js";

const kFiles: Record<FileKind, string> = { svg: "SVG", png: "PNG", json: "JSON" };

function saveButtons(block: ChartBlock, { document, store }: Context): HTMLElement {
  const status = el("span", { attributes: { role: "status" } });
  const save = (kind: FileKind): void => {
    const spec = standaloneSpec(block, document, store.chart(block.id), hiddenLabels(document, store.state.hidden));
    status.textContent = "";
    saveChart(kind, block.id, spec).catch((error: unknown) => {
      console.error(error);
      status.textContent = "could not be saved";
    });
  };
  const buttons = Object.entries(kFiles).map(([kind, text]) => button(text, `${text} of “${block.title}”`, () => { save(kind as FileKind); }));
  return el("div", "save", el("span", {}, "Save"), ...buttons, status);
}

/** On paper the page's legend is far away: every chart names its arms. */
function printedLegend({ document, store }: Context): HTMLElement {
  const list = el("ul", { class: "printed-legend", attributes: { "aria-hidden": "true" } });
  store.follow(() => {
    const items = document.arms.map((arm, index) => {
      const swatch = el("span", "swatch");
      swatch.style.background = armColour(index);
      return store.state.hidden.includes(index) ? null : el("li", {}, swatch, arm.label);
    });
    list.replaceChildren(...items.filter((item) => item !== null));
  });
  return list;
}

export function chartBlock(block: ChartBlock, context: Context): HTMLElement {
  const view = new ChartView(block, context.document, context.store, context.tooltip);
  context.queue.add(view);
  context.store.follow(() => { context.queue.wake(); });
  const named = coloursByArm(block.spec);
  return el(
    "figure",
    { class: "chart", attributes: { id: `chart-${block.id}` } },
    el("figcaption", {}, el("h3", {}, block.title), block.caption !== "" && el("p", {}, block.caption)),
    chartControls(block, context.store),
    named && printedLegend(context),
    view.element,
    saveButtons(block, context),
  );
}
