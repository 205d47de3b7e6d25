// One team: its name, its members, when it is there, and its end.
import { useMemo, useRef, useState } from "preact/hooks";
import type { Hours, Id, Team } from "../../api/types";
import { t } from "../../i18n";
import { formOf, hoursOf, unfinished, usualHours, wrongsOf, type HoursForm } from "../../pure/hours";
import { discardEdit, removeTeam, saveTeam, settled, useEdit } from "../../store/admin";
import { useStore } from "../../store/store";
import { toast } from "../../store/toasts";
import { Blank, Button } from "../../ui/parts";
import { Holidays } from "./holidays";
import { Members } from "./members";
import { Confirm, End, Field, Panel, Part, useSending } from "./parts";
import { StandingLine } from "./standing";
import { tellWrong, Week } from "./week";
import { Zone } from "./zone";

const words = t.admin.teams;
const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;

interface Form {
  name: string;
  members: Id[];
  hours: HoursForm | null;
}

const savedOf = (team: Team): Form => ({ name: team.name, members: [...team.members].sort(), hours: team.hours ? formOf(team.hours) : null });

/** `tried`: saving was tried, so that what is only unfinished counts as wrong too. */
function OpeningHours({ hours, tried, change }: { hours: HoursForm; tried: boolean; change(hours: HoursForm | null): void }) {
  const wrongs = useMemo(() => (tried ? wrongsOf(hours) : unfinished(hours)), [hours, tried]);
  const put = (part: Partial<HoursForm>) => change({ ...hours, ...part });
  return (
    <>
      <div class="standing-box" role="status"><span class="faint small">{words.preview}</span><StandingLine form={hours} />{!wrongs.zone && <span class="faint small">{words.inZone(hours.zone.replaceAll("_", " "))}</span>}</div>
      <Zone value={hours.zone} problem={wrongs.zone ? tellWrong(wrongs.zone) : null} change={(zone) => put({ zone })} />
      <Week week={hours.week} wrongs={wrongs} change={(week) => put({ week })} />
      <div class="sub-part">
        <h4>{words.holidays}</h4>
        <p class="faint part-text">{words.holidaysText}</p>
        <Holidays zone={hours.zone} holidays={hours.holidays} wrongs={wrongs} change={(holidays) => put({ holidays })} />
      </div>
      <div><Button kind="quiet" onClick={() => change(null)}>{words.dropHours}</Button></div>
    </>
  );
}

function Editor({ team, close }: { team: Team; close(): void }) {
  const key = `team ${team.id}`;
  const edit = useEdit(key, savedOf(team));
  const sending = useSending();
  const [tried, setTried] = useState(false);
  const root = useRef<HTMLFormElement>(null);
  const { name, members, hours } = edit.value;
  const bad = useMemo(() => (hours ? Object.keys(wrongsOf(hours)).length : 0), [hours]);
  const field = sending.problem?.field;
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(bad > 0);
    if (bad) {
      sending.refuse({ text: words.fix(bad), field: null });
      requestAnimationFrame(() => root.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
      return;
    }
    const { hours: changed, ...others } = edit.changes;
    const sent: { name?: string; members?: Id[]; hours?: Hours | null } = others;
    if (changed !== undefined) sent.hours = changed ? hoursOf(changed) : null;
    if (await sending.run(() => saveTeam(team.id, sent))) settled(key);
  };
  const remove = async () => {
    await removeTeam(team.id);
    discardEdit(key);
    toast(words.deleted(team.name), "good");
    close();
  };
  return (
    <form ref={root} class="panel-form" onSubmit={submit} noValidate>
      <div class="panel-body">
        <Field label={words.name} problem={field === "name" ? sending.problem?.text : null}>
          {(bound) => <input {...bound} class="text-input" dir="auto" required maxLength={100} value={name} onInput={(event) => edit.change({ name: event.currentTarget.value })} />}
        </Field>
        <Part title={words.hours} text={hours ? words.hoursText : words.alwaysText}>
          {hours ? <OpeningHours hours={hours} tried={tried} change={(next) => { sending.refuse(null); edit.change({ hours: next }); }} />
            : <div><Button icon="clock" onClick={() => edit.change({ hours: team.hours ? formOf(team.hours) : usualHours(here) })}>{words.setHours}</Button></div>}
        </Part>
        <Part title={`${words.members} · ${members.length}`}>
          <Members chosen={members} change={(next) => edit.change({ members: next.sort() })} />
        </Part>
        <Part title={words.delete.replace("…", "")}>
          <Confirm open={words.delete} title={words.deleteTitle(team.name)} text={words.deleteText} yes={words.deleteYes} act={remove} />
        </Part>
      </div>
      <End dirty={edit.dirty && name.trim() !== ""} busy={sending.busy} problem={field === "name" ? null : sending.problem?.text} discard={() => { sending.refuse(null); edit.discard(); }} />
    </form>
  );
}

export function TeamPanel({ id, close }: { id: Id; close(): void }) {
  const team = useStore((state) => state.teams.find((one) => one.id === id));
  if (!team) return <Panel label={words.title} title={words.title} wide close={close}><Blank icon="queue" title={t.admin.gone} /></Panel>;
  return <Panel label={team.name} title={<bdi class="clip">{team.name}</bdi>} wide close={close}><Editor team={team} close={close} /></Panel>;
}
