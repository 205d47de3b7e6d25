// An event as one line of text; where it speaks of another conversation, the way there.
import type { EventEntry } from "../api/types";
import { t } from "../i18n";
import { tell } from "../i18n/tell";
import { useStore } from "../store/store";
import { go } from "../store/route";
import { memo } from "../ui/memo";
import { fullOf, hourOf } from "../pure/time";

/** `from`: the number of the conversation it belongs to, when that was joined into the shown one. */
function Line({ event, from }: { event: EventEntry; from: number | null }) {
  const categories = useStore((state) => state.categories);
  const told = tell(event, { categories: categories ?? [] });
  const to = told.to;
  return (
    <p class="event" data-event={event.name}>
      <span>
        {from !== null && from > 0 && <span class="figures">#{from} · </span>}
        <bdi class="event-actor">{told.actor}</bdi>
        <bdi>{told.after}</bdi>
        {to && to !== event.conversation_id && <> <button type="button" class="link" onClick={() => go({ open: to })}>{t.join.show}</button></>}
        {told.reason && <span class="event-reason" dir="auto"> · {told.reason}</span>}
      </span>
      <time class="figures" title={fullOf(event.at)}>{hourOf(event.at)}</time>
    </p>
  );
}

export const EventLine = memo(Line);
