/**
 * Colours that people with any colour vision can tell apart, after Okabe and Ito, with enough contrast on either ground. The position
 * of an arm chooses its colour; a ninth arm takes the first colour again, with dashes.
 */
export const kColours = {
  light: ["#d55e00", "#0072b2", "#008f68", "#b8518f", "#dd9600", "#3f9fd8", "#5a5a5a", "#7c7000"],
  dark: ["#ff8a4a", "#4fa3ea", "#2fc79a", "#e58cc2", "#f4b63c", "#a3dcff", "#bdbdbd", "#efe45a"],
} as const;

/** For what is not an arm (kinds of layers): paler, so that nobody takes them for arms. */
export const kKinds = {
  light: ["#8ba3bb", "#d9b44a", "#86bfa8", "#bd97b5", "#d39a86", "#5d7c96", "#a8a57c", "#79799a"],
  dark: ["#6f8aa5", "#c9a43b", "#6aa690", "#a57f9d", "#bb806c", "#8fb0cb", "#918e66", "#9c9cc0"],
} as const;

/** Little to much, on either ground: the ground shines through, and letters in the page's ink can be read on all of it. */
export const kRamp = ["rgba(24, 126, 198, 0.05)", "rgba(24, 126, 198, 0.85)"];

const kDashes = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

/** CSS variables, so that a drawn chart follows the theme without being drawn again. */
export const kScreenColours = kColours.light.map((_, index) => `var(--arm-${index})`);

export function armColour(index: number): string {
  return kScreenColours[index % kScreenColours.length] ?? "currentColor";
}

export const kScreenKinds = kKinds.light.map((_, index) => `var(--kind-${index})`);

export function armColours(count: number, colours: readonly string[]): string[] {
  return Array.from({ length: count }, (_, index) => colours[index % colours.length] ?? "currentColor");
}

export function armDashes(count: number): number[][] {
  return Array.from({ length: count }, (_, index) => [...(kDashes[Math.floor(index / kColours.light.length) % kDashes.length] ?? [])]);
}
