import type { Block, ReportDocument, Row, Section } from "../../src/document.js";
import { colourImages, imagesSample, kEvaluation, kModel, kTraining, resultTable, settingsSample, trialTable } from "./blocks.js";
import { costChart, curveChart, differenceChart, heatMap, multiples, survivalChart } from "./charts.js";
import { Random } from "./random.js";
import { curveRows, type Plan } from "./trials.js";

const kThresholds = [0.85, 0.9, 0.925, 0.95];
const kRates = [0.001, 0.01, 0.1, 1];

function differences(plan: Plan): Record<string, Row[]> {
  const random = new Random(3);
  const rows: Record<string, Row[]> = { differences: [], mean_differences: [] };
  plan.arms.slice(1).forEach((arm, index) => {
    const values = Array.from({ length: plan.seeds }, () => 0.3 + 0.1 * index + 0.12 * random.normal());
    values.forEach((difference, seed) => rows["differences"]?.push({ pair: arm, arm, seed: seed + 1, difference }));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    rows["mean_differences"]?.push({ pair: arm, arm, difference: mean, low: mean - 0.13, high: mean + 0.13, n: plan.seeds });
  });
  return rows;
}

function survival(plan: Plan): Row[] {
  const rows: Row[] = [];
  plan.arms.forEach((arm, index) => {
    for (const threshold of kThresholds) {
      rows.push({ arm, threshold, step: 0, share: 1 });
      for (let seed = 1; seed <= plan.seeds; ++seed) {
        const step = Math.round(((200 + 6000 * (threshold - 0.8)) * (1 + 0.15 * seed)) / (1 + index));
        rows.push({ arm, threshold, step, share: 1 - seed / plan.seeds });
      }
    }
  });
  return rows;
}

function datasets(plan: Plan): Record<string, Row[]> {
  const heat = plan.arms.flatMap((arm, index) => kRates.map((lr, place) => ({ arm, lr, accuracy: place === 3 && index === 0 ? null : 0.97 - 0.02 * Math.abs(place - 1 - index) })));
  const cost = plan.arms.flatMap((arm, index) =>
    [["linear", 150], ["norm", 9 * (index % 2)], ["relu", 12], ["optimizer", 19]].map(([kind = "", microseconds = 0]) => ({ arm, kind, microseconds })),
  );
  return { ...curveRows(plan), ...differences(plan), survival: survival(plan), heat, cost };
}

function curves(plan: Plan): Block[] {
  const smooth = { dataset: "step_means", fields: ["loss", "low", "high"], groupby: ["arm"], raw: "step_traces" };
  const steps = { x: "step", traces: "step_traces", means: "step_means" };
  const epochs = { x: "epoch", traces: "epochs", means: "epoch_means" };
  const epochChart = (field: string, title: string, format?: string): Block =>
    curveChart(plan.arms, { ...epochs, id: field.replace("_", "-"), title, y: field, low: `${field}_low`, high: `${field}_high`, noun: title.toLowerCase(), ...(format === undefined ? {} : { format }) });
  return [
    curveChart(plan.arms, { ...steps, id: "training-loss", title: "Training loss, step by step", y: "loss", low: "low", high: "high", noun: "training loss" }, { smooth }),
    epochChart("validation_loss", "Validation loss"),
    epochChart("validation_accuracy", "Validation accuracy", ".1%"),
    epochChart("train_accuracy", "Training accuracy", ".1%"),
  ];
}

