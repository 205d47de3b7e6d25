// One line of the list: who, by what channel, the last words, how long they wait, when it is due, who has it.
import { memo } from "../ui/memo";
import { nameOf, channelName, t } from "../i18n";
import type { Row } from "../api/types";
import { now } from "../api/http";
import { dueOf } from "../pure/due";
import { momentOf, shortOf } from "../pure/time";
import { belongs, isUnread } from "../pure/rows";
import { isBlank } from "../store/drafts";
import { hashOf } from "../store/place";
import { tick } from "../store/select";
import { useStore } from "../store/store";
import { WaitClock } from "../ui/clock";
import { channelIcon, Icon } from "../ui/icons";
import { Avatar } from "../ui/parts";


function Preview({ row }: { row: Row }) {
  const typing = useStore((state) => state.typing[row.id]);
  const draft = useStore((state) => state.open !== row.id && !isBlank(state.drafts[row.id]));
  if (typing) return <span class="row-preview typing">{typing.who === "customer" ? t.list.typing : t.rows.replying(typing.name)}</span>;
  const words = row.subject && row.preview_author === "customer" && row.channel !== "webchat" ? `${row.subject} · ${row.preview}` : row.preview;
  if (draft) return <span class="row-preview"><span class="row-draft">{t.composer.draft}</span><span class="clip" dir="auto">{row.preview}</span></span>;
  const who = row.preview_author === "agent" ? t.list.agentWrote : row.preview_author === "note" ? t.list.note : "";
  return (
    <span class="row-preview">
      {row.preview_author === "note" && <Icon name="lock" size={14} />}
      {who && <span>{who}</span>}
      <span class="clip" dir="auto">{words || row.subject}</span>
    </span>
  );
}

function Priority({ level }: { level: number }) {
  if (level === 2) return null;
  return level === 1
    ? <span class="mark-urgent"><Icon name="urgent" size={14} />{t.rows.urgent}</span>
    : <span class="mark-low"><Icon name="low" size={14} />{t.rows.low}</span>;
}

function Due({ at }: { at: number }) {
  const moment = momentOf(at, now());
  const mood = dueOf(at, now());
  const words = mood === "late" ? t.rows.overdue(moment) : t.rows.due(moment);
  return <span class="row-due figures" data-mood={mood} title={words}><Icon name={mood === "late" ? "alert" : "due"} size={14} /><span class="sr">{words}</span><span aria-hidden="true">{moment}</span></span>;
}

function Tags({ tags, most }: { tags: readonly string[]; most: number }) {
  if (!tags.length) return null;
  return (
    <span class="row-tags" title={tags.join(", ")}>
      <span class="sr">{t.rows.tags} </span>
      {tags.slice(0, most).map((tag) => <span key={tag} class="tag clip" dir="auto">{tag}</span>)}
      {tags.length > most && <span class="tag more figures">{t.rows.moreTags(tags.length - most)}</span>}
    </span>
  );
}

/** Who has it: a face for a person, words for a team or an offer. */
function Owner({ row }: { row: Row }) {
  const mine = useStore((state) => state.me?.id === row.assignee?.id);
  const offered = useStore((state) => (row.offer ? (row.offer.agent_id === state.me?.id ? t.rows.offeredMe : t.rows.offered(state.agents.find((one) => one.id === row.offer?.agent_id)?.name ?? t.filter.unknown)) : ""));
  if (row.assignee) {
    return (
      <span class="row-owner" title={mine ? t.rows.mine : row.assignee.name}>
        <Avatar name={row.assignee.name} seed={row.assignee.id} size={20} />
        <span class={mine ? "sr" : "row-owner-name clip"} dir="auto">{mine ? t.rows.mine : row.assignee.name}</span>
      </span>
    );
  }
  const words = offered || row.team?.name;
  return words ? <span class="row-owner"><span class="row-owner-name clip" dir="auto">{words}</span></span> : null;
}

function Since({ row }: { row: Row }) {
  if (row.waiting_since !== null && row.state === "open") return <WaitClock since={row.waiting_since} />;
  if (row.state === "snoozed" && row.snoozed_until !== null) return <span class="row-until"><Icon name="moon" size={14} />{t.rows.until(momentOf(row.snoozed_until, now()))}</span>;
  return <time>{shortOf(row.last_at, now())}</time>;
}

function Tick({ id, name }: { id: string; name: string }) {
  const on = useStore((state) => state.selected.includes(id));
  return (
    <label class="row-tick">
      <input type="checkbox" checked={on} aria-label={t.bulk.tick(name)} onClick={(event) => {
        event.preventDefault();
        const { shiftKey } = event;
        // The box follows the state, which is put after this click is over.
        setTimeout(() => tick(id, shiftKey));
      }} />
    </label>
  );
}

function Line({ id, place, count, ticks }: { id: string; place: number; count: number; ticks: boolean }) {
  const row = useStore((state) => state.rows[id]);
  const current = useStore((state) => state.open === id);
  const { shelf, filters } = useStore((state) => state.list);
  const gone = useStore((state) => state.open === id && !!state.me && !!state.rows[id] && belongs(state.rows[id], state.list.shelf, state.list.filters, state.me.id) === false);
  const ticked = useStore((state) => state.selected.includes(id));
  if (!row) return null;
  const unread = isUnread(row);
  const told = row.state !== "open" || gone;
  const due = row.state === "open" ? row.due_at : null;
  const name = nameOf(row);
  return (
    <li class="row-item" aria-posinset={place} aria-setsize={count} data-ticked={ticked || undefined}>
      <a class="row" href={hashOf({ shelf, filters, open: id, card: false })} data-conversation={id} aria-current={current ? "true" : undefined} data-unread={unread} data-gone={gone || undefined} draggable={false}>
        {unread && <span class="dot"><span class="sr">{t.list.unread}</span></span>}
        <span class="row-line">
          <span class="row-name clip" dir="auto">{name}</span>
          <Priority level={row.priority} />
          <span class="row-time figures"><Since row={row} /></span>
        </span>
        <span class="row-line"><Preview row={row} /></span>
        <span class="row-line small">
          <span class="row-channel" title={channelName(row.channel)}><Icon name={channelIcon(row.channel)} size={14} label={channelName(row.channel)} /></span>
          <span class="figures">#{row.number}</span>
          {told && <span class="row-state">{row.state === "open" ? t.rows.left : t.conversation.state[row.state]}</span>}
          {told && row.rating !== null && <span>{t.rows.rated(row.rating)}</span>}
          {due !== null && <Due at={due} />}
          {!gone && <Tags tags={row.tags} most={told || due !== null ? 1 : 2} />}
          <Owner row={row} />
        </span>
      </a>
      {ticks && <Tick id={id} name={name} />}
    </li>
  );
}

export const ListRow = memo(Line);
