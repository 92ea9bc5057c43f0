/** Numbers under the pointer: four significant digits, thousands apart; percent where the axis has percent. */
export function numberText(value: number, axisFormat = ""): string {
  if (!Number.isFinite(value)) return "–";
  if (axisFormat.includes("%")) return `${(100 * value).toFixed(2)} %`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3);
  return value.toLocaleString("en", size >= 1000 ? { maximumFractionDigits: 1 } : { maximumSignificantDigits: 4 });
}
