import type { FormulaBlock } from "../document.js";
import { brackets, formula, fraction, hat, name, number, root, row, sign, sub, subsup, sum, sup, words } from "./mathml.js";

/** One line of a calculation. */
export interface Step {
  title: string;
  math: MathMLElement;
  /** Names of the worked lines that belong to it. */
  lines: string[];
}

const x = (): MathMLElement => sub(name("x"), name("i"));
const xHat = (): MathMLElement => sub(hat(name("x")), name("i"));
const mean = (): MathMLElement => name("μ");
const variance = (): MathMLElement => sup(name("σ"), number("2"));
const runningMean = (): MathMLElement => sub(name("μ"), words("run"));
const runningVariance = (): MathMLElement => subsup(name("σ"), words("run"), number("2"));
const perBatch = (): MathMLElement => fraction(number("1"), name("m"));
const scaled = (what: MathMLElement): MathMLElement => row(name("γ"), what, sign("+"), name("β"));
const normalised = (centre: MathMLElement, spread: MathMLElement): MathMLElement =>
  fraction(row(x(), sign("−"), centre), root(spread, sign("+"), name("ε")));

function training(): Step[] {
  return [
    { title: "Mean of the batch", lines: ["mean"], math: formula(mean(), sign("="), perBatch(), sum(), x()) },
    {
      title: "Variance of the batch",
      lines: ["variance", "var"],
      math: formula(variance(), sign("="), perBatch(), sum(), sup(brackets(x(), sign("−"), mean()), number("2"))),
    },
    {
      title: "Normalized",
      lines: ["normalised", "normalized", "x_hat", "x hat"],
      math: formula(xHat(), sign("="), normalised(mean(), variance())),
    },
    {
      title: "Scaled and shifted",
      lines: ["output", "y", "scaled and shifted"],
      math: formula(sub(name("y"), name("i")), sign("="), scaled(xHat())),
    },
    {
      title: "Running mean, for later",
      lines: ["running mean"],
      math: formula(runningMean(), sign("←"), runningMean(), sign("+"), name("a"), brackets(mean(), sign("−"), runningMean())),
    },
    {
      title: "Running variance, for later",
      lines: ["running variance", "running var"],
      math: formula(
        runningVariance(), sign("←"), runningVariance(), sign("+"), name("a"),
        brackets(fraction(name("m"), row(name("m"), sign("−"), number("1"))), variance(), sign("−"), runningVariance()),
      ),
    },
  ];
}

function evaluation(): Step[] {
  const output = formula(sub(name("y"), name("i")), sign("="), scaled(normalised(runningMean(), runningVariance())));
  return [{ title: "Normalized by the running statistics, scaled and shifted", lines: ["output", "y", "scaled and shifted"], math: output }];
}

export function stepsOf(which: FormulaBlock["name"]): Step[] {
  return which === "batch_norm_evaluation" ? evaluation() : training();
}
