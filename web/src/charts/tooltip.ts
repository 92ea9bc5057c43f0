import { el } from "../dom.js";

export interface HintLine {
  /** Of an arm; a little square stands before its line. */
  colour?: string;
  label: string;
  text: string;
}

const kDistance = 14;

/** The one box of text beside the pointer. */
export class Tooltip {
  readonly #box = el("div", { class: "tooltip", attributes: { "aria-hidden": "true", hidden: true } });

  constructor() {
    document.body.append(this.#box);
  }

  show(at: { clientX: number; clientY: number }, title: string, lines: HintLine[]): void {
    const rows = lines.map((line) => {
      const swatch = el("span", "swatch");
      if (line.colour === undefined) swatch.hidden = true;
      else swatch.style.background = line.colour;
      return el("tr", {}, el("td", {}, swatch, line.label), el("td", "number", line.text));
    });
    this.#box.replaceChildren(...(title === "" ? [] : [el("p", {}, title)]), el("table", { attributes: { role: "presentation" } }, ...rows));
    this.#box.hidden = false;
    const { width, height } = this.#box.getBoundingClientRect();
    const right = at.clientX + kDistance + width > document.documentElement.clientWidth;
    const x = right ? at.clientX - kDistance - width : at.clientX + kDistance;
    const y = Math.min(at.clientY + kDistance, window.innerHeight - height - 4);
    this.#box.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`;
  }

  hide(): void {
    this.#box.hidden = true;
  }
}
