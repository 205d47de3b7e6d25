// Priority, due date and category: each a word that opens its choices.
import type { Row } from "../api/types";
import { t } from "../i18n";
import { now } from "../api/http";
import { dueBy, momentOf, type Term } from "../pure/time";
import { openDialog } from "../store/acts";
import { change } from "../store/change";
import { useStore } from "../store/store";
import { useNow } from "../ui/clock";
import { Icon } from "../ui/icons";
import { Menu, type Choice } from "../ui/menu";

interface Props {
  row: Row;
  may: boolean;
}

const priorities = [1, 2, 3] as const;

export function Priority({ row, may }: Props) {
  const name = t.head.priorities[row.priority] ?? t.head.priorities[2];
  const mark = row.priority === 1 ? <Icon name="urgent" size={14} /> : row.priority === 3 ? <Icon name="low" size={14} /> : null;
  if (!may) return <span class="fact-text" data-priority={row.priority} title={t.head.priority}>{mark}{name}</span>;
  const choices = priorities.map((priority) => ({
    key: String(priority), text: t.head.priorities[priority] as string, chosen: row.priority === priority, act: () => { if (priority !== row.priority) void change(row.id, { priority }); },
  }));
  return (
    <Menu label={`${t.head.priority}: ${name}`} class="fact" choices={choices} name="priority">
      <span class="fact-inside" data-priority={row.priority}>{mark}{name}</span>
    </Menu>
  );
}

const terms: Term[] = ["today", "tomorrow", "threeDays", "monday"];

export function Due({ row, may }: Props) {
  const at = useNow();
  const late = row.due_at !== null && row.due_at <= at && (row.state === "open" || row.state === "snoozed");
  const text = row.due_at === null ? t.head.due : (late ? t.head.overdue : t.head.dueAt)(momentOf(row.due_at, at));
  const inside = <span class="fact-inside figures" data-late={late} data-empty={row.due_at === null}><Icon name={late ? "alert" : "due"} size={14} />{text}</span>;
  if (!may) return row.due_at === null ? null : inside;
  const choices: Choice[] = terms.flatMap((term) => {
    const until = dueBy(term, now());
    return until === null ? [] : [{ key: term, text: t.head.terms[term], hint: momentOf(until, now()), act: () => void change(row.id, { due_at: until }) }];
  });
  choices.push({ key: "own", text: t.head.own, act: () => openDialog({ kind: "when", conversation: row.id, what: "due" }) });
  if (row.due_at !== null) choices.push({ key: "none", text: t.head.clearDue, act: () => void change(row.id, { due_at: null }) });
  return <Menu label={row.due_at === null ? t.head.noDue : text} class="fact" choices={choices} name="due">{inside}</Menu>;
}

export function Category({ row, may }: Props) {
  const categories = useStore((state) => state.categories);
  const name = row.category === null ? null : categories?.find((one) => one.id === row.category)?.name ?? (categories ? t.head.unnamed : "…");
  if (!may) return name ? <span class="fact-text clip"><bdi>{name}</bdi></span> : null;
  const shown = (categories ?? []).filter((one) => !one.hidden || one.id === row.category);
  const choices: Choice[] = shown.map((one) => ({
    key: one.id, text: one.name, chosen: one.id === row.category, act: () => { if (one.id !== row.category) void change(row.id, { category: one.id }); },
  }));
  if (row.category !== null) choices.push({ key: "", text: t.head.noCategory, act: () => void change(row.id, { category: null }) });
  if (!choices.length) return null;
  return (
    <Menu label={`${t.head.category}: ${name ?? t.head.noCategory}`} class="fact" choices={choices} name="category">
      <span class="fact-inside" data-empty={name === null}><bdi class="clip">{name ?? t.head.category}</bdi></span>
    </Menu>
  );
}
