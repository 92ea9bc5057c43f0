import type { ReportDocument } from "../document.js";
import { allViews, type View } from "./spec.js";

/** Small pictures stand in the order of the arms or, of other fields, of their rows; Vega-Lite's own is that of the alphabet. Changes `spec`. */
export function orderFacets(spec: View, document: Pick<ReportDocument, "arms" | "datasets">): void {
  for (const view of allViews(spec)) {
    const rows = document.datasets[view.data?.name ?? ""] ?? [];
    for (const facet of [view.facet, view.facet?.row, view.facet?.column]) {
      if (facet?.field === undefined || (facet.sort !== undefined && facet.sort !== null)) continue;
      const { field } = facet;
      facet.sort = field === "arm" ? document.arms.map((arm) => arm.label) : [...new Set(rows.map((row) => row[field]))];
    }
  }
}
