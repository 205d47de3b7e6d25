// The line that says where the words go, and why there: by which channel to whom; and that notes go nowhere.
import { useEffect } from "preact/hooks";
import type { Entry, Identity, MessageEntry } from "../api/types";
import { channelName, nameOf, t } from "../i18n";
import { farOf } from "../pure/time";
import { changeDraft } from "../store/drafts";
import type { Tab } from "../store/state";
import { useStore } from "../store/store";
import { useNow } from "../ui/clock";
import { Icon } from "../ui/icons";
import { Menu, type Choice } from "../ui/menu";

/** Addresses an agent may choose; the browser of a visitor is where a reply goes anyway. */
const choosable = (identity: Identity) => !identity.opted_out && identity.kind !== "visitor" && identity.kind !== "user";

function lastOf(entries: readonly Entry[], fits: (message: MessageEntry) => boolean): MessageEntry | null {
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at];
    if (entry?.kind === "message" && fits(entry)) return entry;
  }
  return null;
}

const agoOf = (then: number, at: number) => (at - then < 60_000_000 ? t.composer.justNow : t.composer.ago(farOf(then, at)));

/** Why a reply goes where it goes: they wrote there last, or we did. */
function reasonOf(said: MessageEntry | null, heard: MessageEntry | null, at: number): string {
  if (!said) return "";
  if (heard && heard.channel === said.channel) return t.composer.wroteHere(agoOf(heard.at, at));
  return t.composer.weWroteHere(agoOf(said.at, at));
}

export function Target({ id, tab, address }: { id: string; tab: Tab; address: string | null }) {
  const row = useStore((state) => state.rows[id]);
  const card = useStore((state) => state.pages[id]?.card ?? null);
  const entries = useStore((state) => (state.pages[id]?.status === "ready" ? state.pages[id].entries : null));
  const at = useNow();
  const identities = card?.identities.filter(choosable) ?? [];
  const chosen = identities.find((identity) => identity.address === address);
  useEffect(() => {
    // The address left the contact, by an undone merge for one: a reply must not go to somebody else.
    if (card && address !== null && !chosen) changeDraft(id, { address: null });
  }, [card, address]);
  if (!row) return null;
  if (tab === "note") return <p class="target">{t.composer.noteTo}</p>;
  const said = lastOf(entries ?? [], (message) => message.direction !== "note");
  const usual = said || !entries ? t.composer.where(channelName(said?.channel ?? row.channel), nameOf(row)) : t.composer.nowhere;
  const shown = chosen ? t.composer.where(channelName(chosen.kind), chosen.label) : usual;
  const reason = chosen ? t.composer.chosen : reasonOf(said, lastOf(entries ?? [], (message) => message.direction === "in"), at);
  const why = reason && <span class="target-why figures">· {reason}</span>;
  if (!identities.length) return <p class="target"><span class="clip">{t.composer.to} <bdi>{shown}</bdi> {why}</span></p>;
  const choices: Choice[] = [
    ...(said ? [{ key: "", text: usual, hint: t.composer.here, chosen: !chosen, act: () => changeDraft(id, { address: null }) }] : []),
    ...identities.map((identity) => ({
      key: identity.address, text: `${channelName(identity.kind)} · ${identity.label}`, chosen: identity.address === address,
      hint: identity.last_in_at ? t.person.lastIn(agoOf(identity.last_in_at, at)) : undefined,
      act: () => changeDraft(id, { address: identity.address }),
    })),
  ];
  return (
    <div class="target">
      <span class="clip">{t.composer.to} <bdi>{shown}</bdi> {why}</span>
      <Menu label={`${t.composer.address}: ${shown}, ${t.composer.change}`} class="target-choice" choices={choices} up>
        {t.composer.change}
        <Icon name="down" size={14} />
      </Menu>
    </div>
  );
}
