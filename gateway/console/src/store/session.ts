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
  set({ session: "in", ended: null, me, open: place.open, card: place.card });
  restoreDrafts();
  restoreOutbox();
  void show({ view: place.view });
  if (place.open) void openConversation(place.open);
  goLive();
}

/** Leave for the sign-in page. What was typed stays in this browser for the same person. */
export function leave(reason: string | null): void {
  if (get().session === "out") return;
  flushDrafts();
  goOffline();
  const { theme, singleKeys } = get();
  set({ ...initial, session: "out", ended: reason, theme, singleKeys });
}

/** Find out who is here. A `#link=` token is used once and taken out of the address bar first. */
export async function start(): Promise<void> {
  onSignedOut(() => leave(t.signIn.ended));
  set({ session: "unknown" });
  const link = /^#link=(.+)$/.exec(location.hash)?.[1];
  if (link) {
    history.replaceState(null, "", location.pathname);
    return startByLink(decodeURIComponent(link));
  }
  try {
    enter(await api.findMe());
  } catch (reason) {
    if (reason instanceof Problem && reason.code === "unauthorised") set({ session: "out" });
    else set({ session: "broken" });
  }
}

async function startByLink(token: string): Promise<void> {
  try {
    const me = await api.signInByLink(token);
    if (me.has_password) enter(me);
    else set({ session: "choosing", me });
  } catch (reason) {
    const dead = reason instanceof Problem && !reason.passing;
    set({ session: "out", ended: dead ? t.signIn.linkUsed : t.signIn.offline });
  }
}

/** Sign in; throws Problem for the form to explain. */
export async function signIn(email: string, password: string): Promise<void> {
  enter(await api.signIn(email, password));
}

/** The optional step after a link: with a password it is saved first (throws Problem), without one it is skipped. */
export async function finishChoosing(password: string | null): Promise<void> {
  const { me } = get();
  if (!me) return;
  if (password !== null) await api.setPassword(null, password);
  enter(password === null ? me : { ...me, has_password: true });
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
