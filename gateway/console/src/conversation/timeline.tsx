// The conversation as one timeline. It follows the end while the reader is there, and stays put while they are not.
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { now } from "../api/http";
import type { Entry, Id, MessageEntry, Numbered } from "../api/types";
import { partyName, t } from "../i18n";
import { firstNew, lastSeq, lines, runs, type Line } from "../pure/entries";
import { dayLine, dayOf, hourOf } from "../pure/time";
import { choose } from "../store/change";
import { loadOlder, readToEnd } from "../store/open";
import { emptyPage } from "../store/state";
import { get, useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { memo } from "../ui/memo";
import { EventLine } from "./event";
import { Message } from "./message";
import { Unsent } from "./unsent";

const END = 48;
const TOP = 400;
/** From here on lines out of sight are not laid out; below it there is nothing to gain. */
const MANY = 150;

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

const looking = () => document.visibilityState === "visible" && document.hasFocus();

/** Tells that everything was read, while the end is in sight of somebody who looks. */
function useReading(id: Id, following: { current: boolean }, last: string | undefined): void {
  useEffect(() => {
    const read = () => {
      if (following.current && looking()) readToEnd(id);
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

/** Up to where the caller had read when they opened this, or when they last looked away. */
function useMark(id: Id): number | null {
  const [mark, setMark] = useState(() => get().rows[id]?.seen_seq ?? null);
  useEffect(() => {
    const left = () => {
      const { pages, rows } = get();
      const seen = rows[id]?.seen_seq ?? 0;
      if (pages[id] && seen >= lastSeq(pages[id].entries, id)) setMark(seen);
    };
    addEventListener("blur", left);
    return () => removeEventListener("blur", left);
  }, [id]);
  return mark;
}

function Pick({ message, children }: { message: MessageEntry; children: ComponentChildren }) {
  const chosen = useStore((state) => state.splitting?.includes(message.id) ?? false);
  return (
    <label class="pick" data-chosen={chosen}>
      <input type="checkbox" checked={chosen} aria-label={t.split.choose(partyName(message.author), hourOf(message.at))} onChange={(event) => choose(message.id, event.currentTarget.checked)} />
      <div class="pick-message">{children}</div>
    </label>
  );
}

interface LineProps extends Line {
  fresh: boolean;
  splitting: boolean;
  /** The number of the conversation it came from by a merge, 0 while unknown; null for this one's own. */
  from: number | null;
  /** How many steps before this one are folded away. */
  folded: number;
  unfold(end: Id): void;
}

/** A line is drawn again when what it shows changed, not when the list around it did. */
const TimelineLine = memo(function Drawn({ entry, day, grouped, last, subject, fresh, splitting, from, folded, unfold }: LineProps) {
  const message = entry.kind === "message" && <Message message={entry} grouped={grouped && !fresh} last={last} subject={subject} from={from} />;
  return (
    <div class="timeline-line" data-entry={entry.id}>
      {day && <h3 class="day-line"><span>{dayLine(entry.at, now(), t.conversation)}</span></h3>}
      {fresh && <p class="unread"><span>{t.timeline.unread}</span></p>}
      {folded > 0 && <p class="event"><button type="button" class="link" onClick={() => unfold(entry.id)}>{t.timeline.steps(folded)}</button></p>}
      {entry.kind === "event" ? <EventLine event={entry} from={from} /> : splitting && from === null ? <Pick message={entry}>{message}</Pick> : message}
    </div>
  );
});

/** Both ends tell of a merge; in the timeline that has both, one is enough. */
const twice = (entry: Entry, id: Id) => entry.kind === "event" && entry.name === "joined" && entry.conversation_id !== undefined && entry.conversation_id !== id && entry.payload.into === id;

/** Where each line came from, by conversation. */
function fromOf(entry: Entry, id: Id, joined: readonly Numbered[]): number | null {
  if (entry.conversation_id === undefined || entry.conversation_id === id) return null;
  return joined.find((one) => one.id === entry.conversation_id)?.number ?? 0;
}

export function Timeline({ id }: { id: Id }) {
  const page = useStore((state) => state.pages[id] ?? emptyPage);
  const unsent = useStore((state) => state.pending.filter((one) => one.conversation === id));
  const me = useStore((state) => state.me?.id ?? "");
  const splitting = useStore((state) => state.splitting !== null);
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [behind, setBehind] = useState(false);
  const [away, setAway] = useState(false);
  const last = page.entries[page.entries.length - 1]?.id;
  const anchor = useRef<Anchor | null>(null);
  const lastDrawn = useRef(last);
  const top = useRef(0);
  const [unfolded, setUnfolded] = useState<readonly Id[]>([]);
  const folds = useMemo(() => runs(page.entries), [page.entries]);
  const drawn = useMemo(() => {
    const folded = new Set([...folds].flatMap(([end, before]) => (unfolded.includes(end) ? [] : before)));
    return lines(page.entries.filter((entry) => !folded.has(entry.id) && !twice(entry, id)), dayOf);
  }, [page.entries, folds, unfolded]);
  const mark = useMark(id);
  const fresh = useMemo(() => firstNew(page.entries, id, mark, me), [page.entries, mark, me]);
  useReading(id, following, last);

  const unfold = useCallback((end: Id) => setUnfolded((have) => [...have, end]), []);

  const toEnd = () => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    top.current = element.scrollTop;
  };

  useLayoutEffect(() => {
    // More came than fits: begin at the first new line, not at the end.
    const element = scroller.current;
    const line = fresh && element?.querySelector(`[data-entry="${CSS.escape(fresh)}"]`);
    if (!element || !line) return;
    toEnd();
    if (topOf(line, element) >= 0) return;
    element.scrollTop += topOf(line, element) - 16;
    top.current = element.scrollTop;
    following.current = false;
    anchor.current = anchorOf(element);
  }, []);

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
    // The composer grows, the window shrinks, a line far up gets its true height: nobody's place may move.
    const observer = new ResizeObserver(() => (following.current ? toEnd() : restore(element, anchor.current)));
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
    setAway(element.scrollHeight - element.scrollTop - element.clientHeight > element.clientHeight);
    if (following.current) {
      setBehind(false);
      if (looking()) readToEnd(id);
    }
    if (element.scrollTop < TOP) void loadOlder(id);
  };

  const words = t.conversation;
  const jump = () => {
    following.current = true;
    setBehind(false);
    setAway(false);
    toEnd();
    scroller.current?.focus({ preventScroll: true });
  };
  return (
    <div class="timeline-frame">
      <div class="timeline" ref={scroller} onScroll={onScroll} tabIndex={0} role="log" aria-label={words.label} aria-busy={page.older === "loading"} data-many={drawn.length > MANY} data-splitting={splitting}>
        <div class="timeline-inside">
          <p class="timeline-start">{page.older === "none" ? words.start : page.older === "loading" ? words.older : ""}</p>
          {drawn.map((line) => <TimelineLine key={line.entry.id} {...line} folded={unfolded.includes(line.entry.id) ? 0 : folds.get(line.entry.id)?.length ?? 0} unfold={unfold} fresh={line.entry.id === fresh} splitting={splitting} from={fromOf(line.entry, id, page.joined)} />)}
          {unsent.map((one) => <Unsent key={one.client_id} pending={one} />)}
        </div>
      </div>
      {(behind || away) && (
        <button type="button" class="fresh" data-plain={!behind} onClick={jump}>
          <Icon name="down" size={14} /> {behind ? words.fresh : t.timeline.newest}
        </button>
      )}
    </div>
  );
}
