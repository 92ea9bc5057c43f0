import type { Block } from "../document.js";
import { chartBlock } from "./chart.js";
import { commandBlock } from "./command.js";
import type { Context } from "./context.js";
import { formulaBlock } from "./formula.js";
import { imagesBlock } from "./images.js";
import { modelBlock } from "./model.js";
import { settingsBlock } from "./settings.js";
import { statementsBlock } from "./statements.js";
import { tableBlock } from "./table.js";
import { textBlock } from "./text.js";

/** A block as an element; null for a kind that this page does not know, of a newer program. */
export function layOut(block: Block, context: Context): HTMLElement | null {
  switch (block.kind) {
    case "text": return textBlock(block);
    case "statements": return statementsBlock(block);
    case "table": return tableBlock(block);
    case "chart": return chartBlock(block, context);
    case "images": return imagesBlock(block);
    case "model": return modelBlock(block);
    case "settings": return settingsBlock(block, context);
    case "formula": return formulaBlock(block);
    case "command": return commandBlock(block);
    default: return null;
  }
}
