/** The frame as a whole: header, conversation, what is asked of the visitor, composer, and the words for a screen reader. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat";
import type { Language } from "../words";
import { Composer } from "./Composer";
import { Contact } from "./Contact";
import { Header } from "./Header";
import { Log } from "./Log";
import { Solved } from "./Solved";
import { Welcome } from "./Welcome";

interface Props {
  chat: Chat;
  language: Language;
  close: (() => void) | null;
}

/** On a touch screen a focused field would throw the keyboard over half of the conversation. */
const touched = (): boolean => matchMedia("(hover: none)").matches;

export function App({ chat, language, close }: Props) {
  const [, redraw] = useState({});
  useEffect(() => chat.subscribe(() => redraw({})), [chat]);
  const { state } = chat;
  const { words } = language;
  const composer = useRef<HTMLTextAreaElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [said, say] = useState("");

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

  const thread = state.line.thread;
  const begun = state.line.items.length > 0 || state.pending.length > 0 || state.line.earlier.length > 0;
  return (
    <main class="chat" aria-label={words.chat} data-connected={state.link} data-loaded={state.loaded} onKeyDown={onKeyDown}>
      <Header state={state} words={words} close={close} heading={heading} />
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
        {thread && <Solved thread={thread} words={words} answer={(yes) => chat.solved(yes).then(back)} />}
        {begun && (thread?.state === "open" || thread?.state === "snoozed") && <Contact chat={chat} words={words} done={back} />}
      </div>
      {!state.missing && <Composer chat={chat} language={language} field={composer} />}
      <p class="hidden" aria-live="polite">
        {said}
      </p>
    </main>
  );
}
