import type { Statement, StatementsBlock } from "../document.js";
import { el } from "../dom.js";

/** A sign and a word for each verdict: never colour alone. */
const kVerdicts: Record<Statement["verdict"], { sign: string; word: string }> = {
  for: { sign: "+", word: "in favour" },
  against: { sign: "−", word: "against" },
  open: { sign: "?", word: "undecided" },
  limit: { sign: "!", word: "limit" },
  fact: { sign: "•", word: "measured" },
};

export function statement(item: Statement, tag: "li" | "p"): HTMLElement {
  // A document from a newer program may have verdicts that this page does not know.
  const known = Object.hasOwn(kVerdicts, item.verdict) ? item.verdict : "fact";
  const { sign, word } = kVerdicts[known];
  return el(
    tag,
    `statement ${known}`,
    el("span", "verdict", el("span", { class: "sign", attributes: { "aria-hidden": "true" } }, sign), el("span", "word", word)),
    el("span", "sentence", item.text),
  );
}

export function statementsBlock(block: StatementsBlock): HTMLElement {
  return el("ul", "statements", ...block.items.map((item) => statement(item, "li")));
}
