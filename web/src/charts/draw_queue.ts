/** A thing that can be drawn again. */
export interface Drawable {
  readonly element: HTMLElement;
  /** What is shown is not what should be. */
  readonly stale: boolean;
  draw: () => Promise<void>;
  /** Takes the width that it has on paper, or the page's again; at once, as the browser waits for nobody. */
  fitPaper: (paper: boolean) => void;
}

const kNear = "500px 0px";

/**
 * Draws charts one at a time: those near the window first, the others when the browser has nothing to do. The root element's
 * data-charts says "drawing" or "drawn".
 */
export class DrawQueue {
  readonly #all: Drawable[] = [];
  readonly #near = new Set<Element>();
  #running = false;
  readonly #watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) this.#near.add(entry.target);
        else this.#near.delete(entry.target);
      }
      this.wake();
    },
    { rootMargin: kNear },
  );

  add(drawable: Drawable): void {
    this.#all.push(drawable);
    this.#watch.observe(drawable.element);
  }

  wake(): void {
    if (!this.#running) void this.#run();
  }

  /** Resolves when nothing is stale. */
  async drawAll(): Promise<void> {
    for (const drawable of this.#all) if (drawable.stale) await drawable.draw();
  }

  fitPaper(paper: boolean): void {
    for (const drawable of this.#all) drawable.fitPaper(paper);
  }

  async #run(): Promise<void> {
    this.#running = true;
    const { dataset } = document.documentElement;
    dataset["charts"] = "drawing";
    for (;;) {
      const stale = this.#all.filter((drawable) => drawable.stale);
      const near = stale.find((drawable) => this.#near.has(drawable.element));
      const next = near ?? stale[0];
      if (!next) break;
      if (!near) await idle();
      if (near || !this.#hasNear()) await next.draw();
    }
    this.#running = false;
    dataset["charts"] = "drawn";
  }

  #hasNear(): boolean {
    return this.#all.some((drawable) => drawable.stale && this.#near.has(drawable.element));
  }
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in window) {
      window.requestIdleCallback(() => { resolve(); }, { timeout: 400 });
    } else {
      setTimeout(resolve, 50);
    }
  });
}
