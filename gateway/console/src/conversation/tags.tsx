// The tags of a conversation: taken away by their cross, added with completion from those in use.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { LONGEST, MOST, offered, tagOf } from "../pure/tags";
import { addTag, removeTag, renewTags } from "../store/change";
import { useStore } from "../store/store";
import { toast } from "../store/toasts";
import { Icon } from "../ui/icons";

function Adding({ id, tags, done }: { id: string; tags: readonly string[]; done(): void }) {
  const known = useStore((state) => state.tags);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  useEffect(() => {
    field.current?.focus();
    void renewTags();
  }, []);
  const found = offered(known, tags, typed);
  const wanted = tagOf(typed);
  const fresh = wanted && !tags.includes(wanted) && !known.some((tag) => tag.name === wanted);
  const choices = fresh ? [...found, wanted] : found;
  const add = (tag: string) => {
    setTyped("");
    setAt(-1);
    if (!tag || tags.includes(tag)) return;
    if (tags.length >= MOST) return toast(t.tags.most(MOST), "bad");
    void addTag(id, tag);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      done();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt(choices.length ? (at + step + choices.length + (at < 0 && step < 0 ? 1 : 0)) % choices.length : -1);
    } else if (event.key === "Enter" || event.key === "," || event.key === "Tab" && wanted) {
      event.preventDefault();
      add(choices[at] ?? wanted);
    } else if (event.key === "Backspace" && !typed && tags.length) {
      void removeTag(id, tags[tags.length - 1] as string);
    }
  };
  return (
    <span class="tag-adding" onFocusOut={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) done(); }}>
      <input ref={field} class="tag-input" role="combobox" aria-label={t.tags.add} aria-expanded={choices.length > 0} aria-controls={list} aria-autocomplete="list" autocomplete="off"
        aria-activedescendant={at >= 0 ? `${list}-${at}` : undefined} placeholder={t.tags.placeholder} maxLength={LONGEST} value={typed} dir="auto"
        onInput={(event) => { setTyped(event.currentTarget.value); setAt(-1); }} onKeyDown={onKeyDown} />
      {choices.length > 0 && (
        <ul id={list} class="menu-list suggestions" role="listbox" aria-label={t.tags.offered}>
          {choices.map((tag, index) => (
            <li key={tag} id={`${list}-${index}`} role="option" aria-selected={index === at} class="menu-item" onPointerDown={(event) => event.preventDefault()} onClick={() => add(tag)}>
              <span class="menu-text" dir="auto">{fresh && index === choices.length - 1 ? t.tags.fresh(tag) : tag}</span>
              <span class="menu-hint figures">{known.find((one) => one.name === tag)?.count ?? ""}</span>
            </li>
          ))}
        </ul>
      )}
    </span>
  );
}

export function Tags({ id, tags, may }: { id: string; tags: readonly string[]; may: boolean }) {
  const [adding, setAdding] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const done = () => {
    setAdding(false);
    // Esc and Tab alike lead back to where the typing began.
    queueMicrotask(() => { if (document.activeElement === document.body) button.current?.focus(); });
  };
  if (!may && !tags.length) return null;
  return (
    <span class="tags" role="group" aria-label={t.tags.label}>
      {tags.map((tag) => (
        <span key={tag} class="tag tag-chip">
          <bdi class="clip" title={tag}>{tag}</bdi>
          {may && <button type="button" class="chip-x" aria-label={t.tags.remove(tag)} onClick={() => void removeTag(id, tag)}><Icon name="x" size={12} /></button>}
        </span>
      ))}
      {may && adding && <Adding id={id} tags={tags} done={done} />}
      {may && !adding && <button ref={button} type="button" class="fact add-tag" aria-label={t.tags.add} onClick={() => setAdding(true)}><Icon name="plus" size={14} />{tags.length === 0 && t.tags.placeholder}</button>}
    </span>
  );
}
