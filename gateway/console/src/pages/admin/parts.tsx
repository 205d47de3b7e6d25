// What the pages to run a desk have in common: heads, the side panel, the end of a form, a question before something that hurts.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Problem } from "../../api/http";
import { t } from "../../i18n";
import { useIsEdited } from "../../store/admin";
import { complain, sentence, toast } from "../../store/toasts";
import { Icon } from "../../ui/icons";
import { Blank, Button, Skeleton } from "../../ui/parts";

// -- loading and sending ----------------------------------------------------------------------------------------------------------------------

export interface Loading {
  failed: string | null;
  again(): void;
}

/** Run `load` when the page opens. What is known already is shown meanwhile. */
export function useLoad(load: () => Promise<unknown>): Loading {
  const [failed, setFailed] = useState<string | null>(null);
  const again = () => {
    setFailed(null);
    load().catch((reason: unknown) => {
      if (!(reason instanceof Problem)) complain(reason);
      setFailed(sentence(reason));
    });
  };
  useEffect(again, []);
  return { failed, again };
}

export interface Refusal {
  text: string;
  field: string | null;
}

export interface Sending {
  busy: boolean;
  problem: Refusal | null;
  /** True when `act` went through; what was refused is in `problem`. */
  run(act: () => Promise<unknown>): Promise<boolean>;
  refuse(problem: Refusal | null): void;
}

export function useSending(): Sending {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const run = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await act();
      return true;
    } catch (reason) {
      if (!(reason instanceof Problem)) console.error(reason);
      setProblem({ text: sentence(reason), field: reason instanceof Problem ? reason.field : null });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run, refuse: setProblem };
}

// -- pieces -----------------------------------------------------------------------------------------------------------------------------------

export function Trouble({ text, id }: { text: string | null | undefined; id?: string }) {
  if (!text) return null;
  return <p id={id} class="form-problem" role="alert"><Icon name="alert" />{text}</p>;
}

export function Failed({ loading }: { loading: Loading }) {
  return (
    <Blank icon="alert" title={t.admin.failed} text={loading.failed ?? undefined}>
      <Button kind="primary" onClick={loading.again}>{t.admin.retry}</Button>
    </Blank>
  );
}

/** Bones, the reason why there is nothing, or the content. */
export function Loaded({ loading, ready, children }: { loading: Loading; ready: boolean; children: ComponentChildren }) {
  if (ready) return <>{children}</>;
  return loading.failed === null ? <Skeleton label={t.admin.loading} rows={6} shape="row" /> : <Failed loading={loading} />;
}

/** The page's title is its first heading, which stays when the list gives way to the panel; here it is only shown. */
export function Head({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <header class="admin-head">
      <div class="admin-title">
        <p class="admin-heading" aria-hidden="true">{title}</p>
        <p class="faint">{text}</p>
      </div>
      {children}
    </header>
  );
}

export function SearchField({ label, value, change }: { label: string; value: string; change(words: string): void }) {
  return (
    <div class="admin-search">
      <Icon name="search" />
      <input type="search" class="text-input" aria-label={label} placeholder={label} value={value} onInput={(event) => change(event.currentTarget.value)} />
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  change(value: T): void;
}

/** A small drop-down whose label is only read aloud: its options name themselves. */
export function Choose<T extends string>({ label, value, options, change }: ChoiceProps<T>) {
  return (
    <span class="select admin-choose">
      <select aria-label={label} value={value} onChange={(event) => change(event.currentTarget.value as T)}>
        {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
      <Icon name="down" size={12} />
    </span>
  );
}

interface FieldProps {
  label: string;
  hint?: string | undefined;
  problem?: string | null | undefined;
  optional?: boolean;
  children(bound: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }): ComponentChildren;
}

/** A label, a field, what helps, and what is wrong with it, tied together. */
export function Field({ label, hint, problem, optional, children }: FieldProps) {
  const id = useId();
  const said = [hint ? `${id}h` : "", problem ? `${id}p` : ""].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}{optional && <span class="faint"> ({t.admin.optional})</span>}</label>
      {children({ id, ...(said ? { "aria-describedby": said } : {}), ...(problem ? { "aria-invalid": true as const } : {}) })}
      {problem && <p id={`${id}p`} class="field-problem" role="alert"><Icon name="alert" size={14} />{problem}</p>}
      {hint && <span id={`${id}h`} class="hint">{hint}</span>}
    </div>
  );
}

