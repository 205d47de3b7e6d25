/** A person's first letters in a circle: a picture nobody has to fetch. */

/** Up to two initials, whole user-perceived characters as far as the browser can tell them. */
export function initials(name: string): string {
  const parts = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = (word: string): string => {
    const letters = word.replace(/^[^\p{L}\p{N}]+/u, "");
    if (!Intl.Segmenter) return Array.from(letters)[0] ?? "";
    return [...new Intl.Segmenter().segment(letters)][0]?.segment ?? "";
  };
  const ends = parts.length > 1 ? [parts[0] as string, parts[parts.length - 1] as string] : parts;
  return ends.map(first).join("").toLocaleUpperCase();
}

export function Avatar({ name }: { name: string }) {
  return (
    <span class="avatar" aria-hidden="true">
      {initials(name)}
    </span>
  );
}
