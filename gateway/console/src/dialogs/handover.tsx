// Give a conversation to a person, to a team's queue, or back to the queue, with a word for whoever takes it.
import { useEffect, useState } from "preact/hooks";
import { listAgents, listTeams } from "../api/calls";
import { t } from "../i18n";
import { worthSaying } from "../pure/places";
import { closeDialog, handOver } from "../store/acts";
import { get, set, useStore } from "../store/store";
import { complain } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { Avatar } from "../ui/parts";

interface Target {
  key: string;
  name: string;
  hint: string;
  agent: string | null;
  team: string | null;
  faint: boolean;
}

function Choice({ target, chosen, choose }: { target: Target; chosen: boolean; choose(key: string): void }) {
  return (
    <label class="choice" data-faint={target.faint}>
      <input type="radio" name="target" value={target.key} checked={chosen} onChange={() => choose(target.key)} />
      {target.agent ? <Avatar name={target.name} seed={target.agent} /> : <span class="avatar size-28 plain"><Icon name={target.team ? "inbox" : "queue"} /></span>}
      <span class="choice-text"><bdi>{target.name}</bdi></span>
      <span class="choice-hint figures">{target.hint}</span>
    </label>
  );
}

function useTargets(assignee: string | null): { people: Target[]; teams: Target[] } {
  const agents = useStore((state) => state.agents);
  const teams = useStore((state) => state.teams);
  useEffect(() => {
    Promise.all([listAgents(), listTeams()]).then(([one, two]) => set({ agents: one, teams: two })).catch(complain);
  }, []);
  const people = agents.filter((agent) => agent.id !== assignee && agent.load.length > 0).map((agent) => {
    const load = worthSaying(agent.load).map((one) => t.loadOf(one.load, one.cap, t.load[one.class] ?? one.class)).join(", ");
    const there = agent.here && agent.availability === "available";
    const words = !agent.here ? t.handOver.gone : there ? t.handOver.here : t.away.toLowerCase();
    return { key: `agent ${agent.id}`, name: agent.name, hint: load ? `${words} · ${load}` : words, agent: agent.id, team: null, faint: !there };
  });
  people.sort((a, b) => Number(a.faint) - Number(b.faint) || a.name.localeCompare(b.name));
  return { people, teams: teams.map((team) => ({ key: `team ${team.id}`, name: team.name, hint: t.handOver.team, agent: null, team: team.id, faint: false })) };
}

export function HandOver({ id }: { id: string }) {
  const { people, teams } = useTargets(get().rows[id]?.assignee?.id ?? null);
  const [chosen, setChosen] = useState("");
  const [words, setWords] = useState("");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const queue: Target = { key: "queue", name: t.handOver.queue, hint: t.handOver.queueHint, agent: null, team: null, faint: false };
  const fits = (target: Target) => target.name.toLocaleLowerCase().includes(words.trim().toLocaleLowerCase());
  const groups: [string, Target[]][] = [[t.handOver.people, people.filter(fits)], [t.handOver.teams, [queue, ...teams].filter(fits)]];
  const target = groups.flatMap(([, shown]) => shown).find((one) => one.key === chosen);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!target) return;
    setBusy(true);
    const done = await handOver(id, { agent: target.agent, team: target.team, note: note.trim() });
    setBusy(false);
    if (done) closeDialog();
  };
  return (
    <Dialog title={t.handOver.title}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <input type="search" class="text-input" data-autofocus aria-label={t.handOver.find} placeholder={t.handOver.find} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
          <div class="choices">
            {groups.map(([title, targets]) => targets.length > 0 && (
              <fieldset key={title}>
                <legend>{title}</legend>
                {targets.map((one) => <Choice key={one.key} target={one} chosen={one.key === chosen} choose={setChosen} />)}
              </fieldset>
            ))}
            {groups.every(([, targets]) => !targets.length) && <p class="faint">{t.handOver.nobody}</p>}
          </div>
          <label class="field">
            <span>{t.handOver.note}</span>
            <textarea class="note-input" rows={2} dir="auto" value={note} onInput={(event) => setNote(event.currentTarget.value)} />
          </label>
        </div>
        <DialogEnd submit={t.act.handOver} busy={busy} disabled={!target} />
      </form>
    </Dialog>
  );
}
