/** The chat itself: what is known, what the visitor does, what the server says. The pages of `ui/` only draw it. */
import { Api, Problem } from "./api";
import { draftKey, draftsBeside } from "./drafts";
import type { Host, Wish } from "./host";
import { clipped } from "./host";
import { alone, Identity } from "./identity";
import { newId } from "./ids";
import { listen, type Live } from "./live";
import { Outbox, type Entry } from "./outbox";
import { Receipts } from "./receipts";
import { Sender } from "./sender";
import { initial, remembered, type State } from "./state";
import type { Store } from "./storage";
import { EMPTY, isForeign, withItems, withReceipt, withThread } from "./timeline";
import { Typing } from "./typing";
import type { Config, FileCard, Item, Thread } from "./types";
import type { Page } from "../../shared/protocol";

const PAGE_OF_ITEMS = 200;

export class Chat {
  state: State;
  readonly api: Api;
  readonly typing: Typing;
  readonly drafts: Store;
  private readonly identity: Identity;
  private readonly outbox: Outbox;
  private readonly sender: Sender;
  private readonly listeners = new Set<() => void>();
  private live: Live | null = null;
  private page: Page = { url: document.referrer || location.href, title: "", referrer: "" };
  private syncing: Promise<void> | null = null;
  private syncAgain = false;
  private readonly receipts: Receipts;
  private pollTimer = 0;
  private polls = 0;
  /** Comes before a signed-in customer's storage keys, "@id."; empty for the anonymous visitor. */
  private scope = "";
  private begun = false;

  constructor(
    private readonly wish: Wish,
    private readonly store: Store,
    private readonly host: () => Host,
    private readonly locale: string,
  ) {
    this.drafts = draftsBeside(store);
    this.identity = new Identity(store, wish.site);
    this.api = new Api(() => this.identity.token, () => this.renew(), () => this.state.turn);
    this.outbox = new Outbox(store, this.key("out."));
    this.receipts = new Receipts(store, () => this.key("seen"), (what, pub) => this.api.mark(what, pub), (count) => host().tell({ say: "unread", count }));
    this.typing = new Typing((on) => this.live?.emit("typing", { on }), (typing) => this.set({ typing }));
    this.sender = new Sender(this.outbox, {
      post: (entry) => this.post(entry),
      changed: () => this.set({}),
      alone: (work) => alone(this.key("send"), work),
    });
    this.state = initial(store, this.key(""), this.outbox.list());
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Fetches settings and session, then keeps up with the server until the page goes. */
  async start(configured: (config: Config) => Promise<void>): Promise<void> {
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.lose());
    addEventListener("storage", (event) => this.otherTab(event));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
    for (let tries = 0; !this.state.loaded && !this.state.missing; tries++) {
      try {
        const config = this.state.config ?? (await Api.config(this.wish.site));
        this.set({ config });
        await configured(config);
        this.set(remembered(this.store, this.key("")));
        this.begun = true;
        await this.renew();
        await this.sync();
        await this.recall();
        this.set({ loaded: true, trouble: false, link: "polling" });
      } catch (error) {
        this.set({ trouble: true, missing: error instanceof Problem && error.status === 404 });
        await new Promise((resolve) => setTimeout(resolve, Math.min(15_000, 1000 * 2 ** tries) * (0.5 + Math.random() / 2)));
      }
    }
    if (this.state.missing) return;
    this.sender.wake();
    this.poll();
    this.live = listen(() => this.identity.token, {
      connected: () => {
        this.set({ link: "socket", trouble: false });
        this.wake();
      },
      lost: () => this.state.link === "socket" && this.lose(false),
      unauthorised: () => this.renew().catch(() => null),
      item: ({ item }) => this.receive(item),
      thread: ({ thread }) => this.adopt(thread),
      receipt: ({ pub, state }) => this.set({ line: withReceipt(this.state.line, pub, state) }),
      typing: ({ name, on }) => this.typing.hear(on ? name : null),
      service: ({ service }) => this.set({ service }),
    });
  }

  /** Keeps a message and sends it as soon as that is possible. */
  write(text: string, files: FileCard[] = []): void {
    this.outbox.add(newId(), text, files, Date.now());
    this.typing.stop();
    this.set({});
    this.sender.wake();
    this.host().tell({ say: "keep", all: this.store.all() });
  }

