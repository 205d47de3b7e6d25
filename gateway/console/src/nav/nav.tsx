// The first column: views with live counts, the own availability and load, and what belongs to the account.
import { useId } from "preact/hooks";
import type { View } from "../api/types";
import { t } from "../i18n";
import { openDialog } from "../store/acts";
import { go } from "../store/route";
import { setAvailability, signOut } from "../store/session";
import { setTheme } from "../store/theme";
import { useStore } from "../store/store";
import type { Theme } from "../store/state";
import { WaitClock } from "../ui/clock";
import { Icon, type IconName } from "../ui/icons";
import { Mark } from "../ui/mark";
import { Menu, type Choice } from "../ui/menu";
import { Avatar, Button } from "../ui/parts";

const views: [View, IconName][] = [["mine", "person"], ["unassigned", "queue"], ["all", "inbox"]];

function ViewButton({ view, icon }: { view: View; icon: IconName }) {
  const current = useStore((state) => state.list.view === view);
  const count = useStore((state) => state.counts?.[view] ?? null);
  const id = useId();
  return (
    <>
      <button type="button" class="view" aria-current={current ? "page" : undefined} aria-describedby={id}
        onClick={() => go({ view, open: null })}>
        <Icon name={icon} />
        <span class="view-name">{t.views[view]}</span>
        <span class="view-count figures" aria-hidden="true">{count === null ? "" : count}</span>
      </button>
      <span id={id} class="sr">{count === null ? "" : t.open(count)}</span>
    </>
  );
}

function WaitingNow() {
  const waiting = useStore((state) => state.counts?.waiting ?? 0);
  const since = useStore((state) => state.counts?.longest_since ?? null);
  if (!waiting) return null;
  return (
    <p class="nav-waiting">
      <span class="figures">{t.waitingNow(waiting)}</span>
      {since !== null && since > 0 && <span class="nav-longest">{t.longest} <WaitClock since={since} /></span>}
    </p>
  );
}

/** The switch that says "give me work", and how much there is of it already. */
function Availability() {
  const me = useStore((state) => state.me);
  const hint = useId();
  if (!me) return null;
  const on = me.availability === "available";
  const loads = me.load.filter((one) => one.cap > 0);
  return (
    <div class="availability">
      <button type="button" role="switch" class="switch" aria-checked={on} aria-label={t.available} aria-describedby={hint}
        onClick={() => void setAvailability(on ? "away" : "available")}>
        <span class="switch-track" aria-hidden="true"><span class="switch-knob" /></span>
        <span class="switch-text" aria-hidden="true">{on ? t.available : t.away}</span>
      </button>
      <span id={hint} class="sr">{on ? t.availableHint : t.awayHint}</span>
      <ul class="loads">
        {loads.map((one) => (
          <li key={one.class} class="load figures" data-full={one.load >= one.cap}>{t.loadOf(one.load, one.cap, t.load[one.class] ?? one.class)}</li>
        ))}
      </ul>
    </div>
  );
}

function Account() {
  const me = useStore((state) => state.me);
  const theme = useStore((state) => state.theme);
  if (!me) return null;
  const themes = (["system", "light", "dark"] as Theme[]).map<Choice>((one) => ({
    key: one, text: `${t.theme}: ${t.themes[one]}`, chosen: theme === one, act: () => setTheme(one),
  }));
  const choices: Choice[] = [
    ...themes,
    { key: "keys", text: t.help, hint: "?", act: () => openDialog({ kind: "help" }) },
    { key: "password", text: t.choose.change, act: () => openDialog({ kind: "password" }) },
    { key: "out", text: t.signOut, act: () => void signOut() },
  ];
  return (
    <Menu label={t.account} named class="account" up choices={choices}>
      <Avatar name={me.name} seed={me.id} />
      <span class="sr">{t.account}: </span>
      <span class="account-name"><bdi>{me.name}</bdi></span>
      <Icon name="up" size={14} />
    </Menu>
  );
}

export function Nav() {
  const viewer = useStore((state) => state.me?.role === "viewer");
  return (
    <nav class="nav" aria-label={t.views.label}>
      <div class="nav-top">
        <Mark />
        {!viewer && <Button kind="quiet" icon="plus" label={t.newTicket} onClick={() => openDialog({ kind: "ticket" })} />}
      </div>
      <div class="views">{views.map(([view, icon]) => <ViewButton key={view} view={view} icon={icon} />)}</div>
      <WaitingNow />
      <div class="nav-end">
        <Availability />
        <Account />
      </div>
    </nav>
  );
}
