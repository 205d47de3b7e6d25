// Choosing a time zone from the few hundred there are: type a city, arrows and Enter choose.
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { now } from "../../api/http";
import { t } from "../../i18n";
import { cityOf, clockOf, localOf, zones, zonesLike } from "../../pure/hours";
import { Icon } from "../../ui/icons";

const words = t.admin.teams;
const MOST = 60;
const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;

interface Props {
  value: string;
  change(zone: string): void;
  problem: string | null;
}

function Options({ id, shown, at, value, choose }: { id: string; shown: readonly string[]; at: number; value: string; choose(zone: string): void }) {
  return (
    <ul id={id} role="listbox" class="combo-list" aria-label={words.zones}>
      {shown.map((zone, index) => (
        <li key={zone} id={`${id}-${index}`} role="option" class="combo-item" aria-selected={index === at} data-chosen={zone === value}
          onPointerDown={(event) => { event.preventDefault(); choose(zone); }}>
          <span class="clip">{cityOf(zone)} <span class="faint small">{zone}{zone === own ? ` · ${words.zoneHere}` : ""}</span></span>
          <span class="faint small figures">{clockOf(localOf(zone, now()).minutes)}</span>
        </li>
      ))}
      {!shown.length && <li class="combo-none faint">{words.zoneNone}</li>}
    </ul>
  );
}

export function Zone({ value, change, problem }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const all = useMemo(zones, []);
  const open = typed !== null;
  const shown = useMemo(() => (typed === null ? [] : zonesLike(typed, typed ? all : [own, ...all.filter((zone) => zone !== own)]).slice(0, MOST)), [typed, all]);
  useEffect(() => {
    if (open) root.current?.querySelector(`#${CSS.escape(`${id}l-${at}`)}`)?.scrollIntoView({ block: "nearest" });
  }, [at, open]);
  const choose = (zone: string | undefined) => {
    if (zone) change(zone);
    setTyped(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      if (open) setAt(Math.max(0, Math.min(shown.length - 1, move)));
      else setTyped("");
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      choose(shown[at]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      setTyped(null);
    }
  };
  return (
    <div class="field combo" ref={root}>
      <label for={id}>{words.zone}</label>
      <div class="combo-box">
        <input id={id} class="text-input" role="combobox" autocomplete="off" spellcheck={false} aria-expanded={open} aria-controls={open ? `${id}l` : undefined} aria-autocomplete="list"
          aria-activedescendant={open && shown.length ? `${id}l-${at}` : undefined} aria-invalid={problem ? true : undefined} aria-describedby={problem ? `${id}p` : undefined}
          placeholder={words.zoneFind} value={typed ?? value.replaceAll("_", " ")} onClick={() => { if (!open) setTyped(""); }}
          onInput={(event) => { setTyped(event.currentTarget.value); setAt(0); }} onKeyDown={onKeyDown} onBlur={() => setTyped(null)} />
        <Icon name="down" size={12} />
      </div>
      {open && <Options id={`${id}l`} shown={shown} at={at} value={value} choose={choose} />}
      {problem && <p id={`${id}p`} class="field-problem" role="alert"><Icon name="alert" size={14} />{problem}</p>}
    </div>
  );
}
