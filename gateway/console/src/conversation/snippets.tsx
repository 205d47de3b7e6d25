// The list of snippets over the field: opened by ; or / while writing, or by its button with a search of its own.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { fillSnippet } from "../api/calls";
import type { Id, Snippet } from "../api/types";
import { t } from "../i18n";
import { fitting } from "../pure/snippets";
import { loadSnippets } from "../store/change";
import { useStore } from "../store/store";
import { complain, sentence } from "../store/toasts";

export const LIST = "snippets-list";
export const optionOf = (id: Id) => `snippet-${id}`;

interface Props {
  id: Id;
  /** What was typed after the mark; null when the list has a search of its own. */
  query: string | null;
  /** Filled in by this list: true when it took the key. */
  keys: { current: (event: KeyboardEvent) => boolean };
  mark(option: string | null): void;
  pick(text: string): void;
  close(refocus: boolean): void;
}

function Option({ snippet, marked, busy, choose }: { snippet: Snippet; marked: boolean; busy: boolean; choose(): void }) {
  const item = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (marked) item.current?.scrollIntoView({ block: "nearest" });
  }, [marked]);
  return (
    <li ref={item} id={optionOf(snippet.id)} role="option" aria-selected={marked} class="snippet" onPointerDown={(event) => event.preventDefault()} onClick={choose}>
      <span class="snippet-name"><bdi class="clip">{snippet.name}</bdi>{!snippet.shared && <span class="tag">{t.snippets.own}</span>}</span>
      <span class="snippet-text" dir="auto">{busy ? t.snippets.filling : snippet.text}</span>
    </li>
  );
}

export function Snippets({ id, query, keys, mark, pick, close }: Props) {
  const snippets = useStore((state) => state.snippets);
  const [problem, setProblem] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const [filling, setFilling] = useState<Id | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const own = query === null;
  const found = fitting(snippets ?? [], query ?? typed).slice(0, 50);
  const current = found[Math.min(at, found.length - 1)];
  // Words that only look like a mark must not be covered by an empty list, nor have their Enter taken.
  const shown = own || found.length > 0;

  useEffect(() => {
    loadSnippets().catch((reason: unknown) => setProblem(sentence(reason)));
  }, []);
  useEffect(() => setAt(0), [query, typed]);
  useEffect(() => mark(shown && current ? optionOf(current.id) : null), [shown, current?.id]);
  useEffect(() => {
    const outside = (event: PointerEvent) => { if (!root.current?.contains(event.target as Node)) close(false); };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);

  const choose = async (snippet: Snippet) => {
    if (filling) return;
    setFilling(snippet.id);
    try {
      pick(await fillSnippet(snippet.id, id));
    } catch (reason) {
      complain(reason);
      setFilling(null);
    }
  };
  keys.current = (event) => {
    if (!shown || event.ctrlKey || event.metaKey) return false;
    if (event.key === "Escape") close(true);
    else if (!found.length) return false;
    else if (event.key === "ArrowDown") setAt((Math.min(at, found.length - 1) + 1) % found.length);
    else if (event.key === "ArrowUp") setAt((Math.min(at, found.length - 1) - 1 + found.length) % found.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && current) void choose(current);
    else return false;
    return true;
  };
  if (!shown) return null;
  const none = problem ?? (snippets === null ? t.snippets.loading : snippets.length ? t.snippets.noneFound : t.snippets.none);
  return (
    <div ref={root} class="snippets">
      {own && (
        <input class="snippets-find" type="search" role="combobox" aria-label={t.snippets.find} placeholder={t.snippets.find} aria-expanded={found.length > 0} aria-controls={LIST} aria-autocomplete="list" autocomplete="off"
          aria-activedescendant={current ? optionOf(current.id) : undefined} value={typed} dir="auto" ref={(input) => { if (input && !input.dataset.met) { input.dataset.met = "1"; input.focus(); } }}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!keys.current(event)) return;
            event.preventDefault();
            event.stopPropagation();
          }} />
      )}
      {found.length > 0 ? (
        <ul id={LIST} class="snippets-list" role="listbox" aria-label={t.snippets.label}>
          {found.map((snippet) => <Option key={snippet.id} snippet={snippet} marked={snippet.id === current?.id} busy={filling === snippet.id} choose={() => void choose(snippet)} />)}
        </ul>
      ) : <p class="snippets-none" role="status">{none}</p>}
      {own && <p class="snippets-hint">{t.snippets.hint}</p>}
    </div>
  );
}