export function Part({ title, text, children }: { title: string; text?: string | undefined; children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="panel-part" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {text && <p class="faint part-text">{text}</p>}
      {children}
    </section>
  );
}

/** A mark in a list: this one was changed and not saved. */
export function EditedMark({ name }: { name: string }) {
  return useIsEdited(name) ? <span class="edited-mark" title={t.admin.unsaved}><span class="sr">{t.admin.unsavedMark}</span></span> : null;
}

// -- the panel --------------------------------------------------------------------------------------------------------------------------------

interface PanelProps {
  title: ComponentChildren;
  label: string;
  wide?: boolean;
  close(): void;
  children: ComponentChildren;
}

/** What is open beside the list; a page of its own on a phone. Esc closes it, and the focus goes back to where it came from. */
export function Panel({ title, label, wide, close, children }: PanelProps) {
  const root = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    (root.current?.querySelector<HTMLElement>("[data-autofocus]") ?? heading.current)?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus({ preventScroll: true });
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    close();
  };
  return (
    <aside ref={root} class={`panel${wide ? " wide" : ""}`} aria-label={label} onKeyDown={onKeyDown}>
      <header class="panel-head">
        <Button kind="quiet" icon="back" class="panel-back" label={t.admin.backToList} onClick={close} />
        <h2 ref={heading} tabIndex={-1}>{title}</h2>
        <Button kind="quiet" icon="x" class="panel-close" label={t.admin.close} onClick={close} />
      </header>
      {children}
    </aside>
  );
}

interface EndProps {
  dirty: boolean;
  busy: boolean;
  submit?: string;
  problem?: string | null | undefined;
  discard?: (() => void) | undefined;
}

/** The end of a panel's form: always in sight while there is something to save. */
export function End({ dirty, busy, submit = t.admin.save, problem, discard }: EndProps) {
  return (
    <footer class="panel-end" data-dirty={dirty}>
      <Trouble text={problem} />
      <div class="panel-acts">
        <span class="panel-state" role="status">{dirty && discard ? t.admin.unsaved : ""}</span>
        {discard && <Button kind="quiet" disabled={!dirty || busy} onClick={discard}>{t.admin.discard}</Button>}
        <Button kind="primary" type="submit" disabled={!dirty || busy}>{busy ? t.admin.saving : submit}</Button>
      </div>
    </footer>
  );
}

interface ConfirmProps {
  open: string;
  title: string;
  text: string;
  yes: string;
  act(): Promise<unknown>;
}

/** A button that first says what will happen, in place, and asks. */
export function Confirm({ open, title, text, yes, act }: ConfirmProps) {
  const [asking, setAsking] = useState(false);
  const sending = useSending();
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const touched = useRef(false);
  useEffect(() => {
    if (touched.current) root.current?.querySelector<HTMLElement>("button")?.focus();
  }, [asking]);
  const ask = (on: boolean) => {
    touched.current = true;
    sending.refuse(null);
    setAsking(on);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!asking || event.key !== "Escape") return;
    event.preventDefault();
    ask(false);
  };
  return (
    <div ref={root} class="confirm" data-asking={asking} onKeyDown={onKeyDown} {...(asking ? { role: "group", "aria-labelledby": id } : {})}>
      {asking ? (
        <>
          <p id={id} class="confirm-title">{title}</p>
          <p>{text}</p>
          <Trouble text={sending.problem?.text} />
          <div class="panel-acts">
            <Button onClick={() => ask(false)}>{t.admin.cancel}</Button>
            <Button kind="danger" disabled={sending.busy} onClick={() => void sending.run(act)}>{yes}</Button>
          </div>
        </>
      ) : <Button kind="danger" class="soft" onClick={() => ask(true)}>{open}</Button>}
    </div>
  );
}

/** A text to pass on, with a button that copies it; where the browser forbids that, it is selected. */
export function CopyText({ label, text, button }: { label: string; text: string; button: string }) {
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(t.admin.copied, "good");
    } catch {
      field.current?.select();
      if (document.execCommand("copy")) toast(t.admin.copied, "good");
      else toast(t.admin.copyFailed, "bad");
    }
  };
  return (
    <div class="copy">
      <input ref={field} class="text-input" readOnly aria-label={label} value={text} onFocus={(event) => event.currentTarget.select()} />
      <Button kind="primary" onClick={() => void copy()}>{button}</Button>
    </div>
  );
}
