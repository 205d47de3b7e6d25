// One person: name, role, teams, skills, places; how they sign in; and the end of their account.
import { useState } from "preact/hooks";
import type { PersonChange } from "../../api/calls";
import type { Id, Person, Role } from "../../api/types";
import { t } from "../../i18n";
import { may, makeLink, savePerson, setDisabled, settled, useEdit } from "../../store/admin";
import { useStore } from "../../store/store";
import { toast } from "../../store/toasts";
import { Avatar, Blank, Button } from "../../ui/parts";
import { givable, LinkBox, RoleChoice } from "./invite";
import { Confirm, End, Field, Panel, Part, Trouble, useSending } from "./parts";
import { Whereabouts } from "./people";
import { TeamChoices } from "./teamchoices";

const words = t.admin.people;
const classes = ["chat", "text", "mail", "call"] as const;
const MOST = 1000;

interface Form {
  name: string;
  role: Role;
  teams: Id[];
  skills: string;
  places: Record<string, string>;
}

const formOf = (person: Person): Form => ({
  name: person.name, role: person.role, teams: [...person.teams].sort(), skills: person.skills.join(", "),
  places: Object.fromEntries(classes.map((one) => [one, String(person.load.find((load) => load.class === one)?.cap ?? 0)])),
});

export const skillsOf = (text: string): string[] => [...new Set(text.split(/[,;\n]/).map((one) => one.trim().toLowerCase()).filter(Boolean))];
const capOf = (text: string): number | null => (/^\d{1,4}$/.test(text.trim()) && Number(text) <= MOST ? Number(text) : null);

/** What is sent for what was changed; of the places only those that differ. */
export function changeOf(changes: Partial<Form>, saved: Pick<Form, "places">): PersonChange {
  const { name, role, teams, skills, places } = changes;
  return {
    ...(name === undefined ? {} : { name: name.trim() }), ...(role === undefined ? {} : { role }), ...(teams === undefined ? {} : { teams }),
    ...(skills === undefined ? {} : { skills: skillsOf(skills) }),
    ...(places === undefined ? {} : { places: Object.entries(places).filter(([one, cap]) => capOf(cap) !== capOf(saved.places[one] ?? "")).map(([one, cap]) => ({ class: one, cap: capOf(cap) ?? 0 })) }),
  };
}

/** What the one who is signed in may change of somebody. */
function useBounds(person: Person): { details: boolean; role: boolean; places: boolean; access: boolean; note: string | null; roles: Role[] } {
  const me = useStore((state) => state.me);
  const admins = may(me, "admins");
  const people = may(me, "people");
  const self = me?.id === person.id;
  const above = !admins && (person.role === "manager" || person.role === "admin") && !self;
  const details = people && !above;
  const role = details && !self;
  const roles = givable(me?.role ?? "viewer", admins);
  return {
    details, role, places: may(me, "places") && !above, access: details && !self, roles: role ? roles : [person.role],
    note: above ? words.above : !people ? words.placesOnly : self ? words.notSelf : null,
  };
}

function Places({ value, load, fixed, change }: { value: Record<string, string>; load: Person["load"]; fixed: boolean; change(places: Record<string, string>): void }) {
  return (
    <div class="caps">
      {classes.map((one) => {
        const now = load.find((each) => each.class === one);
        return (
          <Field key={one} label={words.classes[one] ?? one} problem={capOf(value[one] ?? "") === null ? words.badCap : null}
            hint={now && now.load > 0 ? words.takes(now.load, now.cap, t.load[one] ?? one) : words.classHint[one]}>
            {(bound) => <input {...bound} class="text-input figures" type="text" inputMode="numeric" maxLength={4} disabled={fixed} value={value[one] ?? ""} onInput={(event) => change({ ...value, [one]: event.currentTarget.value })} />}
          </Field>
        );
      })}
    </div>
  );
}

