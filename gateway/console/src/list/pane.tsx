// The second column: search, state, and the list with all its states of being empty.
import { useEffect, useRef, useState } from "preact/hooks";
import type { StateFilter } from "../api/types";
import { t } from "../i18n";
import { load, show } from "../store/list";
import { sentence } from "../store/toasts";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { Blank, Button, Skeleton } from "../ui/parts";
import { Rows } from "./rows";

const states: StateFilter[] = ["open", "snoozed", "resolved", "closed", "any"];

function Search() {
  const q = useStore((state) => state.list.q);
  const [text, setText] = useState(q);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => setText(q), [q]);
  const later = (value: string, delay: number) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void show({ q: value.trim() }), delay);
  };
  return (
    <div class="search">
      <Icon name="search" />
      <input id="search" type="search" aria-label={t.list.search} placeholder={t.list.search} value={text} autocomplete="off" spellcheck={false} aria-keyshortcuts="/"
        onInput={(event) => later(event.currentTarget.value, 250)}
        onKeyDown={(event) => {
          if (event.key === "Enter") later(text, 0);
          if (event.key === "Escape" && text) {
            event.stopPropagation();
            later("", 0);
          }
        }} />
      {!text && <kbd aria-hidden="true">/</kbd>}
    </div>
  );
}

function StateChoice() {
  const current = useStore((state) => state.list.state);
  return (
    <span class="select">
      <select aria-label={t.list.state} value={current} onChange={(event) => void show({ state: event.currentTarget.value as StateFilter })}>
        {states.map((one) => <option key={one} value={one}>{t.list.states[one]}</option>)}
      </select>
      <Icon name="down" size={14} />
    </span>
  );
}

function Empty() {
  const { view, state, q } = useStore((all) => ({ view: all.list.view, state: all.list.state, q: all.list.q }));
  const away = useStore((all) => all.me?.availability === "away");
  if (q) {
    return (
      <Blank icon="search" title={t.list.emptySearch(q)} text={t.list.emptySearchHint}>
        <Button onClick={() => void show({ q: "" })}>{t.list.clear}</Button>
      </Blank>
    );
  }
  if (state !== "open" && state !== "any") return <Blank icon="inbox" title={t.list.emptyState(t.list.states[state].toLowerCase())} />;
  return <Blank icon="check" title={t.list.empty[view]} text={t.list.emptyHint[view === "mine" && away ? "mineAway" : view]} />;
}

function Body() {
  const status = useStore((state) => state.list.status);
  const empty = useStore((state) => state.list.ids.length === 0);
  const problem = useStore((state) => state.list.problem);
  if (status === "loading" && empty) return <Skeleton label={t.list.loading} rows={8} shape="row" />;
  if (status === "error" && empty) {
    return (
      <Blank icon="alert" title={t.list.failed} text={sentence(problem)}>
        <Button onClick={() => void load()}>{t.list.retry}</Button>
      </Blank>
    );
  }
  return empty ? <Empty /> : <Rows />;
}

export function ListPane() {
  const view = useStore((state) => state.list.view);
  return (
    <section class="list-pane" aria-label={t.views[view]}>
      <header class="list-head">
        <h2 class="list-title">{t.views[view]}</h2>
        <StateChoice />
        <Search />
      </header>
      <Body />
    </section>
  );
}
