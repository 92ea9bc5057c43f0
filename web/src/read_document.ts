import type { ReportDocument } from "./document.js";
import { type PackedDocument, unpack } from "./packed_rows.js";

/** Vega's expressions know these two as ends of lines only: a label with one of them would take its charts away. */
const kLineEnds = /[\u2028\u2029]/g;
const kMayHoldLineEnds = /[\u2028\u2029]|\\u202[89]/;

function parse(text: string): unknown {
  if (!kMayHoldLineEnds.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value: unknown) => (typeof value === "string" ? value.replace(kLineEnds, " ") : value));
}

/** The document that the program wrote into the page. Throws an Error that tells the reader what is wrong. */
export function readDocument(text: string): ReportDocument {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    throw new Error("This page holds no report: its document is missing or damaged. Write it again with `normlab report`.");
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== 1) throw new Error(`This page shows report documents of version 1; this one says ${JSON.stringify(version)}.`);
  const document = value as PackedDocument;
  return { ...document, datasets: Object.fromEntries(Object.entries(document.datasets).map(([name, rows]) => [name, unpack(rows)])) };
}
