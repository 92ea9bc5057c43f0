import { parse, View as VegaView } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { expressionInterpreter } from "vega-interpreter";
import type { ChartBlock, ReportDocument } from "../document.js";
import { kColours } from "../palette.js";
import { saveBlob } from "../save.js";
import type { ChartState } from "../state.js";
import { applyState } from "./apply_state.js";
import { tidyLabels } from "./axis_labels.js";
import { chartConfig, kPaperTheme } from "./config.js";
import { fitWidth } from "./fit.js";

export type FileKind = "svg" | "png" | "json";

const kFileWidth = 720;
const kPixelsPerUnit = 2;

/** The chart by itself: data, title, legend and colours inside, for paper. */
export function standaloneSpec(
  block: ChartBlock,
  document: Pick<ReportDocument, "arms" | "datasets">,
  state: ChartState,
  hidden: ReadonlySet<string>,
): Record<string, unknown> {
  const { spec, rows } = applyState(block, document, state, hidden, { colours: kColours.light, legend: true });
  fitWidth(spec, rows, kFileWidth);
  tidyLabels(spec, document.datasets, kFileWidth);
  if (spec.width === "container") spec.width = kFileWidth;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: block.title,
    description: block.summary,
    padding: 12,
    ...spec,
    datasets: rows,
    config: chartConfig(spec, kPaperTheme),
  };
}

async function picture(spec: Record<string, unknown>, kind: "svg" | "png"): Promise<Blob> {
  const program = parse(compile(spec as unknown as TopLevelSpec).spec, undefined, { ast: true });
  const view = new VegaView(program, { renderer: "none", expr: expressionInterpreter });
  try {
    if (kind === "svg") return new Blob([await view.toSVG()], { type: "image/svg+xml" });
    const canvas = await view.toCanvas(kPixelsPerUnit);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error("the browser made no PNG of the chart"));
      }, "image/png");
    });
  } finally {
    view.finalize();
  }
}

/** Saves the chart as the reader sees it, in the light theme. */
export async function saveChart(kind: FileKind, id: string, spec: Record<string, unknown>): Promise<void> {
  const blob = kind === "json" ? new Blob([JSON.stringify(spec)], { type: "application/json" }) : await picture(spec, kind);
  saveBlob(`${id}.${kind === "json" ? "vl.json" : kind}`, blob);
}
