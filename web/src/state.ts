/** What the reader has chosen, and how it is written in the URL's hash, so that a link shows the same view. */

export type Theme = "light" | "dark";
export type Axis = "x" | "y";

export interface ChartState {
  /** Field on the x axis; undefined for the first that the chart offers. */
  x?: string;
  log: Axis[];
  /** Weight of the past in exponential smoothing, from 0 (none) to below 1. */
  smooth: number;
  slider?: number;
}

export interface PageState {
  /** Undefined follows the system. */
  theme?: Theme;
  /** Positions of the arms that are not shown. */
  hidden: number[];
  charts: Map<string, ChartState>;
}

export const kMostSmoothing = 0.99;

export function chartState(state: PageState, id: string): ChartState {
  return state.charts.get(id) ?? { log: [], smooth: 0 };
}

function finite(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function readChart(chart: ChartState, key: string, value: string): void {
  const number = finite(value);
  if (key === "x" && value !== "") chart.x = value;
  if (key === "log") chart.log = (["x", "y"] as const).filter((axis) => value.includes(axis));
  if (key === "smooth" && number !== undefined) chart.smooth = Math.min(Math.max(number, 0), kMostSmoothing);
  if (key === "at" && number !== undefined) chart.slider = number;
}

/** Reads `theme=dark&hide=0,2&loss.x=epoch&loss.log=xy&loss.smooth=0.6&survival.at=0.95`; what it does not know it passes over. */
export function parseHash(hash: string): PageState {
  const state: PageState = { hidden: [], charts: new Map() };
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    const dot = name.lastIndexOf(".");
    if (name === "theme" && (value === "light" || value === "dark")) {
      state.theme = value;
    } else if (name === "hide") {
      const places = value.split(",").filter((part) => /^\d{1,6}$/.test(part));
      state.hidden = [...new Set(places.map(Number))].sort((a, b) => a - b);
    } else if (dot > 0) {
      const id = name.slice(0, dot);
      const chart = state.charts.get(id) ?? { log: [], smooth: 0 };
      readChart(chart, name.slice(dot + 1), value);
      state.charts.set(id, chart);
    }
  }
  return state;
}

/** The inverse of parseHash(), without what is as it is at first. */
export function formatHash(state: PageState): string {
  const parts = new URLSearchParams();
  if (state.theme) parts.set("theme", state.theme);
  if (state.hidden.length > 0) parts.set("hide", state.hidden.join(","));
  for (const [id, chart] of state.charts) {
    if (chart.x !== undefined) parts.set(`${id}.x`, chart.x);
    if (chart.log.length > 0) parts.set(`${id}.log`, chart.log.join(""));
    if (chart.smooth > 0) parts.set(`${id}.smooth`, String(chart.smooth));
    if (chart.slider !== undefined) parts.set(`${id}.at`, String(chart.slider));
  }
  return parts.toString();
}
