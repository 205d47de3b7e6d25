// Invite somebody: an account and the single-use link that opens it, shown once.
import { useState } from "preact/hooks";
import type { Id, Person, Role } from "../../api/types";
import { t } from "../../i18n";
import { discardEdit, invite, useEdit, useMay } from "../../store/admin";
import { useStore } from "../../store/store";
import { openItem } from "../../store/tail";
import { Button } from "../../ui/parts";
import { CopyText, End, Field, Panel, useSending } from "./parts";
import { TeamChoices } from "./teamchoices";

const words = t.admin.people;
const all: readonly Role[] = ["viewer", "agent", "lead", "manager", "admin"];

/** The roles somebody may give: never above their own, and managers and admins only by admins. */
export function givable(own: Role, admins: boolean): Role[] {
  return all.filter((role) => all.indexOf(role) <= all.indexOf(own) && (admins || (role !== "manager" && role !== "admin")));
}

export function RoleChoice({ value, roles, change }: { value: Role; roles: readonly Role[]; change(role: Role): void }) {
  return (
    <Field label={words.role} hint={t.admin.roleMeans[value]}>
      {(bound) => (
        <span class="select boxed">
          <select {...bound} value={value} onChange={(event) => change(event.currentTarget.value as Role)}>
            {roles.map((role) => <option key={role} value={role}>{t.admin.roles[role]}</option>)}
          </select>
        </span>
      )}
    </Field>
  );
}

interface Made {
  person: Person;
  link: string;
}

/** The link to pass on, said plainly. Nothing else shows it again. */
export function LinkBox({ name, link }: { name: string; link: string }) {
  return (
    <div class="link-box" role="status">
      <p class="confirm-title">{words.linkTitle(name)}</p>
      <p>{words.linkText(name)}</p>
      <CopyText label={words.link} text={link} button={words.copyLink} />
      <p class="faint small">{words.linkOnce}</p>
    </div>
  );
}

function Done({ made, again, close }: { made: Made; again(): void; close(): void }) {
  return (
    <div class="panel-body">
      <LinkBox name={made.person.name} link={made.link} />
      <div class="panel-acts">
        <Button onClick={again}>{words.another}</Button>
        <Button kind="primary" onClick={() => { close(); openItem("people", made.person.id, true); }}>{words.done}</Button>
      </div>
    </div>
  );
}

const blank: { name: string; email: string; role: Role; teams: Id[] } = { name: "", email: "", role: "agent", teams: [] };

function Form({ made }: { made(answer: Made): void }) {
  const me = useStore((state) => state.me);
  const admins = useMay("admins");
  const edit = useEdit("person new", blank);
  const sending = useSending();
  const { value } = edit;
  const of = (field: string) => (sending.problem?.field === field ? sending.problem.text : null);
  const submit = async (event: Event) => {
    event.preventDefault();
    await sending.run(async () => {
      const answer = await invite({ ...value, name: value.name.trim(), email: value.email.trim() });
      discardEdit("person new");
      made(answer);
    });
  };
  const elsewhere = sending.problem && !["name", "email", "role"].includes(sending.problem.field ?? "") ? sending.problem.text : null;
  return (
    <form class="panel-form" onSubmit={submit}>
      <div class="panel-body">
        <Field label={words.name} hint={words.nameHint} problem={of("name")}>
          {(bound) => <input {...bound} class="text-input" dir="auto" required maxLength={100} data-autofocus autocomplete="off" value={value.name} onInput={(event) => edit.change({ name: event.currentTarget.value })} />}
        </Field>
        <Field label={words.mail} hint={words.mailHint} problem={of("email")}>
          {(bound) => <input {...bound} class="text-input" type="email" required maxLength={254} autocomplete="off" value={value.email} onInput={(event) => edit.change({ email: event.currentTarget.value })} />}
        </Field>
        <RoleChoice value={value.role} roles={givable(me?.role ?? "agent", admins)} change={(role) => edit.change({ role })} />
        <TeamChoices chosen={value.teams} change={(teams) => edit.change({ teams })} />
      </div>
      <End dirty={Boolean(value.name.trim() && value.email.trim())} busy={sending.busy} submit={words.inviteSubmit} problem={elsewhere} />
    </form>
  );
}

export function Invite({ close }: { close(): void }) {
  const [made, setMade] = useState<Made | null>(null);
  return (
    <Panel key={made ? "made" : "form"} label={words.inviteTitle} title={words.inviteTitle} close={close}>
      {made ? <Done made={made} again={() => setMade(null)} close={close} /> : <Form made={setMade} />}
    </Panel>
  );
}
