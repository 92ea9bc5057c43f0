import type { ChartBlock } from "../document.js";
import { el } from "../dom.js";
import { kMostSmoothing, type Axis } from "../state.js";
import type { Store } from "../store.js";
import { sliderValue } from "./rows.js";

function xChoice(block: ChartBlock, store: Store): HTMLElement | null {
  const choices = block.controls?.x ?? [];
  if (choices.length < 2) return null;
  const set = el("fieldset", "choice", el("legend", {}, "Horizontal axis"));
  choices.forEach(({ field, title }, index) => {
    const input = el("input", {
      attributes: { type: "radio", name: `${block.id}.x`, value: field },
      on: { change: () => { store.changeChart(block.id, { x: field }); } },
    });
    store.follow(() => {
      const chosen = choices.some((choice) => choice.field === store.chart(block.id).x) ? store.chart(block.id).x : choices[0]?.field;
      input.checked = chosen === field || (chosen === undefined && index === 0);
    });
    set.append(el("label", {}, input, el("span", {}, title)));
  });
  return set;
}

function logSwitch(block: ChartBlock, store: Store, axis: Axis): HTMLElement {
  const input = el("input", {
    attributes: { type: "checkbox" },
    on: {
      change: () => {
        const others = store.chart(block.id).log.filter((one) => one !== axis);
        store.changeChart(block.id, { log: input.checked ? [...others, axis] : others });
      },
    },
  });
  store.follow(() => {
    input.checked = store.chart(block.id).log.includes(axis);
  });
  return el("label", { class: "switch", attributes: { title: `Logarithmic ${axis} axis` } }, input, el("span", {}, `log ${axis}`));
}

function logSwitches(block: ChartBlock, store: Store): HTMLElement | null {
  const axes = block.controls?.log ?? [];
  return axes.length === 0 ? null : el("div", "switches", ...axes.map((axis) => logSwitch(block, store, axis)));
}

interface Range {
  title: string;
  most: number;
  step: number;
  position: () => number;
  text: () => string;
  move: (position: number) => void;
}

function range(store: Store, { title, most, step, position, text, move }: Range): HTMLElement {
  const output = el("output");
  const input = el("input", {
    attributes: { type: "range", min: 0, max: most, step },
    on: { input: () => { move(Number(input.value)); } },
  });
  store.follow(() => {
    input.value = String(position());
    input.setAttribute("aria-valuetext", text());
    output.textContent = text();
  });
  return el("label", "range", el("span", {}, title), input, output);
}

function smoothing(block: ChartBlock, store: Store): HTMLElement | null {
  if (!block.controls?.smooth) return null;
  const weight = (): number => store.chart(block.id).smooth;
  return range(store, {
    title: "Smoothing",
    most: kMostSmoothing,
    step: 0.01,
    position: weight,
    text: () => (weight() === 0 ? "none" : weight().toFixed(2)),
    move: (smooth) => { store.changeChart(block.id, { smooth }); },
  });
}

function slider(block: ChartBlock, store: Store): HTMLElement | null {
  const control = block.controls?.slider;
  if (!control || control.values.length < 2) return null;
  const value = (): number => sliderValue(block, store.chart(block.id)) ?? control.initial;
  return range(store, {
    title: control.title,
    most: control.values.length - 1,
    step: 1,
    position: () => control.values.indexOf(value()),
    text: () => (control.percent ? `${Number((100 * value()).toFixed(6))} %` : String(value())),
    move: (place) => {
      const chosen = control.values[place];
      if (chosen !== undefined) store.changeChart(block.id, { slider: chosen });
    },
  });
}

/** The controls that the chart offers, or null when it offers none. */
export function chartControls(block: ChartBlock, store: Store): HTMLElement | null {
  const parts = [
    xChoice(block, store),
    logSwitches(block, store),
    smoothing(block, store),
    slider(block, store),
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  return el("div", { class: "controls", attributes: { role: "group", "aria-label": `Controls of ${block.title}` } }, ...parts);
}