  retry(client_id: string): void {
    this.outbox.retry(client_id);
    this.set({});
    this.sender.wake();
  }

  discard(client_id: string): void {
    this.outbox.remove(client_id);
    this.set({});
  }

  /** Throws Problem when the server refuses the address. `name` may be empty. */
  async claim(address: string, name: string): Promise<void> {
    await this.api.claim(address, name);
    this.store.set(this.key("claimed"), address);
    const { known } = this.state;
    this.set({ claimed: address, known: { ...known, [address.includes("@") ? "mail" : "phone"]: true, name: name || known.name } });
  }

  /** Asks for a person. Throws Problem before the first message. */
  async person(): Promise<void> {
    const { thread, service } = await this.api.person();
    this.set({ service });
    this.adopt(thread);
  }

  async rate(score: number, comment: string): Promise<void> {
    await this.api.rate(score, comment);
    const { thread } = this.state.line;
    if (thread) this.adopt({ ...thread, rating: score });
  }

  /** The visitor does not want to rate this conversation. */
  skip(): void {
    const skipped = this.state.line.thread?.id ?? "";
    this.store.set(this.key("skipped"), skipped);
    this.set({ skipped });
  }

  /** The shop says who is signed in by its signed `jwt`; an empty one says that they signed out. */
  identify(jwt: string): void {
    if (jwt) this.identity.claim(jwt);
    else {
      // Also what a customer left unsent whose session had ended before.
      const prefix = `throughline.${this.wish.site}.`;
      for (const key of this.store.keys()) if (key.startsWith(this.scope ? prefix + "@" : prefix)) this.store.remove(key);
      this.identity.forget();
      this.become("");
    }
    if (this.begun) this.restart();
  }

  async solved(solved: boolean): Promise<void> {
    this.adopt((await this.api.solved(solved)).thread);
  }

  show(open: boolean): void {
    this.set({ open });
    if (open && this.state.loaded) void this.sync(true).catch(() => this.lose());
  }

  visit(page: Page): void {
    this.page = clipped(page);
  }

  private key(name: string): string {
    return `throughline.${this.wish.site}.${this.scope}${name}`;
  }

  private set(change: Partial<State>): void {
    this.state = { ...this.state, ...change, pending: this.outbox.list(), tries: this.sender.tries };
    for (const listener of this.listeners) listener();
    if (this.state.loaded) this.receipts.tell(this.state.line, this.state.open && document.visibilityState === "visible");
  }

  private async renew(): Promise<void> {
    const before = this.identity.visitor;
    const { visitor, thread, service, known } = await this.identity.renew();
    const scope = this.identity.signed ? `@${visitor}.` : "";
    if (scope !== this.scope) this.become(scope);
    else if (before && before !== visitor) this.set({ line: EMPTY, claimed: null });
    this.set({ service, known });
    this.adopt(thread);
  }

  /** Another person from here on. Unsent words of an anonymous visitor who signs in are theirs; a customer's stay behind. */
  private become(scope: string): void {
    const same = !this.scope && !!scope;
    if (!same) this.drafts.remove(draftKey(this.wish.site));
    this.scope = scope;
    this.outbox.move(this.key("out."), same);
    this.set({ line: EMPTY, typing: null, turn: this.state.turn + (same ? 0 : 1), ...remembered(this.store, this.key("")) });
    // Nothing more is heard as who they were.
    this.live?.again();
  }

  /** A new session, and everything that hangs on it. */
  private restart(): void {
    this.renew().then(() => {
      this.live?.again();
      this.sender.wake();
      return this.recall();
    }).catch(() => this.lose());
  }

  /** What was said in conversations before this one. */
  private async recall(): Promise<void> {
    if (this.state.line.thread || this.scope) this.set({ line: { ...this.state.line, earlier: await this.api.earlier() } });
  }

  private async post(entry: Entry): Promise<void> {
    const files = entry.files.map((file) => file.id);
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const draft = { client_id: entry.client_id, text: entry.text, files, page: this.page, locale: this.locale, time_zone: timeZone };
    const { item, thread } = await this.api.send(draft);
    this.adopt(thread, false);
    this.receive(item);
  }

