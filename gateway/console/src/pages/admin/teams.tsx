// The teams: who answers together, and whether they are there now.
import { useState } from "preact/hooks";
import type { Team } from "../../api/types";
import { t } from "../../i18n";
import { addTeam, discardEdit, loadAgents, loadTeams, useEdit } from "../../store/admin";
import { useStore } from "../../store/store";
import { hrefOf, openItem, useTail } from "../../store/tail";
import { Avatar, Blank, Button } from "../../ui/parts";
import { Icon } from "../../ui/icons";
import { EditedMark, End, Field, Head, Loaded, Panel, SearchField, useLoad, useSending } from "./parts";
import { TeamStanding } from "./standing";
import { TeamPanel } from "./team";

const words = t.admin.teams;

function Faces({ members }: { members: readonly string[] }) {
  const agents = useStore((state) => state.agents);
  const known = agents.filter((agent) => members.includes(agent.id)).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <span class="faces">
      {known.slice(0, 4).map((agent) => <Avatar key={agent.id} name={agent.name} seed={agent.id} size={20} />)}
      <span class="faint small figures">{members.length ? words.memberCount(members.length) : words.noMembers}</span>
    </span>
  );
}

function Line({ team, open }: { team: Team; open: boolean }) {
  return (
    <li class="item" data-open={open} data-team={team.id}>
      <span class="item-main">
        <span class="item-name clip"><a class="row-link" href={hrefOf("teams", team.id)} aria-current={open ? "true" : undefined}><bdi>{team.name}</bdi></a><EditedMark name={`team ${team.id}`} /></span>
        <Faces members={team.members} />
      </span>
      <TeamStanding hours={team.hours} />
    </li>
  );
}

function NewTeam({ close }: { close(): void }) {
  const edit = useEdit("team new", { name: "" });
  const sending = useSending();
  const submit = async (event: Event) => {
    event.preventDefault();
    await sending.run(async () => {
      const team = await addTeam(edit.value.name.trim());
      discardEdit("team new");
      openItem("teams", team.id, true);
    });
  };
  return (
    <Panel label={words.addTitle} title={words.addTitle} wide close={close}>
      <form class="panel-form" onSubmit={submit}>
        <div class="panel-body">
          <Field label={words.name} hint={words.addHint} problem={sending.problem?.text}>
            {(bound) => <input {...bound} class="text-input" dir="auto" required maxLength={100} data-autofocus value={edit.value.name} onInput={(event) => edit.change({ name: event.currentTarget.value })} />}
          </Field>
        </div>
        <End dirty={edit.value.name.trim() !== ""} busy={sending.busy} submit={words.addSubmit} />
      </form>
    </Panel>
  );
}

export function Teams() {
  const [ready, setReady] = useState(false);
  const loading = useLoad(() => Promise.all([loadTeams(), loadAgents()]).then(() => setReady(true)));
  const teams = useStore((state) => state.teams);
  const open = useTail();
  const [query, setQuery] = useState("");
  const shown = teams.filter((team) => team.name.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase())).sort((a, b) => a.name.localeCompare(b.name));
  const close = () => openItem("teams", null);
  return (
    <div class="admin-page" data-panel={open !== null}>
      <div class="admin-main">
        <Head title={words.title} text={words.text}>
          <a class="button primary" href={hrefOf("teams", "new")}><Icon name="plus" /><span class="button-text">{words.add}</span></a>
        </Head>
        {teams.length > 7 && <div class="admin-filters"><SearchField label={words.search} value={query} change={setQuery} /></div>}
        <div class="admin-body">
          <Loaded loading={loading} ready={ready || teams.length > 0}>
            {teams.length > 0 && <p class="admin-count faint small figures" role="status">{words.count(shown.length)}</p>}
            <ul class="items">{shown.map((team) => <Line key={team.id} team={team} open={team.id === open} />)}</ul>
            {!shown.length && (teams.length ? <Blank icon="search" title={words.noneFound} /> : (
              <Blank icon="queue" title={words.none} text={words.noneHint}><Button kind="primary" icon="plus" onClick={() => openItem("teams", "new")}>{words.add}</Button></Blank>
            ))}
          </Loaded>
        </div>
      </div>
      {open === "new" && <NewTeam close={close} />}
      {open !== null && open !== "new" && ready && <TeamPanel key={open} id={open} close={close} />}
    </div>
  );
}
