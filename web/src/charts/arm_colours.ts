import { armColours, armDashes, kColours } from "../palette.js";
import { allViews, channel, unitViews, type View } from "./spec.js";

const kChannels = ["color", "stroke", "fill"];

/** How arms look in a chart: on the screen the page's legend names them, a saved picture has its own. */
export interface ArmLook {
  colours: readonly string[];
  legend: boolean;
}

export function coloursByArm(spec: View): boolean {
  return unitViews(spec).some((unit) => kChannels.some((name) => channel(unit.encoding, name)?.field === "arm"));
}

/** Gives every arm its colour, and its dashes where there are more arms than colours. */
export function setArmColours(spec: View, labels: string[], look: ArmLook): void {
  const legend = look.legend ? { title: null, orient: "top", columns: 3, symbolType: "square", labelLimit: 300 } : null;
  for (const view of allViews(spec)) {
    for (const name of kChannels) {
      const found = view.encoding && channel(view.encoding, name);
      if (found?.field !== "arm") continue;
      found.scale = { ...found.scale, domain: labels, range: armColours(labels.length, look.colours) };
      found.legend = legend;
    }
  }
  if (labels.length <= kColours.light.length) return;
  for (const unit of unitViews(spec)) {
    if (unit.mark !== "line" || channel(unit.encoding, "color")?.field !== "arm") continue;
    const dashes = { field: "arm", type: "nominal", scale: { domain: labels, range: armDashes(labels.length) }, legend: null };
    unit.view.encoding = { ...unit.view.encoding, strokeDash: dashes };
  }
}
