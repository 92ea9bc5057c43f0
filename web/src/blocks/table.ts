import type { TableBlock } from "../document.js";
import { el } from "../dom.js";

const kLong = 20;

export function tableBlock(block: TableBlock): HTMLElement {
  const numeric = (column: number): string => (block.columns[column]?.numeric === true ? "number" : "");
  /** Names of arms are long: they get room, rather than a line for each word. */
  const rowHeading = (cell: string): string => [numeric(0), cell.length > kLong ? "long" : ""].filter((name) => name !== "").join(" ");
  const head = el("tr", {}, ...block.columns.map(({ title }, column) => el("th", { class: numeric(column), attributes: { scope: "col" } }, title)));
  const rows = block.rows.map((cells) =>
    el("tr", {}, ...cells.map((cell, column) => (column === 0 ? el("th", { class: rowHeading(cell), attributes: { scope: "row" } }, cell) : el("td", numeric(column), cell)))),
  );
  const table = el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
  const scroller = el("div", { class: "scroller", attributes: { tabindex: 0, role: "region", "aria-label": block.title } }, table);
  const notes = block.notes.map((note) => el("p", "note", note));
  if (block.folded === true) {
    return el("details", "table", el("summary", {}, el("h3", {}, block.title), el("span", "count", `${block.rows.length} rows`)), scroller, ...notes);
  }
  return el("div", "table", el("h3", {}, block.title), scroller, ...notes);
}
