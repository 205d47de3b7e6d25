// The keyboard: single keys outside of fields, G for places. Nothing happens while a dialog is open or a modifier is held.
import { allowed, openDialog, take } from "./store/acts";
import { changeDraft } from "./store/drafts";
import { go, step } from "./store/route";
import type { Tab } from "./store/state";
import { get } from "./store/store";

let goingUntil = 0;

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

const find = (selector: string) => document.querySelector<HTMLElement>(selector);

/** Put the cursor into the composer, on that tab. */
export function write(tab: Tab): void {
  const { open } = get();
  if (!open) return;
  changeDraft(open, { tab });
  const shown = find(`.composer[data-tab=${tab}] #composer-text`);
  if (shown) shown.focus();
  // Preact draws the other tab in a microtask queued before this one: no key typed next can come in between.
  else queueMicrotask(() => find("#composer-text")?.focus());
}

function onPlace(key: string): boolean {
  if (key === "m") go({ view: "mine", open: null });
  else if (key === "u") go({ view: "unassigned", open: null });
  else if (key === "a") go({ view: "all", open: null });
  else return false;
  return true;
}

function onConversation(key: string): boolean {
  const { open, rows, me } = get();
  const row = open ? rows[open] : undefined;
  if (!row || !me) return false;
  const may = allowed(row, me);
  if (key === "r" && may.write) write("reply");
  else if (key === "n" && may.write) write("note");
  else if (key === "t" && may.take) void take(row.id);
  else if (key === "h" && may.handOver) openDialog({ kind: "handover", conversation: row.id });
  else if (key === "e" && may.resolve) openDialog({ kind: "resolve", conversation: row.id });
  else if (key === "s" && may.snooze) find("[data-menu=snooze]")?.click();
  else return false;
  return true;
}

function onKey(key: string): boolean {
  if (performance.now() < goingUntil) {
    goingUntil = 0;
    if (onPlace(key)) return true;
  }
  if (key === "g") goingUntil = performance.now() + 1200;
  else if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "/") find("#search")?.focus();
  else if (key === "?") openDialog({ kind: "help" });
  else return onConversation(key);
  return true;
}

function onEscape(target: EventTarget | null): void {
  if (inField(target)) (target as HTMLElement).blur();
  else if (get().card) go({ card: false });
}

/** Listen for the whole page, for good. */
export function watchKeys(): void {
  document.addEventListener("keydown", (event) => {
    const { session, dialog, singleKeys } = get();
    if (session !== "in" || dialog || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return onEscape(event.target);
    if (!singleKeys || inField(event.target) || event.repeat && !/^[jk]$/i.test(event.key)) return;
    if (onKey(event.key.toLowerCase())) event.preventDefault();
  });
}
