// Words to find: Enter searches, Esc clears. What is found may be anywhere, so the way there is offered.
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import { narrow } from "../store/route";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";

export function Search() {
  const q = useStore((state) => state.list.filters.q ?? "");
  const shelf = useStore((state) => state.list.shelf);
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q, shelf]);
  const search = (words: string) => {
    setText(words);
    narrow({ q: words.trim() || null });
  };
  const pending = text.trim() !== q;
  return (
    <form class="search" role="search" onSubmit={(event) => { event.preventDefault(); search(text); }}>
      <Icon name="search" />
      <input id="search" type="search" dir="auto" aria-label={t.search.label} title={t.search.label} placeholder={t.search.short} value={text} autocomplete="off" spellcheck={false} enterkeyhint="search" maxLength={200}
        aria-keyshortcuts="/"
        onInput={(event) => {
          const { value } = event.currentTarget;
          if (!value && q) search("");
          else setText(value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || (!text && !q)) return;
          event.stopPropagation();
          event.preventDefault();
          search("");
        }} />
      {pending && text.trim() !== "" && <button type="submit" class="search-go"><kbd>{t.search.enter}</kbd></button>}
      {!text && <kbd aria-hidden="true">/</kbd>}
      {text && !pending && <button type="button" class="filter-x" aria-label={t.search.clear} onClick={() => search("")}><Icon name="x" size={14} /></button>}
    </form>
  );
}
