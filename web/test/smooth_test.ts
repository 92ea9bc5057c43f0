import assert from "node:assert/strict";
import { test } from "node:test";
import { smoothRows } from "../src/charts/smooth.js";
import type { Row } from "../src/document.js";

const near = (actual: unknown, expected: number): void => {
  assert.ok(typeof actual === "number" && Math.abs(actual - expected) <= 1e-12, `${String(actual)} is not ${expected}`);
};

test("without weight rows stay as they are", () => {
  const rows: Row[] = [{ step: 2, y: 5 }, { step: 1, y: 3 }];
  assert.deepEqual(smoothRows(rows, "step", ["y"], [], 0), rows);
});

test("equal distances: the usual exponential mean, its start corrected", () => {
  const smoothed = smoothRows([{ step: 1, y: 4 }, { step: 2, y: 8 }, { step: 3, y: 0 }], "step", ["y"], [], 0.5);
  // Weights 1; 1/3, 2/3; 1/7, 2/7, 4/7.
  near(smoothed[0]?.["y"], 4);
  near(smoothed[1]?.["y"], (4 + 2 * 8) / 3);
  near(smoothed[2]?.["y"], (4 + 2 * 8 + 4 * 0) / 7);
});

test("a constant stays constant, wherever its points lie", () => {
  const rows = [1, 2, 3, 50, 51, 400].map((step) => ({ step, y: 2.5 }));
  for (const row of smoothRows(rows, "step", ["y"], [], 0.9)) near(row["y"], 2.5);
});

test("a point far behind is forgotten more", () => {
  const close = smoothRows([{ step: 0, y: 0 }, { step: 1, y: 1 }, { step: 10, y: 1 }], "step", ["y"], [], 0.5)[1]?.["y"];
  const far = smoothRows([{ step: 0, y: 0 }, { step: 9, y: 1 }, { step: 10, y: 1 }], "step", ["y"], [], 0.5)[1]?.["y"];
  assert.ok(typeof close === "number" && typeof far === "number" && close < far);
});

test("groups do not mix, missing values stay missing, the rows given stay as they were", () => {
  const rows: Row[] = [
    { arm: "a", step: 1, y: 1 }, { arm: "b", step: 1, y: 100 }, { arm: "a", step: 2, y: null }, { arm: "b", step: 2, y: 100 }, { arm: "a", step: 3, y: 1 },
  ];
  const before = structuredClone(rows);
  const smoothed = smoothRows(rows, "step", ["y"], ["arm"], 0.8);
  assert.deepEqual(rows, before);
  assert.deepEqual(smoothed.map((row) => [row.arm, row["y"]]), [["a", 1], ["a", null], ["a", 1], ["b", 100], ["b", 100]]);
});

test("rows at one place, and one row alone, give numbers", () => {
  for (const rows of [[{ step: 1, y: 3 }], [{ step: 1, y: 3 }, { step: 1, y: 3 }]]) {
    for (const row of smoothRows(rows, "step", ["y"], [], 0.9)) near(row["y"], 3);
  }
});
