/** Keeps text readable on whatever accent a customer configures: WCAG 2.2 relative luminance and contrast ratio. */

export type Rgb = readonly [number, number, number];

/** `#rgb` or `#rrggbb` as three numbers 0–255, or null for anything else. */
export function parse(hex: string): Rgb | null {
  const found = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(hex);
  if (!found) return null;
  const digits = found[1] as string;
  const n = parseInt(digits[3] ? digits : digits.replace(/./g, "$&$&"), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

const linear = (c: number): number => (c <= 10.31475 ? c / 3294.6 : Math.pow((c / 255 + 0.055) / 1.055, 2.4));

/** Relative luminance, 0 (black) to 1 (white). */
export const luminance = (c: Rgb): number => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);

/** Contrast ratio of two colours, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const x = luminance(a) + 0.05;
  const y = luminance(b) + 0.05;
  return x > y ? x / y : y / x;
}

/** White or black, whichever reads on `accent`: one of the two always reaches 4.58:1, white is taken when it does. */
export const ink = (accent: Rgb): string => (1.05 / (luminance(accent) + 0.05) >= 4.5 ? "#fff" : "#000");
