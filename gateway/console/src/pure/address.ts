// An address as somebody types it, in the form the gateway takes.

/** `mailto:…` or `tel:+…`; null for nothing typed; undefined for what is neither. */
export function addressOf(typed: string): string | null | undefined {
  const text = typed.trim();
  if (!text) return null;
  if (/^(mailto|tel):./i.test(text)) return text;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `mailto:${text}`;
  const digits = text.replace(/[\s().\-/]/g, "").replace(/^00/, "+");
  return /^\+[1-9]\d{6,14}$/.test(digits) ? `tel:${digits}` : undefined;
}
