// Where an agent writes. Reply and note look nothing alike, and a line says where the words will go.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { typing } from "../live/socket";
import { allowed } from "../store/acts";
import { attach, changeDraft, setText } from "../store/drafts";
import { send } from "../store/outbox";
import { go } from "../store/route";
import { emptyDraft, type Draft, type Tab } from "../store/state";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { Button } from "../ui/parts";
import { Target } from "./target";
import { Uploads } from "./uploads";

const tabs: Tab[] = ["reply", "note"];

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

/** Why sending must wait; null when it need not. */
function hindrance(draft: Draft): string | null {
  const uploads = draft.files[draft.tab];
  if (uploads.some((upload) => upload.problem !== null)) return t.composer.broken;
  return uploads.some((upload) => !upload.file) ? t.composer.uploading : null;
}

function useGrowing(text: string, tab: Tab) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, Math.round(innerHeight * 0.35))}px`;
  }, [text, tab]);
  return field;
}

/** Says "is replying" while there are words in the reply, and takes it back. */
function useTypingHint(id: string, writing: boolean): void {
  useEffect(() => {
    if (!writing) return;
    return () => typing(id, false);
  }, [id, writing]);
}

function Field({ id, draft, submit }: { id: string; draft: Draft; submit(): void }) {
  const { tab } = draft;
  const text = draft.text[tab];
  const field = useGrowing(text, tab);
  useTypingHint(id, tab === "reply" && text.trim() !== "");
  const onInput = (value: string) => {
    setText(id, tab, value);
    if (tab === "reply" && value.trim()) typing(id, true);
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    attach(id, tab, files);
  };
  return (
    <textarea ref={field} id="composer-text" key={tab} aria-label={t.composer[tab]} rows={2} dir="auto" value={text}
      placeholder={tab === "reply" ? t.composer.placeholder : t.composer.notePlaceholder} onInput={(event) => onInput(event.currentTarget.value)} onPaste={onPaste}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
        event.preventDefault();
        submit();
      }} />
  );
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

export function Composer({ id }: { id: string }) {
  const draft = useStore((state) => state.drafts[id] ?? emptyDraft);
  const may = useStore((state) => (state.me && state.rows[id] ? allowed(state.rows[id], state.me).write : false));
  const over = useStore((state) => ["resolved", "closed"].includes(state.rows[id]?.state ?? ""));
  const { tab } = draft;
  const { over: dragged, ...drop } = useDrop(id, tab);
  if (!may) return <Closed id={id} />;
  const hindered = hindrance(draft);
  const blank = !draft.text[tab].trim() && !draft.files[tab].length;
  const submit = () => {
    if (hindered || blank) return;
    send(id, tab);
    typing(id, false);
  };
  return (
    <form class="composer" data-tab={tab} data-dragged={dragged} onSubmit={(event) => { event.preventDefault(); submit(); }} {...drop}>
      <div class="composer-head">
        <Tabs id={id} current={tab} />
        <Target id={id} tab={tab} address={draft.address} />
      </div>
      <div id="composer-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        <Field id={id} draft={draft} submit={submit} />
        <Uploads id={id} tab={tab} uploads={draft.files[tab]} />
      </div>
      <div class="composer-end">
        <AttachButton id={id} tab={tab} />
        <span class="composer-hint">{hindered ?? (over && tab === "reply" ? t.composer.closed : t.composer.hint)}</span>
        <Button kind={tab === "note" ? "note" : "primary"} type="submit" disabled={blank || hindered !== null}>{tab === "note" ? t.composer.add : t.composer.send}</Button>
      </div>
      {dragged && <p class="composer-drop">{t.composer.drop}</p>}
    </form>
  );
}
