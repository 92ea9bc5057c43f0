import type { Download } from "./document.js";
import { el } from "./dom.js";

function size(text: string): string {
  const bytes = new Blob([text]).size;
  return bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The document's files, out of the page itself. */
export function downloadLinks(downloads: readonly Download[]): HTMLElement | null {
  if (downloads.length === 0) return null;
  const links = downloads.map(({ file, media_type, text }) => {
    const address = URL.createObjectURL(new Blob([text], { type: media_type }));
    return el("li", {}, el("a", { attributes: { href: address, download: file } }, file), el("span", "count", size(text)));
  });
  return el("section", { class: "downloads", attributes: { id: "section-downloads", "aria-labelledby": "downloads-title" } }, el("h2", { attributes: { id: "downloads-title" } }, "Files"), el("ul", {}, ...links));
}
