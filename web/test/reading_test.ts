import assert from "node:assert/strict";
import { test } from "node:test";
import { onlyShown, toggled } from "../src/arms.js";
import { rgba } from "../src/blocks/images.js";
import { tidyLabels } from "../src/charts/axis_labels.js";
import { fitWidth } from "../src/charts/fit.js";
import { curvesOf, nearestRows } from "../src/charts/nearest.js";
import type { Channel, View } from "../src/charts/spec.js";
import { numberText } from "../src/number_text.js";
import { readDocument } from "../src/read_document.js";
import { inRows } from "../src/sections.js";
import { packed } from "./samples/pack.js";
import { kSamples } from "./samples/sample_document.js";

test("the nearest row of every arm, in pixels", () => {
  const rows = [{ arm: "a", step: 1 }, { arm: "a", step: 100 }, { arm: "b", step: 10 }, { arm: "b", step: null }];
  const nearest = nearestRows(rows, "step", 1.2, Math.log10);
  assert.deepEqual([...nearest], [["a", rows[1]], ["b", rows[2]]]);
  assert.equal(nearestRows(rows, "step", 30, (value) => value).get("a"), rows[0]);
});

test("curves are the means, with their band; lines of single seeds are not read off", () => {
  const spec = kSamples["two_arms"]?.().sections[1]?.blocks[0];
  assert.ok(spec?.kind === "chart");
  assert.deepEqual(curvesOf(spec.spec), [
    { dataset: "step_means", x: "step", xTitle: "step", y: "loss", yTitle: "training loss", yFormat: "", low: "low", high: "high" },
  ]);
});

test("numbers under the pointer", () => {
  assert.deepEqual([0.123456, 1234.56, 12, 0, 1e-7, -0.5].map((value) => numberText(value)), ["0.1235", "1,234.6", "12", "0", "1.000e-7", "-0.5"]);
  assert.equal(numberText(0.98765, ".1%"), "98.77 %");
  assert.equal(numberText(Number.NaN), "–");
});

test("ticks: each epoch of a few, no fractions; words stand upright where they have room", () => {
  const spec = (type: string): View => ({ data: { name: "d" }, mark: "point", encoding: { x: { field: "f", type } } });
  const axis = (view: View): Channel["axis"] => (view.encoding?.["x"] as Channel).axis;
  const few = spec("quantitative");
  tidyLabels(few, { d: [{ f: 1 }, { f: 5 }] }, 500);
  assert.deepEqual(axis(few), { format: ",d", values: [1, 2, 3, 4, 5] });
  const many = spec("quantitative");
  tidyLabels(many, { d: [{ f: 1 }, { f: 5000 }] }, 500);
  assert.deepEqual(axis(many), { tickCount: 5 });
  const words = spec("nominal");
  tidyLabels(words, { d: [{ f: "long name" }, { f: "another" }] }, 60);
  assert.equal(axis(words)?.["labelAngle"], -40);
});

test("columns with axes of their own leave room for each of them", () => {
  const width = (resolve: View["resolve"]): number => {
    const spec: View = { data: { name: "d" }, facet: { column: { field: "arm" } }, spec: { width: 200 }, ...(resolve && { resolve }) };
    fitWidth(spec, { d: [{ arm: "a" }, { arm: "b" }, { arm: "c" }] }, 900);
    return Number(spec.spec?.width);
  };
  assert.equal(width(undefined) - width({ scale: { y: "independent" } }), 40);
});

test("small multiples take as many columns as fit", () => {
  const made = (room: number): [number | undefined, number] => {
    const spec: View = { facet: { field: "g" }, columns: 3, spec: { width: 200 } };
    fitWidth(spec, {}, room);
    return [spec.columns, Number(spec.spec?.width)];
  };
  assert.equal(made(1000)[0], 3);
  assert.equal(made(360)[0], 1);
  for (const room of [360, 700, 1000]) {
    const [columns = 0, width] = made(room);
    assert.ok(columns * width <= room, `${columns} x ${width} in ${room}`);
  }
});

test("a table of pictures has its columns side by side, and narrow ones where there are many", () => {
  const width = (columns: number, room: number): number => {
    const spec: View = { data: { name: "d" }, facet: { row: { field: "r" }, column: { field: "c" } }, spec: { width: 200 } };
    fitWidth(spec, { d: Array.from({ length: 3 * columns }, (_, index) => ({ r: index % 3, c: index % columns })) }, room);
    return Number(spec.spec?.width);
  };
  for (const columns of [1, 2, 5]) assert.ok(columns * width(columns, 900) <= 900 && columns * width(columns, 900) > 700);
  assert.equal(width(8, 400), 90);
});

test("arms: the last one shown cannot be hidden", () => {
  assert.deepEqual(toggled([], 1, 3), [1]);
  assert.deepEqual(toggled([1], 0, 3), [0, 1]);
  assert.deepEqual(toggled([0, 1], 2, 3), []);
  assert.deepEqual(toggled([0, 1], 1, 3), [0]);
  assert.deepEqual(onlyShown(1, 3), [0, 2]);
});

test("pixels: grey and coloured bytes, and too few of them", () => {
  assert.deepEqual([...rgba(new Uint8Array([7, 9]), 2, 1)], [7, 7, 7, 255, 9, 9, 9, 255]);
  assert.deepEqual([...rgba(new Uint8Array([1, 2, 3]), 2, 3)], [1, 2, 3, 255, 0, 0, 0, 255]);
});

test("charts share a row, those with sliders do not", () => {
  const blocks = kSamples["two_arms"]?.().sections[1]?.blocks ?? [];
  assert.deepEqual(inRows(blocks).map((row) => row.length), [1, 3]);
});

test("a damaged or newer document is refused with a reason", () => {
  assert.throws(() => readDocument("@REPORT@"), /holds no report/);
  assert.throws(() => readDocument("null"), /version 1; this one says undefined/);
  assert.throws(() => readDocument("{\"version\": 2}"), /this one says 2/);
});

test("data sets are read from their packed rows", () => {
  const text = JSON.stringify({ version: 1, datasets: { d: { fields: ["arm", "loss"], rows: [["a", 1], ["b", null]] }, none: { fields: [], rows: [] } } });
  assert.deepEqual(readDocument(text).datasets, { d: [{ arm: "a", loss: 1 }, { arm: "b", loss: null }], none: [] });
  const sample = kSamples["two_arms"]?.();
  assert.ok(sample);
  assert.deepEqual(readDocument(JSON.stringify(packed(sample))).datasets["step_means"], sample.datasets["step_means"]);
});
