// The first column: places with live counts, teams, saved searches, settings for those who may, and the account.
import { useId } from "preact/hooks";
import type { Search } from "../api/types";
import { t } from "../i18n";
import type { Shelf } from "../pure/listing";
import { openDialog } from "../store/acts";
import { takes } from "../pages/admin/page";
import { may, useMay } from "../store/admin";
import { hashOf } from "../store/place";
import { go } from "../store/route";
import { dropSearch, isShown, keptIn } from "../store/searches";
import type { AdminPage, State } from "../store/state";
import { useStore } from "../store/store";
import { WaitClock } from "../ui/clock";
import { Icon, type IconName } from "../ui/icons";
import { Mark } from "../ui/mark";
import { Button } from "../ui/parts";
import { Account, Availability } from "./account";
import { countOf, shelfIcons, usePlaceName } from "./names";
import { Section } from "./section";

const first: Shelf[] = ["mine", "unassigned", "waiting", "due", "all"];
const last: Shelf[] = ["snoozed", "resolved", "spam"];

/** Whether a saved search stands for what is shown: it is then the current place, not the shelf below it. */
const isSaved = (state: State) => state.searches.some((one) => isShown(one, state.list));

interface Line {
  to: string;
  icon: IconName;
  name: string;
  count?: number | null;
  current: boolean;
  /** Without it the address itself leads there. */
  go?: () => void;
}

function PlaceLink({ to, icon, name, count = null, current, go: act }: Line) {
  const id = useId();
  return (
    <>
      <a class="view" href={to} aria-current={current ? "page" : undefined} aria-describedby={count === null ? undefined : id} draggable={false}
        onClick={(event) => {
          if (!act || event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          act();
        }}>
        <Icon name={icon} />
        <span class="view-name clip" dir="auto">{name}</span>
        {count !== null && <span class="view-count figures" aria-hidden="true">{count || ""}</span>}
      </a>
      {count !== null && <span id={id} class="sr">{t.views.count(count)}</span>}
    </>
  );
}

function ShelfLink({ shelf }: { shelf: Shelf }) {
  const name = usePlaceName(shelf);
  const count = useStore((state) => countOf(state, shelf));
  const current = useStore((state) => !state.admin && state.list.shelf === shelf && !isSaved(state));
  return (
    <li>
      <PlaceLink to={hashOf({ shelf, filters: {}, open: null, card: false })} icon={shelfIcons[shelf] ?? "team"} name={name} count={count} current={current}
        go={() => go({ shelf, open: null })} />
    </li>
  );
}

function SavedLink({ search }: { search: Search }) {
  const current = useStore((state) => !state.admin && isShown(search, state.list));
  const mayShare = useMay("share");
  const kept = keptIn(search);
  return (
    <li class="saved-line">
      <PlaceLink to={hashOf({ ...kept, open: null, card: false })} icon={search.shared ? "team" : "saved"} name={search.name} current={current} go={() => go({ ...kept, open: null })} />
      {search.shared && <span class="sr">{t.saved.shares}</span>}
      {(search.mine || (search.shared && mayShare)) && <Button kind="quiet" icon="x" class="saved-drop" label={t.saved.remove(search.name)} onClick={() => void dropSearch(search)} />}
    </li>
  );
}

function Teams() {
  const ids = useStore((state) => {
    const all = state.me !== null && state.me.role !== "agent" && state.me.role !== "viewer";
    return (all ? state.teams : state.me?.teams ?? []).map((one) => one.id);
  });
  if (!ids.length) return null;
  return <Section name="teams" title={t.views.teams}>{ids.map((id) => <ShelfLink key={id} shelf={`team:${id}`} />)}</Section>;
}

function Searches() {
  const searches = useStore((state) => state.searches);
  if (!searches.length) return null;
  return (
    <Section name="searches" title={t.views.searches}>
      {searches.map((one) => <SavedLink key={one.id} search={one} />)}
    </Section>
  );
}

const pages: readonly AdminPage[] = ["people", "teams", "snippets", "categories", "audit"];

/** The way to the pages besides the desk: to the first of them that this person may use. */
function Settings() {
  const current = useStore((state) => state.admin !== null);
  const page = useStore((state) => pages.find((one) => may(state.me, takes[one].right)));
  if (!page) return null;
  return <PlaceLink to={`#/${page}`} icon="gear" name={t.settings.label} current={current} />;
}

function WaitingNow() {
  const waiting = useStore((state) => state.counts?.waiting ?? 0);
  const since = useStore((state) => state.counts?.longest_since ?? null);
  if (!waiting || !since) return null;
  return (
    <p class="nav-waiting">
      <span class="figures">{t.waitingNow(waiting)}</span>
      <span class="nav-longest">{t.longest} <WaitClock since={since} /></span>
    </p>
  );
}

export function NavInside() {
  const writes = useMay("reply");
  return (
    <nav class="nav-inside" aria-label={t.views.label}>
      <div class="nav-top">
        <Mark />
        {writes && <Button kind="quiet" icon="plus" label={t.newTicket} onClick={() => openDialog({ kind: "ticket" })} />}
      </div>
      <div class="nav-scroll">
        <ul class="views" role="list">{first.map((shelf) => <ShelfLink key={shelf} shelf={shelf} />)}</ul>
        <WaitingNow />
        <Teams />
        <Searches />
        <Section name="more" title={t.views.more}>{last.map((shelf) => <ShelfLink key={shelf} shelf={shelf} />)}</Section>
      </div>
      <div class="nav-end">
        <Settings />
        <Availability />
        <Account />
      </div>
    </nav>
  );
}
