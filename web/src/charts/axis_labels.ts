import type { Rows } from "./rows.js";
import { allViews, channel, unitViews, type Channel, type View } from "./spec.js";

const kWidthOfLetter = 7.5;
const kWidthOfTick = 90;
const kLongestName = 260;
const kSlant = -40;

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

/** Words stand upright when there is room for all, else they lean; none is left out. */
function uprightWords(found: Channel, values: unknown[], width: number): void {
  const words = [...new Set(values.map(String))];
  const longest = Math.max(0, ...words.map((word) => word.length));
  const upright = longest * kWidthOfLetter * words.length <= width;
  found.axis = { labelAngle: upright ? 0 : kSlant, labelOverlap: false, ...found.axis };
}

/** Names on the y axis leave most of the width to the drawing. */
function shortNames(view: View, width: number): void {
  const found = view.encoding && channel(view.encoding, "y");
  if (found?.type === "nominal" || found?.type === "ordinal") found.axis = { labelLimit: Math.min(kLongestName, 0.4 * width), ...found.axis };
}

/** Sees to the labels of the axes: no half epochs, no words on their side. Changes `spec`, which has room for `width` pixels. */
export function tidyLabels(spec: View, rows: Rows, width: number): void {
  const cell = typeof spec.spec?.width === "number" ? spec.spec.width : width;
  for (const view of allViews(spec)) {
    shortNames(view, width);
    const found = view.encoding && channel(view.encoding, "x");
    if (found?.field === undefined || found.axis === null) continue;
    const values = valuesOf(spec, rows, found.field);
    if (found.type === "quantitative") fewTicks(found, values, cell);
    else if (found.type === "nominal" || found.type === "ordinal") uprightWords(found, values, cell);
  }
}
