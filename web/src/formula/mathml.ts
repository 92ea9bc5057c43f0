/** A few MathML elements, enough for the formulas of batch normalization. */

const kNamespace = "http://www.w3.org/1998/Math/MathML";

type Part = MathMLElement | string;

function element(tag: string, ...parts: Part[]): MathMLElement {
  const made = document.createElementNS(kNamespace, tag);
  made.append(...parts);
  return made;
}

export const name = (text: string): MathMLElement => element("mi", text);
export const number = (text: string): MathMLElement => element("mn", text);
export const sign = (text: string): MathMLElement => element("mo", text);
export const row = (...parts: Part[]): MathMLElement => element("mrow", ...parts);
export const fraction = (above: Part, below: Part): MathMLElement => element("mfrac", above, below);
export const root = (...parts: Part[]): MathMLElement => element("msqrt", ...parts);
export const sub = (base: Part, index: Part): MathMLElement => element("msub", base, index);
export const sup = (base: Part, power: Part): MathMLElement => element("msup", base, power);
export const subsup = (base: Part, index: Part, power: Part): MathMLElement => element("msubsup", base, index, power);
export const sum = (): MathMLElement => element("munderover", sign("∑"), row(name("i"), sign("="), number("1")), name("m"));
export const brackets = (...parts: Part[]): MathMLElement => row(sign("("), ...parts, sign(")"));

export function hat(base: Part): MathMLElement {
  const made = element("mover", base, sign("^"));
  made.setAttribute("accent", "true");
  return made;
}

export function words(text: string): MathMLElement {
  return element("mtext", text);
}

export function formula(...parts: Part[]): MathMLElement {
  const made = element("math", ...parts);
  made.setAttribute("display", "block");
  return made;
}
