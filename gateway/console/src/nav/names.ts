// What a shelf is called.
import { t } from "../i18n";
import { teamOf, type Shelf } from "../pure/listing";
import { isShown } from "../store/searches";
import type { State } from "../store/state";
import { useStore } from "../store/store";
import type { IconName } from "../ui/icons";

export const shelfIcons: Record<string, IconName> = {
  mine: "person", unassigned: "queue", waiting: "hourglass", due: "due", all: "inbox", snoozed: "moon", resolved: "checks", spam: "ban",
};

export function shelfName(state: State, shelf: Shelf): string {
  const team = teamOf(shelf);
  if (team === null) return t.views[shelf as Exclude<Shelf, `team:${string}`>];
  return state.teams.find((one) => one.id === team)?.name ?? state.me?.teams.find((one) => one.id === team)?.name ?? t.views.unknownTeam;
}

export const usePlaceName = (shelf: Shelf): string => useStore((state) => shelfName(state, shelf));

/** The heading of the list: the saved search when it is one, otherwise the shelf. */
export const useTitle = (): string =>
  useStore((state) => state.searches.find((one) => isShown(one, state.list))?.name ?? shelfName(state, state.list.shelf));

/** How many stand open there; null where nobody counts. */
export function countOf(state: State, shelf: Shelf): number | null {
  const { counts } = state;
  if (!counts) return null;
  const team = teamOf(shelf);
  if (team !== null) return counts.teams?.[team] ?? 0;
  if (shelf === "snoozed" || shelf === "resolved") return null;
  return counts[shelf as "mine"] ?? null;
}
