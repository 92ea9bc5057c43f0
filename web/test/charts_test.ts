import assert from "node:assert/strict";
import { test } from "node:test";
import { applyState, hiddenLabels } from "../src/charts/apply_state.js";
import { standaloneSpec } from "../src/charts/download.js";
import type { View } from "../src/charts/spec.js";
import type { ChartBlock, ReportDocument, Row } from "../src/document.js";
import { kColours } from "../src/palette.js";
import { readDocument } from "../src/read_document.js";
import type { ChartState } from "../src/state.js";
import { drawMarks } from "./draw_marks.js";
import { packed } from "./samples/pack.js";
import { kSamples } from "./samples/sample_document.js";

const kLook = { colours: kColours.light, legend: false };
const kPlain: ChartState = { log: [], smooth: 0 };
const kNobody = new Set<string>();

function sample(name: string): ReportDocument {
  const make = kSamples[name];
  assert.ok(make);
  return readDocument(JSON.stringify(packed(make())));
}

function charts(document: ReportDocument): ChartBlock[] {
  return document.sections.flatMap((section) => section.blocks).filter((block) => block.kind === "chart");
}

function chart(document: ReportDocument, id: string): ChartBlock {
  const found = charts(document).find((block) => block.id === id);
  assert.ok(found);
  return found;
}

/** One line and a band at zero and around it, and a line at zero. */
function little(): { document: ReportDocument; block: ChartBlock } {
  const document = sample("two_arms");
  const rows: Row[] = [
    { arm: "norm=none", step: 0, y: 1, low: 0.5, high: 2 },
    { arm: "norm=none", step: 1, y: 0.1, low: -0.3, high: 0.4 },
    { arm: "norm=none", step: 2, y: -0.2, low: -0.6, high: -0.1 },
    { arm: "norm=none", step: 3, y: null, low: null, high: null },
  ];
  document.datasets = { rows };
  const x = { field: "step", type: "quantitative", title: "step" };
  const y = (field: string): Record<string, unknown> => ({ field, type: "quantitative", scale: { zero: false } });
  const spec = {
    width: 200, height: 100, data: { name: "rows" },
    layer: [
      { mark: "rule", encoding: { y: { datum: 0 } } },
      { mark: "area", encoding: { x, y: y("low"), y2: { field: "high" } } },
      { mark: "point", encoding: { x, y: y("y") } },
    ],
  };
  return { document, block: { kind: "chart", id: "c", title: "", caption: "", summary: "", spec, datasets: ["rows"], controls: { x: [{ field: "step", title: "step" }], log: ["x", "y"] } } };
}

async function marksOf(document: ReportDocument, block: ChartBlock, state: ChartState, hidden = kNobody): Promise<Record<string, number>> {
  const { spec, rows } = applyState(block, document, state, hidden, kLook);
  if (spec.width === "container") spec.width = 300;
  return (await drawMarks({ ...spec, datasets: rows })).marks;
}

for (const name of Object.keys(kSamples)) {
  test(`every chart of the sample ${name} draws marks, and stands by itself in a file`, async () => {
    const document = sample(name);
    for (const block of charts(document)) {
      const before = structuredClone(block);
      const { marks } = await drawMarks(standaloneSpec(block, document, kPlain, kNobody));
      assert.ok(Object.values(marks).reduce((sum, count) => sum + count, 0) > 0, block.id);
      assert.deepEqual(block, before);
    }
  });
}

test("hiding an arm takes its marks away and leaves the others' colours", async () => {
  const document = sample("two_arms");
  const block = chart(document, "survival");
  const hidden = hiddenLabels(document, [0]);
  assert.deepEqual([...hidden], ["norm=none"]);
  const all = await marksOf(document, block, kPlain);
  const one = await marksOf(document, block, kPlain, hidden);
  assert.equal(one["line"], (all["line"] ?? 0) / 2);
  const { spec } = applyState(block, document, kPlain, hidden, kLook);
  const colour = spec.encoding?.["color"] as { scale: { domain: string[]; range: string[] } };
  assert.deepEqual(colour.scale.domain, ["norm=none", "norm=batch"]);
  assert.deepEqual(colour.scale.range, [kColours.light[0], kColours.light[1]]);
});

