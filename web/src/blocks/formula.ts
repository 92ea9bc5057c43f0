import type { FormulaBlock } from "../document.js";
import { el } from "../dom.js";
import { stepsOf } from "../formula/batch_norm.js";

const kTitles: Record<FormulaBlock["name"], string> = {
  batch_norm_training: "In training: the statistics of the batch",
  batch_norm_evaluation: "In evaluation: the running statistics",
};

const plain = (name: string): string => name.toLowerCase().replaceAll("_", " ").trim();

/** Formula and worked number side by side, line by line; numbers that belong to no line of the formula come first. */
export function formulaBlock(block: FormulaBlock): HTMLElement {
  const steps = stepsOf(block.name);
  const known = new Set(steps.flatMap((step) => step.lines.map(plain)));
  const given = block.lines.filter((line) => !known.has(plain(line.name)));
  const rows = steps.map((step) => {
    const worked = block.lines.filter((line) => step.lines.map(plain).includes(plain(line.name)));
    return el("li", {}, el("h4", {}, step.title), step.math, ...worked.map((line) => el("p", "worked", line.text)));
  });
  return el(
    "div",
    "formula",
    el("h3", {}, kTitles[block.name]),
    block.caption !== "" && el("p", "caption", block.caption),
    given.length > 0 && el("dl", "given", ...given.map((line) => el("div", {}, el("dt", {}, line.name), el("dd", {}, line.text)))),
    el("ol", {}, ...rows),
  );
}
