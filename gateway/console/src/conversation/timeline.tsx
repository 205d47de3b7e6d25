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

interface Anchor {
  node: Element;
  offset: number;
}

const topOf = (node: Element, scroller: Element) => node.getBoundingClientRect().top - scroller.getBoundingClientRect().top;

/** The first line in sight and where it stands: whatever is put before it must not move it. */
function anchorOf(scroller: Element): Anchor | null {
  const nodes = scroller.querySelectorAll(":scope > div > .timeline-line");
  let low = 0;
  for (let high = nodes.length; low < high; ) {
    const middle = (low + high) >> 1;
    const node = nodes[middle] as Element;
    if (topOf(node, scroller) + node.clientHeight <= 0) low = middle + 1;
    else high = middle;
  }
  const node = nodes[low];
  return node ? { node, offset: topOf(node, scroller) } : null;
}

function restore(scroller: Element, anchor: Anchor | null): void {
  if (!anchor?.node.isConnected) return;
  const moved = topOf(anchor.node, scroller) - anchor.offset;
  if (moved) scroller.scrollTop += moved;
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
  const last = page.entries[page.entries.length - 1]?.id;
  const anchor = useRef<Anchor | null>(null);
  const lastDrawn = useRef(last);
  const top = useRef(0);
  const drawn = useMemo(() => lines(page.entries, dayOf), [page.entries]);
  useReading(id, following, last);

  const toEnd = () => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    top.current = element.scrollTop;
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (following.current) toEnd();
    else {
      restore(element, anchor.current);
      if (lastDrawn.current !== last) setBehind(true);
    }
    lastDrawn.current = last;
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
    // Only going up leaves the end: a banner that takes room above or below does not.
    if (atEnd(element)) following.current = true;
    else if (element.scrollTop < top.current) following.current = false;
    top.current = element.scrollTop;
    anchor.current = anchorOf(element);
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
