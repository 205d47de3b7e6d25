// One line of the list: who, by what channel, the last words, how long they wait, who has it.
import { memo } from "../ui/memo";
import { nameOf, channelName, t } from "../i18n";
import type { Row } from "../api/types";
import { now } from "../api/http";
import { shortOf } from "../pure/time";
import { isUnread } from "../pure/rows";
import { isBlank } from "../store/drafts";
import { hashOf } from "../store/place";
import { useStore } from "../store/store";
import { WaitClock } from "../ui/clock";
import { channelIcon, Icon } from "../ui/icons";
import { Avatar } from "../ui/parts";

function Preview({ row }: { row: Row }) {
  const typing = useStore((state) => state.typing[row.id]);
  const draft = useStore((state) => state.open !== row.id && !isBlank(state.drafts[row.id]));
  if (typing?.who === "customer") return <span class="row-preview typing">{t.list.typing}</span>;
  if (draft) return <span class="row-preview"><span class="row-draft">{t.composer.draft}</span><span class="clip" dir="auto">{row.preview}</span></span>;
  const who = row.preview_author === "agent" ? t.list.agentWrote : row.preview_author === "note" ? t.list.note : "";
  return (
    <span class="row-preview">
      {row.preview_author === "note" && <Icon name="lock" size={14} />}
      {who && <span>{who}</span>}
      <span class="clip" dir="auto">{row.subject && row.preview_author === "customer" && row.channel !== "webchat" ? `${row.subject} · ${row.preview}` : row.preview}</span>
    </span>
  );
}

function Assignee({ row }: { row: Row }) {
  const mine = useStore((state) => state.me?.id === row.assignee?.id);
  if (!row.assignee) return row.team && <span class="row-assignee"><span class="row-assignee-name">{row.team.name}</span></span>;
  return (
    <span class="row-assignee">
      <Avatar name={row.assignee.name} seed={row.assignee.id} size={20} />
      <span class={mine ? "sr" : "row-assignee-name clip"} dir="auto">{row.assignee.name}</span>
    </span>
  );
}

function Line({ id, place, count }: { id: string; place: number; count: number }) {
  const row = useStore((state) => state.rows[id]);
  const current = useStore((state) => state.open === id);
  const view = useStore((state) => state.list.view);
  if (!row) return null;
  const unread = isUnread(row);
  return (
    <li class="row-item" aria-posinset={place} aria-setsize={count}>
      <a class="row" href={hashOf({ view, open: id, card: false })} data-conversation={id} aria-current={current ? "true" : undefined} data-unread={unread} draggable={false}>
        <span class="row-line">
          <span class="row-name clip" dir="auto">{nameOf(row)}</span>
          <span class="row-time figures">
            {row.waiting_since !== null && row.state === "open" ? <WaitClock since={row.waiting_since} /> : <time>{shortOf(row.last_at, now())}</time>}
          </span>
        </span>
        <span class="row-line">
          <Preview row={row} />
          {unread && <span class="dot"><span class="sr">{t.list.unread}</span></span>}
        </span>
        <span class="row-line small">
          <span class="row-channel"><Icon name={channelIcon(row.channel)} size={14} /> {channelName(row.channel)}</span>
          <span class="figures">#{row.number}</span>
          {row.state !== "open" && <span>{t.conversation.state[row.state]}</span>}
          <Assignee row={row} />
        </span>
      </a>
    </li>
  );
}

export const ListRow = memo(Line);
