import { isFaceted } from "./charts/spec.js";
import type { Block, Section } from "./document.js";
import { el } from "./dom.js";
import { layOut } from "./blocks/block.js";
import type { Context } from "./blocks/context.js";

/** Charts that may stand beside another: no small multiples, and no sliders, which want the page's width. */
function fitsBeside(block: Block): boolean {
  return block.kind === "chart" && !isFaceted(block.spec) && !block.controls?.smooth && !block.controls?.slider;
}

/** Neighbouring blocks that share a row of the page, as lists. */
export function inRows(blocks: readonly Block[]): Block[][] {
  const rows: Block[][] = [];
  for (const block of blocks) {
    const last = rows[rows.length - 1];
    if (last && fitsBeside(block) && last.every(fitsBeside)) last.push(block);
    else rows.push([block]);
  }
  return rows;
}

export function sectionElement(section: Section, context: Context): HTMLElement {
  const id = sectionId(section);
  const content = inRows(section.blocks).map((row) => {
    const elements = row.map((block) => layOut(block, context)).filter((block) => block !== null);
    return elements.length > 1 ? el("div", "side-by-side", ...elements) : elements[0];
  });
  return el("section", { attributes: { id, "aria-labelledby": `${id}-title` } }, el("h2", { attributes: { id: `${id}-title`, tabindex: -1 } }, section.title), ...content);
}

export function sectionId(section: Section): string {
  return `section-${section.id}`;
}
