// The list itself. Past 200 rows only what is near the eye is in the page; nothing moves under a pointer that is about to click.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { anchored, visible } from "../pure/window";
import { load, more } from "../store/list";
import { noteStep } from "../store/route";
import { useStore } from "../store/store";
import { Button } from "../ui/parts";
import { ListRow } from "./row";

/** As tall as .row in list.css. */
export const ROW_HEIGHT = 76;
const STILL = 1200;
const NEAR_END = 12;

/** The order as drawn: it waits while the pointer moves over the list, then follows. */
function useCalmOrder(): { ids: readonly string[]; moved(): void; left(): void } {
  const wanted = useStore((state) => state.list.ids);
  const shown = useStore((state) => `${state.list.view} ${state.list.state} ${state.list.q}`);
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
    moved: () => (movedAt.current = Date.now()),
    left: () => {
      movedAt.current = 0;
      settle();
    },
  };
}

export function Rows() {
  const { ids, moved, left } = useCalmOrder();
  const open = useStore((state) => state.open);
  const paging = useStore((state) => state.list.paging);
  const more_ = useStore((state) => state.list.cursor !== null);
  const broken = useStore((state) => state.list.problem !== null);
  const scroller = useRef<HTMLDivElement>(null);
  const before = useRef(ids);
  const [place, setPlace] = useState({ top: 0, height: 800 });

  const look = () => {
    const element = scroller.current;
    if (!element) return;
    setPlace({ top: element.scrollTop, height: element.clientHeight });
    if (element.scrollTop + element.clientHeight > element.scrollHeight - NEAR_END * ROW_HEIGHT) void more();
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && before.current !== ids) {
      const top = anchored(before.current, ids, element.scrollTop, ROW_HEIGHT);
      if (top !== element.scrollTop) element.scrollTop = top;
      before.current = ids;
    }
    look();
  }, [ids]);

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

  const span = visible(ids.length, place.top, place.height, ROW_HEIGHT);
  return (
    <div class="rows-scroll" ref={scroller} onScroll={look} onPointerMove={moved} onPointerLeave={left}>
      <ul class="rows" role="list" aria-label={t.list.label} style={{ paddingTop: `${span.first * ROW_HEIGHT}px`, paddingBottom: `${(ids.length - span.end) * ROW_HEIGHT}px` }}>
        {ids.slice(span.first, span.end).map((id, index) => (
          <ListRow key={id} id={id} place={span.first + index + 1} count={more_ ? -1 : ids.length} />
        ))}
      </ul>
      <p class="rows-end" role="status">
        {broken ? <Button onClick={() => void load()}>{t.list.retry}</Button> : paging ? t.list.more : ""}
      </p>
    </div>
  );
}
