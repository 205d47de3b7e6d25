/** One message: its text with safe links, its files, and what became of it. */
import type { Chat } from "../chat";
import * as format from "../format";
import { linkify } from "../linkify";
import type { Bubble as Line } from "../lines";
import { fill, spoken, type Language, type Words } from "../words";
import { Attachment } from "./Attachment";
import { Icon } from "./icons";

interface Props {
  line: Line;
  chat: Chat;
  language: Language;
  /** Whether the state of a confirmed message is written below it. */
  told: boolean;
  retry: boolean;
}

const OBJECTS = /^(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\s]){1,24}$/u;

function Text({ text }: { text: string }) {
  if (!text) return null;
  return (
    <p class={OBJECTS.test(text) ? "text big" : "text"} dir="auto">
      {linkify(text).map((piece) =>
        piece.href ? (
          <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}

/** How a message travelled when it was not by this window. */
export function by(channel: string, words: Words): string {
  if (!channel || channel.includes("webchat")) return "";
  if (channel.includes("mail")) return words.byMail;
  return channel.includes("sms") ? words.bySms : fill(words.by, { channel });
}

function progress(line: Line, chat: Chat, { words, tag }: Language): string {
  const { read } = chat.state;
  if (line.state === "read") return read.at && line.pub === read.pub ? fill(words.readAt, { time: format.clock(tag, read.at) }) : words.read;
  if (line.state === "failed") return words.failed;
  if (line.state === "waiting") return words.waiting;
  return line.state === "sending" ? words.sending : words.sent;
}

/** Does what was pressed; the control is about to go, so the conversation takes the focus. */
function leave(event: Event & { currentTarget: HTMLElement }, act: () => void): void {
  event.currentTarget.closest<HTMLElement>(".log")?.focus();
  act();
}

export function Bubble({ line, chat, language, told, retry }: Props) {
  const { words } = language;
  const open = line.pub === null && line.state !== "read";
  const mark = by(line.channel, words);
  const notes = [mark, line.mine && (told || open) ? progress(line, chat, language) : ""].filter(Boolean);
  return (
    <div class="message" data-pub={line.pub ?? ""} data-state={line.state} data-mine={line.mine}>
      {line.text && (
        <div class="bubble">
          <Text text={line.text} />
        </div>
      )}
      {line.files.map((file) => (
        <Attachment key={file.id} file={file} chat={chat} language={language} />
      ))}
      {(notes.length > 0 || retry) && (
        <p class={line.state === "failed" ? "progress error" : "progress"}>
          {(line.state === "failed" || line.state === "waiting") && <Icon name="alert" />}
          <span>{notes.join(" · ")}</span>
          {line.detail && <span>{spoken(line.detail, language)}</span>}
          {retry && (
            <button type="button" class="link" onClick={(event) => leave(event, () => chat.retry(line.client_id as string))}>
              {words.again}
            </button>
          )}
          {line.state === "failed" && (
            <button type="button" class="link" onClick={(event) => leave(event, () => chat.discard(line.client_id as string))}>
              {words.discard}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
