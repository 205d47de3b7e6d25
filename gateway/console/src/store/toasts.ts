// Short sentences at the edge of the screen, and the sentence for whatever went wrong.
import { Problem } from "../api/http";
import { t } from "../i18n";
import { get, set } from "./store";
import type { Toast } from "./state";

let count = 0;

/** Say something: `lines` below it, and `act` as a button beside it, for as long as the toast stands. */
export function toast(text: string, tone: Toast["tone"] = "plain", more: Partial<Pick<Toast, "lines" | "act">> = {}): void {
  const key = ++count;
  set({ toasts: [...get().toasts.slice(-2), { key, text, tone, lines: [], act: null, ...more }] });
  setTimeout(() => dismiss(key), more.act || more.lines?.length ? 12_000 : tone === "bad" ? 8000 : 4000);
}

export function dismiss(key: number): void {
  set({ toasts: get().toasts.filter((one) => one.key !== key) });
}

/** What was said is no longer so: its undo would undo something else. */
export function retract(text: string): void {
  set({ toasts: get().toasts.filter((one) => one.text !== text) });
}

/** What to tell a person about a failed call. */
export function sentence(reason: unknown): string {
  if (!(reason instanceof Problem)) return t.act.failed;
  if (reason.code === "network") return t.act.offline;
  if (reason.detail) return reason.detail;
  if (reason.code === "conflict") return t.act.conflict;
  if (reason.passing) return t.act.busy;
  return reason.code === "forbidden" ? t.act.notAllowed : t.act.failed;
}

/** Say it, unless the session ended: the sign-in page says that itself. */
export function complain(reason: unknown): void {
  if (!(reason instanceof Problem)) {
    console.error(reason);
  } else if (reason.code === "unauthorised") return;
  toast(sentence(reason), "bad");
}
