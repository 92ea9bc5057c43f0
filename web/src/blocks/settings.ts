import type { SettingsBlock } from "../document.js";
import { el } from "../dom.js";
import { armColour } from "../palette.js";
import type { Context } from "./context.js";

function armHeading(label: string, index: number): HTMLElement {
  const swatch = el("span", "swatch");
  swatch.style.background = armColour(index);
  return el("th", { attributes: { scope: "row" } }, swatch, label);
}

/** Arms as rows: a study may have many of them, and few settings that differ. */
function differing(block: SettingsBlock, { document }: Context): HTMLElement {
  const head = el("tr", {}, el("th", { attributes: { scope: "col" } }, "arm"), ...block.differ.map(({ key }) => el("th", { attributes: { scope: "col" } }, key)));
  const rows = document.arms.map((arm, index) => el("tr", {}, armHeading(arm.label, index), ...block.differ.map(({ values }) => el("td", {}, values[index] ?? ""))));
  const table = el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
  return el("div", { class: "scroller", attributes: { tabindex: 0, role: "region", "aria-label": "Settings that differ" } }, table);
}

export function settingsBlock(block: SettingsBlock, context: Context): HTMLElement {
  const same = el("dl", "same", ...block.same.map(({ key, value }) => el("div", {}, el("dt", {}, key), el("dd", {}, value))));
  return el(
    "div",
    "settings",
    block.differ.length > 0 && el("h3", {}, "Settings that differ"),
    block.differ.length > 0 && differing(block, context),
    block.same.length > 0 && el("h3", {}, context.document.arms.length > 1 ? "The same in all arms" : "Settings"),
    block.same.length > 0 && same,
  );
}
