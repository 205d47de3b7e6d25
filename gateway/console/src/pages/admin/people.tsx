// Everybody who signs in here: who they are, what they may do, how much they take.
import { useState } from "preact/hooks";
import type { Person, Role, Team } from "../../api/types";
import { t } from "../../i18n";
import { inOrder } from "../../pure/places";
import { loadPeople, loadTeams, useMay } from "../../store/admin";
import { useStore } from "../../store/store";
import { hrefOf, openItem, useTail } from "../../store/tail";
import { Button, Avatar, Blank } from "../../ui/parts";
import { Icon } from "../../ui/icons";
import { Choose, EditedMark, Head, Loaded, SearchField, useLoad } from "./parts";
import { Invite } from "./invite";
import { PersonPanel } from "./person";

const words = t.admin.people;
const roles: readonly Role[] = ["viewer", "agent", "lead", "manager", "admin"];
type Which = "all" | "here" | "disabled";

interface Asked {
  q: string;
  role: Role | "";
  team: string;
  which: Which;
}

const nothing: Asked = { q: "", role: "", team: "", which: "all" };
const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** The people who fit, by name, disabled ones last. */
export function fitting(people: readonly Person[], asked: Asked): Person[] {
  const parts = plain(asked.q).split(/\s+/).filter(Boolean);
  const fits = (person: Person) => {
    const text = plain([person.name, person.email, ...person.skills].join(" "));
    const state = asked.which === "all" || (asked.which === "here" ? person.here && !person.disabled : person.disabled);
    return state && (!asked.role || person.role === asked.role) && (!asked.team || person.teams.includes(asked.team)) && parts.every((part) => text.includes(part));
  };
  return people.filter(fits).sort((a, b) => Number(a.disabled) - Number(b.disabled) || a.name.localeCompare(b.name));
}

/** Where somebody is, as the list says it. */
export function whereabouts(person: Person): { text: string; mood: "here" | "away" | "gone" | "off" } {
  if (person.disabled) return { text: words.disabled, mood: "off" };
  if (person.here) return person.availability === "available" ? { text: words.here, mood: "here" } : { text: words.awayHere, mood: "away" };
  return { text: person.has_password ? words.away : words.invited, mood: "gone" };
}

export function Whereabouts({ person }: { person: Person }) {
  const { text, mood } = whereabouts(person);
  return <span class="whereabouts" data-mood={mood}><span class="whereabouts-dot" aria-hidden="true" />{text}</span>;
}

function Places({ person }: { person: Person }) {
  if (person.disabled || person.role === "viewer") return null;
  return (
    <ul class="places">
      {inOrder(person.load).filter((one) => one.cap > 0).map((one) => (
        <li key={one.class} class="figures" data-full={one.load >= one.cap} title={words.takes(one.load, one.cap, t.load[one.class] ?? one.class)}>
          <span aria-hidden="true">{words.classes[one.class] ?? one.class} {words.of(one.load, one.cap)}</span>
          <span class="sr">{words.takes(one.load, one.cap, t.load[one.class] ?? one.class)}</span>
        </li>
      ))}
    </ul>
  );
}

function Line({ person, teams, open, me }: { person: Person; teams: readonly Team[]; open: boolean; me: boolean }) {
  const names = teams.filter((team) => person.teams.includes(team.id)).map((team) => team.name);
  return (
    <tr data-open={open} data-off={person.disabled} data-person={person.id}>
      <th scope="row">
        <span class="person-cell">
          <Avatar name={person.name} seed={person.id} />
          <span class="person-name">
            <span class="clip"><a class="row-link" href={hrefOf("people", person.id)} aria-current={open ? "true" : undefined}><bdi>{person.name}</bdi></a>{me && <span class="tag">{words.you}</span>}<EditedMark name={`person ${person.id}`} /></span>
            <span class="clip faint small">{person.email}</span>
          </span>
        </span>
      </th>
      <td data-what="role">{t.admin.roles[person.role]}</td>
      <td data-what="teams"><span class="clip" title={names.join(", ")}><bdi>{names.join(", ")}</bdi></span></td>
      <td data-what="skills"><span class="clip" title={person.skills.join(", ")}><bdi>{person.skills.join(", ")}</bdi></span></td>
      <td data-what="places"><Places person={person} /></td>
      <td data-what="now"><Whereabouts person={person} /></td>
    </tr>
  );
}

function Table({ shown, teams, open }: { shown: readonly Person[]; teams: readonly Team[]; open: string | null }) {
  const me = useStore((state) => state.me?.id);
  return (
    <table class="people">
      <thead>
        <tr><th scope="col">{words.name}</th><th scope="col" data-what="role">{words.role}</th><th scope="col" data-what="teams">{words.teams}</th><th scope="col" data-what="skills">{words.skills}</th><th scope="col" data-what="places">{words.places}</th><th scope="col" data-what="now">{words.availability}</th></tr>
      </thead>
      <tbody>{shown.map((person) => <Line key={person.id} person={person} teams={teams} open={person.id === open} me={person.id === me} />)}</tbody>
    </table>
  );
}

function Filters({ asked, ask, teams }: { asked: Asked; ask(part: Partial<Asked>): void; teams: readonly Team[] }) {
  return (
    <div class="admin-filters">
      <SearchField label={words.search} value={asked.q} change={(q) => ask({ q })} />
      <Choose label={words.role} value={asked.role} change={(role) => ask({ role })} options={[["", words.everyRole], ...roles.map((role) => [role, t.admin.roles[role] ?? role] as const)]} />
      {teams.length > 0 && <Choose label={words.team} value={asked.team} change={(team) => ask({ team })} options={[["", words.everyTeam], ...teams.map((team) => [team.id, team.name] as const)]} />}
      <Choose label={words.state} value={asked.which} change={(which) => ask({ which })} options={(["all", "here", "disabled"] as const).map((one) => [one, words.states[one]] as const)} />
    </div>
  );
}

export function People() {
  const loading = useLoad(() => Promise.all([loadPeople(), loadTeams()]));
  const people = useStore((state) => state.people);
  const teams = useStore((state) => state.teams);
  const mayInvite = useMay("people");
  const open = useTail();
  const [asked, setAsked] = useState(nothing);
  const shown = fitting(people ?? [], asked);
  const narrowed = JSON.stringify(asked) !== JSON.stringify(nothing);
  const close = () => openItem("people", null);
  return (
    <div class="admin-page" data-panel={open !== null}>
      <div class="admin-main">
        <Head title={words.title} text={words.text}>
          {mayInvite && <a class="button primary" href={hrefOf("people", "new")}><Icon name="plus" /><span class="button-text">{words.invite}</span></a>}
        </Head>
        <Filters asked={asked} ask={(part) => setAsked({ ...asked, ...part })} teams={teams} />
        <div class="admin-body">
          <Loaded loading={loading} ready={people !== null}>
            <p class="admin-count faint small figures" role="status">{words.count(shown.length)}</p>
            {shown.length > 0 && <Table shown={shown} teams={teams} open={open} />}
            {!shown.length && <Blank icon="person" title={words.none} text={words.noneHint}><Button onClick={() => setAsked(nothing)}>{words.clear}</Button></Blank>}
            {people?.length === 1 && !narrowed && mayInvite && <p class="admin-tip"><strong>{words.alone}</strong> {words.aloneHint}</p>}
          </Loaded>
        </div>
      </div>
      {open === "new" && mayInvite && <Invite close={close} />}
      {open !== null && open !== "new" && people && <PersonPanel key={open} id={open} close={close} />}
    </div>
  );
}
