import type { FormulaBlock } from "../document.js";
import { el } from "../dom.js";
import { stepsOf } from "../formula/batch_norm.js";

const kTitles: Record<FormulaBlock["name"], string> = {
  batch_norm_training: "In training: the statistics of the batch",
  batch_norm_evaluation: "In evaluation: the running statistics",
};

const plain = (name: string): string => name.toLowerCase().replaceAll("_", " ").trim();

function numbers(lines: FormulaBlock["lines"]): HTMLElement | null {
  if (lines.length === 0) return null;
  return el("dl", "given", ...lines.map((line) => el("div", {}, el("dt", {}, line.name), el("dd", {}, line.text))));
}

/** Formula and worked number side by side, line by line; numbers that belong to no line of the formula stand before and after them. */
export function formulaBlock(block: FormulaBlock): HTMLElement {
  const steps = stepsOf(block.name);
  const known = new Set(steps.flatMap((step) => step.lines.map(plain)));
  const isKnown = (line: { name: string }): boolean => known.has(plain(line.name));
  const first = block.lines.findIndex(isKnown);
  const begin = first < 0 ? block.lines.length : first;
  const before = block.lines.slice(0, begin);
  const behind = block.lines.slice(begin).filter((line) => !isKnown(line));
  const rows = steps.map((step) => {
    const worked = block.lines.filter((line) => step.lines.map(plain).includes(plain(line.name)));
    return el("li", {}, el("h4", {}, step.title), step.math, ...worked.map((line) => el("p", "worked", line.text)));
  });
  return el(
    "div",
    "formula",
    el("h3", {}, kTitles[block.name]),
    block.caption !== "" && el("p", "caption", block.caption),
    numbers(before),
    el("ol", {}, ...rows),
    numbers(behind),
  );
}
