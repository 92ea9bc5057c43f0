import type { ChartBlock, ChartControls } from "../../src/document.js";

type Json = Record<string, unknown>;

const kAxes: NonNullable<ChartControls["x"]> = [
  { field: "step", title: "step" },
  { field: "epoch", title: "epoch" },
  { field: "seconds", title: "seconds of training" },
];

export function xAxes(first: string): NonNullable<ChartControls["x"]> {
  return [...kAxes].sort((a, b) => Number(b.field === first) - Number(a.field === first));
}

export function quantity(field: string, title: string, format?: string): Json {
  return { field, type: "quantitative", title, scale: { zero: false }, ...(format === undefined ? {} : { axis: { format } }) };
}

export function armColour(labels: string[]): Json {
  return { field: "arm", type: "nominal", title: null, scale: { domain: labels } };
}

/** A learning curve as the program draws it: traces of the seeds, a band, the mean. */
export function curveChart(
  labels: string[],
  what: { id: string; title: string; x: string; y: string; low: string; high: string; traces: string; means: string; format?: string; noun: string },
  more: ChartControls = {},
): ChartBlock {
  const { x, y, low, high, traces, means, format, noun } = what;
  const encoding = (field: string): Json => ({ x: quantity(x, x), y: quantity(field, noun, format), color: armColour(labels) });
  const layers = [
    { data: { name: traces }, mark: { type: "line", strokeWidth: 1, opacity: 0.25, clip: true }, encoding: { ...encoding(y), detail: { field: "seed" } } },
    { data: { name: means }, mark: { type: "area", opacity: 0.2 }, encoding: { ...encoding(low), y2: { field: high } } },
    { data: { name: means }, mark: { type: "line", strokeWidth: 2.5 }, encoding: encoding(y) },
  ];
  return {
    kind: "chart",
    id: what.id,
    title: what.title,
    caption: "Thick: the mean over seeds with its 95 % interval. Thin: every seed by itself.",
    summary: `${what.title}, by arm: the arms further down the list end lower.`,
    spec: { width: "container", height: 280, layer: layers },
    datasets: [traces, means],
    controls: { x: xAxes(x), log: ["x", "y"], ...more },
  };
}

export function differenceChart(pairs: string[], labels: string[]): ChartBlock {
  const title = "difference in validation accuracy, points";
  const base = { x: quantity("difference", title), y: { field: "pair", type: "nominal", title: "", sort: pairs }, color: armColour(labels) };
  const hint = (field: string, name: string): Json => ({ field, title: name, type: "quantitative", format: ".3~r" });
  return {
    kind: "chart",
    id: "difference-validation-accuracy",
    title: "Difference in validation accuracy",
    caption: "With minus without batch normalization, seed by seed: to the right is better. Diamond and bar: mean and 95 % interval.",
    summary: "Difference in validation accuracy: 0.31 points [0.18, 0.44].",
    spec: {
      width: "container",
      height: Math.max(80, 36 * pairs.length + 40),
      layer: [
        { mark: { type: "rule", strokeDash: [4, 4] }, encoding: { x: { datum: 0 } } },
        { data: { name: "differences" }, mark: { type: "point", filled: true, size: 40, opacity: 0.5 }, encoding: { ...base, tooltip: [hint("seed", "seed"), hint("difference", title)] } },
        { data: { name: "mean_differences" }, mark: { type: "rule", strokeWidth: 3 }, encoding: { ...base, x: quantity("low", title), x2: { field: "high" } } },
        { data: { name: "mean_differences" }, mark: { type: "point", shape: "diamond", filled: true, size: 160 }, encoding: { ...base, tooltip: [hint("difference", title)] } },
      ],
    },
    datasets: ["differences", "mean_differences"],
  };
}

