/** Whom the visitor talks to, and whether somebody is there: said honestly. */
import type { ComponentChildren, RefObject } from "preact";
import * as format from "../format";
import type { State } from "../state";
import { fill, type Language, type Words } from "../words";
import { Avatar } from "./Avatar";
import { Icon } from "./icons";

interface Props {
  state: State;
  language: Language;
  close: (() => void) | null;
  heading: RefObject<HTMLHeadingElement>;
  /** The button of the menu "always in reach", null where there is nothing to reach. */
  menu: { button: RefObject<HTMLButtonElement>; open: boolean; near: () => void; press: () => void } | null;
  /** The menu itself, when it is open. */
  children: ComponentChildren;
}

function status({ service, line, claimed, known }: State, agent: string, words: Words, tag: string): string {
  if (service.state === "closed") return service.opens_at ? fill(words.until, { when: format.opening(tag, service.opens_at / 1000, Date.now()) }) : words.shut;
  if (service.state === "away") return line.thread || claimed || known.mail || known.phone ? words.gone : words.away;
  return agent ? fill(words.with, { name: agent }) : words.here;
}

export function Header({ state, language, close, heading, menu, children }: Props) {
  const { words, tag } = language;
  const { service, line, config } = state;
  const thread = line.thread?.state === "closed" ? null : line.thread;
  const agent = thread?.agent && (thread.agent.name || words.support);
  const title = config?.title || (state.missing ? words.conversation : "");
  const here = service.state === "open" ? service.agents.slice(0, 3) : [];
  const faces = agent ? [agent] : here.length ? here : [title];
  return (
    <header>
      <span class="faces">
        {faces.map((name) => (
          <Avatar key={name} name={name} />
        ))}
      </span>
      <div class="who">
        <h1 ref={heading} tabIndex={-1} dir="auto">
          {title}
        </h1>
        {state.loaded && !state.trouble && (
          <p class={service.state === "open" ? "status here" : "status"} role="status">
            {status(state, agent ?? "", words, tag)}
            {!agent && here.length > 0 && <span class="hidden">: {here.join(", ")}</span>}
          </p>
        )}
      </div>
      {menu && (
        <button
          ref={menu.button}
          type="button"
          class="plain"
          aria-label={words.ways}
          title={words.ways}
          aria-haspopup="menu"
          aria-expanded={menu.open}
          onPointerEnter={menu.near}
          onFocus={menu.near}
          onClick={menu.press}
        >
          <Icon name="ways" />
        </button>
      )}
      {close && (
        <button type="button" class="plain" aria-label={words.close} title={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      )}
      {children}
    </header>
  );
}
