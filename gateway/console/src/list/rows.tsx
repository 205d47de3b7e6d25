// The list itself. Past 200 rows only what is near the eye is in the page; nothing moves under a pointer that is about to click,
// and what is new above the eye is said by a pill instead of pushing the rest down.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { queryOf } from "../pure/listing";
import { isUnread } from "../pure/rows";
import { anchored, arrivedAbove, visible } from "../pure/window";
import { load, more } from "../store/list";
import { noteStep } from "../store/route";
import { useMay } from "../store/admin";
import { get, useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { Button } from "../ui/parts";
import { ListRow } from "./row";

/** As tall as .row-item in list.css. */
export const ROW_HEIGHT = 80;
const STILL = 1200;
const NEAR_END = 12;

/** A row worth going up for. */
function isNews(id: string): boolean {
  const row = get().rows[id];
  return row !== undefined && isUnread(row);
}

const useShown = () => useStore((state) => `${state.list.shelf} ${queryOf(state.list.filters)}`);

/** The order as drawn: it waits while the pointer moves over the list, then follows. */
function useCalmOrder(): { ids: readonly string[]; shown: string; moved(): void; left(): void } {
  const wanted = useStore((state) => state.list.ids);
  const shown = useShown();
  const [drawn, setDrawn] = useState({ ids: wanted, shown });
  const movedAt = useRef(0);
  const settle = () => setDrawn({ ids: wanted, shown });
  useEffect(() => {
    const wait = STILL - (Date.now() - movedAt.current);
    // A longer list with the same beginning (paging) moves nothing.
    const grown = drawn.ids.every((id, index) => wanted[index] === id);
    if (wait <= 0 || grown || drawn.shown !== shown) return settle();
    const timer = setTimeout(settle, wait);
    return () => clearTimeout(timer);
  }, [wanted, shown]);
  return {
    ids: drawn.shown === shown ? drawn.ids : wanted,
    shown,
    moved: () => (movedAt.current = Date.now()),
    left: () => {
      movedAt.current = 0;
      settle();
    },
  };
}

export function Rows() {
  const { ids, shown, moved, left } = useCalmOrder();
  const open = useStore((state) => state.open);
  const paging = useStore((state) => state.list.paging);
  const more_ = useStore((state) => state.list.cursor !== null);
  const broken = useStore((state) => state.list.problem !== null);
  const ticking = useStore((state) => state.selecting || state.selected.length > 0);
  const mayTick = useMay("bulk");
  const scroller = useRef<HTMLDivElement>(null);
  const before = useRef({ ids, shown });
  const [place, setPlace] = useState({ top: 0, height: 800 });
  const [fresh, setFresh] = useState<readonly string[]>([]);

  const look = () => {
    const element = scroller.current;
    if (!element) return;
    setPlace({ top: element.scrollTop, height: element.clientHeight });
    // Seen is what has come into view from the top.
    const first = Math.ceil(element.scrollTop / ROW_HEIGHT);
    setFresh((have) => (have.length ? have.filter((id) => ids.indexOf(id) >= 0 && ids.indexOf(id) < first) : have));
    if (element.scrollTop + element.clientHeight > element.scrollHeight - NEAR_END * ROW_HEIGHT) void more();
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    const had = before.current;
    before.current = { ids, shown };
    if (element && had.shown !== shown) {
      element.scrollTop = 0;
      setFresh([]);
    } else if (element && had.ids !== ids) {
      const top = anchored(had.ids, ids, element.scrollTop, ROW_HEIGHT);
      const news = element.scrollTop > 0 ? arrivedAbove(had.ids, element.scrollTop, ids, top, ROW_HEIGHT).filter(isNews) : [];
      if (top !== element.scrollTop) element.scrollTop = top;
      if (news.length) setFresh((have) => [...have, ...news.filter((id) => !have.includes(id))]);
    }
    look();
  }, [ids, shown]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    noteStep();
    const element = scroller.current;
    const at = open ? ids.indexOf(open) : -1;
    if (!element || at < 0) return;
    const top = at * ROW_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_HEIGHT > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW_HEIGHT - element.clientHeight;
  }, [open]);

  useEffect(noteStep, [ids]);

  const toTop = () => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setFresh([]);
  };
  const span = visible(ids.length, place.top, place.height, ROW_HEIGHT);
  return (
    <div class="rows-frame">
      {fresh.length > 0 && (
        <button type="button" class="rows-fresh figures" title={t.rows.freshHint} onClick={toTop}><Icon name="up" size={14} /> <span role="status">{t.rows.fresh(fresh.length)}</span></button>
      )}
      <div class="rows-scroll" ref={scroller} onScroll={look} onPointerMove={moved} onPointerLeave={left} data-ticking={ticking || undefined}>
        <ul class="rows" role="list" aria-label={t.list.label} style={{ paddingTop: `${span.first * ROW_HEIGHT}px`, paddingBottom: `${(ids.length - span.end) * ROW_HEIGHT}px` }}>
          {ids.slice(span.first, span.end).map((id, index) => (
            <ListRow key={id} id={id} place={span.first + index + 1} count={more_ ? -1 : ids.length} ticks={mayTick} />
          ))}
        </ul>
        <p class="rows-end" role="status">
          {broken ? <Button onClick={() => void load()}>{t.list.retry}</Button> : paging ? t.list.more : ""}
        </p>
      </div>
    </div>
  );
}
