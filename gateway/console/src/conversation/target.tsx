// The line that says where the words go: by which channel to whom, and that notes go nowhere.
import type { Identity } from "../api/types";
import { channelName, nameOf, t } from "../i18n";
import { changeDraft } from "../store/drafts";
import type { Tab } from "../store/state";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { Menu, type Choice } from "../ui/menu";

/** Addresses an agent may choose; the browser of a visitor is where a reply goes anyway. */
function choosable(identity: Identity): boolean {
  return !identity.opted_out && identity.kind !== "visitor" && identity.kind !== "user";
}

export function Target({ id, tab, address }: { id: string; tab: Tab; address: string | null }) {
  const row = useStore((state) => state.rows[id]);
  const identities = useStore((state) => state.pages[id]?.card?.identities.filter(choosable) ?? []);
  if (!row) return null;
  if (tab === "note") return <p class="target">{t.composer.noteTo}</p>;
  const chosen = identities.find((identity) => identity.address === address);
  const usual = t.composer.where(channelName(row.channel), nameOf(row));
  const shown = chosen ? t.composer.where(channelName(chosen.kind), chosen.label) : usual;
  if (!identities.length) return <p class="target">{t.composer.to} <bdi>{shown}</bdi></p>;
  const choices: Choice[] = [
    { key: "", text: usual, hint: t.composer.here, chosen: !chosen, act: () => changeDraft(id, { address: null }) },
    ...identities.map((identity) => ({
      key: identity.address, text: `${channelName(identity.kind)} · ${identity.label}`, chosen: identity.address === address,
      act: () => changeDraft(id, { address: identity.address }),
    })),
  ];
  return (
    <div class="target">
      {t.composer.to}
      <Menu label={`${t.composer.address}: ${shown}`} class="target-choice" choices={choices} up>
        <bdi>{shown}</bdi>
        <Icon name="down" size={14} />
      </Menu>
    </div>
  );
}
