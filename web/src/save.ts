import { el } from "./dom.js";

/** Offers `blob` to the reader as a file. */
export function saveBlob(file: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = el("a", { attributes: { href: address, download: file } });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
