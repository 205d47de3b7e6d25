// Sound and notifications for work that came in: once per event, in one tab, the one being looked at first.
import { now } from "../api/http";
import icon from "../icon.svg";
import type { Id, Row } from "../api/types";
import { nameOf, t } from "../i18n";
import { callFor, type Call } from "../pure/calls";
import type { Rows } from "../pure/rows";
import { recall, remember } from "../store/keep";
import { go } from "../store/route";
import { quiet, type Alerts } from "../store/state";
import { get, set } from "../store/store";
import { chime } from "./chime";

const KEPT = 600_000;
const OWN = 8000;
const own = new Map<Id, number>();

/** The caller does this themselves: what follows from it is no news to them. */
export function actOn(id: Id): void {
  own.set(id, Date.now());
}

/** True when the caller acted on it a moment ago. */
function isOwn(id: Id): boolean {
  const at = own.get(id);
  if (at !== undefined && Date.now() - at > OWN) own.delete(id);
  return own.has(id);
}

export const storedAlerts = (): Alerts => ({ ...quiet, ...recall<Partial<Alerts>>("alerts", {}) });

export function setAlerts(change: Partial<Alerts>): void {
  const alerts = { ...storedAlerts(), ...change };
  set({ alerts });
  remember("alerts", alerts.sound || alerts.notify ? alerts : null);
}

/** What the browser says about notifications; `missing` where it has none, or not without https. */
export const permission = (): NotificationPermission | "missing" =>
  typeof Notification === "undefined" || !isSecureContext ? "missing" : Notification.permission;

/** Ask for notifications. Only to be called from a click. */
export async function askPermission(): Promise<boolean> {
  if (permission() === "missing") return false;
  return (await Notification.requestPermission()) === "granted";
}

/** Whether this tab is the one to speak of `key`: true once, in one tab of this browser. */
export async function claim(key: string): Promise<boolean> {
  const first = () => {
    const at = Date.now();
    const said = Object.entries(recall<Record<string, number>>("said", {})).filter(([, when]) => at - when < KEPT);
    if (said.some(([one]) => one === key)) return false;
    remember("said", Object.fromEntries([...said, [key, at]]));
    return true;
  };
  // Locks need https (or this machine); without them two tabs may rarely both speak.
  return navigator.locks ? navigator.locks.request("throughline.said", first) : first();
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function notify(call: Call): void {
  if (permission() !== "granted") return;
  try {
    const shown = new Notification(t.alerts[call.kind](nameOf(call.row)), { body: call.row.preview.slice(0, 140), tag: call.row.id, icon });
    shown.onclick = () => {
      window.focus();
      go({ open: call.row.id });
      shown.close();
    };
  } catch (reason) {
    // Some phones know the permission but show notifications only from a worker.
    console.info("The browser did not show a notification.", reason);
  }
}

async function speak(call: Call): Promise<void> {
  const { sound, notify: wanted } = storedAlerts();
  if (!sound && !wanted) return;
  const focused = document.visibilityState === "visible" && document.hasFocus();
  if (!focused) await pause(document.visibilityState === "visible" ? 60 : 150);
  if (!(await claim(call.key))) return;
  // Whoever reads the conversation sees it happen.
  if (focused && get().open === call.row.id && call.kind !== "offered") return;
  if (sound) chime();
  if (wanted && !focused) notify(call);
}

/** Call for attention where the step from `before` to `after` deserves it. */
export function heed(before: Rows, after: Rows): void {
  const { me } = get();
  if (!me || before === after) return;
  for (const row of Object.values(after) as Row[]) {
    if (before[row.id] === row) continue;
    const call = callFor(before[row.id], row, me, now(), isOwn(row.id));
    if (call) void speak(call);
  }
}

/** Let the settings be tried: what is on is heard and seen now. */
export function tryAlerts(): void {
  const { sound, notify: wanted } = storedAlerts();
  if (sound) chime();
  if (wanted && permission() === "granted") new Notification(t.app, { body: t.alerts.tried, tag: "try", icon });
}
