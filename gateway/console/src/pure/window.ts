// Which rows of a long list are worth a DOM node, and how to keep the eye in place when the list changes above it.

/** Lists up to this length are rendered whole. */
export const WHOLE = 200;

export interface Span {
  first: number;
  /** One past the last. */
  end: number;
}

/** The rows to render: what is visible plus `spare` rows on either side. Heights in pixels, all rows alike. */
export function visible(count: number, scrollTop: number, height: number, rowHeight: number, spare = 10): Span {
  if (count <= WHOLE) return { first: 0, end: count };
  const top = Math.max(0, Math.min(scrollTop, count * rowHeight - height));
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);
  return { first, end };
}

/**
 * Where to scroll so that what was on top stays on top after `before` became `after`. At the very top the newest row
 * may come in; a row that left hands its place to the next one that stayed.
 */
export function anchored(before: readonly string[], after: readonly string[], scrollTop: number, rowHeight: number): number {
  if (scrollTop <= 0) return scrollTop;
  const at = Math.floor(scrollTop / rowHeight);
  const places = new Map(after.map((id, index) => [id, index]));
  for (let index = at; index < before.length; index++) {
    const place = places.get(before[index] as string);
    if (place !== undefined) return Math.max(0, place * rowHeight + (index === at ? scrollTop - at * rowHeight : 0));
  }
  return Math.min(scrollTop, Math.max(0, after.length * rowHeight));
}

/** What came above the eye: of `after`, what stands above `top` and did not stand above `hadTop` in `before`. */
export function arrivedAbove(before: readonly string[], hadTop: number, after: readonly string[], top: number, rowHeight: number): string[] {
  const above = new Set(before.slice(0, Math.ceil(hadTop / rowHeight)));
  return after.slice(0, Math.ceil(top / rowHeight)).filter((id) => !above.has(id));
}
