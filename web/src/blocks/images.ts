import type { ImagesBlock } from "../document.js";
import { el } from "../dom.js";

/** Pictures are drawn this large or a little larger, a whole number of times their size. */
const kSide = 80;
const kSideOfMany = 56;
const kMany = 8;

/** Red, green, blue and opacity from grey or coloured bytes. What is missing at the end stays black. */
export function rgba(bytes: Uint8Array, pixels: number, channels: 1 | 3): Uint8ClampedArray<ArrayBuffer> {
  const colours = new Uint8ClampedArray(pixels * 4);
  for (let pixel = 0; pixel < pixels; ++pixel) {
    for (let part = 0; part < 3; ++part) colours[4 * pixel + part] = bytes[channels * pixel + (channels === 3 ? part : 0)] ?? 0;
    colours[4 * pixel + 3] = 255;
  }
  return colours;
}

function canvas(block: ImagesBlock, pixels: string): HTMLCanvasElement {
  const { width, height, channels } = block;
  const made = el("canvas", { attributes: { width, height, "aria-hidden": "true" } });
  const scale = Math.max(1, Math.ceil((block.images.length > kMany ? kSideOfMany : kSide) / Math.max(width, height)));
  made.style.width = `${scale * width}px`;
  const bytes = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
  made.getContext("2d")?.putImageData(new ImageData(rgba(bytes, width * height, channels), width, height), 0, 0);
  return made;
}

export function imagesBlock(block: ImagesBlock): HTMLElement {
  const images = block.images.map((image) => el("li", {}, el("figure", {}, canvas(block, image.pixels), el("figcaption", {}, image.caption))));
  return el("div", "images", el("h3", {}, block.title), block.caption !== "" && el("p", "caption", block.caption), el("ul", {}, ...images));
}
