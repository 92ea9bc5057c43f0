import type { Config } from "vega-lite";
import { kColours, kKinds, kRamp, kScreenKinds } from "../palette.js";
import { isFaceted, type View } from "./spec.js";

/** What a chart takes from the page's look. */
export interface ChartTheme {
  ink: string;
  muted: string;
  grid: string;
  ground: string;
  accent: string;
  font: string;
  /** For what is not an arm. */
  kinds: readonly string[];
}

/** CSS variables: the browser fills them in, in the theme of the moment. The font is named, as Vega measures texts with it. */
export const screenTheme = (font: string): ChartTheme => ({
  ink: "var(--ink)",
  muted: "var(--muted)",
  grid: "var(--grid)",
  ground: "transparent",
  accent: "var(--arm-1)",
  font,
  kinds: kScreenKinds,
});

/** For files, which know no CSS variables. */
export const kPaperTheme: ChartTheme = {
  ink: "#1d2329",
  muted: "#56606b",
  grid: "#e4e7ea",
  ground: "#ffffff",
  accent: kColours.light[1],
  font: "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  kinds: kKinds.light,
};

/** How near an end of the axis a label's tick may be for the label to stay inside, in pixels: half a long one. */
const kFlush = 20;

/** Labels side by side that stand nearer than this, in pixels, read as one. */
const kLetter = 5;

/** The y axis' title lies flat above the axis, where it can be read; small multiples have their headings there. */
function titleOfY(spec: View): Record<string, unknown> {
  if (isFaceted(spec)) return {};
  return { titleAngle: 0, titleAlign: "left", titleBaseline: "bottom", titleAnchor: "end", titleX: 0, titleY: -8 };
}

export function chartConfig(spec: View, theme: ChartTheme): Config {
  const { ink, muted, grid } = theme;
  const text = { labelColor: muted, titleColor: muted, labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" as const };
  return {
    background: theme.ground,
    font: theme.font,
    aria: false,
    view: { stroke: null },
    axis: {
      ...text, gridColor: grid, domainColor: grid, tickColor: grid, domain: false, ticks: false, labelPadding: 6, titlePadding: 8,
      labelOverlap: "greedy",
    },
    // Of a network that diverges, numbers get longer than there is room for.
    axisQuantitative: { labelExpr: "abs(datum.value) >= 1e7 ? format(datum.value, '.2~e') : datum.label" },
    axisX: {
      grid: false, domain: true, ticks: true, tickSize: 4, labelPadding: 4, labelSeparation: kLetter, labelFlush: isFaceted(spec) ? kFlush : false,
    },
    axisY: { tickCount: 5, ...titleOfY(spec) },
    legend: { ...text },
    header: { labelColor: ink, titleColor: muted, labelFontSize: 12, labelFontWeight: "bold", titleFontSize: 12 },
    title: { color: ink, fontSize: 13, anchor: "start" },
    mark: { color: theme.accent },
    line: { strokeCap: "round", strokeJoin: "round" },
    point: { size: 36 },
    rule: { color: muted },
    text: { color: ink, fontSize: 12 },
    range: { category: [...theme.kinds], heatmap: kRamp, ramp: kRamp, diverging: { scheme: "blueorange" } },
  };
}
