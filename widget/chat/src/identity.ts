/**
 * Who the visitor is to the gateway. Anonymous: a token kept in the browser and shared by the visitor's tabs.
 * Signed in: a token that lives in this page alone, got with the shop's signed word. The two never take each other's place.
 */
import { Api, Problem } from "./api";
import type { Store } from "./storage";
import type { Session } from "./types";

/** Runs `work` in one tab at a time; without that guarantee where the browser has no locks or refuses them to an embedded page. */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  let begun = false;
  const guarded = (): Promise<T> => {
    begun = true;
    return work();
  };
  try {
    return navigator.locks ? ((await navigator.locks.request("throughline." + name, guarded)) as T) : await guarded();
  } catch (error) {
    if (begun) throw error;
    return work();
  }
}

export class Identity {
  token: string | null;
  visitor = "";
  /** The token is a signed-in customer's. */
  signed = false;
  /** The shop's word that the server has not answered yet. */
  private jwt: string | null = null;
  /** Counts who is meant, so that an answer about somebody else is not taken. */
  private turn = 0;
  private renewing: Promise<Session> | null = null;
  private readonly key: string;

  constructor(
    private readonly store: Store,
    private readonly site: string,
  ) {
    this.key = `throughline.${site}.token`;
    this.token = store.get(this.key);
  }

  /** The server has not yet been asked who this is. */
  get waiting(): boolean {
    return this.jwt !== null;
  }

  /** From now on the customer is whom the shop's `jwt` names; `renew` asks the server. */
  claim(jwt: string): void {
    this.jwt = jwt;
    this.turn++;
  }

  /** From now on a stranger, with nothing of whoever was here before. */
  forget(): void {
    this.store.remove(this.key);
    this.jwt = this.token = null;
    this.signed = false;
    this.turn++;
  }

  /** Opens or renews the session. Two tabs doing so at once must not become two visitors, hence the lock. */
  renew(): Promise<Session> {
    this.renewing ??= alone(`${this.site}.session`, () => this.open()).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async open(): Promise<Session> {
    const { turn, jwt } = this;
    const own = this.signed ? this.token : this.store.get(this.key);
    try {
      // A customer's token never vouches for another one: only what an anonymous visitor said may become the customer's.
      const session = await Api.session(this.site, jwt && this.signed ? null : own, jwt);
      if (turn !== this.turn) return this.open();
      // A customer's token the server no longer knows is answered with a stranger's.
      this.signed = !!jwt || (this.signed && session.visitor === this.visitor);
      if (this.signed) this.store.remove(this.key);
      else this.store.set(this.key, session.token);
      this.jwt = null;
      this.token = session.token;
      this.visitor = session.visitor;
      return session;
    } catch (error) {
      if (!jwt || !(error instanceof Problem) || error.status !== 403) throw error;
      if (turn === this.turn) {
        console.warn("Throughline: this customer's identity was refused, the chat goes on without it. " + error.message);
        if (this.signed) this.token = null;
        this.jwt = null;
        this.signed = false;
      }
      return this.open();
    }
  }

  /** Takes over what another tab stored under `key`; true when the session is to be renewed. */
  adopt(key: string | null, value: string | null): boolean {
    if (key !== this.key || this.signed || value === this.token) return false;
    this.token = value;
    return true;
  }
}
