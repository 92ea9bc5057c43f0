import type { ChartBlock, ReportDocument } from "../document.js";
import type { ChartState } from "../state.js";
import { setArmColours, type ArmLook } from "./arm_colours.js";
import { chooseX, setLogarithmic } from "./axes.js";
import { orderFacets } from "./facet_order.js";
import { chartRows, firstX, type Rows } from "./rows.js";
import { unitViews, type View } from "./spec.js";

export interface AppliedChart {
  spec: View;
  /** The data sets that the specification names, to be put under `datasets`. */
  rows: Rows;
}

/** The labels of the arms that the reader has hidden. */
export function hiddenLabels(document: Pick<ReportDocument, "arms">, hidden: readonly number[]): Set<string> {
  return new Set(document.arms.filter((_, index) => hidden.includes(index)).map((arm) => arm.label));
}

/** A mark that rests on no rows (a line at zero) is drawn once; Vega-Lite would not draw it at all. */
function drawFixedMarks(spec: View): void {
  for (const unit of unitViews(spec)) {
    if (unit.dataset === undefined && unit.view.data === undefined && spec.data === undefined) unit.view.data = { values: [{}] };
  }
}

/** The chart as the reader wants it: a new specification and its rows; the block stays as it is. */
export function applyState(
  block: ChartBlock,
  document: Pick<ReportDocument, "arms" | "datasets">,
  state: ChartState,
  hidden: ReadonlySet<string>,
  look: ArmLook,
): AppliedChart {
  const spec = structuredClone(block.spec) as View;
  const rows = chartRows(block, document, state, hidden);
  const first = firstX(block);
  const chosen = block.controls?.x?.find((choice) => choice.field === state.x);
  if (first !== undefined && chosen) chooseX(spec, first, chosen);
  for (const axis of block.controls?.log ?? []) {
    if (state.log.includes(axis)) setLogarithmic(spec, axis, document.datasets);
  }
  drawFixedMarks(spec);
  orderFacets(spec, document);
  const labels = document.arms.map((arm) => arm.label);
  setArmColours(spec, labels, look);
  return { spec, rows };
}
