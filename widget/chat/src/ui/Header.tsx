/** Whom the visitor talks to, and whether somebody is there: said honestly. */
import type { RefObject } from "preact";
import type { State } from "../state";
import { fill, type Words } from "../words";
import { Avatar } from "./Avatar";
import { Icon } from "./icons";

interface Props {
  state: State;
  words: Words;
  close: (() => void) | null;
  heading: RefObject<HTMLHeadingElement>;
}

export function Header({ state, words, close, heading }: Props) {
  const agent = state.line.thread?.state === "closed" ? null : state.line.thread?.agent;
  const title = state.config?.title || (state.missing ? words.conversation : "");
  const status = !state.available ? (state.claimed ? words.gone : words.away) : agent ? fill(words.with, { name: agent.name || words.support }) : words.here;
  return (
    <header>
      <Avatar name={agent?.name || title} />
      <div class="who">
        <h1 ref={heading} tabIndex={-1} dir="auto">
          {title}
        </h1>
        {state.loaded && !state.trouble && (
          <p class={state.available ? "status here" : "status"} role="status">
            {status}
          </p>
        )}
      </div>
      {close && (
        <button type="button" class="plain" aria-label={words.close} title={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      )}
    </header>
  );
}
