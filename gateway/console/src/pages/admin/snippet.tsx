// Writing one snippet: placeholders are put in by a button, marked while typing, and an unknown one is named before it reaches a customer.
import { useMemo, useRef } from "preact/hooks";
import type { Id, Placeholder, Snippet } from "../../api/types";
import { t } from "../../i18n";
import { nearest, pieces } from "../../pure/marked";
import { inserted } from "../../pure/snippets";
import { discardEdit, removeSnippet, saveSnippet, settled, useEdit, useMay } from "../../store/admin";
import { useStore } from "../../store/store";
import { openItem } from "../../store/tail";
import { toast } from "../../store/toasts";
import { Icon } from "../../ui/icons";
import { Blank, Button } from "../../ui/parts";
import { Confirm, End, Field, Panel, Part, useSending } from "./parts";
import { Marked } from "./snippets";

const words = t.admin.snippets;

interface Form {
  name: string;
  text: string;
  shared: boolean;
}

const blank: Form = { name: "", text: "", shared: false };

interface WriterProps {
  text: string;
  placeholders: readonly Placeholder[] | null;
  problem: string | null | undefined;
  change(text: string): void;
}

/** The text with a layer under it that marks the placeholders; the layer's height is the field's. */
function Writer({ text, placeholders, problem, change }: WriterProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const known = useMemo(() => placeholders && new Set(placeholders.map((one) => one.name)), [placeholders]);
  const wrong = known ? [...new Set(pieces(text, known).filter((piece) => !piece.known).map((piece) => piece.name as string))] : [];
  const insert = (name: string) => {
    const area = field.current;
    const [from, to] = area ? [area.selectionStart, area.selectionEnd] : [text.length, text.length];
    const next = inserted(text, from, to, `{${name}}`);
    change(next.text);
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(next.cursor, next.cursor);
    });
  };
  const replace = (name: string, by: string) => change(pieces(text, known ?? new Set()).map((piece) => (piece.name === name && !piece.known ? `{${by}}` : piece.text)).join(""));
  return (
    <>
      <Field label={words.body} problem={problem}>
        {(bound) => (
          <div class="writer">
            <div class="writer-marks" aria-hidden="true" dir="auto"><Marked text={text} known={known} />{"\u200b"}</div>
            <textarea {...bound} ref={field} class="note-input" dir="auto" required maxLength={10_000} value={text} onInput={(event) => change(event.currentTarget.value)} />
          </div>
        )}
      </Field>
      <div role="status" class="unknowns">
        {wrong.map((name) => {
          const like = nearest(name, (placeholders ?? []).map((one) => one.name));
          if (problem && !like) return null;
          return (
            <p key={name} class="field-problem"><Icon name="alert" size={14} /><span>{!problem && `${words.unknown(name, like)} `}{like && <button type="button" class="link" onClick={() => replace(name, like)}>{problem ? words.meant(like) : words.use(like)}</button>}</span></p>
          );
        })}
      </div>
      {placeholders && placeholders.length > 0 && (
        <div class="placeholders" role="group" aria-label={words.placeholders}>
          {placeholders.map((one) => <button key={one.name} type="button" class="placeholder" title={one.meaning} aria-label={words.insert(one.name, one.meaning)} onClick={() => insert(one.name)}>{`{${one.name}}`}</button>)}
        </div>
      )}
    </>
  );
}

/** The text as a customer would read it, with what each placeholder stands for in its place. */
function Reads({ text, placeholders }: { text: string; placeholders: readonly Placeholder[] }) {
  const meanings = new Map(placeholders.map((one) => [one.name, one.meaning]));
  const known = new Set(meanings.keys());
  return (
    <Part title={words.reads}>
      <p class="reads" dir="auto">
        {text.trim() === "" ? <span class="faint">{words.empty}</span> : pieces(text, known).map((piece, index) => (
          piece.name === null ? piece.text : <mark key={index} data-known={piece.known}>{piece.known ? meanings.get(piece.name) : piece.text}</mark>
        ))}
      </p>
    </Part>
  );
}

function Share({ value, note, change }: { value: boolean; note: string | null; change(shared: boolean): void }) {
  return (
    <label class="check talking">
      <input type="checkbox" checked={value} disabled={note !== null} onChange={(event) => change(event.currentTarget.checked)} />
      <span><span>{words.share}</span><br /><span class="faint small">{note ?? words.shareHint}</span></span>
    </label>
  );
}

