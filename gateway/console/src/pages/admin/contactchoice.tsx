// Choosing a contact by name or address: type, arrows and Enter choose.
import { useEffect, useId, useState } from "preact/hooks";
import { findContacts } from "../../api/calls";
import type { Found, Named } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/parts";

const words = t.admin.audit;

export function ContactChoice({ value, change }: { value: Named | null; change(contact: Named | null): void }) {
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<readonly Found[] | null>(null);
  const [at, setAt] = useState(0);
  const id = useId();
  useEffect(() => {
    setFound(null);
    if (typed.trim().length < 2) return;
    let stale = false;
    const timer = setTimeout(() => {
      findContacts(typed.trim()).then((contacts) => { if (!stale) { setFound(contacts); setAt(0); } }).catch(() => { if (!stale) setFound([]); });
    }, 250);
    return () => { stale = true; clearTimeout(timer); };
  }, [typed]);
  const choose = (contact: Found | undefined) => {
    if (!contact) return;
    change({ id: contact.id, name: contact.name || contact.addresses[0] || t.someone });
    setTyped("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!found) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setAt(Math.max(0, Math.min(found.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[at]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      setTyped("");
    }
  };
  if (value) return <span class="picked"><bdi class="clip">{value.name}</bdi><Button kind="quiet" icon="x" label={words.clearContact} onClick={() => change(null)} /></span>;
  return (
    <div class="combo audit-contact">
      <input class="text-input" role="combobox" autocomplete="off" aria-label={words.contact} aria-expanded={found !== null} aria-controls={found ? id : undefined} aria-autocomplete="list" aria-activedescendant={found?.length ? `${id}-${at}` : undefined}
        placeholder={`${words.contact}: ${words.contactFind}`} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} onKeyDown={onKeyDown} onBlur={() => setTyped("")} />
      {found && (
        <ul id={id} role="listbox" class="combo-list" aria-label={words.contacts}>
          {found.map((contact, index) => (
            <li key={contact.id} id={`${id}-${index}`} role="option" class="combo-item" aria-selected={index === at} onPointerDown={(event) => { event.preventDefault(); choose(contact); }}>
              <bdi class="clip">{contact.name || contact.addresses[0] || t.someone}</bdi><span class="clip faint small">{contact.name ? contact.addresses[0] ?? "" : ""}</span>
            </li>
          ))}
          {!found.length && <li class="combo-none faint">{words.noContacts}</li>}
        </ul>
      )}
    </div>
  );
}
