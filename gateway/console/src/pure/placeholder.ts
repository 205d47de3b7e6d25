// What looks like a placeholder of a snippet that nobody filled in. It is looked for in agents' own words only, and never filled here.

const shape = /\{[a-z][a-z0-9_]{0,39}(?::[^{}\s]{0,80})?\}/g;

/** `{first_name}` and the like, each once, in the order of the text. */
export function placeholdersIn(text: string): string[] {
  return [...new Set(text.match(shape) ?? [])];
}
