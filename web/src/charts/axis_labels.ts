import type { Rows } from "./rows.js";
import { allViews, channel, unitViews, type Channel, type View } from "./spec.js";

const kWidthOfLetter = 7.5;
const kWidthOfTick = 90;
const kLongestName = 260;
const kSlant = -40;
const kRamp = 70;

/** The values of a field in all rows that the chart may draw: what is hidden for now leaves the axis as it is. */
function valuesOf(spec: View, rows: Rows, field: string): unknown[] {
  const names = new Set(unitViews(spec).map((unit) => unit.dataset ?? ""));
  return [...names].flatMap((name) => rows[name] ?? []).map((row) => row[field]).filter((value) => value !== undefined && value !== null);
}

/** A few ticks; of a short range of whole numbers each one, and nothing between. */
function fewTicks(found: Channel, values: unknown[], width: number): void {
  const most = Math.max(3, Math.floor(width / kWidthOfTick));
  const numbers = values.filter((value) => typeof value === "number");
  const first = numbers.reduce((least, value) => Math.min(least, value), Infinity);
  const last = numbers.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
  const each = numbers.every(Number.isInteger) && last - first < most;
  const ticks = each ? { format: ",d", values: Array.from({ length: last - first + 1 }, (_, index) => first + index) } : { tickCount: most };
  found.axis = { ...ticks, ...found.axis };
}

function longestWord(values: unknown[]): number {
  return values.reduce<number>((longest, value) => Math.max(longest, String(value).length), 0);
}

/** Words stand upright when there is room for all, else they lean; none is left out. */
function uprightWords(found: Channel, values: unknown[], width: number): void {
  const count = new Set(values.map(String)).size;
  const upright = (longestWord(values) + 1) * kWidthOfLetter * count <= width;
  found.axis = { labelAngle: upright ? 0 : kSlant, labelOverlap: false, ...found.axis };
}

/** Names on the y axis leave most of the width to the drawing. Returns what they take of it. */
function shortNames(spec: View, view: View, rows: Rows, width: number): number {
  const found = view.encoding && channel(view.encoding, "y");
  if (found?.field === undefined || (found.type !== "nominal" && found.type !== "ordinal")) return 0;
  const limit = Math.min(kLongestName, 0.4 * width);
  found.axis = { labelLimit: limit, ...found.axis };
  return Math.min(limit, longestWord(valuesOf(spec, rows, found.field)) * kWidthOfLetter);
}

/** What the ramp of a heat map takes of the width, at its right. */
function roomOfRamp(view: View): number {
  return view.encoding && channel(view.encoding, "color")?.type === "quantitative" ? kRamp : 0;
}

/** Sees to the labels of the axes: no half epochs, no words on their side. Changes `spec`, which has room for `width` pixels. */
export function tidyLabels(spec: View, rows: Rows, width: number): void {
  const cell = typeof spec.spec?.width === "number" ? spec.spec.width : width;
  for (const view of allViews(spec)) {
    const names = shortNames(spec, view, rows, width);
    const found = view.encoding && channel(view.encoding, "x");
    if (found?.field === undefined || found.axis === null) continue;
    const values = valuesOf(spec, rows, found.field);
    if (found.type === "quantitative") fewTicks(found, values, cell);
    else if (found.type === "nominal" || found.type === "ordinal") uprightWords(found, values, cell - names - roomOfRamp(view));
  }
}
