// What agents did and read, the latest first, in words.
import { useEffect, useRef, useState } from "preact/hooks";
import type { AuditFilter } from "../../api/calls";
import { listAudit } from "../../api/calls";
import { now } from "../../api/http";
import type { AuditLine, Named } from "../../api/types";
import { t } from "../../i18n";
import { dayLine, dayOf, fullOf, hourOf } from "../../pure/time";
import { findNumber, loadCategories, loadPeople } from "../../store/admin";
import { useStore } from "../../store/store";
import { sentence } from "../../store/toasts";
import { Icon } from "../../ui/icons";
import { Avatar, Blank, Button, Skeleton } from "../../ui/parts";
import { ContactChoice } from "./contactchoice";
import { Choose, Head, useLoad } from "./parts";
import { tellAudit } from "./told";

const words = t.admin.audit;
const DAY = 86_400_000_000;
type Range = "day" | "week" | "month" | "all" | "own";
const ranges: readonly Range[] = ["day", "week", "month", "all", "own"];

interface Asked {
  agent: string;
  contact: Named | null;
  number: string;
  range: Range;
  since: string;
  until: string;
}

const nothing: Asked = { agent: "", contact: null, number: "", range: "week", since: "", until: "" };

/** Midnight of a local day in microseconds, `plus` days on; null for no date. */
function midnight(date: string, plus = 0): number | null {
  const at = new Date(`${date}T00:00:00`);
  if (!date || Number.isNaN(at.getTime())) return null;
  at.setDate(at.getDate() + plus);
  return at.getTime() * 1000;
}

/** The time range that is asked for. `until` is the end of the last day. */
export function rangeOf(asked: Pick<Asked, "range" | "since" | "until">, at: number): { since?: number; until?: number } {
  if (asked.range === "all") return {};
  if (asked.range !== "own") return { since: at - { day: 1, week: 7, month: 30 }[asked.range] * DAY };
  const [since, until] = [midnight(asked.since), midnight(asked.until, 1)];
  return { ...(since === null ? {} : { since }), ...(until === null ? {} : { until }) };
}

interface Shown {
  lines: readonly AuditLine[];
  cursor: string | null;
  status: "loading" | "more" | "ready" | "error";
  problem: string;
}

const empty: Shown = { lines: [], cursor: null, status: "loading", problem: "" };

/** The question to the server; throws a sentence when there is no such conversation. */
async function filterOf(asked: Asked): Promise<AuditFilter> {
  const number = asked.number.replace(/^#/, "").trim();
  const conversation = number ? await findNumber(number) : null;
  if (number && conversation === null) throw words.noNumber(number);
  return {
    ...(asked.agent ? { agent: asked.agent } : {}), ...(asked.contact ? { contact: asked.contact.id } : {}),
    ...(conversation === null ? {} : { conversation }), ...rangeOf(asked, now()),
  };
}

/** The lines for what is asked, and how to get more. An answer to an earlier question is dropped. */
function useLines(asked: Asked): { shown: Shown; more(): void; again(): void } {
  const [shown, setShown] = useState<Shown>(empty);
  const turn = useRef(0);
  const filter = useRef<AuditFilter>({});
  const fail = (mine: number) => (reason: unknown) => {
    if (mine === turn.current) setShown((have) => ({ ...have, status: "error", problem: typeof reason === "string" ? reason : sentence(reason) }));
  };
  const again = () => {
    const mine = ++turn.current;
    setShown(empty);
    const ask = async () => {
      filter.current = await filterOf(asked);
      const page = await listAudit(filter.current, null);
      if (mine === turn.current) setShown({ ...page, status: "ready", problem: "" });
    };
    void ask().catch(fail(mine));
  };
  const more = () => {
    const mine = turn.current;
    setShown({ ...shown, status: "more" });
    const ask = async () => {
      const page = await listAudit(filter.current, shown.cursor);
      if (mine === turn.current) setShown({ lines: [...shown.lines, ...page.lines], cursor: page.cursor, status: "ready", problem: "" });
    };
    void ask().catch(fail(mine));
  };
  const key = JSON.stringify(asked);
  useEffect(() => {
    if (asked.range === "own" && !asked.since && !asked.until) return;
    const timer = setTimeout(again, asked.number ? 350 : 0);
    return () => clearTimeout(timer);
  }, [key]);
  return { shown, more, again };
}

function Filters({ asked, ask }: { asked: Asked; ask(part: Partial<Asked>): void }) {
  const everybody = useStore((state) => state.people);
  const people = [...(everybody ?? [])].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div class="admin-filters">
      <Choose label={words.person} value={asked.agent} change={(agent) => ask({ agent })} options={[["", words.everybody], ...people.map((one) => [one.id, one.name] as const)]} />
      <Choose label={words.range} value={asked.range} change={(range) => ask({ range })} options={ranges.map((one) => [one, words.ranges[one] ?? one] as const)} />
      {asked.range === "own" && (
        <>
          <label class="inline-date"><span class="faint small">{words.since}</span><input type="date" class="text-input figures" value={asked.since} max={asked.until || undefined} onInput={(event) => ask({ since: event.currentTarget.value })} /></label>
          <label class="inline-date"><span class="faint small">{words.until}</span><input type="date" class="text-input figures" value={asked.until} min={asked.since || undefined} onInput={(event) => ask({ until: event.currentTarget.value })} /></label>
        </>
      )}
      <ContactChoice value={asked.contact} change={(contact) => ask({ contact })} />
      <input class="text-input audit-number figures" inputMode="numeric" aria-label={`${words.number} ${words.numberHint}`} placeholder={`#${words.numberHint}`} maxLength={12} value={asked.number} onInput={(event) => ask({ number: event.currentTarget.value })} />
    </div>
  );
}

