// What stands where there are no rows: why, and what to do about it.
import { t } from "../i18n";
import { isNarrowed, stateOf, teamOf, type Shelf } from "../pure/listing";
import { go } from "../store/route";
import { setAvailability } from "../store/session";
import { useStore } from "../store/store";
import type { IconName } from "../ui/icons";
import { Blank, Button } from "../ui/parts";
import { usePlaceName } from "../nav/names";

const icons: Partial<Record<Shelf, IconName>> = { mine: "check", unassigned: "check", waiting: "check", due: "due", snoozed: "moon", spam: "ban" };

function NotFound({ words }: { words: string }) {
  const { shelf, filters } = useStore((state) => state.list);
  const place = usePlaceName(shelf);
  const { q: _words, ...others } = filters;
  const limited = shelf !== "all" || filters.state !== "any" || Object.keys(others).length > 1;
  return (
    <Blank icon="search" title={t.empty.search(words)} text={limited ? `${t.empty.searchHere(place)} ${t.empty.searchHint}` : t.empty.searchHint}>
      <p class="blank-acts">
        {limited && <Button kind="primary" onClick={() => go({ shelf: "all", filters: { state: "any", q: words } })}>{t.search.everywhere}</Button>}
        <Button onClick={() => go({ filters: others })}>{t.search.clear}</Button>
      </p>
    </Blank>
  );
}

export function Empty() {
  const { shelf, filters } = useStore((state) => state.list);
  const away = useStore((state) => state.me?.availability === "away");
  if (filters.q) return <NotFound words={filters.q} />;
  if (isNarrowed(filters)) {
    const only = Object.keys(filters).every((name) => name === "state" || name === "sort") && filters.state !== stateOf(shelf);
    return (
      <Blank icon="filter" title={t.empty.filtered} text={only ? undefined : t.empty.filteredHint}>
        <Button onClick={() => go({ filters: {} })}>{t.empty.clear}</Button>
      </Blank>
    );
  }
  const [title, text] = teamOf(shelf) === null ? t.empty[shelf as Exclude<Shelf, `team:${string}`>] : t.empty.team;
  if (away && (shelf === "mine" || shelf === "unassigned" || shelf === "waiting")) {
    return (
      <Blank icon="moon" title={title} text={t.empty.away}>
        <Button onClick={() => void setAvailability("available")}>{t.empty.available}</Button>
      </Blank>
    );
  }
  return <Blank icon={icons[shelf] ?? "inbox"} title={title} text={text} />;
}
