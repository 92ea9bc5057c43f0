import type { Row } from "../document.js";

const number = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);

/** A running mean that forgets: the weight of all that came before fades with the distance on the x axis. */
class FadingMean {
  #sum = 0;
  #weight = 0;

  add(value: number, kept: number): number {
    this.#sum = kept * this.#sum + (1 - kept) * value;
    this.#weight = kept * this.#weight + (1 - kept);
    return this.#sum / this.#weight;
  }
}

function smoothGroup(rows: Row[], x: string, fields: readonly string[], weight: number): Row[] {
  const place = (row: Row): number => number(row[x]) ?? 0;
  const sorted = [...rows].sort((a, b) => place(a) - place(b));
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  if (!first || !last) return [];
  // Rows may lie closer in one part of the curve than in another: `weight` holds for their mean distance.
  const distance = (place(last) - place(first)) / (sorted.length - 1) || 1;
  const means = fields.map(() => new FadingMean());
  let previous = place(first) - distance;
  return sorted.map((row) => {
    const kept = Math.pow(weight, (place(row) - previous) / distance);
    previous = place(row);
    const smoothed = { ...row };
    fields.forEach((field, index) => {
      const value = number(row[field]);
      if (value !== undefined && kept < 1) smoothed[field] = means[index]?.add(value, kept) ?? value;
    });
    return smoothed;
  });
}

/**
 * Exponential smoothing of `fields` along `x` within groups of equal `groupby`. `weight` from 0 (as it is) to below 1. The start is not
 * drawn towards zero, and a missing value stays missing.
 */
export function smoothRows(rows: readonly Row[], x: string, fields: readonly string[], groupby: readonly string[], weight: number): Row[] {
  if (weight <= 0) return [...rows];
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(groupby.map((field) => row[field] ?? null));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].flatMap((group) => smoothGroup(group, x, fields, weight));
}