test("a logarithmic axis is one, and leaves out what it cannot show", async () => {
  const { document, block } = little();
  const plain = await marksOf(document, block, kPlain);
  assert.deepEqual([plain["rule"], plain["symbol"]], [4, 3]);
  const { spec, rows } = applyState(block, document, { log: ["y"], smooth: 0 }, kNobody, kLook);
  const { marks, view } = await drawMarks({ ...spec, datasets: rows });
  assert.equal((view.scale("y") as { type: string }).type, "log");
  assert.equal(marks["symbol"], 2, "only positive values");
  assert.equal(marks["area"], 2, "the band with one end below zero is cut off, the one below zero is left out");
  assert.equal(marks["rule"] ?? 0, 0, "there is no zero");
  const both = await marksOf(document, block, { log: ["x", "y"], smooth: 0 });
  assert.equal(both["symbol"], 1, "step 0 is left out, too");
});

test("another x axis moves every layer", () => {
  const document = sample("two_arms");
  const { spec } = applyState(chart(document, "training-loss"), document, { ...kPlain, x: "seconds" }, kNobody, kLook);
  const fields = (spec.layer ?? []).map((layer: View) => (layer.encoding?.["x"] as { field: string; title: string }));
  assert.deepEqual(fields.map(({ field, title }) => [field, title]), Array(3).fill(["seconds", "seconds of training"]));
});

test("a field that the chart does not offer is not taken", () => {
  const document = sample("two_arms");
  const block = chart(document, "training-loss");
  const wild = applyState(block, document, { ...kPlain, x: "arm" }, kNobody, kLook);
  assert.deepEqual(wild, applyState(block, document, kPlain, kNobody, kLook));
});

test("smoothing changes the means and not the traces", () => {
  const document = sample("two_arms");
  const block = chart(document, "training-loss");
  const plain = applyState(block, document, kPlain, kNobody, kLook).rows;
  const smooth = applyState(block, document, { ...kPlain, smooth: 0.9 }, kNobody, kLook).rows;
  assert.deepEqual(smooth["step_traces"], plain["step_traces"]);
  assert.notDeepEqual(smooth["step_means"], plain["step_means"]);
  assert.equal(smooth["step_means"]?.length, plain["step_means"]?.length);
});

test("the slider chooses rows, and an unknown value is its first", () => {
  const document = sample("two_arms");
  const block = chart(document, "survival");
  const thresholds = (slider?: number): unknown[] => {
    const state = slider === undefined ? kPlain : { ...kPlain, slider };
    return [...new Set(applyState(block, document, state, kNobody, kLook).rows["survival"]?.map((row) => row["threshold"]))];
  };
  assert.deepEqual(thresholds(), [0.9]);
  assert.deepEqual(thresholds(0.95 + 1e-15), [0.95]);
  assert.deepEqual(thresholds(0.5), [0.9]);
});

test("a line at a fixed place is drawn once where its chart has several data sets", async () => {
  const document = sample("two_arms");
  const marks = await marksOf(document, chart(document, "difference-validation-accuracy"), kPlain);
  assert.equal(marks["rule"], 2, "the line at zero and one interval");
});

test("small pictures stand in the order of the arms and of the rows", async () => {
  const document = sample("two_arms");
  document.datasets = { rows: ["10: relu", "9: norm"].flatMap((layer) => ["norm=batch", "norm=none"].map((arm) => ({ layer, arm, y: 1e9 }))) };
  const cell = { mark: "point", encoding: { y: { field: "y", type: "quantitative" } } };
  const spec = { data: { name: "rows" }, facet: { row: { field: "layer", type: "nominal", sort: null }, column: { field: "arm", type: "nominal" } }, spec: cell };
  const block: ChartBlock = { kind: "chart", id: "c", title: "", caption: "", summary: "", spec, datasets: ["rows"] };
  const { view } = await drawMarks(standaloneSpec(block, document, kPlain, kNobody));
  const texts = [...(await view.toSVG()).matchAll(/>([^<>]+)<\/text>/g)].map((found) => found[1]);
  const place = (text: string): number => texts.indexOf(text);
  assert.ok(place("norm=none") < place("norm=batch") && place("10: relu") < place("9: norm"), texts.join("; "));
  assert.ok(place("1e+9") >= 0, texts.join("; "));
});

test("a ninth arm gets dashes", () => {
  const document = sample("grid");
  document.arms.push({ label: "ninth", n: 1, diverged: 0, failed: 0 });
  const { spec } = applyState(chart(document, "survival"), document, kPlain, kNobody, kLook);
  const dashes = (spec.encoding?.["strokeDash"] as { scale: { range: number[][] } }).scale.range;
  assert.deepEqual([dashes[0], dashes[8]], [[], [7, 3]]);
});
