// What hangs together: linked conversations, those merged into this one, and contacts that are or may be one person.
import type { Card, Id, Link, Maybe, Numbered } from "../api/types";
import { nameOf, t } from "../i18n";
import { now } from "../api/http";
import { shortOf } from "../pure/time";
import { openDialog, undoMerge } from "../store/acts";
import { part, unlink } from "../store/change";
import { hashOf } from "../store/place";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { Section } from "./section";

const useWay = () => {
  const { shelf, filters } = useStore((state) => state.list);
  return (open: Id) => hashOf({ shelf, filters, open, card: false });
};

export function Links({ id, links, may }: { id: Id; links: readonly Link[]; may: boolean }) {
  const way = useWay();
  if (!links.length && !may) return null;
  return (
    <Section title={t.link.section}>
      {links.length > 0 && (
        <ul class="earlier" role="list">
          {links.map(({ kind, direction, conversation }) => (
            <li key={`${kind} ${direction} ${conversation.id}`} class="tie">
              <a href={way(conversation.id)}>
                <span class="faint tie-kind">{t.link[direction][kind]}</span>
                <span class="clip"><span class="figures">#{conversation.number}</span> <bdi>{conversation.subject || nameOf(conversation)}</bdi></span>
                <span class="state small" data-state={conversation.state}>{t.conversation.state[conversation.state]}</span>
              </a>
              {may && <button type="button" class="chip-x" aria-label={t.link.remove(conversation.number)} title={t.link.remove(conversation.number)} onClick={() => void unlink(id, conversation.id, kind)}><Icon name="x" size={14} /></button>}
            </li>
          ))}
        </ul>
      )}
      {may && <button type="button" class="link" onClick={() => openDialog({ kind: "link", conversation: id })}>{t.link.add}</button>}
    </Section>
  );
}

export function Joined({ joined, may }: { joined: readonly Numbered[]; may: boolean }) {
  const way = useWay();
  if (!joined.length) return null;
  return (
    <Section title={t.join.section}>
      <ul role="list">
        {joined.map((one) => (
          <li key={one.id} class="card-line merged">
            <a class="figures" href={way(one.id)}>#{one.number}</a>
            {may && <button type="button" class="link" onClick={() => void part(one.id)}>{t.join.part}</button>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function whyOf(maybe: Maybe): string {
  return t.person.maybeWhy[maybe.why]?.(maybe.address.replace(/^[a-z]+:/, "")) ?? "";
}

export function MaybeSame({ id, maybe, may }: { id: Id; maybe: readonly Maybe[]; may: boolean }) {
  if (!maybe.length) return null;
  return (
    <Section title={t.person.maybe}>
      <ul class="maybes" role="list">
        {maybe.map((one) => (
          <li key={`${one.contact.id} ${one.address}`} class="maybe">
            <bdi class="clamp maybe-name">{one.contact.name.trim() || t.contacts.nameless}</bdi>
            <p class="small"><bdi>{whyOf(one)}</bdi></p>
            {may && <button type="button" class="link" onClick={() => openDialog({ kind: "merge", conversation: id, other: one.contact.id })}>{t.person.compare}</button>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Merges({ id, card, may }: { id: Id; card: Card; may: boolean }) {
  const merges = card.merges.filter((one) => !one.undone);
  if (!merges.length && !may) return null;
  return (
    <Section title={t.card.merges}>
      {merges.map((one) => (
        <p key={one.id} class="card-line merged">
          <span class="clamp"><bdi>{one.gone_name.trim() || t.contacts.nameless}</bdi> <span class="faint figures">{shortOf(one.at, now())}</span></span>
          {may && <button type="button" class="link" onClick={() => void undoMerge(id, one.id)}>{t.merge.undo}</button>}
        </p>
      ))}
      {may && <button type="button" class="link" onClick={() => openDialog({ kind: "merge", conversation: id })}>{t.merge.open}</button>}
    </Section>
  );
}