function Editor({ snippet, unnamed, close }: { snippet: Snippet | null; unnamed: boolean; close(): void }) {
  const key = `snippet ${snippet?.id ?? "new"}`;
  const edit = useEdit<Form>(key, snippet ? { name: snippet.name, text: snippet.text, shared: snippet.shared } : blank);
  const sending = useSending();
  const mayShare = useMay("share");
  const placeholders = useStore((state) => state.placeholders);
  const { value } = edit;
  const of = (field: string) => (sending.problem?.field === field ? sending.problem.text : null);
  const elsewhere = sending.problem && !["name", "text"].includes(sending.problem.field ?? "") ? sending.problem.text : null;
  const submit = async (event: Event) => {
    event.preventDefault();
    let made: Snippet | undefined;
    const done = await sending.run(async () => { made = await saveSnippet(snippet?.id ?? null, { name: value.name.trim(), text: value.text, shared: value.shared }); });
    if (!done || !made) return;
    settled(key);
    if (!snippet) openItem("snippets", made.id, true);
  };
  const remove = async () => {
    if (!snippet) return;
    await removeSnippet(snippet.id);
    discardEdit(key);
    toast(words.deleted, "good");
    close();
  };
  return (
    <form class="panel-form" onSubmit={submit}>
      <div class="panel-body">
        <Field label={words.name} hint={words.nameHint} problem={of("name")}>
          {(bound) => <input {...bound} class="text-input" dir="auto" required maxLength={80} {...(snippet ? {} : { "data-autofocus": true })} value={value.name} onInput={(event) => edit.change({ name: event.currentTarget.value })} />}
        </Field>
        <div class="writer-block">
          <Writer text={value.text} placeholders={placeholders} problem={of("text")} change={(text) => { if (sending.problem) sending.refuse(null); edit.change({ text }); }} />
          {unnamed && !placeholders && <p class="faint small">{words.noPlaceholders}</p>}
        </div>
        <Share value={value.shared} note={!mayShare ? words.notShare : snippet?.shared && !snippet.mine ? words.onlyAuthor : null} change={(shared) => edit.change({ shared })} />
        {placeholders && <Reads text={value.text} placeholders={placeholders} />}
        {snippet && <Part title={words.delete.replace("…", "")}><Confirm open={words.delete} title={words.deleteTitle(snippet.name)} text={words.deleteText} yes={words.deleteYes} act={remove} /></Part>}
      </div>
      <End dirty={edit.dirty && value.name.trim() !== "" && value.text.trim() !== ""} busy={sending.busy} problem={elsewhere} discard={edit.discard} />
    </form>
  );
}

/** A shared snippet that somebody else looks after. */
function Foreign({ snippet }: { snippet: Snippet }) {
  const placeholders = useStore((state) => state.placeholders);
  return (
    <div class="panel-body">
      <p class="panel-note faint">{words.foreign}</p>
      <p class="reads" dir="auto"><Marked text={snippet.text} known={placeholders && new Set(placeholders.map((one) => one.name))} /></p>
      <div><Button icon="copy" onClick={() => void navigator.clipboard.writeText(snippet.text).then(() => toast(t.admin.copied, "good"), () => toast(t.act.failed, "bad"))}>{t.admin.copy}</Button></div>
    </div>
  );
}

export function SnippetPanel({ id, unnamed, close }: { id: Id | null; unnamed: boolean; close(): void }) {
  const snippet = useStore((state) => (id === null ? null : state.snippets?.find((one) => one.id === id) ?? null));
  const mayShare = useMay("share");
  if (id !== null && !snippet) return <Panel label={words.title} title={words.title} close={close}><Blank icon="pencil" title={t.admin.gone} /></Panel>;
  const foreign = snippet !== null && snippet.shared && !mayShare;
  return (
    <Panel label={snippet?.name ?? words.addTitle} title={<bdi class="clip">{snippet?.name ?? words.addTitle}</bdi>} close={close}>
      {foreign ? <Foreign snippet={snippet} /> : <Editor snippet={snippet} unnamed={unnamed} close={close} />}
    </Panel>
  );
}
