/** Who the visitor is to the gateway: a token kept in the browser and shared by the visitor's tabs. */
import { Api } from "./api";
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
  private renewing: Promise<Session> | null = null;
  private readonly key: string;

  constructor(
    private readonly store: Store,
    private readonly site: string,
  ) {
    this.key = `throughline.${site}.token`;
    this.token = store.get(this.key);
  }

  /** Opens or renews the session. Two tabs doing so at once must not become two visitors, hence the lock. */
  renew(): Promise<Session> {
    this.renewing ??= alone(`${this.site}.session`, async () => {
      const session = await Api.session(this.site, this.store.get(this.key));
      this.token = session.token;
      this.visitor = session.visitor;
      this.store.set(this.key, session.token);
      return session;
    }).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  /** Takes over what another tab stored under `key`; true when the token is another one now. */
  adopt(key: string | null, value: string | null): boolean {
    if (key !== this.key || !value || value === this.token) return false;
    this.token = value;
    return true;
  }
}
