// One message or note: who, when, by what channel, the words, the files, and what became of it.
import { useState } from "preact/hooks";
import type { Delivery, MessageEntry, Revision } from "../api/types";
import { channelName, partyName, t } from "../i18n";
import { fold } from "../pure/quote";
import { fullOf, hourOf } from "../pure/time";
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

/** The words as they stand now, the quoted part folded, an earlier wording behind "edited". */
function Words({ message }: { message: MessageEntry }) {
  const [unfolded, setUnfolded] = useState(false);
  const [before, setBefore] = useState(false);
  const revision: Revision | undefined = message.revisions[message.revisions.length - 1];
  const withdrawn = revision?.kind === "withdrawn";
  const text = revision?.kind === "edited" ? revision.text : message.text;
  const folded = fold(text);
  if (withdrawn) return <p class="withdrawn">{t.message.withdrawn}</p>;
  return (
    <>
      {text && <div class="words" dir="auto"><Linked text={unfolded ? text : folded.shown} /></div>}
      {folded.lines > 0 && (
        <button type="button" class="link" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          {unfolded ? t.message.hideQuoted : t.message.quoted(folded.lines)}
        </button>
      )}
      {revision && <button type="button" class="link" aria-expanded={before} onClick={() => setBefore(!before)}>{t.message.edited}</button>}
      {before && <div class="words before" dir="auto"><span class="before-label">{t.message.original} </span>{message.text}</div>}
    </>
  );
}

interface Props {
  message: MessageEntry;
  grouped: boolean;
  last: boolean;
  /** From a conversation that was joined into this one. */
  foreign: boolean;
}

function Bubble({ message, grouped, last, foreign }: Props) {
  const note = message.direction === "note";
  const trouble = message.delivery && ["failed", "unknown", "retry"].includes(message.delivery.state);
  return (
    <article class="message" data-seq={message.seq} data-direction={message.direction} data-grouped={grouped} data-foreign={foreign} data-delivery={message.delivery?.state}>
      {!grouped && (
        <header class="message-head">
          {note && <Icon name="lock" size={14} label={t.message.private} />}
          <bdi class="message-author">{partyName(message.author)}</bdi>
          {!note && <span class="message-channel" title={channelName(message.channel)}><Icon name={channelIcon(message.channel)} size={14} />{message.channel !== "webchat" && <span>{t.message.by(channelName(message.channel))}</span>}</span>}
          <time class="figures" title={fullOf(message.at)}>{hourOf(message.at)}</time>
        </header>
      )}
      <div class="bubble" title={grouped ? hourOf(message.at) : undefined}>
        <Words message={message} />
        {message.files.length > 0 && <Files files={message.files} />}
      </div>
      {message.delivery && (last || trouble) && <DeliveryState delivery={message.delivery} />}
    </article>
  );
}

export const Message = memo(Bubble);