function sections(plan: Plan): Section[] {
  const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
  const groups = [...new Set(plan.arms.map((arm) => arm.split(", ").slice(1).join(", ")))];
  const comparison: Block[] = [
    ...(plan.arms.length > 1 ? [differenceChart(plan.arms.slice(1), plan.arms)] : []),
    survivalChart(plan.arms, kThresholds),
    ...(groups.length > 1 ? [multiples(plan.arms, groups)] : []),
    heatMap(),
    costChart(plan.arms),
    resultTable(plan.arms),
  ];
  return [
    { id: "setting", title: "What was trained on what", blocks: [imagesSample("glyphs (synthetic)", digits), kModel, settingsSample(plan.arms)] },
    { id: "curves", title: "Learning curves", blocks: curves(plan) },
    { id: "comparison", title: "Comparison", blocks: comparison },
    { id: "errors", title: "What went wrong", blocks: [imagesSample("Most confidently wrong", ["4 read as 9, 99.8 %", "7 read as 1, 99.1 %", "3 read as 5, 98.7 %"]), colourImages()] },
    { id: "explanation", title: "What batch normalization computes", blocks: [{ kind: "text", text: "Each channel is shifted and scaled by the statistics of the batch it stands in." }, kTraining, kEvaluation] },
    {
      id: "appendix", title: "Appendix",
      blocks: [{ kind: "command", title: "Run it again", text: "normlab run mlp-128-64 norm=none,batch seed=1..5" }, trialTable(plan.arms, plan.seeds)],
    },
  ];
}

function make(title: string, plan: Plan): ReportDocument {
  return {
    version: 1,
    title,
    generator: "normlab 0.1.0",
    questions: ["What does batch normalization change in mlp-128-64?"],
    answer: [
      { text: "With batch normalization, validation accuracy after 5 epochs is 0.31 points higher [0.18, 0.44], 5 paired seeds; it reaches 95 % in 0.6 epochs instead of 1.7.", verdict: "for" },
      { text: "A training step takes 5.0 % longer [4.1, 5.8].", verdict: "against" },
      { text: "Validation loss: difference −0.004 [−0.011, 0.002]; the interval holds zero.", verdict: "open" },
      { text: "Five pairs are too few to call anything significant; six would do.", verdict: "limit" },
    ],
    arms: plan.arms.map((label, index) => ({ label, n: plan.seeds - (plan.diverging?.includes(index) === true ? 1 : 0), diverged: plan.diverging?.includes(index) === true ? 1 : 0, failed: 0 })),
    sections: sections(plan),
    datasets: datasets(plan),
    downloads: [
      { file: "study-trials.csv", media_type: "text/csv", text: "arm,seed,validation_accuracy\nnorm=none,1,0.9621\n" },
      { file: "study.json", media_type: "application/json", text: "{\"study\": {}}\n" },
    ],
  };
}

const kTwoArms: Plan = { arms: ["norm=none", "norm=batch"], seeds: 5, steps: 3750, epochs: 5 };
const kGrid = [32, 64, 128, 256].flatMap((batch) => ["none", "batch"].map((norm) => `norm=${norm}, batch=${batch}`));

/** Text that would do harm on a page that took it for markup. */
export const kHostile = "</script><img src=x onerror=\"window.harmed=1\"><b>bold</b> & \u2028 ${1+1} {{7*7}} @REPORT@";

function hostile(): ReportDocument {
  const plan = { ...kTwoArms, arms: [`norm=none ${kHostile}`, "norm='batch', \"x\" datum['y'] \\"] };
  const document = make(kHostile, plan);
  document.questions = [kHostile];
  document.answer = [{ text: kHostile, verdict: "fact" }];
  document.sections.push({ id: "\"><i>", title: kHostile, blocks: [{ kind: "text", text: kHostile }, { kind: "command", title: kHostile, text: kHostile }] });
  for (const section of document.sections) {
    for (const block of section.blocks) if ("title" in block) block.title = `${block.title} ${kHostile}`;
  }
  return document;
}

/** The samples by name: each is a page in the browser tests. */
export const kSamples: Record<string, () => ReportDocument> = {
  two_arms: () => make("Batch normalization in a small network", kTwoArms),
  grid: () => make("Batch sizes with and without batch normalization", { arms: kGrid, seeds: 5, steps: 7500, epochs: 5 }),
  diverged: () => make("At a learning rate that is too large", { ...kTwoArms, diverging: [0, 1] }),
  single: () => make("A single trial", { arms: ["norm=batch"], seeds: 1, steps: 3750, epochs: 5 }),
  hostile,
};
