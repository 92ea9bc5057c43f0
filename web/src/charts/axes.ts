import type { Axis } from "../state.js";
import type { Rows } from "./rows.js";
import { allViews, channel, unitViews, type Channel, type Encoding, type UnitView, type View } from "./spec.js";

/** Puts another field on the x axis, in hints and groupings too. */
export function chooseX(spec: View, from: string, to: { field: string; title: string }): void {
  if (from === to.field) return;
  for (const view of allViews(spec)) {
    for (const name of ["x", "x2"]) {
      const found = view.encoding && channel(view.encoding, name);
      if (found?.field !== from) continue;
      found.field = to.field;
      if (name === "x") found.title = to.title;
      // A fixed range belongs to the field it was made for.
      delete found.scale?.["domain"];
    }
    for (const transform of view.transform ?? []) {
      const groups = transform["groupby"];
      if (Array.isArray(groups)) transform["groupby"] = groups.map((field: unknown) => (field === from ? to.field : field));
    }
  }
}

function logarithmic(found: Channel): void {
  const { zero: _, ...scale } = found.scale ?? {};
  found.scale = { ...scale, type: "log" };
}

function axisFields(unit: UnitView, axis: Axis): string[] {
  const first = channel(unit.encoding, axis);
  if (first?.type !== "quantitative") return [];
  return [first.field, channel(unit.encoding, `${axis}2`)?.field].filter((field) => field !== undefined);
}

/** The smallest positive value on the axis, where a band that reaches below zero is cut off. */
function smallestPositive(units: UnitView[], axis: Axis, rows: Rows): number {
  let smallest = Infinity;
  for (const unit of units) {
    for (const field of axisFields(unit, axis)) {
      for (const row of rows[unit.dataset ?? ""] ?? []) {
        const value = row[field];
        if (typeof value === "number" && value > 0 && value < smallest) smallest = value;
      }
    }
  }
  return smallest;
}

const read = (field: string): string => `datum[${JSON.stringify(field)}]`;

/** Rows without a positive value are left out; a band or bar of which one end is positive is kept down to `floor`. */
function keepPositive(unit: UnitView, fields: string[], floor: number): void {
  const positive = fields.map((field) => `isValid(${read(field)}) && ${read(field)} > 0`);
  const transform: Record<string, unknown>[] = [{ filter: positive.map((test) => `(${test})`).join(" || ") }];
  if (fields.length > 1) {
    for (const field of fields) transform.push({ calculate: `isValid(${read(field)}) ? max(${read(field)}, ${floor}) : null`, as: field });
  }
  unit.view.transform = [...(unit.view.transform ?? []), ...transform];
}

/** Takes out the layers that mark a fixed value (a line at zero) which a logarithmic axis does not have. */
function dropFixedMarks(view: View, axis: Axis): void {
  const gone = (encoding: Encoding = {}): boolean => {
    const value = channel(encoding, axis)?.datum;
    return typeof value === "number" && value <= 0;
  };
  if (view.layer) view.layer = view.layer.filter((layer) => !gone(layer.encoding));
}

/** Makes an axis a true logarithmic one. `rows` are all rows there are, so that hiding and smoothing some leaves the axis as it is. */
export function setLogarithmic(spec: View, axis: Axis, rows: Rows): void {
  for (const view of allViews(spec)) {
    dropFixedMarks(view, axis);
    const found = view.encoding && channel(view.encoding, axis);
    if (found?.type === "quantitative") logarithmic(found);
  }
  const units = unitViews(spec);
  const floor = smallestPositive(units, axis, rows);
  for (const unit of units) {
    const fields = axisFields(unit, axis);
    if (fields.length > 0 && Number.isFinite(floor)) keepPositive(unit, fields, floor);
  }
}
