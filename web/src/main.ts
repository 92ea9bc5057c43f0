import { el } from "./dom.js";
import { showPage } from "./page.js";
import { readDocument } from "./read_document.js";

const place = document.getElementById("page");
if (!place) throw new Error("the page has no element #page");
try {
  showPage(readDocument(document.getElementById("report-document")?.textContent ?? ""), place);
} catch (error) {
  place.replaceChildren(el("p", { class: "failure", attributes: { role: "alert" } }, error instanceof Error ? error.message : String(error)));
  throw error;
}
