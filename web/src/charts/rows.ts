import type { ChartBlock, ReportDocument, Row } from "../document.js";
import type { ChartState } from "../state.js";
import { smoothRows } from "./smooth.js";

export type Rows = Record<string, Row[]>;

/** The slider's value: the reader's when the slider has it, else the first. */
export function sliderValue(block: ChartBlock, state: ChartState): number | undefined {
  const slider = block.controls?.slider;
  if (!slider) return undefined;
  return slider.values.find((value) => same(value, state.slider)) ?? slider.initial;
}

/** Thresholds such as 0.95 come through text and binary fractions. */
function same(a: unknown, b: unknown): boolean {
  return typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
}

/** The x axis that smoothing follows and that the specification starts with. */
export function firstX(block: ChartBlock): string | undefined {
  return block.controls?.x?.[0]?.field;
}

/** New rows for one chart, which Vega may write into: without hidden arms, at the slider's value, smoothed. */
export function chartRows(
  block: ChartBlock,
  document: Pick<ReportDocument, "datasets">,
  state: ChartState,
  hidden: ReadonlySet<string>,
): Rows {
  const { slider, smooth } = block.controls ?? {};
  const at = sliderValue(block, state);
  const shown = (row: Row): boolean => {
    if (typeof row.arm === "string" && hidden.has(row.arm)) return false;
    return !slider || !(slider.field in row) || same(row[slider.field], at);
  };
  const rows: Rows = {};
  for (const name of block.datasets) {
    rows[name] = (document.datasets[name] ?? []).filter(shown).map((row) => ({ ...row }));
  }
  const x = firstX(block) ?? "step";
  if (smooth) rows[smooth.dataset] = smoothRows(rows[smooth.dataset] ?? [], x, smooth.fields, smooth.groupby, state.smooth);
  return rows;
}
