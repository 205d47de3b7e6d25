// Dates on which the week does not count: closed, or with hours of their own.
import { useRef } from "preact/hooks";
import { now } from "../../api/http";
import { t } from "../../i18n";
import { localOf, type Holiday, type Wrongs } from "../../pure/hours";
import { Icon } from "../../ui/icons";
import { Button } from "../../ui/parts";
import { Spans, tellWrong } from "./week";

const words = t.admin.teams;
const dateWords = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

const told = (date: string) => (/^\d{4}-\d{2}-\d{2}$/.test(date) ? dateWords.format(new Date(`${date}T12:00:00Z`)) : "");

interface LineProps {
  holiday: Holiday;
  index: number;
  wrongs: Wrongs;
  past: boolean;
  change(holiday: Holiday): void;
  remove(): void;
}

function Line({ holiday, index, wrongs, past, change, remove }: LineProps) {
  const wrong = wrongs[`holiday.${index}`];
  const name = told(holiday.date) || words.dateOf(index + 1);
  const short = holiday.spans.length > 0;
  return (
    <li class="holiday" data-past={past}>
      <div class="holiday-line">
        <input type="date" class="text-input figures" aria-label={words.dateOf(index + 1)} aria-invalid={wrong ? true : undefined} value={holiday.date} onInput={(event) => change({ ...holiday, date: event.currentTarget.value })} />
        <span class="select boxed">
          <select aria-label={`${words.holidayKind} ${name}`} value={short ? "short" : "closed"} onChange={(event) => change({ ...holiday, spans: event.currentTarget.value === "short" ? [["09:00", "12:00"]] : [] })}>
            <option value="closed">{words.closedDay}</option>
            <option value="short">{words.shortDay}</option>
          </select>
        </span>
        {past && <span class="tag">{words.past}</span>}
        <Button kind="quiet" icon="x" class="holiday-remove" label={words.removeHoliday(told(holiday.date))} onClick={remove} />
      </div>
      {wrong && <p class="field-problem" role="alert"><Icon name="alert" size={14} />{tellWrong(wrong)}</p>}
      {short && <Spans name={name} place={`holiday.${index}`} spans={holiday.spans} wrongs={wrongs} change={(spans) => change({ ...holiday, spans })} />}
    </li>
  );
}

export function Holidays({ zone, holidays, wrongs, change }: { zone: string; holidays: readonly Holiday[]; wrongs: Wrongs; change(holidays: Holiday[]): void }) {
  const root = useRef<HTMLDivElement>(null);
  const today = wrongs.zone ? "" : localOf(zone, now()).date;
  const add = () => {
    change([...holidays, { date: "", spans: [] }]);
    requestAnimationFrame(() => root.current?.querySelector<HTMLElement>(".holiday:last-child input")?.focus());
  };
  const remove = (index: number) => {
    change(holidays.filter((_, at) => at !== index));
    root.current?.querySelector<HTMLElement>(".holiday-add")?.focus();
  };
  return (
    <div class="holidays" ref={root}>
      {!holidays.length && <p class="faint">{words.noHolidays}</p>}
      <ul>
        {holidays.map((holiday, index) => (
          <Line key={index} holiday={holiday} index={index} wrongs={wrongs} past={holiday.date !== "" && holiday.date < today} remove={() => remove(index)}
            change={(next) => change(holidays.map((one, at) => (at === index ? next : one)))} />
        ))}
      </ul>
      <div><Button icon="plus" class="holiday-add" onClick={add}>{words.addHoliday}</Button></div>
    </div>
  );
}
