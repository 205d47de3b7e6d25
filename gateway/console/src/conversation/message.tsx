// One message or note: who, when, by what channel, the words, the files, and what became of it.
import { useState } from "preact/hooks";
import type { Delivery, MessageEntry, Revision } from "../api/types";
import { channelName, partyName, t } from "../i18n";
import { clipped } from "../pure/clip";
import { fold } from "../pure/quote";
import { fullOf, hourOf } from "../pure/time";
import { useStore } from "../store/store";
import { channelIcon, Icon, type IconName } from "../ui/icons";
import { memo } from "../ui/memo";
import { Linked } from "../ui/parts";
import { Files } from "./files";

const marks: Record<Delivery["state"], IconName> = {
  queued: "clock", sending: "clock", retry: "hourglass", sent: "check", delivered: "checks", read: "checks", failed: "alert", unknown: "help",
};

export function DeliveryState({ delivery }: { delivery: Delivery }) {
  const bad = delivery.state === "failed" || delivery.state === "unknown" || delivery.state === "retry";
  return (
    <p class="delivery" data-delivery={delivery.state} title={fullOf(delivery.at)}>
      <Icon name={marks[delivery.state]} size={14} />
      <span>{t.delivery[delivery.state]}{delivery.state === "read" && <span class="figures"> {hourOf(delivery.at)}</span>}</span>
      {bad && delivery.detail && <span class="delivery-detail" dir="auto">{delivery.detail}</span>}
    </p>
  );
}

/** A long text in part, all of it when asked for. */
function Text({ text, before }: { text: string; before?: boolean }) {
  const [all, setAll] = useState(false);
  const { shown, whole } = clipped(text);
  return (
    <>
      <div class={before ? "words before" : "words"} dir="auto">{before && <span class="before-label">{t.message.original} </span>}<Linked text={all ? text : shown} />{whole !== null && !all && "…"}</div>
      {whole !== null && <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>{all ? t.timeline.less : t.timeline.whole(whole.toLocaleString("en"))}</button>}
    </>
  );
}

/** The words as they stand now, the quoted part folded, an earlier wording behind "edited". */
function Words({ message, subject }: { message: MessageEntry; subject: string | null }) {
  const [unfolded, setUnfolded] = useState(false);
  const [before, setBefore] = useState(false);
  const revision: Revision | undefined = message.revisions[message.revisions.length - 1];
  const withdrawn = revision?.kind === "withdrawn";
  const text = revision?.kind === "edited" ? revision.text : message.text;
  const folded = fold(text);
  if (withdrawn) return <p class="withdrawn">{t.message.withdrawn}</p>;
  return (
    <>
      {subject && <p class="message-subject"><span class="faint">{t.timeline.subject}</span> <bdi>{subject}</bdi></p>}
      {text && <Text text={unfolded ? text : folded.shown} />}
      {folded.lines > 0 && (
        <button type="button" class="link" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          {unfolded ? t.message.hideQuoted : t.message.quoted(folded.lines)}
        </button>
      )}
      {revision && <button type="button" class="link" aria-expanded={before} title={fullOf(revision.at)} onClick={() => setBefore(!before)}>{t.message.edited}</button>}
      {before && <Text text={message.text} before />}
    </>
  );
}

interface Props {
  message: MessageEntry;
  grouped: boolean;
  last: boolean;
  subject: string | null;
  /** From a conversation that was joined into this one: its number, 0 while that is not known. */
  from: number | null;
}

function Bubble({ message, grouped, last, subject, from }: Props) {
  const note = message.direction === "note";
  const customer = useStore((state) => (message.author.kind === "customer" && !message.author.name.trim() ? state.rows[message.conversation_id]?.contact.name.trim() : ""));
  const trouble = message.delivery && ["failed", "unknown", "retry"].includes(message.delivery.state);
  return (
    <article class="message" data-seq={message.seq} data-direction={message.direction} data-grouped={grouped} data-foreign={from !== null} data-delivery={message.delivery?.state}>
      {!grouped && (
        <header class="message-head">
          {note && <Icon name="lock" size={14} label={t.message.private} />}
          <bdi class="message-author">{customer || partyName(message.author)}</bdi>
          {!note && <span class="message-channel" title={channelName(message.channel)}><Icon name={channelIcon(message.channel)} size={14} />{message.channel !== "webchat" && <span>{t.message.by(channelName(message.channel))}</span>}</span>}
          {from !== null && from > 0 && <span class="figures">{t.timeline.from(from)}</span>}
          <time class="figures" title={fullOf(message.at)}>{hourOf(message.at)}</time>
        </header>
      )}
      <div class="bubble" title={grouped ? hourOf(message.at) : undefined}>
        <Words message={message} subject={subject} />
        {message.files.length > 0 && <Files files={message.files} />}
      </div>
      {message.delivery && (last || trouble) && <DeliveryState delivery={message.delivery} />}
    </article>
  );
}

export const Message = memo(Bubble);
