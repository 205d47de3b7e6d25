/** Turns the configured accent into the custom properties the stylesheet uses, readable on light and dark ground. */
import { contrast, ink, luminance, parse, type Rgb } from "../../shared/contrast";

export const DEFAULT_ACCENT = "#1f6f5c";

const hex = (c: Rgb): string => "#" + c.map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");

/** `accent` moved towards black or white until it reaches `ratio` against `ground`. */
export function legible(accent: Rgb, ground: Rgb, ratio: number): string {
  const goal = luminance(ground) > 0.18 ? 0 : 255;
  let colour = accent;
  for (let step = 1; step <= 20 && contrast(colour, ground) < ratio; step++) {
    colour = accent.map((v) => Math.round(v + ((goal - v) * step) / 20)) as unknown as Rgb;
  }
  return hex(colour);
}

/** Every accent-dependent colour by its custom property name; an unreadable setting falls back to the default. */
export function palette(accent: string): Record<string, string> {
  const colour = parse(accent) ?? (parse(DEFAULT_ACCENT) as Rgb);
  return {
    "--accent": hex(colour),
    "--accent-ink": ink(colour),
    "--accent-on-light": legible(colour, [243, 245, 246], 4.5),
    "--accent-on-dark": legible(colour, [42, 47, 52], 4.5),
  };
}
