// Where an agent writes. Reply and note look nothing alike, and a line says where the words will go.
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { replying, typing } from "../live/socket";
import { placeholdersIn } from "../pure/placeholder";
import { allowed, reopen } from "../store/acts";
import { unspam } from "../store/change";
import { attach, changeDraft, setText } from "../store/drafts";
import { send } from "../store/outbox";
import { go } from "../store/route";
import { emptyDraft, type Draft, type Tab } from "../store/state";
import { get, useStore } from "../store/store";
import { toast } from "../store/toasts";
import { Icon } from "../ui/icons";
import { Button } from "../ui/parts";
import { Field, insertText } from "./field";
import { LIST, Snippets } from "./snippets";
import { Target } from "./target";
import { Uploads } from "./uploads";

const tabs: Tab[] = ["reply", "note"];
/** What one message may hold, as the gateway is set up unless somebody changed it; it has the last word. */
const LONGEST = 10_000;
const NEARLY = 8_000;

function Tabs({ id, current }: { id: string; current: Tab }) {
  const choose = (tab: Tab) => changeDraft(id, { tab });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const other: Tab = current === "reply" ? "note" : "reply";
    choose(other);
    document.getElementById(`tab-${other}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t.composer.label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button key={tab} id={`tab-${tab}`} type="button" role="tab" class="tab" data-tab={tab} aria-selected={tab === current} aria-controls="composer-panel"
          tabIndex={tab === current ? 0 : -1} aria-keyshortcuts={tab === "reply" ? "R" : "N"} onClick={() => choose(tab)}>
          {tab === "note" && <Icon name="lock" size={14} />}
          {t.composer[tab]}
        </button>
      ))}
    </div>
  );
}

const lengthOf = (text: string) => (text.length < NEARLY ? text.length : [...text].length);

/** Why sending must wait; null when it need not. */
function hindrance(draft: Draft, length: number): string | null {
  const uploads = draft.files[draft.tab];
  if (length > LONGEST) return t.composer.tooLong(LONGEST);
  if (uploads.some((upload) => upload.problem !== null)) return t.composer.broken;
  return uploads.some((upload) => !upload.file) ? t.composer.uploading : null;
}

/** Tells the customer that somebody types, and colleagues that an answer stands here; takes both back. */
function useHints(id: string, writing: boolean): void {
  const connected = useStore((state) => state.connected === "socket");
  useEffect(() => {
    if (!writing) return;
    return () => typing(id, false);
  }, [id, writing]);
  useEffect(() => {
    if (!writing || !connected) return;
    const timer = setTimeout(() => replying(id, true), 300);
    return () => {
      clearTimeout(timer);
      replying(id, false);
    };
  }, [id, writing, connected]);
}

/** Says when a colleague takes the conversation from under an unfinished answer. */
function useTaken(id: string, writing: boolean): void {
  const owner = useStore((state) => state.rows[id]?.assignee ?? null);
  const before = useRef(owner?.id ?? null);
  useEffect(() => {
    const was = before.current;
    before.current = owner?.id ?? null;
    if (owner && owner.id !== was && owner.id !== get().me?.id && writing) toast(t.owner.taken(owner.name), "bad");
  }, [owner?.id]);
}

function AttachButton({ id, tab }: { id: string; tab: Tab }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind="quiet" icon="clip" label={t.composer.attach} onClick={() => input.current?.click()} />
      <input ref={input} type="file" multiple hidden onChange={(event) => {
        attach(id, tab, [...(event.currentTarget.files ?? [])]);
        event.currentTarget.value = "";
      }} />
    </>
  );
}

function useDrop(id: string, tab: Tab) {
  const [over, setOver] = useState(false);
  const holds = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  return {
    over,
    onDragOver: (event: DragEvent) => {
      if (!holds(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!(event.currentTarget as Node).contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      setOver(false);
      if (!holds(event)) return;
      event.preventDefault();
      attach(id, tab, [...(event.dataTransfer?.files ?? [])]);
    },
  };
}

/** Why there is nowhere to write. */
function Closed({ id }: { id: string }) {
  const joined = useStore((state) => state.rows[id]?.state === "joined");
  const into = useStore((state) => state.pages[id]?.joinedTo ?? null);
  return (
    <p class="composer-closed">
      {joined ? t.composer.joined : t.composer.viewer}
      {into && <> <button type="button" class="link" onClick={() => go({ open: into }, true)}>{t.composer.goThere}</button></>}
    </p>
  );
}

function Hint({ text, tab, hindered, over }: { text: string; tab: Tab; hindered: string | null; over: boolean }) {
  if (hindered) return <span class="composer-hint" data-tone="bad" role="status">{hindered}</span>;
  const unfilled = tab === "reply" ? placeholdersIn(text) : [];
  if (unfilled.length) return <span class="composer-hint" data-tone="bad" role="status"><bdi>{t.placeholder.hint(unfilled.join(", "))}</bdi></span>;
  return <span class="composer-hint">{over && tab === "reply" ? t.composer.closed : t.composer.hint}</span>;
}

interface Asking {
  /** What was typed after the mark; null for the list with its own search. */
  query: string | null;
  from: number;
}

export function Composer({ id }: { id: string }) {
  const draft = useStore((state) => state.drafts[id] ?? emptyDraft);
  const may = useStore((state) => (state.me && state.rows[id] ? allowed(state.rows[id], state.me).write : false));
  const state = useStore((all) => all.rows[id]?.state ?? "open");
  const spam = useStore((all) => all.rows[id]?.spam ?? false);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [marked, setMarked] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const keys = useRef<(event: KeyboardEvent) => boolean>(() => false);
  const dismissed = useRef(-1);
  const { tab } = draft;
  const text = draft.text[tab];
  const { over: dragged, ...drop } = useDrop(id, tab);
  const writing = draft.text.reply.trim() !== "";
  useHints(id, writing && may);
  useTaken(id, writing);
  if (!may) return <Closed id={id} />;
  const length = lengthOf(text);
  const shut = state === "closed" && tab === "reply";
  const hindered = hindrance(draft, length);
  const blank = !text.trim() && !draft.files[tab].length;
  const submit = () => {
    if (hindered || blank || shut) return;
    setAsking(null);
    send(id, tab);
  };
  const close = (refocus: boolean) => {
    dismissed.current = asking?.query === null ? -1 : asking?.from ?? -1;
    setAsking(null);
    setMarked(null);
    if (refocus) field.current?.focus();
  };
  const pick = (filled: string) => {
    close(true);
    dismissed.current = -1;
    if (field.current) insertText(field.current, filled, (written) => setText(id, tab, written));
  };
  return (
    <form class="composer" data-tab={tab} data-dragged={dragged} onSubmit={(event) => { event.preventDefault(); submit(); }} {...drop}>
      <div class="composer-head">
        <Tabs id={id} current={tab} />
        <Target id={id} tab={tab} address={draft.address} />
      </div>
      {asking && <Snippets key={asking.query === null ? "own" : "typed"} id={id} query={asking.query} keys={keys} mark={setMarked} pick={pick} close={close} />}
      <div id="composer-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        <Field id={id} tab={tab} text={text} field={field} list={asking && marked ? { id: LIST, marked } : null} submit={submit}
          asked={(trigger) => {
            if (trigger?.from !== dismissed.current) dismissed.current = -1;
            if (asking?.query === null && !trigger) return;
            setAsking(trigger && trigger.from !== dismissed.current ? trigger : null);
          }}
          onListKey={(event) => asking !== null && asking.query !== null && keys.current(event)} />
        <Uploads id={id} tab={tab} uploads={draft.files[tab]} />
      </div>
      {shut && !spam && <p class="composer-shut">{t.composer.shut} <button type="button" class="link" onClick={() => void reopen(id)}>{t.act.reopen}</button></p>}
      {shut && spam && <p class="composer-shut">{t.composer.spam} <button type="button" class="link" onClick={() => void unspam(id)}>{t.more.unspam}</button></p>}
      <div class="composer-end">
        <AttachButton id={id} tab={tab} />
        <Button kind="quiet" icon="snippet" label={t.snippets.open} aria-expanded={asking?.query === null}
          onPointerDown={(event: PointerEvent) => event.stopPropagation()} onClick={() => (asking?.query === null ? close(true) : setAsking({ query: null, from: -1 }))} />
        <Hint text={text} tab={tab} hindered={hindered} over={state === "resolved" || state === "snoozed"} />
        {length > NEARLY && <span class="composer-count figures" data-over={length > LONGEST} role="status">{length.toLocaleString("en")} / {LONGEST.toLocaleString("en")}</span>}
        <Button kind={tab === "note" ? "note" : "primary"} type="submit" disabled={blank || hindered !== null || shut}>{tab === "note" ? t.composer.add : t.composer.send}</Button>
      </div>
      {dragged && <p class="composer-drop">{t.composer.drop}</p>}
    </form>
  );
}