export function survivalChart(labels: string[], thresholds: number[]): ChartBlock {
  return {
    kind: "chart",
    id: "survival",
    title: "How soon the trials reach an accuracy",
    caption: "The share of trials that have not yet reached it; the sooner a curve falls, the better.",
    summary: "Median steps to 90 % validation accuracy: 900 without, 300 with batch normalization.",
    spec: {
      width: "container",
      height: 240,
      data: { name: "survival" },
      mark: { type: "line", interpolate: "step-after", strokeWidth: 2.5 },
      encoding: {
        x: quantity("step", "step"),
        y: { field: "share", type: "quantitative", title: "share not there yet", axis: { format: ".0%" }, scale: { domain: [0, 1] } },
        color: armColour(labels),
      },
    },
    datasets: ["survival"],
    controls: { slider: { field: "threshold", title: "Accuracy", values: thresholds, initial: thresholds[1] ?? 0, percent: true } },
  };
}

export function heatMap(): ChartBlock {
  const cell = { x: { field: "lr", type: "ordinal", title: "learning rate" }, y: { field: "arm", type: "nominal", title: null } };
  return {
    kind: "chart",
    id: "heat-map",
    title: "Learning rate and norm",
    caption: "Validation accuracy of each combination. A cross: training diverged.",
    summary: "Best without normalization at 0.01; with batch normalization anything from 0.01 to 0.1 reaches 97 %.",
    spec: {
      width: "container",
      height: 120,
      data: { name: "heat" },
      layer: [
        {
          transform: [{ filter: "isValid(datum.accuracy)" }],
          mark: "rect",
          encoding: {
            ...cell,
            color: { field: "accuracy", type: "quantitative", title: "accuracy", legend: { format: ".0%" } },
            tooltip: [{ field: "accuracy", format: ".2%", type: "quantitative" }],
          },
        },
        { transform: [{ filter: "!isValid(datum.accuracy)" }], mark: { type: "point", shape: "cross", size: 120 }, encoding: cell },
      ],
    },
    datasets: ["heat"],
  };
}

export function multiples(labels: string[], groups: string[]): ChartBlock {
  const encoding = (field: string): Json => ({ x: quantity("epoch", "epoch"), y: quantity(field, "validation accuracy", ".1%"), color: armColour(labels) });
  return {
    kind: "chart",
    id: "validation-accuracy-by-group",
    title: "Validation accuracy for each batch size",
    caption: "One picture for each setting that the study varies besides the norm; all have the same axes.",
    summary: "Batch normalization is ahead at every batch size.",
    spec: {
      data: { name: "epoch_means" },
      facet: { field: "group", type: "nominal", title: null, sort: groups },
      columns: 3,
      spec: {
        width: 200,
        height: 150,
        layer: [
          { mark: { type: "area", opacity: 0.2 }, encoding: { ...encoding("validation_accuracy_low"), y2: { field: "validation_accuracy_high" } } },
          { mark: { type: "line", strokeWidth: 2.5 }, encoding: encoding("validation_accuracy") },
        ],
      },
    },
    datasets: ["epoch_means"],
    controls: { x: xAxes("epoch"), log: ["x", "y"] },
  };
}

export function costChart(labels: string[]): ChartBlock {
  return {
    kind: "chart",
    id: "cost",
    title: "Where a step's time goes",
    caption: "Microseconds of one training step by kind of layer.",
    summary: "Normalization takes 9 of 190 microseconds.",
    spec: {
      width: "container",
      height: 40 * labels.length + 20,
      data: { name: "cost" },
      mark: { type: "bar", height: { band: 0.6 } },
      encoding: {
        x: { field: "microseconds", type: "quantitative", title: "microseconds" },
        y: { field: "arm", type: "nominal", title: null, sort: labels },
        color: { field: "kind", type: "nominal", title: null, legend: { orient: "top" } },
        tooltip: [{ field: "kind" }, { field: "microseconds", type: "quantitative", format: ".1f" }],
      },
    },
    datasets: ["cost"],
  };
}
