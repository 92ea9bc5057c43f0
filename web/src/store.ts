import { chartState, formatHash, parseHash, type ChartState, type PageState } from "./state.js";

/** The page's state, its only copy: kept in the URL's hash; everything that shows it listens. */
export class Store {
  #state: PageState;
  readonly #listeners: (() => void)[] = [];

  constructor() {
    this.#state = parseHash(location.hash);
    window.addEventListener("hashchange", () => {
      this.#state = parseHash(location.hash);
      this.#tell();
    });
  }

  get state(): Readonly<PageState> {
    return this.#state;
  }

  chart(id: string): Readonly<ChartState> {
    return chartState(this.#state, id);
  }

  /** Called after every change, and at once. */
  follow(listener: () => void): void {
    this.#listeners.push(listener);
    listener();
  }

  change(part: Partial<PageState>): void {
    this.#state = { ...this.#state, ...part };
    this.#remember();
  }

  changeChart(id: string, part: Partial<ChartState>): void {
    const charts = new Map(this.#state.charts);
    charts.set(id, { ...chartState(this.#state, id), ...part });
    this.#state = { ...this.#state, charts };
    this.#remember();
  }

  reset(): void {
    this.#state = parseHash("");
    this.#remember();
  }

  #remember(): void {
    try {
      const hash = formatHash(this.#state);
      history.replaceState(null, "", hash === "" ? location.pathname + location.search : `#${hash}`);
    } catch {
      // A page inside another may not write its address; the view changes all the same.
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