function Line({ line }: { line: AuditLine }) {
  const categories = useStore((state) => state.categories);
  const told = tellAudit(line, new Map((categories ?? []).map((one) => [one.id, one.name])));
  return (
    <li class="audit-line">
      <time class="faint small figures" dateTime={new Date(line.at / 1000).toISOString()} title={fullOf(line.at)}>{hourOf(line.at)}</time>
      <Avatar name={told.who} seed={line.agent?.id ?? ""} size={20} />
      <span class="audit-text">
        <strong><bdi>{told.who}</bdi></strong> {told.act}
        {line.conversation && <> <a href={`#/all/${encodeURIComponent(line.conversation.id)}`} class="figures">#{line.conversation.number}</a></>}
        {line.contact && <> {told.of && <span class="faint">{told.of} </span>}<bdi>{line.contact.name || t.someone}</bdi></>}
        {told.more && <span class="faint"> · <bdi>{told.more}</bdi></span>}
      </span>
    </li>
  );
}

function Lines({ lines }: { lines: readonly AuditLine[] }) {
  const groups: { day: string; lines: AuditLine[] }[] = [];
  for (const line of lines) {
    const day = dayOf(line.at);
    if (groups.at(-1)?.day === day) groups.at(-1)?.lines.push(line);
    else groups.push({ day, lines: [line] });
  }
  return (
    <>
      {groups.map((group) => (
        <section key={group.day} class="audit-day">
          <h2>{dayLine(group.lines[0]?.at ?? 0, now(), t.conversation)}</h2>
          <ul>{group.lines.map((line) => <Line key={line.id} line={line} />)}</ul>
        </section>
      ))}
    </>
  );
}

export function Audit() {
  useLoad(() => Promise.all([loadPeople(), loadCategories()]));
  const [asked, setAsked] = useState(nothing);
  const { shown, more, again } = useLines(asked);
  const wrong = asked.range === "own" && asked.since !== "" && asked.until !== "" && asked.until < asked.since;
  const narrowed = JSON.stringify(asked) !== JSON.stringify(nothing);
  return (
    <div class="admin-page">
      <div class="admin-main">
        <Head title={words.title} text={words.text} />
        <Filters asked={asked} ask={(part) => setAsked({ ...asked, ...part })} />
        <div class="admin-body" aria-busy={shown.status === "loading"}>
          {wrong && <p class="field-problem" role="alert"><Icon name="alert" size={14} />{words.badRange}</p>}
          {shown.status === "loading" && <Skeleton label={t.admin.loading} rows={8} shape="line" />}
          <Lines lines={shown.lines} />
          {shown.status === "error" && <Blank icon="alert" title={t.admin.failed} text={shown.problem}><Button kind="primary" onClick={shown.lines.length ? more : again}>{t.admin.retry}</Button></Blank>}
          {shown.status === "ready" && !shown.lines.length && <Blank icon="search" title={words.none} text={words.noneHint}>{narrowed && <Button onClick={() => setAsked(nothing)}>{words.clear}</Button>}</Blank>}
          {shown.lines.length > 0 && (shown.cursor === null ? <p class="audit-end faint small">{words.end}</p> : shown.status !== "error" && (
            <p class="audit-end"><Button disabled={shown.status === "more"} onClick={more}>{shown.status === "more" ? words.loadingMore : words.more}</Button></p>
          ))}
        </div>
      </div>
    </div>
  );
}
