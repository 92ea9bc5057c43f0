import embed, { type Result } from "vega-embed";
import { changeset, truthy } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import type { ChartBlock, ReportDocument } from "../document.js";
import { el } from "../dom.js";
import { kScreenColours } from "../palette.js";
import type { Store } from "../store.js";
import { applyState, hiddenLabels, type AppliedChart } from "./apply_state.js";
import { tidyLabels } from "./axis_labels.js";
import { chartConfig, screenTheme } from "./config.js";
import type { Drawable } from "./draw_queue.js";
import { fitWidth, needsFitting } from "./fit.js";
import { Hover } from "./hover.js";
import type { Rows } from "./rows.js";
import type { View } from "./spec.js";
import type { Tooltip } from "./tooltip.js";

const kLook = { colours: kScreenColours, legend: false };
/** CSS pixels between the margins of A4, and of one of two columns there (style/print.css). */
const kPaperWidth = 680;
const kHalfPaperWidth = 328;
const kQuiet = 1; // Vega's log level for errors alone

/** The drawing of one chart, kept in step with the page's state. */
export class ChartView implements Drawable {
  readonly element: HTMLElement;
  #result: Result | undefined;
  #rows: Rows = {};
  /** What the drawing shows: its specification's part, and its rows' part. */
  #drawn = { shape: "", rows: "" };
  #room = 0;
  #drawing = Promise.resolve();

  constructor(
    private readonly block: ChartBlock,
    private readonly document: ReportDocument,
    private readonly store: Store,
    private readonly tooltip: Tooltip,
  ) {
    this.element = el("div", { class: "drawing", attributes: { role: "img", "aria-label": block.summary } });
    this.element.dataset["state"] = "waiting";
    const { height } = block.spec as View;
    this.element.style.minHeight = `${(typeof height === "number" ? height : 200) + 40}px`;
  }

  get stale(): boolean {
    const wanted = this.#wanted();
    return wanted.shape !== this.#drawn.shape || wanted.rows !== this.#drawn.rows;
  }

  /** One drawing after another: a chart is never drawn twice at the same time. */
  draw(): Promise<void> {
    this.#drawing = this.#drawing.then(() => (this.stale ? this.#draw() : undefined));
    return this.#drawing;
  }

  async #draw(): Promise<void> {
    const wanted = this.#wanted();
    const same = wanted.shape === this.#drawn.shape;
    this.#drawn = wanted;
    const hidden = hiddenLabels(this.document, this.store.state.hidden);
    const applied = applyState(this.block, this.document, this.store.chart(this.block.id), hidden, kLook);
    this.#rows = applied.rows;
    try {
      if (!same || !(await this.#exchangeRows(applied.rows))) await this.#embed(applied);
      this.element.dataset["state"] = "drawn";
    } catch (error) {
      this.#fail(error);
    }
  }

  fitPaper(paper: boolean): void {
    if (!this.#result || needsFitting(this.block.spec)) return;
    const row = this.element.closest(".side-by-side");
    const lastOfOdd = this.element.closest(".side-by-side > :last-child:nth-child(odd)");
    const wide = !row || lastOfOdd;
    this.#result.view.width(paper ? (wide ? kPaperWidth : kHalfPaperWidth) : this.element.clientWidth).run();
  }

  #wanted(): { shape: string; rows: string } {
    const { x, log, smooth, slider } = this.store.chart(this.block.id);
    const fitted = needsFitting(this.block.spec);
    if (fitted) this.#room = this.element.clientWidth;
    return {
      shape: JSON.stringify([x, log, fitted ? this.#room : 0]),
      rows: JSON.stringify([smooth, slider, this.store.state.hidden]),
    };
  }

  /** Gives the drawn chart other rows; false when it must be made anew. */
  async #exchangeRows(rows: Rows): Promise<boolean> {
    const view = this.#result?.view;
    if (!view) return false;
    const known = view.getState({ data: (name) => name !== undefined, signals: () => false }).data as Record<string, unknown> | undefined;
    if (Object.keys(rows).some((name) => !known || !(name in known))) return false;
    // Vega writes into rows; those that the pointer reads stay clean.
    for (const [name, list] of Object.entries(rows)) {
      view.change(name, changeset().remove(truthy).insert(list.map((row) => ({ ...row }))));
    }
    await view.resize().runAsync();
    return true;
  }

  async #embed(applied: AppliedChart): Promise<void> {
    await this.#embedInto(applied, this.element.clientWidth);
    // How much room the labels of small multiples take is known only now.
    const { scrollWidth, clientWidth } = this.element;
    if (needsFitting(applied.spec) && scrollWidth > clientWidth) await this.#embedInto(applied, 2 * clientWidth - scrollWidth);
    // What must be scrolled must be within reach of the keyboard.
    if (this.element.scrollWidth > clientWidth) this.element.tabIndex = 0;
    else this.element.removeAttribute("tabindex");
  }

  async #embedInto({ spec, rows }: AppliedChart, room: number): Promise<void> {
    fitWidth(spec, rows, room);
    tidyLabels(spec, this.document.datasets, room);
    this.element.style.minHeight = `${Math.max(this.element.offsetHeight, 120)}px`;
    this.#result?.finalize();
    const host = el("div", { class: "vega", attributes: { "aria-hidden": "true" } });
    this.element.replaceChildren(host);
    const datasets = Object.fromEntries(Object.entries(rows).map(([name, list]) => [name, list.map((row) => ({ ...row }))]));
    const full = { $schema: "https://vega.github.io/schema/vega-lite/v5.json", ...spec, datasets } as unknown as Parameters<typeof embed>[1];
    this.#result = await embed(host, full, {
      mode: "vega-lite", actions: false, renderer: "svg", ast: true, expr: expressionInterpreter, defaultStyle: false, logLevel: kQuiet,
      config: chartConfig(spec, screenTheme(getComputedStyle(this.element).fontFamily)) as never, tooltip: () => undefined,
    });
    this.element.style.minHeight = "";
    const labels = this.document.arms.map((arm) => arm.label);
    new Hover(this.element, this.#result.view, labels, this.tooltip, spec, () => this.#rows);
  }

  #fail(error: unknown): void {
    console.error(`chart ${this.block.id}:`, error);
    this.element.dataset["state"] = "failed";
    this.element.replaceChildren(el("p", "failure", `This chart could not be drawn: ${error instanceof Error ? error.message : String(error)}`));
  }
}
