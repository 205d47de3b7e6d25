// Whether a team is there, in words: "Open now, until 17:00", "Closed. Opens Monday 9:00".
import { useMemo } from "preact/hooks";
import { now } from "../../api/http";
import type { Hours } from "../../api/types";
import { t } from "../../i18n";
import { clockOf, formOf, isZone, standingAt, type HoursForm, type Standing } from "../../pure/hours";
import { useNow } from "../../ui/clock";

const words = t.admin.teams;
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "UTC" });
const dayMonth = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });

function whenOf(next: NonNullable<Standing["next"]>): string {
  const clock = clockOf(next.minutes).replace(/^0/, "");
  const date = new Date(`${next.date}T12:00:00Z`);
  const day = next.inDays === 0 ? words.today : next.inDays === 1 ? words.tomorrow : next.inDays < 7 ? weekday.format(date) : dayMonth.format(date);
  return words.at(day, clock);
}

/** The standing as a sentence. */
export function tellStanding(standing: Standing): string {
  const { open, next } = standing;
  if (!next) return open ? words.openAlways : words.never;
  if (open && next.inDays === 0) return words.openNow(clockOf(next.minutes).replace(/^0/, ""));
  return open ? words.openNow(whenOf(next)) : words.opens(whenOf(next));
}

/** The sentence, renewed each minute. */
export function StandingLine({ form }: { form: HoursForm }) {
  const minute = Math.floor(useNow() / 60_000_000);
  const standing = useMemo(() => (isZone(form.zone) ? standingAt(form, now()) : null), [form, minute]);
  if (!standing) return null;
  return <span class="standing" data-open={standing.open}><span class="whereabouts-dot" aria-hidden="true" />{tellStanding(standing)}</span>;
}

export function TeamStanding({ hours }: { hours: Hours | null }) {
  const form = useMemo(() => (hours ? formOf(hours) : null), [hours]);
  return form ? <StandingLine form={form} /> : <span class="standing" data-open="true"><span class="whereabouts-dot" aria-hidden="true" />{words.always}</span>;
}
