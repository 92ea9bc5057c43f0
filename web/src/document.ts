/**
 * What the report page shows: one JSON object that the program writes (normlab/report/) into the page. The page lays it out and
 * computes no statistics: every number and sentence arrives ready. All text is plain text and is escaped by the page.
 */
export interface ReportDocument {
  version: 1;
  title: string;
  /** "normlab 0.1.0" */
  generator: string;
  questions: string[];
  /** The answer in a sentence, with its interval; the first is the headline. */
  answer: Statement[];
  /** In the study's order; the position chooses the colour everywhere. */
  arms: ArmInfo[];
  sections: Section[];
  /** Rows that charts refer to by name (`"data": {"name": "curves"}`), so that several charts share them. In the file: packed_rows.ts. */
  datasets: Record<string, Row[]>;
  downloads: Download[];
}

/** One row of a data set. A row with a field `arm` (the arm's label) is left out when the reader hides that arm. */
export type Row = Record<string, string | number | boolean | null>;

export interface ArmInfo {
  label: string;
  /** Finished trials, those that diverged not counted. */
  n: number;
  diverged: number;
  failed: number;
}

/** A sentence that rests on measured figures. */
export interface Statement {
  text: string;
  /** What the figures say: for batch normalization, against it, neither (the interval holds zero), or a limit of the study. */
  verdict: "for" | "against" | "open" | "limit" | "fact";
}

export interface Section {
  id: string;
  title: string;
  blocks: Block[];
}

export type Block =
  | TextBlock
  | StatementsBlock
  | TableBlock
  | ChartBlock
  | ImagesBlock
  | ModelBlock
  | SettingsBlock
  | FormulaBlock
  | CommandBlock;

/** A paragraph. */
export interface TextBlock {
  kind: "text";
  text: string;
}

export interface StatementsBlock {
  kind: "statements";
  items: Statement[];
}

export interface TableBlock {
  kind: "table";
  title: string;
  columns: { title: string; numeric: boolean }[];
  /** Formatted by the program, with the precision that the uncertainty justifies. */
  rows: string[][];
  notes: string[];
  /** Shown folded up, for long tables. */
  folded?: boolean;
}

export interface ChartBlock {
  kind: "chart";
  id: string;
  title: string;
  /** What to look at, one or two sentences under the title. */
  caption: string;
  /** Text alternative with the main numbers. */
  summary: string;
  /**
   * Vega-Lite v5, without colours and fonts: those are the page's, in either theme (an ordered quantity as `color` gets a ramp on which text
   * can be read). Small multiples are `facet` with `columns`: the page chooses how many fit. Reading off at the pointer: lines without `detail`,
   * with the ends of an area of the same data set as their interval; otherwise `tooltip`. `width: "container"`;
   * colours by arm use the scale domain of all arm labels and leave the range to the page.
   */
  spec: Record<string, unknown>;
  /** Names in ReportDocument.datasets that the spec uses. */
  datasets: string[];
  controls?: ChartControls;
}

export interface ChartControls {
  /** Fields that may stand on the x axis; the spec uses the first. */
  x?: { field: string; title: string }[];
  /** Axes that may be logarithmic. Rows whose value is not positive are then left out. */
  log?: ("x" | "y")[];
  /** Exponential smoothing along the first x field: `fields` of data set `dataset` within groups of equal `groupby`. The spec draws the raw
   * trace from `raw`, which stays as it is. */
  smooth?: { dataset: string; fields: string[]; groupby: string[]; raw: string };
  /** Only rows whose `field` equals the slider's value are drawn. */
  slider?: { field: string; title: string; values: number[]; initial: number; percent: boolean };
}

export interface ImagesBlock {
  kind: "images";
  title: string;
  caption: string;
  width: number;
  height: number;
  channels: 1 | 3;
  images: {
    /** Base64 of width x height x channels bytes, rows first, channels last. */
    pixels: string;
    caption: string;
  }[];
}

/** The network, layer by layer. */
export interface ModelBlock {
  kind: "model";
  title: string;
  layers: {
    text: string;
    /** Of its output, "128" or "26x26x32". */
    shape: string;
    parameters: number;
    /** A norm slot: what fills it differs from arm to arm. */
    norm_slot: boolean;
    /** Residual blocks around it; absent: none. A block's own line comes right before what is in it. */
    depth?: number;
    /** In the shortcut of the innermost block; else in its body. */
    in_shortcut?: boolean;
  }[];
  input: string;
  parameters: number;
}

export interface SettingsBlock {
  kind: "settings";
  /** Settings that differ between arms: one value per arm. */
  differ: { key: string; values: string[] }[];
  same: { key: string; value: string }[];
}

/** A formula that the page typesets (MathML), with the worked example beside it. */
export interface FormulaBlock {
  kind: "formula";
  name: "batch_norm_training" | "batch_norm_evaluation";
  caption: string;
  /**
   * The same, line by line, in numbers from the trained network: "mean" = "(0.81 + 1.02 + ...) / 64 = 0.913". The names "mean", "variance",
   * "normalized", "scaled and shifted" or "output", and in training "running mean", "running variance" stand beside their line of the formula;
   * others before or after it, in their order.
   */
  lines: { name: string; text: string }[];
}

export interface CommandBlock {
  kind: "command";
  title: string;
  text: string;
}

export interface Download {
  file: string;
  media_type: string;
  text: string;
}
