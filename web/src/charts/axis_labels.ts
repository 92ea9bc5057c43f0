import type { Rows } from "./rows.js";
import { allViews, channel, unitViews, type Channel, type View } from "./spec.js";

const kWidthOfLetter = 7.5;
const kSlant = -40;

/** The values of a field in all rows that the chart draws. */
function valuesOf(spec: View, rows: Rows, field: string): unknown[] {
  const names = new Set(unitViews(spec).map((unit) => unit.dataset ?? ""));
  return [...names].flatMap((name) => rows[name] ?? []).map((row) => row[field]).filter((value) => value !== undefined && value !== null);
}

function wholeNumbers(found: Channel, values: unknown[]): void {
  if (values.length > 0 && values.every((value) => Number.isInteger(value))) found.axis = { tickMinStep: 1, ...found.axis };
}

/** Words stand upright when there is room for all, else they lean; none is left out. */
function uprightWords(found: Channel, values: unknown[], width: number): void {
  const words = [...new Set(values.map(String))];
  const longest = Math.max(0, ...words.map((word) => word.length));
  const upright = longest * kWidthOfLetter * words.length <= width;
  found.axis = { labelAngle: upright ? 0 : kSlant, labelOverlap: false, ...found.axis };
}

/** Sees to the labels of the x axis: no half epochs, no words on their side. Changes `spec`, which is `width` pixels wide. */
export function tidyLabels(spec: View, rows: Rows, width: number): void {
  for (const view of allViews(spec)) {
    const found = view.encoding && channel(view.encoding, "x");
    if (found?.field === undefined || found.axis === null) continue;
    const values = valuesOf(spec, rows, found.field);
    if (found.type === "quantitative") wholeNumbers(found, values);
    else if (found.type === "nominal" || found.type === "ordinal") uprightWords(found, values, width);
  }
}
