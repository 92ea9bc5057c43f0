import type { Block, FormulaBlock, ImagesBlock, ModelBlock, TableBlock } from "../../src/document.js";
import { Random } from "./random.js";

const kSide = 28;

/** A grey picture of a few strokes. */
function strokes(random: Random): string {
  const bytes = new Uint8Array(kSide * kSide);
  for (let stroke = 0; stroke < 3; ++stroke) {
    let x = 6 + 16 * random.next();
    let y = 6 + 16 * random.next();
    const angle = 2 * Math.PI * random.next();
    for (let step = 0; step < 40; ++step) {
      x += 0.35 * Math.cos(angle + step / 18);
      y += 0.35 * Math.sin(angle + step / 18);
      for (let dy = -2; dy <= 2; ++dy) {
        for (let dx = -2; dx <= 2; ++dx) {
          const column = Math.round(x) + dx;
          const line = Math.round(y) + dy;
          if (column < 0 || line < 0 || column >= kSide || line >= kSide) continue;
          const ink = 255 * Math.exp(-((column - x) ** 2 + (line - y) ** 2) / 1.2);
          const at = line * kSide + column;
          bytes[at] = Math.max(bytes[at] ?? 0, ink);
        }
      }
    }
  }
  return btoa(String.fromCharCode(...bytes));
}

export function imagesSample(title: string, captions: string[]): ImagesBlock {
  const random = new Random(captions.length);
  return {
    kind: "images", title, caption: "One image of each class.", width: kSide, height: kSide, channels: 1,
    images: captions.map((caption) => ({ pixels: strokes(random), caption })),
  };
}

export function colourImages(): ImagesBlock {
  const pixels = btoa(String.fromCharCode(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0));
  return { kind: "images", title: "Four colours", caption: "", width: 2, height: 2, channels: 3, images: [{ pixels, caption: "2x2" }] };
}

export const kModel: ModelBlock = {
  kind: "model", title: "mlp-128-64", input: "28x28x1", parameters: 109770,
  layers: [
    { text: "flatten", shape: "784", parameters: 0, norm_slot: false },
    { text: "linear 128", shape: "128", parameters: 100480, norm_slot: false },
    { text: "norm", shape: "128", parameters: 256, norm_slot: true },
    { text: "relu", shape: "128", parameters: 0, norm_slot: false },
    { text: "linear 64", shape: "64", parameters: 8256, norm_slot: false },
    { text: "norm", shape: "64", parameters: 128, norm_slot: true },
    { text: "relu", shape: "64", parameters: 0, norm_slot: false },
    { text: "linear 10", shape: "10", parameters: 650, norm_slot: false },
  ],
};

export const kTraining: FormulaBlock = {
  kind: "formula", name: "batch_norm_training",
  caption: "Channel 17 of layer 2 in the first batch of seed 1's validation images, after training.",
  lines: [
    { name: "batch", text: "0.81, 1.02, −0.34, ... (m = 64 values)" },
    { name: "mean", text: "(0.81 + 1.02 − 0.34 + ...) / 64 = 0.913" },
    { name: "variance", text: "((0.81 − 0.913)² + (1.02 − 0.913)² + ...) / 64 = 1.742" },
    { name: "normalized", text: "(0.81 − 0.913) / √(1.742 + 0.00001) = −0.078" },
    { name: "output", text: "1.08 · (−0.078) + 0.12 = 0.036" },
    { name: "running_mean", text: "0.871 + 0.1 · (0.913 − 0.871) = 0.875" },
    { name: "running_var", text: "1.690 + 0.1 · (64/63 · 1.742 − 1.690) = 1.698" },
  ],
};

export const kEvaluation: FormulaBlock = {
  kind: "formula", name: "batch_norm_evaluation", caption: "The same value with the running statistics.",
  lines: [
    { name: "running mean", text: "0.875, where this batch has 0.913" },
    { name: "running variance", text: "1.698, where this batch has 1.742" },
    { name: "output", text: "1.08 · (0.81 − 0.875) / √(1.698 + 0.00001) + 0.12 = 0.066" },
    { name: "against training", text: "0.066 instead of 0.036" },
  ],
};

export function resultTable(arms: string[]): TableBlock {
  return {
    kind: "table", title: "Last epoch",
    columns: [{ title: "metric", numeric: false }, ...arms.map((title) => ({ title, numeric: true }))],
    rows: [
      ["validation accuracy, %", ...arms.map((_, arm) => (96.2 + 0.2 * arm).toFixed(2))],
      ["validation loss", ...arms.map((_, arm) => (0.13 - 0.01 * arm).toFixed(3))],
      ["time per step, µs", ...arms.map((_, arm) => String(181 + 9 * arm))],
    ],
    notes: ["Mean over seeds. Below six pairs nothing is called significant."],
  };
}

export function trialTable(arms: string[], seeds: number): TableBlock {
  const rows = arms.flatMap((arm) => Array.from({ length: seeds }, (_, seed) => [arm, String(seed + 1), "done", (96 + 0.1 * seed).toFixed(2)]));
  const columns = [{ title: "arm", numeric: false }, { title: "seed", numeric: true }, { title: "outcome", numeric: false }, { title: "accuracy, %", numeric: true }];
  return { kind: "table", title: "All trials", columns, rows, notes: [], folded: true };
}

export function settingsSample(arms: string[]): Block {
  return {
    kind: "settings",
    differ: [{ key: "norm", values: arms.map((arm) => arm.replace(/.*norm=(\w+).*/, "$1")) }],
    same: [["model", "mlp-128-64"], ["data", "glyphs"], ["optimizer", "adam"], ["lr", "0.001"], ["batch", "64"], ["epochs", "5"], ["eps", "1e-05"]].map(
      ([key = "", value = ""]) => ({ key, value }),
    ),
  };
}
