import type { ScenegraphEvent, View as VegaView } from "vega";
import { el } from "../dom.js";
import type { Row } from "../document.js";
import { numberText } from "../number_text.js";
import { armColour } from "../palette.js";
import { curvesOf, nearestRows, type Curve } from "./nearest.js";
import type { Rows } from "./rows.js";
import { facetFields, type View } from "./spec.js";
import type { HintLine, Tooltip } from "./tooltip.js";

interface Group {
  x?: number;
  y?: number;
  height?: number;
  datum?: Record<string, unknown>;
  mark?: { group?: Group };
}

/** What Vega adds to a pointer event. */
interface VegaEvent extends MouseEvent {
  vega: { group: (name?: string) => Group | null };
}

function placeOf(group: Group | null | undefined): { x: number; y: number } {
  if (!group) return { x: 0, y: 0 };
  const around = placeOf(group.mark?.group);
  return { x: around.x + (group.x ?? 0), y: around.y + (group.y ?? 0) };
}

function lineOf(curve: Curve, row: Row, label: string, colour: string | undefined): HintLine {
  const text = (field: string | undefined): string | undefined => {
    const value = field === undefined ? undefined : row[field];
    return typeof value === "number" ? numberText(value, curve.yFormat) : undefined;
  };
  const low = text(curve.low);
  const high = text(curve.high);
  const interval = low !== undefined && high !== undefined ? ` [${low}, ${high}]` : "";
  const line: HintLine = { label, text: (text(curve.y) ?? "–") + interval };
  return colour === undefined ? line : { ...line, colour };
}

/** Reading off curves: a line at the pointer, and the values of every arm there. */
export class Hover {
  readonly #curves: Curve[];
  /** A row belongs to the small picture that has its values of these. */
  readonly #facets: string[];
  readonly #line = el("div", { class: "crosshair", attributes: { hidden: true } });

  constructor(
    private readonly host: HTMLElement,
    private readonly view: VegaView,
    private readonly arms: readonly string[],
    private readonly tooltip: Tooltip,
    spec: View,
    private readonly rows: () => Rows,
  ) {
    this.#facets = facetFields(spec);
    this.#curves = curvesOf(spec);
    this.host.append(this.#line);
    view.addEventListener("pointermove", (event, item) => {
      this.#move(event as ScenegraphEvent & VegaEvent, item);
    });
    view.addEventListener("pointerout", () => {
      this.#leave();
    });
    host.addEventListener("pointerleave", () => {
      this.#leave();
    });
  }

  #leave(): void {
    this.#line.hidden = true;
    this.tooltip.hide();
  }

  #move(event: VegaEvent, item: Hovered): void {
    if (item?.tooltip && (item.mark?.marktype === "symbol" || this.#curves.length === 0)) {
      this.#line.hidden = true;
      this.#showItem(event, item.tooltip);
    } else if (!this.#showCurves(event)) {
      this.#leave();
    }
  }

  #showItem(event: MouseEvent, value: unknown): void {
    if (typeof value !== "object" || value === null) {
      this.tooltip.show(event, String(value), []);
      return;
    }
    this.tooltip.show(event, "", Object.entries(value).map(([label, text]) => ({ label, text: String(text) })));
  }

  #showCurves(event: VegaEvent): boolean {
    const scale = this.#scale();
    const cell = this.#facets.length === 0 ? null : event.vega.group("cell");
    if (!scale || this.#curves.length === 0 || (this.#facets.length > 0 && !cell)) return false;
    const box = this.host.getBoundingClientRect();
    const [left, top] = this.view.origin();
    const place = placeOf(cell);
    const pixel = event.clientX - box.left - left - place.x;
    const [from, to] = scale.range() as [number, number];
    const height = cell?.height ?? this.view.height();
    const below = event.clientY - box.top - top - place.y;
    if (pixel < from - 2 || pixel > to + 2 || below < 0 || below > height) return false;

    const lines: HintLine[] = [];
    let title = "";
    let at: number | undefined;
    for (const curve of this.#curves) {
      const rows = (this.rows()[curve.dataset] ?? []).filter((row) => this.#facets.every((field) => row[field] === cell?.datum?.[field]));
      for (const [arm, row] of nearestRows(rows, curve.x, pixel, scale)) {
        const index = this.arms.indexOf(arm);
        const value = row[curve.x] as number;
        at ??= scale(value);
        if (title === "") title = `${curve.xTitle} ${numberText(value)}`;
        const label = [arm, this.#curves.length > 1 ? curve.yTitle : ""].filter((part) => part !== "").join(", ");
        lines.push(lineOf(curve, row, label, index < 0 ? undefined : armColour(index)));
      }
    }
    if (at === undefined) return false;
    this.#line.hidden = false;
    Object.assign(this.#line.style, { left: `${left + place.x + at}px`, top: `${top + place.y}px`, height: `${height}px` });
    this.tooltip.show(event, title, lines);
    return true;
  }

  #scale(): (((value: number) => number) & { range: () => number[] }) | undefined {
    try {
      return this.view.scale("x") as ((value: number) => number) & { range: () => number[] };
    } catch {
      return undefined; // charts side by side have an axis each
    }
  }
}

type Hovered = { tooltip?: unknown; mark?: { marktype?: string } } | null | undefined;
