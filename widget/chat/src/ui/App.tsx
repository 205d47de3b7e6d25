/** The frame as a whole: header, conversation, what is asked of the visitor, composer, and the words for a screen reader. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import { fetchMore, type More } from "../more";
import type { Language } from "../words";
import { Composer } from "./Composer";
import { Header } from "./Header";
import { Log } from "./Log";
import { Welcome } from "./Welcome";

interface Props {
  chat: Chat;
  language: Language;
  close: (() => void) | null;
}

/** How else the visitor wants to be helped. */
export type Way = "person" | "mail" | "sms" | "call";

/** On a touch screen a focused field would throw the keyboard over half of the conversation. */
const touched = (): boolean => matchMedia("(hover: none)").matches;

/** The part that is fetched late: now when `wanted`, again every few seconds while that fails. */
function useMore(tag: string, wanted: boolean): More | null {
  const [more, setMore] = useState<More | null>(null);
  useEffect(() => {
    let timer = 0;
    let gone = false;
    const attempt = () =>
      void fetchMore(tag).then(
        (fetched) => !gone && setMore(fetched),
        () => !gone && (timer = window.setTimeout(attempt, 4000)),
      );
    if (wanted) attempt();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [tag, wanted]);
  return more;
}

export function App({ chat, language, close }: Props) {
  const [, redraw] = useState({});
  useEffect(() => chat.subscribe(() => redraw({})), [chat]);
  const { state } = chat;
  const { words } = language;
  const composer = useRef<HTMLTextAreaElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [said, say] = useState("");
  const [near, setNear] = useState(false);
  const [menu, setMenu] = useState(false);
  const [way, setWay] = useState<Way | null>(null);

  const thread = state.line.thread;
  const begun = state.line.items.length > 0 || state.pending.length > 0 || state.line.earlier.length > 0;
  const over = thread?.state === "resolved" || thread?.state === "closed";
  const late = useMore(language.tag, near || over || (begun && state.service.state !== "open"));

  /** A control that goes away when it was used hands the focus on. */
  const back = () => (touched() ? heading : composer).current?.focus();
  const ask = (text: string) => {
    chat.write(text);
    back();
  };

  useEffect(() => {
    if (!state.open) return;
    back();
  }, [state.open, state.missing]);

  const newest = state.line.items[state.line.items.length - 1];
  const heard = useRef(-1);
  useEffect(() => {
    if (!state.loaded) return;
    if (heard.current >= 0 && newest && !newest.mine && newest.pub > heard.current) {
      say(`${newest.author.name || words.support}: ${newest.text || newest.files.map((file) => file.name).join(", ")}`);
    }
    heard.current = newest?.pub ?? 0;
  }, [state.loaded, newest?.id]);

  const refused = state.pending.filter((entry) => entry.refused !== null).length;
  useEffect(() => {
    if (refused) say(words.failed);
  }, [refused]);

  // Said and gone: what stays would be read again by whoever walks through the page.
  useEffect(() => {
    const timer = said ? setTimeout(() => say(""), 2000) : 0;
    return () => clearTimeout(timer);
  }, [said]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing && close) close();
  };

  const reach = {
    button,
    open: menu,
    near: () => setNear(true),
    press: () => {
      setNear(true);
      setMenu(!menu);
    },
  };
  return (
    <main class="chat" aria-label={words.chat} data-connected={state.link} data-loaded={state.loaded} onKeyDown={onKeyDown}>
      <Header state={state} language={language} close={close} heading={heading} menu={state.loaded ? reach : null}>
        {menu && late && (
          <late.panels.Menu
            ways={state.config?.ways ?? []}
            more={late.more}
            label={words.ways}
            pick={(picked) => {
              setMenu(false);
              if (picked) setWay(picked);
            }}
            button={button}
          />
        )}
      </Header>
      {state.trouble && !state.missing && (
        <p class="notice" role="status">
          {navigator.onLine ? words.reconnecting : words.offline}
        </p>
      )}
      <div class="middle">
        {state.missing ? (
          <p class="missing">{words.missing}</p>
        ) : (
          <Log chat={chat} language={language} begun={begun}>
            {state.config && <Welcome config={state.config} words={words} fresh={state.loaded && !begun} ask={ask} />}
          </Log>
        )}
        {late && state.loaded && (
          <late.panels.Panels key={state.turn} chat={chat} language={language} more={late.more} way={way} go={setWay} back={back} />
        )}
      </div>
      {!state.missing && <Composer key={state.turn} chat={chat} language={language} field={composer} />}
      <p class="hidden" aria-live="polite">
        {said}
      </p>
    </main>
  );
}
