import type { ReportDocument, Row } from "./document.js";

/** A data set as it stands in the page's file, with the names of its fields once: a third of the space. */
export interface PackedRows {
  fields: string[];
  /** A value for each field, null where the row has none. */
  rows: Row[string][][];
}

/** The document as it stands in the page's file. */
export type PackedDocument = Omit<ReportDocument, "datasets"> & { datasets: Record<string, PackedRows> };

export function unpack({ fields, rows }: PackedRows): Row[] {
  return rows.map((values) => Object.fromEntries(fields.map((field, index) => [field, values[index] ?? null])));
}
