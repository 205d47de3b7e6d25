// The contact's other conversations, newest first, each one click away.
import type { Row } from "../api/types";
import { channelName, t } from "../i18n";
import { now } from "../api/http";
import { shortOf } from "../pure/time";
import { hashOf } from "../store/place";
import { useStore } from "../store/store";
import { channelIcon, Icon } from "../ui/icons";
import { Section } from "./section";

export function Earlier({ rows }: { rows: readonly Row[] }) {
  const { shelf, filters } = useStore((state) => state.list);
  return (
    <Section title={t.card.earlier}>
      {!rows.length && <p class="faint">{t.card.noEarlier}</p>}
      <ul class="earlier" role="list">
        {rows.map((row) => (
          <li key={row.id}>
            <a href={hashOf({ shelf, filters, open: row.id, card: false })}>
              <Icon name={channelIcon(row.channel)} size={14} label={channelName(row.channel)} />
              <span class="clip"><span class="figures faint">#{row.number}</span> <bdi>{row.subject || row.preview}</bdi></span>
              <span class="faint figures">{row.spam ? t.head.spam : t.conversation.state[row.state]} · {shortOf(row.last_at, now())}</span>
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
}
