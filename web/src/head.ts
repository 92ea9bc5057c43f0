import { statement } from "./blocks/statements.js";
import type { ReportDocument } from "./document.js";
import { el } from "./dom.js";

export function head(document: ReportDocument): HTMLElement {
  const [headline, ...others] = document.answer;
  return el(
    "header",
    "head",
    el("h1", {}, document.title),
    ...document.questions.map((question) => el("p", "question", question)),
    headline && el("div", "headline", statement(headline, "p")),
    others.length > 0 && el("ul", "statements", ...others.map((item) => statement(item, "li"))),
  );
}
