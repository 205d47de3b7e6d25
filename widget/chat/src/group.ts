/** Puts lines into days and, within a day, into groups of one person and one minute. */

export interface Line {
  key: string;
  mine: boolean;
  name: string;
  /** Milliseconds. */
  at: number;
}

export interface Group<L extends Line> {
  key: string;
  mine: boolean;
  name: string;
  at: number;
  lines: L[];
}

export interface Day<L extends Line> {
  key: string;
  at: number;
  groups: Group<L>[];
}

const dayOf = (at: number): string => new Date(at).toDateString();
const minuteOf = (at: number): number => Math.floor(at / 60_000);

/** Groups `lines`, which come in reading order; a clock that runs behind never opens an earlier day below a later one. */
export function group<L extends Line>(lines: L[]): Day<L>[] {
  const days: Day<L>[] = [];
  let latest = 0;
  for (const line of lines) {
    const at = Math.max(latest, line.at);
    latest = at;
    let day = days[days.length - 1];
    if (!day || dayOf(day.at) !== dayOf(at)) {
      day = { key: "day-" + line.key, at, groups: [] };
      days.push(day);
    }
    const last = day.groups[day.groups.length - 1];
    if (last && last.mine === line.mine && last.name === line.name && minuteOf(last.at) === minuteOf(at)) last.lines.push(line);
    else day.groups.push({ key: line.key, mine: line.mine, name: line.name, at, lines: [line] });
  }
  return days;
}
