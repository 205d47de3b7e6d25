/** The conversation: days, groups, bubbles, who is typing. It follows the newest message unless the visitor reads further up. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import * as format from "../format";
import { group } from "../group";
import { bubbles } from "../lines";
import { fill, type Language } from "../words";
import { Avatar } from "./Avatar";
import { Bubble } from "./Bubble";
import { Icon } from "./icons";

interface Props {
  chat: Chat;
  language: Language;
  begun: boolean;
  children: ComponentChildren;
}

/** Nearer to the end than this many pixels counts as reading the newest. */
const NEAR = 80;

export function Log({ chat, language, begun, children }: Props) {
  const { state } = chat;
  const { words, tag } = language;
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [away, setAway] = useState(false);
  const lines = useMemo(() => bubbles(state), [state.line, state.pending, state.tries, state.link, state.trouble, state.read]);
  const days = useMemo(() => group(lines), [lines]);
  const own = lines.filter((line) => line.mine && line.pub !== null);
  const lastOwn = own[own.length - 1]?.key;
  const lastWaiting = lines[lines.length - 1];
  const newest = lines[lines.length - 1]?.key;

  const toEnd = () => {
    const log = box.current;
    if (log) log.scrollTop = log.scrollHeight;
  };
  const last = useRef(newest);
  useLayoutEffect(() => {
    const wrote = newest !== last.current && lines[lines.length - 1]?.mine;
    last.current = newest;
    if (atEnd.current || wrote) toEnd();
  });
  // The composer grows, a question appears, the keyboard comes: the newest message stays in sight.
  useLayoutEffect(() => {
    const log = box.current;
    if (!log || !("ResizeObserver" in window)) return;
    const watch = new ResizeObserver(() => atEnd.current && toEnd());
    watch.observe(log);
    if (log.firstElementChild) watch.observe(log.firstElementChild);
    return () => watch.disconnect();
  }, []);

  const onScroll = () => {
    const log = box.current;
    if (!log) return;
    atEnd.current = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    setAway(!atEnd.current);
  };

  return (
    <div class="log-box">
      <div class="log" ref={box} role="log" aria-live="off" aria-label={words.conversation} tabIndex={0} onScroll={onScroll}>
        <div class={begun ? "lines" : "lines fresh"}>
          {children}
          {days.map((day) => (
            <section key={day.key} class="day">
              <h2>
                <span>{format.day(tag, day.at, Date.now())}</span>
              </h2>
              {day.groups.map((one) => (
                <div key={one.key} class={one.mine ? "group mine" : "group"}>
                  {!one.mine && <Avatar name={one.name || words.support} />}
                  <div class="stack">
                    <p class="from">
                      <span class={one.mine ? "hidden" : ""} dir="auto">
                        {one.mine ? words.you : one.name || words.support}
                      </span>{" "}
                      <time dateTime={new Date(one.at).toISOString()}>{format.clock(tag, one.at)}</time>
                    </p>
                    {one.lines.map((line) => (
                      <Bubble
                        key={line.key}
                        line={line}
                        chat={chat}
                        language={language}
                        told={line.key === lastOwn && lines[lines.length - 1]?.mine === true}
                        retry={line.state === "failed" || (line.state === "waiting" && line === lastWaiting)}
                      />
                    ))}
                  </div>
                </div>
              ))}
            </section>
          ))}
          {state.typing !== null && (
            <p class="typing">
              <span class="dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              {fill(words.typing, { name: state.typing || words.support })}
            </p>
          )}
        </div>
      </div>
      {away && (
        <button type="button" class="newest" aria-label={words.newer} title={words.newer} onClick={toEnd}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}
