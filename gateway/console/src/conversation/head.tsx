// Who this is, in what state, who has it, and what can be done with it.
import type { Row } from "../api/types";
import { channelName, nameOf, t } from "../i18n";
import { now } from "../api/http";
import { hourOf, momentOf, shortOf, wakeAt, type Nap } from "../pure/time";
import { allowed, openDialog, reopen, snooze, take } from "../store/acts";
import { go } from "../store/route";
import { useStore } from "../store/store";
import { WaitClock } from "../ui/clock";
import { channelIcon, Icon } from "../ui/icons";
import { Menu } from "../ui/menu";
import { Button } from "../ui/parts";

const naps: Nap[] = ["hour", "tomorrow", "monday"];

function Snooze({ row }: { row: Row }) {
  const choices = naps.map((nap) => {
    const until = wakeAt(nap, now());
    return { key: nap, text: t.snooze[nap], hint: nap === "hour" ? hourOf(until) : shortOf(until, now()), act: () => void snooze(row.id, until) };
  });
  return (
    <Menu label={t.act.snooze} shortcut="S" choices={choices} end name="snooze">
      <Icon name="clock" />
      <span class="button-text">{t.act.snooze}</span>
    </Menu>
  );
}

function Actions({ row }: { row: Row }) {
  const me = useStore((state) => state.me);
  if (!me) return null;
  const may = allowed(row, me);
  return (
    <div class="actions" role="group" aria-label={t.conversation.actions}>
      {may.take && <Button kind={row.assignee ? "plain" : "primary"} icon="check" shortcut="T" onClick={() => void take(row.id)}>{t.act.take}</Button>}
      {may.handOver && <Button icon="arrow" shortcut="H" onClick={() => openDialog({ kind: "handover", conversation: row.id })}>{t.act.handOver}</Button>}
      {may.snooze && <Snooze row={row} />}
      {may.resolve && <Button icon="checks" shortcut="E" onClick={() => openDialog({ kind: "resolve", conversation: row.id })}>{t.act.resolve}</Button>}
      {may.reopen && <Button icon="inbox" onClick={() => void reopen(row.id)}>{t.act.reopen}</Button>}
      <Button kind="quiet" icon="card" label={t.conversation.details} class="card-toggle" onClick={() => go({ card: true })} />
    </div>
  );
}

function Facts({ row }: { row: Row }) {
  const until = row.state === "snoozed" && row.snoozed_until ? ` ${t.conversation.until(momentOf(row.snoozed_until, now()))}` : "";
  return (
    <p class="head-facts">
      <span class="figures">#{row.number}</span>
      <span class="state" data-state={row.state}>{t.conversation.state[row.state]}{until}</span>
      {row.waiting_since !== null && row.state === "open" && <WaitClock since={row.waiting_since} />}
      <span class="head-channel" title={channelName(row.channel)}><Icon name={channelIcon(row.channel)} size={14} label={channelName(row.channel)} /></span>
      <span class="head-assignee">
        {row.assignee ? <bdi>{row.assignee.name}</bdi> : t.conversation.unassigned}
        {row.team && <span class="head-team"> · {row.team.name}</span>}
      </span>
      <button type="button" class="link" onClick={() => openDialog({ kind: "why", conversation: row.id })}>{t.conversation.why}</button>
    </p>
  );
}

export function Head({ id }: { id: string }) {
  const row = useStore((state) => state.rows[id]);
  if (!row) return null;
  return (
    <header class="head">
      <Button kind="quiet" icon="back" label={t.conversation.back} class="narrow-only" onClick={() => go({ open: null })} />
      <div class="head-who">
        <h2 class="head-name"><bdi>{nameOf(row)}</bdi>{row.subject && <span class="head-subject" dir="auto"> {row.subject}</span>}</h2>
        <Facts row={row} />
      </div>
      <Actions row={row} />
    </header>
  );
}
