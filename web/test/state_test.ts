import assert from "node:assert/strict";
import { test } from "node:test";
import { chartState, formatHash, parseHash } from "../src/state.js";

test("a hash says what the reader chose", () => {
  const state = parseHash("#theme=dark&hide=2,0&loss.x=epoch&loss.log=yx&loss.smooth=0.6&a.b.at=0.95");
  assert.equal(state.theme, "dark");
  assert.deepEqual(state.hidden, [0, 2]);
  assert.deepEqual(chartState(state, "loss"), { x: "epoch", log: ["x", "y"], smooth: 0.6 });
  assert.deepEqual(chartState(state, "a.b"), { log: [], smooth: 0, slider: 0.95 });
});

test("what is written is read again", () => {
  for (const hash of ["", "theme=light", "hide=1", "c.x=seconds&c.log=y&c.smooth=0.25&c.at=0.5"]) {
    assert.equal(formatHash(parseHash(`#${hash}`)), hash);
  }
});

test("ids with any letters survive", () => {
  const state = parseHash("");
  state.charts.set("a=b&c#d.e", { log: ["x"], smooth: 0 });
  assert.deepEqual(parseHash(`#${formatHash(state)}`).charts.get("a=b&c#d.e"), { log: ["x"], smooth: 0 });
});

test("nonsense is passed over", () => {
  const state = parseHash("#section-curves&theme=pink&hide=-1,x,1e9,3&c.smooth=NaN&c.at=&c.log=z&__proto__.x=1&%E0%A4%A");
  assert.equal(state.theme, undefined);
  assert.deepEqual(state.hidden, [3]);
  assert.deepEqual(chartState(state, "c"), { log: [], smooth: 0 });
  assert.equal(({} as Record<string, unknown>)["x"], undefined);
});

test("smoothing stays in its range", () => {
  assert.equal(chartState(parseHash("#c.smooth=7"), "c").smooth, 0.99);
  assert.equal(chartState(parseHash("#c.smooth=-1"), "c").smooth, 0);
});
