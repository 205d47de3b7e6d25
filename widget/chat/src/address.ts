/** A first look at an address the visitor typed; the server has the last word. */

/** The address ready to be sent, or null when it cannot be one. Phone numbers need their country code. */
export function reachable(typed: string): string | null {
  const text = typed.trim();
  if (text.includes("@")) return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text) ? text : null;
  const digits = text.replace(/[\s().\-/\u00a0]/g, "").replace(/^00/, "+");
  return /^\+\d{7,15}$/.test(digits) ? digits : null;
}
