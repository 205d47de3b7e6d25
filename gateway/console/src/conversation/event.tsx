// An event as one line of text.
import type { EventEntry } from "../api/types";
import { tell } from "../i18n";
import { useStore } from "../store/store";
import { memo } from "../ui/memo";
import { fullOf, hourOf } from "../pure/time";

function Line({ event }: { event: EventEntry }) {
  const categories = useStore((state) => state.categories);
  const told = tell(event, categories ?? []);
  return (
    <p class="event" data-event={event.name}>
      <span>
        <bdi class="event-actor">{told.actor}</bdi>
        <bdi>{told.after}</bdi>
        {told.reason && <span class="event-reason" dir="auto"> · {told.reason}</span>}
      </span>
      <time class="figures" title={fullOf(event.at)}>{hourOf(event.at)}</time>
    </p>
  );
}

export const EventLine = memo(Line);
