import type { ReportDocument } from "./document.js";

/** The document that the program wrote into the page. Throws an Error that tells the reader what is wrong. */
export function readDocument(text: string): ReportDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("This page holds no report: its document is missing or damaged. Write it again with `normlab report`.");
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== 1) throw new Error(`This page shows report documents of version 1; this one says ${JSON.stringify(version)}.`);
  return value as ReportDocument;
}
