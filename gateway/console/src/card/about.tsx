// What is known of the person besides addresses: language, the time where they are, the page they look at.
import type { Card } from "../api/types";
import { t } from "../i18n";
import { safeUrl } from "../pure/linkify";
import { aheadOf, timeIn } from "../pure/time";
import { useNow } from "../ui/clock";
import { Icon } from "../ui/icons";
import { Section } from "./section";

function languageOf(locale: string): string {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}

/** The time where they are, as it goes on; nothing for a zone this browser does not know. */
function LocalTime({ zone }: { zone: string }) {
  const at = useNow();
  const time = timeIn(zone, at);
  const ahead = aheadOf(zone, at);
  if (time === null || ahead === null) return null;
  const hours = String(Math.abs(ahead)).replace(".25", " ¼").replace(".5", " ½").replace(".75", " ¾").replace(/^0 /, "");
  const words = ahead === 0 ? t.person.sameTime : (ahead > 0 ? t.person.ahead : t.person.behind)(hours);
  return (
    <div>
      <dt>{t.card.local}</dt>
      <dd class="figures" title={zone}><time>{time}</time> <span class="faint">{words}</span></dd>
    </div>
  );
}

export function About({ card }: { card: Card }) {
  if (!card.time_zone && !card.locale) return null;
  return (
    <dl class="facts card-about">
      {card.time_zone && <LocalTime zone={card.time_zone} />}
      {card.locale && <div><dt>{t.card.language}</dt><dd><bdi>{languageOf(card.locale)}</bdi></dd></div>}
    </dl>
  );
}

export function PageNow({ page }: { page: NonNullable<Card["page"]> }) {
  const href = safeUrl(page.url);
  const title = page.title.trim() || t.card.noPage;
  return (
    <Section title={t.card.page}>
      <p class="card-page">
        <bdi class="clamp">{title}</bdi>
        {href ? <a href={href} target="_blank" rel="noopener noreferrer nofollow"><bdi>{page.url}</bdi></a> : <bdi class="clamp faint">{page.url}</bdi>}
      </p>
    </Section>
  );
}

export function Attributes({ values }: { values: Record<string, unknown> }) {
  const facts = Object.entries(values).filter(([, value]) => value !== null && value !== "");
  if (!facts.length) return null;
  const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  return (
    <Section title={t.card.attributes}>
      <dl class="facts">{facts.map(([name, value]) => <div key={name}><dt><bdi>{name}</bdi></dt><dd class="clamp" dir="auto">{text(value)}</dd></div>)}</dl>
    </Section>
  );
}

export function Blocked({ unblock }: { unblock: (() => void) | null }) {
  return (
    <p class="notice" data-tone="bad"><Icon name="ban" /><span>{t.block.banner}</span>{unblock && <button type="button" class="link" onClick={unblock}>{t.person.unblock}</button>}</p>
  );
}
