// The conversation as one timeline. It follows the end while the reader is there, and stays put while they are not.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { now } from "../api/http";
import { t } from "../i18n";
import { lines } from "../pure/entries";
import { dayLine, dayOf } from "../pure/time";
import { loadOlder, readToEnd } from "../store/open";
import { emptyPage } from "../store/state";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { EventLine } from "./event";
import { Message } from "./message";
import { Unsent } from "./unsent";

const END = 48;
const TOP = 400;

function atEnd(element: HTMLElement): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < END;
}

/** Tells that everything was read, while the end is in sight of somebody who looks. */
function useReading(id: string, following: { current: boolean }, last: string | undefined): void {
  useEffect(() => {
    const read = () => {
      if (following.current && document.visibilityState === "visible" && document.hasFocus()) readToEnd(id);
    };
    const timer = setTimeout(read, 400);
    addEventListener("focus", read);
    document.addEventListener("visibilitychange", read);
    return () => {
      clearTimeout(timer);
      removeEventListener("focus", read);
      document.removeEventListener("visibilitychange", read);
    };
  }, [id, last]);
}

export function Timeline({ id }: { id: string }) {
  const page = useStore((state) => state.pages[id] ?? emptyPage);
  const unsent = useStore((state) => state.pending.filter((one) => one.conversation === id));
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [behind, setBehind] = useState(false);
  const first = page.entries[0]?.id;
  const last = page.entries[page.entries.length - 1]?.id;
  const edge = useRef({ first, height: 0 });
  const drawn = useMemo(() => lines(page.entries, dayOf), [page.entries]);
  useReading(id, following, last);

  const toEnd = () => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (following.current) toEnd();
    else if (edge.current.first !== first) element.scrollTop += element.scrollHeight - edge.current.height;
    else if (!atEnd(element)) setBehind(true);
    edge.current = { first, height: element.scrollHeight };
    if (element.scrollHeight <= element.clientHeight + TOP) void loadOlder(id);
  }, [page.entries, unsent.length]);

  useLayoutEffect(() => {
    const element = scroller.current;
    const inside = element?.firstElementChild;
    if (!element || !inside) return;
    // The composer grows, the window shrinks: whoever was at the end stays there.
    const observer = new ResizeObserver(() => following.current && toEnd());
    observer.observe(element);
    observer.observe(inside);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (unsent.length) toEnd();
  }, [unsent.length]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    following.current = atEnd(element);
    edge.current.height = element.scrollHeight;
    if (following.current) {
      setBehind(false);
      readToEndIfSeen(id);
    }
    if (element.scrollTop < TOP) void loadOlder(id);
  };

  const words = t.conversation;
  return (
    <div class="timeline-frame">
      <div class="timeline" ref={scroller} onScroll={onScroll} tabIndex={0} role="log" aria-label={words.label} aria-busy={page.older === "loading"}>
        <div class="timeline-inside">
          <p class="timeline-start">{page.older === "none" ? words.start : page.older === "loading" ? words.older : ""}</p>
          {drawn.map(({ entry, day, grouped, last: end }) => (
            <div key={entry.id} class="timeline-line">
              {day && <h3 class="day"><span>{dayLine(entry.at, now(), words)}</span></h3>}
              {entry.kind === "event" ? <EventLine event={entry} /> : <Message message={entry} grouped={grouped} last={end} foreign={entry.conversation_id !== id} />}
            </div>
          ))}
          {unsent.map((one) => <Unsent key={one.client_id} pending={one} />)}
        </div>
      </div>
      {behind && (
        <button type="button" class="fresh" onClick={() => { following.current = true; setBehind(false); toEnd(); }}>
          <Icon name="down" size={14} /> {words.fresh}
        </button>
      )}
    </div>
  );
}

function readToEndIfSeen(id: string): void {
  if (document.visibilityState === "visible" && document.hasFocus()) readToEnd(id);
}
