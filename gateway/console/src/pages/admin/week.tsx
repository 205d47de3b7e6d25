// The week's times: several spans a day, what is wrong with them said beside them, and a day copied to others.
import { useId, useRef } from "preact/hooks";
import type { Day, Span } from "../../api/types";
import { t } from "../../i18n";
import { copyDay, days, minutesOf, nextSpan, tidy, type Week as WeekForm, type Wrong, type Wrongs } from "../../pure/hours";
import { toast } from "../../store/toasts";
import { Icon } from "../../ui/icons";
import { Menu, type Choice } from "../../ui/menu";
import { Button } from "../../ui/parts";

const words = t.admin.teams;

export function tellWrong(wrong: Wrong): string {
  return wrong.kind === "overlap" ? words.wrong.overlap(wrong.with.join("–")) : words.wrong[wrong.kind];
}

interface SpansProps {
  /** The day as it is read aloud. */
  name: string;
  place: string;
  spans: readonly Span[];
  wrongs: Wrongs;
  change(spans: Span[]): void;
}

/** The times of one day. */
export function Spans({ name, place, spans, wrongs, change }: SpansProps) {
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const put = (index: number, side: 0 | 1, text: string) =>
    change(spans.map((span, at): Span => (at !== index ? span : side === 0 ? [text, span[1]] : [span[0], text])));
  const add = () => {
    change([...spans, nextSpan(spans)]);
    requestAnimationFrame(() => root.current?.querySelector<HTMLInputElement>(".span:last-of-type input")?.select());
  };
  const remove = (index: number) => {
    change(spans.filter((_, at) => at !== index));
    root.current?.querySelector<HTMLElement>(".span-add")?.focus();
  };
  return (
    <div class="spans" ref={root}>
      {spans.map((span, index) => {
        const wrong = wrongs[`${place}.${index}`];
        const bad = (side: 0 | 1) => Boolean(wrong && !(side === 0 && wrong.kind === "to") && !(side === 1 && wrong.kind === "from"));
        const field = (side: 0 | 1) => (
          <input class="text-input span-time figures" inputMode="text" maxLength={8} autocomplete="off" aria-label={side === 0 ? words.from(name, index + 1) : words.to(name, index + 1)} placeholder={side === 0 ? "9:00" : "17:00"}
            aria-invalid={bad(side) ? true : undefined} aria-describedby={wrong ? `${id}${index}` : undefined} value={span[side]}
            onInput={(event) => put(index, side, event.currentTarget.value)} onBlur={(event) => { if (tidy(event.currentTarget.value) !== span[side]) put(index, side, tidy(event.currentTarget.value)); }} />
        );
        return (
          <div key={index} class="span">
            <div class="span-line">
              {field(0)}<span aria-hidden="true">–</span>{field(1)}
              <Button kind="quiet" icon="x" label={words.removeSpan(name, index + 1)} onClick={() => remove(index)} />
            </div>
            {wrong && <p id={`${id}${index}`} class="field-problem" role="alert"><Icon name="alert" size={14} />{tellWrong(wrong)}</p>}
          </div>
        );
      })}
      {!spans.length && <span class="faint span-closed">{words.closed}</span>}
      <Button kind="quiet" icon="plus" class="span-add" label={words.addSpan(name)} onClick={add} />
    </div>
  );
}

/** The day from midnight to midnight, with what is open filled. */
function Bar({ spans }: { spans: readonly Span[] }) {
  const known = spans.map(([from, to]) => [minutesOf(from), minutesOf(to)] as const).filter(([from, to]) => from !== null && to !== null && from < to) as (readonly [number, number])[];
  return (
    <span class="weekday-bar" aria-hidden="true">
      {known.map(([from, to]) => <span key={`${from} ${to}`} style={{ left: `${from / 14.4}%`, width: `${(to - from) / 14.4}%` }} />)}
    </span>
  );
}

export function Week({ week, wrongs, change }: { week: WeekForm; wrongs: Wrongs; change(week: WeekForm): void }) {
  const copies = (day: Day): Choice[] => {
    const name = words.days[day] ?? day;
    const copy = (to: readonly Day[]) => {
      change(copyDay(week, day, to));
      toast(words.copied(name));
    };
    return [
      { key: "weekdays", text: words.copyWeekdays, act: () => copy(days.slice(0, 5)) },
      { key: "all", text: words.copyAll, act: () => copy(days) },
      ...(week[day].length ? [{ key: "close", text: words.closeDay, act: () => change({ ...week, [day]: [] }) }] : []),
    ];
  };
  return (
    <div class="week">
      {days.map((day, index) => (
        <div key={day} class="weekday" role="group" aria-label={words.days[day]} data-closed={!week[day].length}>
          <span class="weekday-name" aria-hidden="true">{words.days[day]}</span>
          <Spans name={words.days[day] ?? day} place={day} spans={week[day]} wrongs={wrongs} change={(spans) => change({ ...week, [day]: spans })} />
          <Bar spans={week[day]} />
          <Menu label={words.copy(words.days[day] ?? day)} class="button quiet only-icon" end up={index > 3} choices={copies(day)}><Icon name="copy" /></Menu>
        </div>
      ))}
    </div>
  );
}
