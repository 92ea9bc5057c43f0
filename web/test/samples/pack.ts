import type { ReportDocument, Row } from "../../src/document.js";
import type { PackedDocument, PackedRows } from "../../src/packed_rows.js";

function pack(rows: readonly Row[]): PackedRows {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { fields, rows: rows.map((row) => fields.map((field) => row[field] ?? null)) };
}

/** The document as the program writes it. */
export function packed(document: ReportDocument): PackedDocument {
  return { ...document, datasets: Object.fromEntries(Object.entries(document.datasets).map(([name, rows]) => [name, pack(rows)])) };
}
