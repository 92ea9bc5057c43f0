import type { ArmInfo, ReportDocument } from "./document.js";
import { button, el } from "./dom.js";
import { armColour } from "./palette.js";
import type { Store } from "./store.js";

function count({ n, diverged, failed }: ArmInfo): string {
  const parts = [`n = ${n}`];
  if (diverged > 0) parts.push(`${diverged} diverged`);
  if (failed > 0) parts.push(`${failed} failed`);
  return parts.join(", ");
}

/** `place` the other way round; hiding the last one shows all. */
export function toggled(hidden: readonly number[], place: number, all: number): number[] {
  const next = hidden.includes(place) ? hidden.filter((one) => one !== place) : [...hidden, place].sort((a, b) => a - b);
  return next.length >= all ? [] : next;
}

export function onlyShown(place: number, all: number): number[] {
  return Array.from({ length: all }, (_, index) => index).filter((index) => index !== place);
}

/** The page's legend: a chip for each arm, which shows and hides it in all charts, and alone. */
export function armLegend(document: ReportDocument, store: Store): HTMLElement {
  const all = document.arms.length;
  const chips = document.arms.map((arm, index) => {
    const swatch = el("span", { class: "swatch", attributes: { "aria-hidden": "true" } });
    swatch.style.background = armColour(index);
    const toggle = el(
      "button",
      {
        class: "chip",
        attributes: { type: "button", title: `Show or hide ${arm.label}` },
        on: { click: () => { store.change({ hidden: toggled(store.state.hidden, index, all) }); } },
      },
      swatch,
      el("span", "label", arm.label),
      el("span", "count", count(arm)),
    );
    store.follow(() => { toggle.setAttribute("aria-pressed", String(!store.state.hidden.includes(index))); });
    const only = button("only", `Only ${arm.label}`, () => { store.change({ hidden: onlyShown(index, all) }); });
    return el("li", {}, toggle, all > 2 && only);
  });
  const everything = button("Show all", "Show all arms", () => { store.change({ hidden: [] }); });
  store.follow(() => { everything.hidden = store.state.hidden.length === 0; });
  return el("div", { class: "arms", attributes: { role: "group", "aria-label": "Arms: show and hide" } }, el("ul", {}, ...chips), everything);
}
