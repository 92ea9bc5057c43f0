import type { CommandBlock } from "../document.js";
import { button, el } from "../dom.js";

/** Without leave to write the clipboard (a file opened from disk in some browsers), the text is selected, ready for Ctrl+C. */
async function copy(text: string, shown: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    getSelection()?.selectAllChildren(shown);
    return "Selected";
  }
}

export function commandBlock(block: CommandBlock): HTMLElement {
  const code = el("code", {}, block.text);
  const status = el("span", { attributes: { role: "status" } });
  const press = button("Copy", `Copy the command “${block.title}”`, () => {
    void copy(block.text, code).then((result) => { status.textContent = result; });
  });
  return el("div", "command", el("h3", {}, block.title), el("div", "row", el("pre", { attributes: { tabindex: 0 } }, code), press, status));
}
