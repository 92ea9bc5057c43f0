import type { Rows } from "./rows.js";
import { isFaceted, type View } from "./spec.js";

const kNarrowestCell = 210;
/** Of a table of pictures, whose columns cannot go to the next line: then the reader scrolls. */
const kNarrowestColumn = 90;
const kAxisRoom = 60;
const kGap = 24;

function distinct(spec: View, rows: Rows, field: string): number {
  const values = (rows[spec.data?.name ?? ""] ?? []).map((row) => row[field]);
  return Math.max(1, new Set(values).size);
}

/** Whether each small picture has a y axis of its own. */
function hasOwnScales(spec: View): boolean {
  return spec.resolve?.scale?.["y"] === "independent";
}

/**
 * Small multiples cannot follow their place in the page by themselves: as many columns as fit, as wide as there is room. Others get
 * `width: "container"` from their specification. Changes `spec`.
 */
export function fitWidth(spec: View, rows: Rows, room: number): void {
  const across = spec.facet?.column?.field;
  if (across !== undefined && spec.spec) {
    const columns = distinct(spec, rows, across);
    const axes = hasOwnScales(spec) ? columns : 1;
    spec.spec.width = Math.max(kNarrowestColumn, Math.floor((room - kAxisRoom * axes - kGap * (columns - 1)) / columns));
    return;
  }
  if (spec.facet?.field !== undefined && spec.spec) {
    const columns = Math.max(1, Math.min(spec.columns ?? 3, Math.floor((room - kAxisRoom) / kNarrowestCell)));
    spec.columns = columns;
    spec.spec.width = Math.max(120, Math.floor((room - kAxisRoom - kGap * (columns - 1)) / columns));
    return;
  }
  const parts = spec.concat ?? spec.hconcat ?? spec.vconcat;
  if (!parts) return;
  const wanted = spec.vconcat ? 1 : (spec.columns ?? parts.length);
  const columns = Math.max(1, Math.min(wanted, Math.floor(room / (kNarrowestCell + kAxisRoom))));
  spec.concat = parts;
  delete spec.hconcat;
  delete spec.vconcat;
  spec.columns = columns;
  for (const part of parts) part.width = Math.max(120, Math.floor((room - kGap * (columns - 1)) / columns) - kAxisRoom);
}

/** Whether a chart must be drawn again when its place becomes wider or narrower. */
export function needsFitting(spec: View): boolean {
  return isFaceted(spec) || (spec.concat ?? spec.hconcat ?? spec.vconcat) !== undefined;
}
