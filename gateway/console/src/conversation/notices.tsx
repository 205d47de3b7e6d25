// What must be known before reading on: merged into another one, spam, blocked, waiting for another conversation.
import type { ComponentChildren } from "preact";
import { nameOf, t } from "../i18n";
import { part, unblock, unspam } from "../store/change";
import { go } from "../store/route";
import { useStore } from "../store/store";
import { Icon, type IconName } from "../ui/icons";

function Notice({ icon, tone, text, children }: { icon: IconName; tone: "plain" | "bad"; text: string; children?: ComponentChildren }) {
  return <p class="notice" data-tone={tone}><Icon name={icon} /><span><bdi>{text}</bdi></span>{children}</p>;
}

const Act = ({ text, act }: { text: string; act(): void }) => <button type="button" class="link" onClick={act}>{text}</button>;

export function Notices({ id }: { id: string }) {
  const row = useStore((state) => state.rows[id]);
  const page = useStore((state) => state.pages[id]);
  const rights = useStore((state) => state.me?.rights ?? []);
  const into = useStore((state) => { const to = state.pages[id]?.joinedTo; return to ? state.rows[to]?.number ?? null : null; });
  if (!row || page?.status !== "ready") return null;
  const waits = row.state === "open" || row.state === "snoozed" ? page.links.filter((link) => link.kind === "blocked_by" && link.direction === "to" && ["open", "snoozed"].includes(link.conversation.state)) : [];
  const joinedTo = page.joinedTo;
  const card = page.card;
  return (
    <div class="notices">
      {joinedTo && (
        <Notice icon="join" tone="plain" text={into === null ? t.join.banner : t.join.bannerTo(into)}>
          <Act text={t.join.show} act={() => go({ open: joinedTo })} />
          {rights.includes("reply") && <Act text={t.join.part} act={() => void part(id)} />}
        </Notice>
      )}
      {row.spam && <Notice icon="ban" tone="bad" text={t.spam.banner}>{rights.includes("reply") && <Act text={t.more.unspam} act={() => void unspam(id)} />}</Notice>}
      {card?.blocked && <Notice icon="ban" tone="bad" text={t.block.banner}>{rights.includes("block") && <Act text={t.block.undo} act={() => void unblock(card, nameOf(row))} />}</Notice>}
      {waits.map((link) => (
        <Notice key={link.conversation.id} icon="hourglass" tone="plain" text={t.link.blocked(link.conversation.number)}>
          <Act text={t.join.show} act={() => go({ open: link.conversation.id })} />
        </Notice>
      ))}
    </div>
  );
}
