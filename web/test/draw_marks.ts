import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";

interface Item {
  items?: Item[];
  marktype?: string;
  role?: string;
  defined?: boolean;
}

/** Draws a specification without a screen, as the page does, and gives what the marks of each kind hold: points of lines count singly. */
export async function drawMarks(spec: Record<string, unknown>): Promise<{ marks: Record<string, number>; view: View }> {
  const view = new View(parse(compile(spec as unknown as TopLevelSpec).spec, undefined, { ast: true }), { renderer: "none", expr: expressionInterpreter });
  await view.runAsync();
  const marks: Record<string, number> = {};
  const visit = (item: Item): void => {
    if (item.role === "mark" && item.marktype !== "group") {
      const drawn = (item.items ?? []).filter((one) => one.defined !== false).length;
      marks[item.marktype ?? ""] = (marks[item.marktype ?? ""] ?? 0) + drawn;
      return;
    }
    for (const one of item.items ?? []) visit(one);
  };
  visit((view.scenegraph() as unknown as { root: Item }).root);
  return { marks, view };
}