  private receive(item: Item): void {
    if (isForeign(this.state.line, item)) {
      void this.sync(true).catch(() => this.lose());
      return;
    }
    const line = withItems(this.state.line, [item]);
    if (item.mine && item.client_id) this.outbox.remove(item.client_id);
    if (!item.mine) this.typing.hear(null);
    this.set({ line });
    if (line.last < item.pub) void this.sync().catch(() => this.lose());
  }

  private adopt(thread: Thread | null, fetchMissing = true): void {
    const line = withThread(this.state.line, thread);
    const pub = thread?.read_by_agent_pub ?? 0;
    const known = line.thread?.id === this.state.line.thread?.id ? this.state.read : { pub: 0, at: 0 };
    const read = pub > known.pub ? { pub, at: this.state.loaded ? Date.now() : 0 } : known;
    if (read !== this.state.read) this.store.set(this.key("read"), `${read.pub}#${read.at}`);
    this.set({ line, read });
    if (fetchMissing && this.state.loaded && thread && thread.last_pub > line.last) void this.sync().catch(() => this.lose());
  }

  /** Fetches everything after what we have; asked for while it runs, it runs once more. */
  private sync(whole = false): Promise<void> {
    if (this.syncing) {
      this.syncAgain = true;
      return this.syncing;
    }
    this.syncing = this.fetchAll(whole).finally(() => {
      this.syncing = null;
      if (this.syncAgain) {
        this.syncAgain = false;
        void this.sync().catch(() => this.lose());
      }
    });
    return this.syncing;
  }

  private async fetchAll(whole: boolean): Promise<void> {
    if (this.identity.waiting) await this.renew();
    if (whole) {
      const { thread, service, known } = await this.api.thread();
      this.adopt(thread, false);
      this.set({ service, known });
    }
    for (let more = true, idle = 0; more && idle < 3; ) {
      const { items, thread } = await this.api.items(this.state.line.last, PAGE_OF_ITEMS);
      const same = !this.state.line.thread || this.state.line.thread.id === thread?.id;
      this.adopt(thread, false);
      if (same) {
        for (const item of items) if (item.mine && item.client_id) this.outbox.remove(item.client_id);
        this.set({ line: withItems(this.state.line, items, true) });
      }
      if (!items.length || !same) idle++;
      more = !!thread && (!same || items.length === PAGE_OF_ITEMS || this.state.line.last < thread.last_pub);
    }
  }

  /** Something woke us: a connection, a visible page, a network. */
  private wake(): void {
    this.sender.wake();
    this.live?.hurry();
    if (!this.state.loaded) return;
    void this.sync(true).then(() => this.found(), () => this.lose());
  }

  private found(): void {
    const link = this.live?.connected() ? "socket" : "polling";
    if (this.state.link !== link || this.state.trouble) this.set({ link, trouble: false });
  }

  /** A lost socket alone is no trouble yet: the question that follows by HTTP will tell. */
  private lose(trouble = true): void {
    this.set({ link: "offline", trouble: trouble || this.state.trouble });
    this.poll(1000 + Math.random() * 1000);
  }

  /** Asks by HTTP as long as there is no socket: every 5 s while visible, every 30 s when hidden. */
  private poll(pause = document.visibilityState === "visible" ? 5000 : 30_000): void {
    clearTimeout(this.pollTimer);
    this.pollTimer = window.setTimeout(() => {
      if (this.state.link === "socket") return this.poll();
      const whole = this.polls++ % 6 === 0;
      this.sync(whole).then(
        () => {
          this.found();
          this.sender.wake();
          this.poll();
        },
        () => {
          this.set({ link: "offline", trouble: true });
          this.poll();
        },
      );
    }, pause);
  }

  private otherTab(event: StorageEvent): void {
    if (event.key && this.outbox.owns(event.key)) {
      this.set({});
      this.sender.wake();
    } else if (event.key === this.key("claimed")) this.set({ claimed: event.newValue });
    else if (event.key === this.key("seen")) this.set({});
    else if (this.identity.adopt(event.key, event.newValue)) this.restart();
  }
}
