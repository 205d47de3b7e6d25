// Who is signed in: by password, by a single-use link, by the cookie of an earlier visit; and how it ends.
import * as api from "../api/calls";
import { onSignedOut, Problem } from "../api/http";
import type { Availability, Me } from "../api/types";
import { t } from "../i18n";
import { goOffline, goLive } from "../live/sync";
import { flushDrafts, restoreDrafts } from "./drafts";
import { show } from "./list";
import { openConversation } from "./open";
import { restoreOutbox } from "./outbox";
import { placeOf } from "./place";
import { get, set } from "./store";
import { initial } from "./state";
import { complain } from "./toasts";

function enter(me: Me): void {
  const place = placeOf(location.hash);
  set({ session: "in", ended: null, me, open: place.open, card: place.card, admin: place.admin });
  restoreDrafts();
  restoreOutbox();
  void show(place.shelf, place.filters);
  if (place.open) void openConversation(place.open);
  goLive();
}

/** Leave for the sign-in page. What was typed stays in this browser for the same person. */
export function leave(reason: string | null): void {
  if (get().session === "out") return;
  flushDrafts();
  goOffline();
  const { theme, singleKeys, alerts, edits } = get();
  set({ ...initial, session: "out", ended: reason, theme, singleKeys, alerts, edits });
}

/** The single-use link this page was opened with, until it is used. */
let token = "";

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // Cut when it was copied: the server says that it does not work.
  }
}

/** Find out who is here. A `#link=` token is taken out of the address bar first; it is used when the person says so. */
export async function start(): Promise<void> {
  onSignedOut(() => leave(t.signIn.ended));
  const link = /^#link=(.+)$/.exec(location.hash)?.[1];
  if (link) {
    if (get().me) leave(null);
    history.replaceState(null, "", location.pathname);
    token = unescaped(link);
    set({ session: "choosing" });
    return;
  }
  set({ session: "unknown" });
  try {
    enter(await api.findMe());
  } catch (reason) {
    if (reason instanceof Problem && reason.code === "unauthorised") set({ session: "out" });
    else set({ session: "broken" });
  }
}

/** Sign in; throws Problem for the form to explain. */
export async function signIn(email: string, password: string): Promise<void> {
  enter(await api.signIn(email, password));
}

/** Sign in by the link; with a password it is set as well. Throws Problem for the page to explain. */
export async function useLink(password: string | null): Promise<void> {
  enter(await api.signInByLink(token, password ?? undefined));
  token = "";
}

/** Leave the page of a link that does not work; somebody who is signed in already goes on. */
export function leaveLink(): void {
  token = "";
  void start();
}

export async function changePassword(old: string | null, next: string): Promise<void> {
  await api.setPassword(old, next);
  const { me } = get();
  if (me) set({ me: { ...me, has_password: true } });
}

export async function signOut(): Promise<void> {
  try {
    await api.signOut();
  } catch (reason) {
    // A session that is over already is what was asked for; anything else leaves the person signed in and says so.
    if (!(reason instanceof Problem && reason.code === "unauthorised")) return complain(reason);
  }
  leave(null);
}

export async function setAvailability(availability: Availability): Promise<void> {
  const before = get().me;
  if (!before) return;
  set({ me: { ...before, availability } });
  try {
    set({ me: await api.setAvailability(availability) });
  } catch (reason) {
    if (get().me) set({ me: before });
    complain(reason);
  }
}
