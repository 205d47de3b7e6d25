// What each filter can be set to, and how its value is said.
import type { Id } from "../api/types";
import { channelName, t } from "../i18n";
import { stateOf, teamOf, type FilterName, type Shelf } from "../pure/listing";
import type { State } from "../store/state";
import { channelIcon } from "../ui/icons";
import type { Option } from "../ui/pick";

const states = ["open", "snoozed", "resolved", "closed", "any"] as const;

/** The filters that mean something on a shelf: the others it decides itself. */
export function filtersOf(shelf: Shelf): FilterName[] {
  const names: FilterName[] = ["tag", "priority", "category", "channel"];
  if (shelf !== "mine" && shelf !== "unassigned") names.unshift("owner");
  if (teamOf(shelf) === null) names.unshift("team");
  return shelf === "spam" ? names : ["state", ...names];
}

function named(list: readonly { id: Id; name: string }[] | null, value: string): string {
  return list?.find((one) => one.id === value)?.name ?? t.filter.unknown;
}

/** The value of a filter in words. */
export function valueName(state: State, name: FilterName, value: string): string {
  switch (name) {
    case "state": return t.list.states[value as keyof typeof t.list.states];
    case "team": return value === "none" ? t.filter.none.team : named(state.teams, value);
    case "category": return value === "none" ? t.filter.none.category : named(state.categories, value);
    case "priority": return t.head.priorities[Number(value)] ?? value;
    case "owner": return value === "none" ? t.filter.none.owner : value === "me" ? t.filter.me : named(state.agents, value);
    case "channel": return channelName(value);
    case "sort": return t.filter.sorts[value as keyof typeof t.filter.sorts];
    default: return value;
  }
}

/** Channels that conversations came by, as far as this tab has seen them. */
function channelsOf(state: State): string[] {
  const seen = new Set(Object.values(state.rows).map((row) => row.channel));
  if (state.list.filters.channel) seen.add(state.list.filters.channel);
  return [...seen].sort((a, b) => channelName(a).localeCompare(channelName(b)));
}

export function optionsOf(state: State, name: FilterName): Option[] {
  const { filters, shelf } = state.list;
  const chosen = filters[name] ?? (name === "state" ? stateOf(shelf) : undefined);
  const option = (key: string, more: Partial<Option> = {}): Option => ({ key, text: valueName(state, name, key), chosen: key === chosen, ...more });
  switch (name) {
    case "state": return states.map((one) => option(one));
    case "team": return [option("none"), ...state.teams.map((one) => option(one.id))];
    case "category": return [option("none"), ...(state.categories ?? []).filter((one) => !one.hidden || one.id === chosen).map((one) => option(one.id))];
    case "priority": return ["1", "2", "3"].map((one) => option(one));
    case "owner": return [option("me"), option("none"), ...state.agents.filter((one) => one.id !== state.me?.id).map((one) => option(one.id))];
    case "channel": return channelsOf(state).map((one) => option(one, { icon: channelIcon(one) }));
    case "tag": return state.tags.map((one) => option(one.name, { hint: String(one.count) }));
    default: return [];
  }
}
