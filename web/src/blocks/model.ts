import type { ModelBlock } from "../document.js";
import { el } from "../dom.js";

const kNumbers = new Intl.NumberFormat("en");

function parameters(count: number): string {
  return count === 1 ? "1 parameter" : `${kNumbers.format(count)} parameters`;
}

/** The layers as boxes in the order of the data; under each, its share of all parameters as a bar. */
export function modelBlock(block: ModelBlock): HTMLElement {
  const input = el("li", "layer input", el("strong", {}, "input"), el("span", "shape", block.input));
  const layers = block.layers.map((layer) => {
    const share = block.parameters > 0 ? layer.parameters / block.parameters : 0;
    const bar = el("span", { class: "share", attributes: { "aria-hidden": "true" } });
    bar.style.setProperty("--share", String(share));
    return el(
      "li",
      layer.norm_slot ? "layer slot" : "layer",
      el("strong", {}, layer.text),
      el("span", "shape", layer.shape),
      layer.parameters > 0 && el("span", "parameters", parameters(layer.parameters)),
      layer.norm_slot && el("span", "mark", "differs by arm"),
      layer.parameters > 0 && bar,
    );
  });
  return el("div", "model", el("h3", {}, block.title), el("p", "caption", `${parameters(block.parameters)} in all. A dashed box is a norm slot: what stands there is what the arms differ in.`), el("ol", {}, input, ...layers));
}
