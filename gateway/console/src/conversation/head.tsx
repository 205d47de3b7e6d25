// Who this is, in what state, who has it, and what can be done with it.
import type { Row } from "../api/types";
import { channelName, nameOf, t } from "../i18n";
import { now } from "../api/http";
import { momentOf } from "../pure/time";
import { openDialog } from "../store/acts";
import { go } from "../store/route";
import { useStore } from "../store/store";
import { WaitClock } from "../ui/clock";
import { channelIcon, Icon } from "../ui/icons";
import { Button } from "../ui/parts";
import { Actions } from "./actions";
import { Category, Due, Priority } from "./facts";
import { Subject } from "./subject";
import { Tags } from "./tags";

function Owner({ row, may }: { row: Row; may: boolean }) {
  const offered = useStore((state) => state.agents.find((agent) => agent.id === row.offer?.agent_id)?.name ?? null);
  const name = row.assignee?.name ?? null;
  const inside = (
    <>
      {name ? <bdi class="clip">{name}</bdi> : <span class="clip">{offered ? t.head.offered(offered) : t.conversation.unassigned}</span>}
      {row.team && <span class="clip head-team">· <bdi>{row.team.name}</bdi></span>}
    </>
  );
  if (!may) return <span class="head-owner">{inside}</span>;
  return (
    <button type="button" class="head-owner fact" title={t.act.handOver} onClick={() => openDialog({ kind: "handover", conversation: row.id })}>
      <Icon name="person" size={14} />
      {name && <span class="sr">{t.head.assignee}</span>}
      {inside}
      <span class="sr">, {t.act.handOver}</span>
    </button>
  );
}

function Facts({ row }: { row: Row }) {
  const viewer = useStore((state) => !state.me?.rights.includes("reply"));
  const may = !viewer && row.state !== "joined";
  const until = row.state === "snoozed" && row.snoozed_until ? ` ${t.conversation.until(momentOf(row.snoozed_until, now()))}` : "";
  return (
    <div class="head-facts">
      <span class="figures" title={t.head.number(row.number)}>#{row.number}</span>
      <span class="state" data-state={row.state}>{t.conversation.state[row.state]}{until}</span>
      {row.spam && <span class="tag bad">{t.head.spam}</span>}
      {row.waiting_since !== null && row.state === "open" && <WaitClock since={row.waiting_since} />}
      <span class="head-channel" title={channelName(row.channel)}><Icon name={channelIcon(row.channel)} size={14} label={channelName(row.channel)} /></span>
      {row.rating !== null && <span class="figures">{t.head.rated(row.rating)}</span>}
      <Owner row={row} may={may && row.state === "open"} />
      <Priority row={row} may={may} />
      <Due row={row} may={may} />
      <Category row={row} may={may} />
      <Tags id={row.id} tags={row.tags} may={may} />
    </div>
  );
}

export function Head({ id }: { id: string }) {
  const row = useStore((state) => state.rows[id]);
  const may = useStore((state) => state.me?.rights.includes("reply") ?? false);
  if (!row) return null;
  return (
    <header class="head">
      <div class="head-top">
        <Button kind="quiet" icon="back" label={t.conversation.back} class="narrow-only" onClick={() => go({ open: null })} />
        <div class="head-who">
          <h2 class="head-name"><bdi>{nameOf(row)}</bdi></h2>
          <Subject id={id} subject={row.subject} may={may && row.state !== "joined"} />
        </div>
        <Actions row={row} />
      </div>
      <Facts row={row} />
    </header>
  );
}
