/** The parts of a Vega-Lite specification that the page reads and changes. */

export interface Channel {
  field?: string;
  datum?: unknown;
  type?: string;
  aggregate?: unknown;
  title?: string | null;
  axis?: { format?: string; [key: string]: unknown } | null;
  scale?: Record<string, unknown> | null;
  legend?: unknown;
  format?: string;
  sort?: unknown;
}

export type Encoding = Record<string, Channel | Channel[] | undefined>;

interface Facet extends Channel {
  row?: Channel;
  column?: Channel;
}

export interface View {
  data?: { name?: string; values?: unknown[] };
  mark?: string | { type: string; [key: string]: unknown };
  encoding?: Encoding;
  transform?: Record<string, unknown>[];
  layer?: View[];
  concat?: View[];
  hconcat?: View[];
  vconcat?: View[];
  facet?: Facet;
  columns?: number;
  resolve?: { scale?: Record<string, string> };
  spec?: View;
  width?: number | "container";
  height?: number;
  [key: string]: unknown;
}

/** A view with a mark, with what it inherits from the views around it. */
export interface UnitView {
  view: View;
  mark: string;
  encoding: Encoding;
  /** Name of its data set. */
  dataset: string | undefined;
}

export function children(view: View): View[] {
  return [...(view.layer ?? []), ...(view.concat ?? []), ...(view.hconcat ?? []), ...(view.vconcat ?? []), ...(view.spec ? [view.spec] : [])];
}

/** The view and all views in it. */
export function allViews(view: View): View[] {
  return [view, ...children(view).flatMap(allViews)];
}

export function unitViews(view: View, inherited: Encoding = {}, dataset?: string): UnitView[] {
  const encoding = { ...inherited, ...view.encoding };
  const name = view.data?.name ?? dataset;
  if (view.mark !== undefined) {
    const mark = typeof view.mark === "string" ? view.mark : view.mark.type;
    return [{ view, mark, encoding, dataset: name }];
  }
  return children(view).flatMap((child) => unitViews(child, encoding, name));
}

/** A channel with one definition; undefined for a list (tooltips, details). */
export function channel(encoding: Encoding, name: string): Channel | undefined {
  const found = encoding[name];
  return Array.isArray(found) ? undefined : found;
}

/** Fields whose values have a small picture each. */
export function facetFields({ facet }: View): string[] {
  return [facet?.field, facet?.row?.field, facet?.column?.field].filter((field) => field !== undefined);
}

export function isFaceted(view: View): boolean {
  return view.facet !== undefined || children(view).some(isFaceted);
}
