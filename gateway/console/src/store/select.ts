// Ticking rows and acting on all that are ticked.
import * as api from "../api/calls";
import type { Id, Row } from "../api/types";
import { nameOf, t } from "../i18n";
import { actOn } from "../live/attention";
import { between } from "../pure/rows";
import { applyRows } from "./list";
import { get, set } from "./store";
import { complain, toast } from "./toasts";

/** As many as the server takes at once. */
const MOST = 100;
const LINES = 4;
let anchor: Id | null = null;

/** A name of any direction must not turn the sentence around it (Unicode isolates). */
const isolated = (name: string) => `\u2068${name}\u2069`;

/** Tick or untick; with `range` everything from the last one ticked. */
export function tick(id: Id, range = false): void {
  const { selected, list } = get();
  const on = !selected.includes(id);
  const ids = range && selected.length ? between(list.ids, anchor, id) : [id];
  const rest = selected.filter((one) => !ids.includes(one));
  set({ selected: on || (range && ids.length > 1) ? [...rest, ...ids] : rest });
  anchor = id;
}

export const tickAll = () => set({ selected: [...get().list.ids] });
export const tickNone = () => set({ selected: [], selecting: false });
export const setTicking = (selecting: boolean) => set({ selecting, selected: selecting ? get().selected : [] });

function tell(act: api.BulkAct, done: readonly Row[], failed: api.BulkAnswer["failed"]): void {
  if (!failed.length) return toast(t.bulk.result(done.length, t.bulk.results[act]), "good");
  const { rows } = get();
  const lines = failed.slice(0, LINES).map(({ id, detail }) => {
    const row = rows[id];
    return row ? t.bulk.line(isolated(nameOf(row)), row.number, detail) : detail;
  });
  if (failed.length > LINES) lines.push(t.bulk.others(failed.length - LINES));
  const good = done.length ? `${t.bulk.result(done.length, t.bulk.results[act])} ` : "";
  toast(good + t.bulk.failed(failed.length), "bad", { lines });
}

/** Do one thing to all that are ticked, and say how it went. What failed stays ticked, to be tried again or looked at. */
export async function actOnTicked(act: api.BulkAct, details: api.BulkDetails = {}): Promise<void> {
  const { selected, rows } = get();
  const items = selected.flatMap((id) => (rows[id] ? [{ id, version: rows[id].version }] : []));
  const done: Row[] = [];
  const failed: api.BulkAnswer["failed"] = [];
  try {
    for (let from = 0; from < items.length; from += MOST) {
      const some = items.slice(from, from + MOST);
      for (const { id } of some) actOn(id);
      const answer = await api.bulk(act, some, details);
      applyRows(answer.done);
      done.push(...answer.done);
      failed.push(...answer.failed);
    }
  } catch (reason) {
    if (!done.length && !failed.length) return complain(reason);
    complain(reason);
  }
  const went = new Set(done.map((row) => row.id));
  const left = get().selected.filter((id) => !went.has(id));
  set({ selected: left, selecting: left.length > 0 });
  tell(act, done, failed);
}
