// Why the router chose whom it chose: each decision, and the rule that took each other agent out. And why nobody was chosen.
import { useEffect, useState } from "preact/hooks";
import { why } from "../api/calls";
import type { Agent, Assignment, Id } from "../api/types";
import { t } from "../i18n";
import { now } from "../api/http";
import { fullOf, momentOf } from "../pure/time";
import { sentence } from "../store/toasts";
import { useStore } from "../store/store";
import { Dialog } from "../ui/dialog";
import { channelIcon, Icon } from "../ui/icons";
import { Avatar, Skeleton } from "../ui/parts";
import { Problem } from "./found";

function Decision({ one }: { one: Assignment }) {
  const decider = useStore((state) => state.agents.find((agent) => agent.id === one.decided_by)?.name ?? null);
  return (
    <section class="decision">
      <h3><bdi>{one.agent?.name ?? t.nobody}</bdi> <time class="faint figures">{fullOf(one.at)}</time></h3>
      <p dir="auto">{one.reason}</p>
      <p class="faint small">{decider ? t.whyNot.byHand(decider) : one.decided_by === "router" ? t.whyNot.router : ""}</p>
      {one.ended_at !== null && <p class="faint small">{t.whyNot.ended(momentOf(one.ended_at, now()), t.whyNot.endings[one.end_reason ?? ""] ?? (one.end_reason ?? "").replaceAll("_", " "))}</p>}
      <ul role="list" class="considered">
        {one.considered.map(({ agent, out }) => (
          <li key={agent.id} data-out={out !== null}>
            <Avatar name={agent.name} seed={agent.id} size={20} />
            <bdi class="considered-name">{agent.name}</bdi>
            <span class="considered-rule">{out === null ? <><Icon name="check" size={14} /> {agent.id === one.agent?.id ? t.why.chosen : ""}</> : <bdi>{out}</bdi>}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const hasRoom = (agent: Agent, kind: string) => agent.load.every((one) => one.class !== kind || one.load < one.cap);

/** What kind of place a conversation takes, by its channel. */
function classOf(channel: string): string {
  const icon = channelIcon(channel);
  return icon === "call" ? "call" : icon === "mail" ? "mail" : icon === "chat" ? "chat" : "text";
}

/** What stands in the way of somebody being chosen, as far as this page can see. */
function Nobody({ id }: { id: Id }) {
  const row = useStore((state) => state.rows[id]);
  const agents = useStore((state) => state.agents);
  if (!row || row.assignee) return null;
  const offered = row.offer && agents.find((agent) => agent.id === row.offer?.agent_id)?.name;
  const here = agents.filter((agent) => agent.load.length > 0 && agent.here && agent.availability === "available");
  const room = here.filter((agent) => hasRoom(agent, classOf(row.channel)));
  const queued = !here.length ? t.whyNot.nobodyHere : room.length ? t.whyNot.here(room.length) : t.whyNot.full(here.length);
  const because = row.state !== "open" ? t.whyNot.closed : offered ? t.whyNot.offered(offered) : queued;
  return (
    <section class="decision">
      <h3>{t.whyNot.unassigned}</h3>
      <p>{because}</p>
    </section>
  );
}

export function Why({ id }: { id: Id }) {
  const taken = useStore((state) => (state.rows[id]?.assignee ?? null) !== null);
  const [found, setFound] = useState<Assignment[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    why(id).then(setFound).catch((reason: unknown) => setProblem(sentence(reason)));
  }, [id]);
  return (
    <Dialog title={taken ? t.why.title : t.whyNot.title} wide>
      <div class="dialog-body">
        <Problem text={problem} />
        {!found && problem === null && <Skeleton label={t.why.loading} rows={4} shape="line" />}
        {found && <Nobody id={id} />}
        {found?.length === 0 && taken && <p class="faint">{t.why.empty}</p>}
        {[...(found ?? [])].reverse().map((one) => <Decision key={one.at} one={one} />)}
      </div>
    </Dialog>
  );
}
