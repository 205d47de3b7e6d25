// Every address of the contact with its mark: proved by something, or only claimed.
import type { Card } from "../api/types";
import { channelName, labelOf, t } from "../i18n";
import { channelIcon, Icon } from "../ui/icons";
import { Section } from "./section";

function Proof({ proof }: { proof: string | null }) {
  if (!proof) return <span class="proof" data-proved="false"><Icon name="help" size={14} />{t.card.unproved}</span>;
  return <span class="proof" data-proved="true"><Icon name="check" size={14} />{t.card.proof[proof] ?? t.card.proved}</span>;
}

export function Identities({ card }: { card: Card }) {
  return (
    <>
      <Section title={t.card.identities}>
        {!card.identities.length && <p class="faint">{t.card.none}</p>}
        <ul class="identities" role="list">
          {card.identities.map((identity) => (
            <li key={identity.address} class="identity">
              <Icon name={channelIcon(identity.kind === "visitor" || identity.kind === "user" ? "webchat" : identity.kind === "phone" ? "sms" : identity.kind)} label={channelName(identity.kind)} />
              <span class="identity-text">
                <bdi class="identity-label clamp" title={identity.address}>{labelOf(identity)}</bdi>
                <Proof proof={identity.proof} />
                {identity.opted_out && <span class="tag bad" title={t.person.deaf}>{t.card.optedOut}</span>}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      {card.claims.length > 0 && (
        <Section title={t.card.claims}>
          <ul class="identities" role="list" title={t.card.claimHint}>
            {card.claims.map((claim) => (
              <li key={claim.id} class="identity claimed">
                <Icon name="help" />
                <span class="identity-text">
                  <bdi class="identity-label clamp">{claim.label || claim.address}</bdi>
                  <span class="proof" data-proved="false">{t.person.claimSays}</span>
                </span>
              </li>
            ))}
          </ul>
          <p class="faint small">{t.card.claimHint}</p>
        </Section>
      )}
    </>
  );
}
