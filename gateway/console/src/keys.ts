// The keyboard: single keys outside of fields, G for places. Nothing happens while a dialog is open or a modifier is held.
import type { Shelf } from "./pure/listing";
import { allowed, next, openDialog, take } from "./store/acts";
import { may } from "./store/admin";
import { changeDraft } from "./store/drafts";
import { go, step } from "./store/route";
import { tick, tickNone } from "./store/select";
import type { Tab } from "./store/state";
import { get } from "./store/store";

const places: Record<string, Shelf> = { m: "mine", u: "unassigned", a: "all", w: "waiting", d: "due" };
let goingUntil = 0;

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target instanceof HTMLInputElement && target.type !== "checkbox"));
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
  const shelf = places[key];
  if (shelf === undefined) return false;
  go({ shelf, open: null });
  return true;
}

function onConversation(key: string): boolean {
  const { open, rows, me } = get();
  const row = open ? rows[open] : undefined;
  if (!row || !me) return false;
  const can = allowed(row, me);
  if (key === "r" && can.write) write("reply");
  else if (key === "n" && can.write) write("note");
  else if (key === "t" && can.take) void take(row.id);
  else if (key === "h" && can.handOver) openDialog({ kind: "handover", conversation: row.id });
  else if (key === "e" && can.resolve) openDialog({ kind: "resolve", conversation: row.id });
  else if (key === "s" && can.snooze) find("[data-menu=snooze]")?.click();
  else return false;
  return true;
}

/** Tick the row that has the focus, otherwise the opened one. */
function onTick(range: boolean): boolean {
  const { open, me, list } = get();
  const id = document.activeElement?.closest(".row-item")?.querySelector<HTMLElement>("[data-conversation]")?.dataset.conversation ?? open;
  if (!id || !may(me, "bulk") || !list.ids.includes(id)) return false;
  tick(id, range);
  return true;
}

function onList(key: string, shift: boolean): boolean {
  if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "x") return onTick(shift);
  else if (key === "/") find("#search")?.focus();
  else if (key === "f") find("[data-menu=filter]")?.click();
  else return onConversation(key);
  return true;
}

function onKey(key: string, shift: boolean): boolean {
  if (performance.now() < goingUntil) {
    goingUntil = 0;
    if (onPlace(key)) return true;
  }
  if (key === "g") goingUntil = performance.now() + 1200;
  else if (key === "w") void next();
  else if (key === "?") openDialog({ kind: "help" });
  else return get().admin === null && onList(key, shift);
  return true;
}

function onEscape(target: EventTarget | null): void {
  const { selected, selecting, card } = get();
  if (inField(target)) (target as HTMLElement).blur();
  else if (selecting || selected.length) tickNone();
  else if (card) go({ card: false });
}

/** Listen for the whole page, for good. */
export function watchKeys(): void {
  document.addEventListener("keydown", (event) => {
    const { session, dialog, singleKeys } = get();
    if (session !== "in" || dialog || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || find("dialog[open]")) return;
    if (event.key === "Escape") return onEscape(event.target);
    if (!singleKeys || inField(event.target) || event.repeat && !/^[jk]$/i.test(event.key)) return;
    if (onKey(event.key.toLowerCase(), event.shiftKey)) event.preventDefault();
  });
}
