import type { Row } from "../document.js";
import { channel, unitViews, type View } from "./spec.js";

/** A curve that can be read off: which rows, what stands on its axes. */
export interface Curve {
  dataset: string;
  x: string;
  xTitle: string;
  y: string;
  yTitle: string;
  yFormat: string;
  /** Ends of its interval, where it has a band. */
  low?: string;
  high?: string;
}

/** The curves of a chart whose x axis is quantitative. Lines of single trials (with `detail`) are left out. */
export function curvesOf(spec: View): Curve[] {
  const units = unitViews(spec);
  const curves: Curve[] = [];
  for (const { mark, encoding, dataset } of units) {
    const x = channel(encoding, "x");
    const y = channel(encoding, "y");
    if (mark !== "line" || encoding["detail"] || dataset === undefined) continue;
    if (x?.type !== "quantitative" || x.field === undefined || y?.field === undefined) continue;
    const curve: Curve = {
      dataset, x: x.field, xTitle: x.title ?? x.field, y: y.field, yTitle: y.title ?? y.field, yFormat: y.axis?.format ?? "",
    };
    const band = units.find((unit) => unit.mark === "area" && unit.dataset === dataset);
    const low = band && channel(band.encoding, "y")?.field;
    const high = band && channel(band.encoding, "y2")?.field;
    if (low !== undefined && high !== undefined) Object.assign(curve, { low, high });
    curves.push(curve);
  }
  return curves;
}

/** Of every arm, the row that is nearest to `pixel` on the x axis. */
export function nearestRows(rows: readonly Row[], x: string, pixel: number, scale: (value: number) => number): Map<string, Row> {
  const nearest = new Map<string, { row: Row; distance: number }>();
  for (const row of rows) {
    const value = row[x];
    if (typeof value !== "number") continue;
    const distance = Math.abs(scale(value) - pixel);
    const arm = typeof row.arm === "string" ? row.arm : "";
    const best = nearest.get(arm);
    if (Number.isFinite(distance) && (!best || distance < best.distance)) nearest.set(arm, { row, distance });
  }
  return new Map([...nearest].map(([arm, { row }]) => [arm, row]));
}
