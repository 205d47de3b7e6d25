// The own availability and load, and what belongs to the account.
import { useId } from "preact/hooks";
import type { Load } from "../api/types";
import { t } from "../i18n";
import { inOrder, worthSaying } from "../pure/places";
import { openDialog } from "../store/acts";
import { useMay } from "../store/admin";
import { setAvailability, signOut } from "../store/session";
import { setTheme } from "../store/theme";
import { useStore } from "../store/store";
import type { Theme } from "../store/state";
import { Icon } from "../ui/icons";
import { Menu, type Choice } from "../ui/menu";
import { Avatar } from "../ui/parts";

/** The switch that says "give me work", and how much there is of it already. */
export function Availability() {
  const me = useStore((state) => state.me);
  const answers = useMay("reply");
  const hint = useId();
  if (!me || !answers) return null;
  const on = me.availability === "available";
  const words = (one: Load) => t.loadOf(one.load, one.cap, t.load[one.class] ?? one.class);
  const all = inOrder(me.load).filter((one) => one.cap > 0);
  return (
    <div class="availability">
      <button type="button" role="switch" class="switch" aria-checked={on} aria-label={t.available} aria-describedby={hint}
        onClick={() => void setAvailability(on ? "away" : "available")}>
        <span class="switch-track" aria-hidden="true"><span class="switch-knob" /></span>
        <span class="switch-text" aria-hidden="true">{on ? t.available : t.away}</span>
      </button>
      <span id={hint} class="sr">{on ? t.availableHint : t.awayHint}</span>
      {all.length > 0 && (
        <ul class="loads" title={all.map(words).join(", ")}>
          {worthSaying(me.load).map((one) => <li key={one.class} class="load figures" data-full={one.load >= one.cap}>{words(one)}</li>)}
        </ul>
      )}
    </div>
  );
}

export function Account() {
  const me = useStore((state) => state.me);
  const theme = useStore((state) => state.theme);
  if (!me) return null;
  const themes = (["system", "light", "dark"] as Theme[]).map<Choice>((one) => ({
    key: one, text: `${t.theme}: ${t.themes[one]}`, chosen: theme === one, act: () => setTheme(one),
  }));
  const choices: Choice[] = [
    ...themes,
    { key: "alerts", text: t.alerts.open, act: () => openDialog({ kind: "alerts" }) },
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
