import type { Row } from "../../src/document.js";
import { Random } from "./random.js";

/** A made-up study: how its trials go. */
export interface Plan {
  arms: string[];
  seeds: number;
  steps: number;
  epochs: number;
  /** Positions of arms of which the last trial diverges. */
  diverging?: number[];
}

const kTracePoints = 240;

interface Ideal {
  loss: (epoch: number) => number;
  accuracy: (epoch: number) => number;
}

/** The later the arm, the faster it learns. */
function ideal(arm: number, arms: number): Ideal {
  const speed = 1 + (2.5 * arm) / Math.max(1, arms - 1);
  return {
    loss: (epoch) => 2.3 * Math.exp(-2.2 * speed * epoch ** 0.7) + 0.06 + 0.05 / (1 + speed * epoch),
    accuracy: (epoch) => 0.975 - 0.02 / speed - 0.85 * Math.exp(-1.9 * speed * epoch ** 0.6),
  };
}

function summary(values: number[]): { mean: number; low: number | null; high: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, low: null, high: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const half = 2.2 * Math.sqrt(variance / values.length);
  return { mean, low: mean - half, high: mean + half };
}

interface Place {
  step: number;
  epoch: number;
  seconds: number;
}

function places(plan: Plan): Place[] {
  const count = Math.min(plan.steps, kTracePoints);
  return Array.from({ length: count }, (_, index) => {
    const step = Math.max(1, Math.round(((index + 1) / count) ** 1.6 * plan.steps));
    const epoch = (step / plan.steps) * plan.epochs;
    return { step, epoch, seconds: 0.9 * epoch };
  });
}

export interface Curves {
  step_traces: Row[];
  step_means: Row[];
  epochs: Row[];
  epoch_means: Row[];
  divergences: Row[];
}

function addSteps(curves: Curves, plan: Plan, arm: number, random: Random): void {
  const label = plan.arms[arm] ?? "";
  const { loss } = ideal(arm, plan.arms.length);
  const diverges = plan.diverging?.includes(arm) === true;
  const end = 0.3 * plan.steps;
  for (const place of places(plan)) {
    const values: number[] = [];
    for (let seed = 1; seed <= plan.seeds; ++seed) {
      const gone = diverges && seed === plan.seeds;
      if (gone && place.step > end) continue;
      const value = loss(place.epoch) * Math.exp(0.25 * random.normal()) + (gone ? 4 * (place.step / end) ** 3 : 0);
      if (!gone) values.push(value);
      curves.step_traces.push({ arm: label, seed, ...place, loss: value });
    }
    if (values.length === 0) continue;
    const { mean, low, high } = summary(values);
    curves.step_means.push({ arm: label, ...place, loss: mean, low, high, n: values.length });
  }
  if (diverges) {
    const epoch = (end / plan.steps) * plan.epochs;
    curves.divergences.push({ arm: label, seed: plan.seeds, step: Math.round(end), epoch, seconds: 0.9 * epoch, loss: 6.1 });
  }
}

function addEpochs(curves: Curves, plan: Plan, arm: number, random: Random): void {
  const label = plan.arms[arm] ?? "";
  const { loss, accuracy } = ideal(arm, plan.arms.length);
  const finished = plan.seeds - (plan.diverging?.includes(arm) === true ? 1 : 0);
  for (let epoch = 1; epoch <= plan.epochs; ++epoch) {
    const place = { step: Math.round((epoch / plan.epochs) * plan.steps), epoch, seconds: 0.9 * epoch };
    const columns: Record<string, number[]> = { train_loss: [], train_accuracy: [], validation_loss: [], validation_accuracy: [] };
    for (let seed = 1; seed <= finished; ++seed) {
      const noise = random.normal();
      const values = {
        train_loss: loss(epoch) * Math.exp(0.05 * noise),
        train_accuracy: Math.min(0.999, accuracy(epoch) + 0.005 - 0.0015 * noise),
        validation_loss: loss(epoch) * Math.exp(0.07 * random.normal()) + 0.02 * epoch ** 0.4,
        validation_accuracy: accuracy(epoch) + 0.0018 * random.normal(),
      };
      for (const [name, value] of Object.entries(values)) columns[name]?.push(value);
      curves.epochs.push({ arm: label, seed, ...place, ...values });
    }
    if (finished === 0) continue;
    const row: Row = { arm: label, group: label.split(", ").slice(1).join(", "), ...place, n: finished };
    for (const [name, values] of Object.entries(columns)) {
      const { mean, low, high } = summary(values);
      Object.assign(row, { [name]: mean, [`${name}_low`]: low, [`${name}_high`]: high });
    }
    curves.epoch_means.push(row);
  }
}

/** The rows of all learning curves. */
export function curveRows(plan: Plan): Curves {
  const random = new Random(7);
  const curves: Curves = { step_traces: [], step_means: [], epochs: [], epoch_means: [], divergences: [] };
  plan.arms.forEach((_, arm) => {
    addSteps(curves, plan, arm, random);
    addEpochs(curves, plan, arm, random);
  });
  return curves;
}
