import type { ModelBlock } from "../document.js";
import { el } from "../dom.js";

const kNumbers = new Intl.NumberFormat("en");

type Layer = ModelBlock["layers"][number];

function parameters(count: number): string {
  return count === 1 ? "1 parameter" : `${kNumbers.format(count)} parameters`;
}

function layerBox(layer: Layer, total: number): HTMLElement {
  const bar = el("span", { class: "share", attributes: { "aria-hidden": "true" } });
  bar.style.setProperty("--share", String(total > 0 ? layer.parameters / total : 0));
  return el(
    "li",
    layer.norm_slot ? "layer slot" : "layer",
    el("strong", {}, layer.text),
    el("span", "shape", layer.shape),
    layer.parameters > 0 && el("span", "parameters", parameters(layer.parameters)),
    layer.norm_slot && el("span", "mark", "norm slot"),
    layer.parameters > 0 && bar,
  );
}

/** A residual block: its branches one below the other, whose sum goes on. */
function blockBox(block: Layer, inside: Layer[], depth: number, total: number): HTMLElement {
  const own = inside.filter((layer) => layer.depth === depth + 1);
  const first = inside.findIndex((layer) => layer.depth === depth + 1 && layer.in_shortcut === true);
  const body = first < 0 ? inside : inside.slice(0, first);
  const shortcut = own.some((layer) => layer.in_shortcut === true)
    ? el("ol", {}, ...boxes(inside.slice(first), depth + 1, total))
    : el("p", "shape", "its input itself");
  return el(
    "li",
    "layer block",
    el("strong", {}, block.text),
    el("span", "shape", block.shape),
    el("ol", {}, ...boxes(body, depth + 1, total)),
    el("p", "mark", "plus"),
    shortcut,
  );
}

function boxes(layers: Layer[], depth: number, total: number): HTMLElement[] {
  const made: HTMLElement[] = [];
  let inside: Layer[] = [];
  // From the end: what is deeper belongs to the layer before it.
  for (const layer of [...layers].reverse()) {
    if ((layer.depth ?? 0) > depth) {
      inside.unshift(layer);
      continue;
    }
    made.unshift(inside.length > 0 ? blockBox(layer, inside, depth, total) : layerBox(layer, total));
    inside = [];
  }
  return made;
}

/** The layers as boxes in the order of the data; under each, its share of all parameters as a bar. */
export function modelBlock(block: ModelBlock): HTMLElement {
  const input = el("li", "layer input", el("strong", {}, "input"), el("span", "shape", block.input));
  return el("div", "model", el("h3", {}, block.title), el("p", "caption", `${parameters(block.parameters)} in all. A dashed box is a norm slot, filled with what each arm has as its norm.`), el("ol", {}, input, ...boxes(block.layers, 0, block.parameters)));
}
