import { armLegend } from "./arms.js";
import type { Context } from "./blocks/context.js";
import { contents } from "./contents.js";
import { DrawQueue } from "./charts/draw_queue.js";
import { Tooltip } from "./charts/tooltip.js";
import type { ReportDocument } from "./document.js";
import { button, el } from "./dom.js";
import { downloadLinks } from "./downloads.js";
import { head } from "./head.js";
import { sectionElement } from "./sections.js";
import { Store } from "./store.js";
import { followTheme, themeButton } from "./theme.js";

function tools(context: Context): HTMLElement {
  const print = button("Print", "Print this report", () => {
    void context.queue.drawAll().then(() => { window.print(); });
  });
  const reset = button("Reset", "Reset all switches and sliders", () => { context.store.reset(); });
  return el("div", { class: "tools", attributes: { role: "group", "aria-label": "Page" } }, themeButton(context.store), print, reset);
}

/** Lays the document out in `place`. Charts are drawn afterwards, as they are needed. */
export function showPage(report: ReportDocument, place: HTMLElement): void {
  const store = new Store();
  followTheme(store);
  const context: Context = { document: report, store, queue: new DrawQueue(), tooltip: new Tooltip() };
  document.title = report.title;
  const main = el("main", {}, head(report), ...report.sections.map((section) => sectionElement(section, context)), downloadLinks(report.downloads));
  const aside = el("div", "aside", tools(context), contents(report), armLegend(report, store));
  place.replaceChildren(aside, main, el("footer", {}, `Made by ${report.generator}. Everything on this page is in this one file.`));
  window.addEventListener("beforeprint", () => {
    void context.queue.drawAll();
    context.queue.fitPaper(true);
  });
  window.addEventListener("afterprint", () => { context.queue.fitPaper(false); });
  window.addEventListener("resize", () => { context.queue.wake(); });
  context.queue.wake();
}
