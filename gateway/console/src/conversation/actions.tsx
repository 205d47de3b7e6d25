// What can be done with a conversation: the frequent acts as buttons, the rest behind the dots.
import type { Row } from "../api/types";
import { nameOf, t } from "../i18n";
import { now } from "../api/http";
import { hourOf, shortOf, wakeAt, type Nap } from "../pure/time";
import { allowed, openDialog, reopen, snooze, take } from "../store/acts";
import { copyLink, startSplit, unblock, unspam } from "../store/change";
import { go } from "../store/route";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { Menu, type Choice } from "../ui/menu";
import { Button } from "../ui/parts";

const naps: Nap[] = ["hour", "later", "tomorrow", "monday"];

function Snooze({ row }: { row: Row }) {
  const at = now();
  const moments = naps.map((nap) => ({ nap, until: wakeAt(nap, at) }));
  const distinct = moments.filter((one, index) => moments.findIndex((other) => other.until === one.until) === index);
  const choices: Choice[] = distinct.map(({ nap, until }) => ({
    key: nap, text: t.snooze[nap], hint: nap === "hour" || nap === "later" ? hourOf(until) : shortOf(until, at), act: () => void snooze(row.id, until),
  }));
  choices.push({ key: "own", text: t.head.own, act: () => openDialog({ kind: "when", conversation: row.id, what: "snooze" }) });
  return (
    <Menu label={t.act.snooze} shortcut="S" choices={choices} end name="snooze" class="button plain shrinks">
      <Icon name="clock" />
      <span class="button-text">{t.act.snooze}</span>
    </Menu>
  );
}

function More({ row }: { row: Row }) {
  const rights = useStore((state) => state.me?.rights ?? []);
  const card = useStore((state) => state.pages[row.id]?.card ?? null);
  const write = rights.includes("reply") && row.state !== "joined";
  const dialog = (kind: "link" | "join" | "spam" | "block" | "why") => () => openDialog({ kind, conversation: row.id });
  const choices: Choice[] = [];
  if (write) {
    choices.push({ key: "link", text: t.more.link, act: dialog("link") }, { key: "join", text: t.more.join, act: dialog("join") }, { key: "split", text: t.more.split, act: startSplit });
    choices.push(row.spam ? { key: "unspam", text: t.more.unspam, act: () => void unspam(row.id) } : { key: "spam", text: t.more.spam, act: dialog("spam") });
  }
  if (rights.includes("block") && card) {
    choices.push(card.blocked ? { key: "unblock", text: t.more.unblock, act: () => void unblock(card, nameOf(row)) } : { key: "block", text: t.more.block, act: dialog("block") });
  }
  choices.push({ key: "why", text: row.assignee ? t.more.why : t.more.whyNot, act: dialog("why") }, { key: "copy", text: t.more.copy, act: () => void copyLink(row.id) });
  return <Menu label={t.head.more} choices={choices} end name="more" class="button quiet only-icon"><Icon name="more" /></Menu>;
}

export function Actions({ row }: { row: Row }) {
  const me = useStore((state) => state.me);
  if (!me) return null;
  const may = allowed(row, me);
  return (
    <div class="actions" role="group" aria-label={t.conversation.actions}>
      {may.take && <Button kind={row.assignee ? "plain" : "primary"} icon="check" shortcut="T" onClick={() => void take(row.id)}>{t.act.take}</Button>}
      {may.handOver && <Button icon="arrow" shortcut="H" class="shrinks" onClick={() => openDialog({ kind: "handover", conversation: row.id })}>{t.act.handOver}</Button>}
      {may.snooze && <Snooze row={row} />}
      {may.resolve && <Button icon="checks" shortcut="E" onClick={() => openDialog({ kind: "resolve", conversation: row.id })}>{t.act.resolve}</Button>}
      {may.reopen && !row.spam && <Button icon="inbox" onClick={() => void reopen(row.id)}>{t.act.reopen}</Button>}
      <More row={row} />
      <Button kind="quiet" icon="card" label={t.conversation.details} class="card-toggle" onClick={() => go({ card: true })} />
    </div>
  );
}