function Details({ person }: { person: Person }) {
  const bounds = useBounds(person);
  const name = `person ${person.id}`;
  const edit = useEdit(name, formOf(person));
  const sending = useSending();
  const { value } = edit;
  const fine = Object.values(value.places).every((cap) => capOf(cap) !== null) && value.name.trim() !== "";
  const of = (field: string) => (sending.problem?.field === field ? sending.problem.text : null);
  const known = ["name", "skills"];
  const elsewhere = sending.problem && !known.includes(sending.problem.field ?? "") ? sending.problem.text : null;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await sending.run(() => savePerson(person.id, changeOf(edit.changes, formOf(person))))) settled(name);
  };
  return (
    <form class="panel-form" onSubmit={submit}>
      <div class="panel-body">
        {bounds.note && <p class="panel-note faint">{bounds.note}</p>}
        {person.disabled && <p class="panel-note warn">{words.isDisabled}</p>}
        {bounds.details && (
          <Field label={words.name} hint={words.nameHint} problem={of("name")}>
            {(bound) => <input {...bound} class="text-input" dir="auto" required maxLength={100} value={value.name} onInput={(event) => edit.change({ name: event.currentTarget.value })} />}
          </Field>
        )}
        {bounds.role ? <RoleChoice value={value.role} roles={bounds.roles} change={(role) => edit.change({ role })} />
          : <dl class="facts"><div><dt>{words.role}</dt><dd>{t.admin.roles[person.role]}</dd></div></dl>}
        <TeamChoices chosen={value.teams} fixed={!bounds.details} change={(teams) => edit.change({ teams: teams.sort() })} />
        <Field label={words.skills} hint={words.skillsText} problem={of("skills")} optional>
          {(bound) => <input {...bound} class="text-input" dir="auto" disabled={!bounds.places} placeholder={words.skillsPlaceholder} value={value.skills} onInput={(event) => edit.change({ skills: event.currentTarget.value })} />}
        </Field>
        <Part title={words.places} text={words.placesText}>
          <Places value={value.places} load={person.load} fixed={!bounds.places} change={(places) => edit.change({ places })} />
        </Part>
        {bounds.access && <Access person={person} />}
      </div>
      {(bounds.places || bounds.details) && <End dirty={edit.dirty && fine} busy={sending.busy} problem={elsewhere} discard={edit.discard} />}
    </form>
  );
}

/** How they sign in, and whether they may. */
function Access({ person }: { person: Person }) {
  const [link, setLink] = useState<string | null>(null);
  const sending = useSending();
  const make = () => sending.run(async () => setLink(await makeLink(person.id)));
  const disable = async () => {
    await setDisabled(person.id, true);
    toast(words.disabledNow(person.name), "good");
  };
  const enable = () => sending.run(async () => {
    await setDisabled(person.id, false);
    toast(words.enabled(person.name), "good");
  });
  return (
    <Part title={words.access} text={person.has_password ? words.hasPassword : words.noPassword}>
      <Trouble text={sending.problem?.text} />
      {person.disabled ? (
        <div><Button disabled={sending.busy} onClick={() => void enable()}>{words.enable}</Button></div>
      ) : (
        <>
          {link === null ? (
            <div class="access-line">
              <Button disabled={sending.busy} onClick={() => void make()}>{words.newLink}</Button>
              <span class="faint small">{person.has_password ? words.newLinkText : words.firstLinkText}</span>
            </div>
          ) : <LinkBox name={person.name} link={link} />}
          <Confirm open={words.disable} title={words.disableTitle(person.name)} text={words.disableText(person.name)} yes={words.disableYes(person.name)} act={disable} />
        </>
      )}
    </Part>
  );
}

export function PersonPanel({ id, close }: { id: Id; close(): void }) {
  const person = useStore((state) => state.people?.find((one) => one.id === id));
  if (!person) return <Panel label={words.title} title={words.title} close={close}><Blank icon="person" title={t.admin.gone} /></Panel>;
  const title = (
    <span class="panel-who">
      <Avatar name={person.name} seed={person.id} size={40} />
      <span class="person-name"><bdi class="clip">{person.name}</bdi><span class="clip faint small">{person.email} · <Whereabouts person={person} /></span></span>
    </span>
  );
  return <Panel label={person.name} title={title} close={close}><Details person={person} /></Panel>;
}
