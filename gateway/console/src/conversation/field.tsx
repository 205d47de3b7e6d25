// The field of the composer: grows with the words, takes pasted files, and notices when a snippet is asked for.
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { t } from "../i18n";
import { typing } from "../live/socket";
import { inserted, spaced, triggerAt, type Trigger } from "../pure/snippets";
import { attach, setText } from "../store/drafts";
import type { Tab } from "../store/state";

function useGrowing(field: RefObject<HTMLTextAreaElement>, text: string, tab: Tab): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, Math.round(innerHeight * 0.35))}px`;
  }, [text, tab]);
}

/** Put text at the cursor, or over the mark that asked for it, as if it had been typed: Ctrl+Z takes it out again. */
export function insertText(element: HTMLTextAreaElement, words: string, write: (text: string) => void): void {
  const cursor = element.selectionStart;
  const from = triggerAt(element.value, cursor)?.from ?? cursor;
  const to = element.selectionEnd;
  const filled = spaced(element.value, from, words);
  element.focus();
  element.setSelectionRange(from, to);
  if (document.execCommand("insertText", false, filled)) return;
  const after = inserted(element.value, from, to, filled);
  element.value = after.text;
  element.setSelectionRange(after.cursor, after.cursor);
  write(after.text);
}

interface Props {
  id: string;
  tab: Tab;
  text: string;
  field: RefObject<HTMLTextAreaElement>;
  /** The list of snippets is open under this id, with this one marked. */
  list: { id: string; marked: string | null } | null;
  asked(trigger: Trigger | null): void;
  /** True when the key was for the list of snippets. */
  onListKey(event: KeyboardEvent): boolean;
  submit(): void;
}

export function Field({ id, tab, text, field, list, asked, onListKey, submit }: Props) {
  useGrowing(field, text, tab);
  const look = (element: HTMLTextAreaElement) => asked(element.selectionStart === element.selectionEnd ? triggerAt(element.value, element.selectionStart) : null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (onListKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    }
  };
  return (
    <textarea ref={field} id="composer-text" key={tab} aria-label={t.composer[tab]} rows={2} dir="auto" value={text}
      aria-autocomplete="list" aria-controls={list?.id} aria-activedescendant={list?.marked ?? undefined}
      placeholder={tab === "reply" ? t.composer.placeholder : t.composer.notePlaceholder}
      onInput={(event) => {
        const element = event.currentTarget;
        setText(id, tab, element.value);
        if (tab === "reply" && element.value.trim()) typing(id, true);
        look(element);
      }}
      onPaste={(event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (!files.length) return;
        event.preventDefault();
        attach(id, tab, files);
      }}
      onClick={(event) => look(event.currentTarget)}
      onKeyUp={(event) => { if (/^(Arrow(Left|Right)|Home|End)$/.test(event.key)) look(event.currentTarget); }}
      onKeyDown={onKeyDown} />
  );
}
