/** What is being typed. It belongs to its tab: two tabs are two trains of thought. Where a tab can keep nothing, all of them share it: better than lost. */
import { guarded, type Store } from "./storage";

/** `store` is what all tabs share. */
export function draftsBeside(store: Store): Store {
  const own = guarded(() => sessionStorage);
  return own.borrowed ? store : own;
}

/** Where the tab keeps the draft of `site`. */
export const draftKey = (site: string): string => `throughline.${site}.draft`;
