/** The menu "always in reach": https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/ */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Config } from "../types";
import type { Way } from "../ui/App";
import type { More } from "../words/more-en";

const PATHS: Record<Way, string> = {
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
  mail: "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Zm-1.5 1.5 8.5 6.5 8.5-6.5",
  sms: "M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3Zm3 15h2",
  call: "M6.5 3.5h2.5l1.5 4-2 1.5a11 11 0 0 0 6 6l1.5-2 4 1.5v2.5a2.5 2.5 0 0 1-2.7 2.5A15 15 0 0 1 4 6.200 2.5 2.5 0 0 1 6.5 3.5Z",
};

interface Props {
  ways: Config["ways"];
  more: More;
  label: string;
  /** Null when the menu was left without a choice. */
  pick: (way: Way | null) => void;
  button: RefObject<HTMLButtonElement>;
}

export function Menu({ ways, more, label, pick, button }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const items = () => [...(list.current?.querySelectorAll("button") ?? [])];
  useEffect(() => {
    items()[0]?.focus();
    const outside = ({ target }: Event) => {
      if (!list.current?.contains(target as Node) && !button.current?.contains(target as Node)) pick(null);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, []);

  const leave = (way: Way | null) => {
    button.current?.focus();
    pick(way);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to % all.length]?.focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      leave(null);
    } else if (event.key === "Tab") leave(null);
  };
  const labels = { person: more.person, mail: more.mail, sms: more.sms, call: more.call };
  const offered: Way[] = ["person", ...(["mail", "sms", "call"] as const).filter((way) => ways.includes(way))];
  return (
    <div class="menu" role="menu" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {offered.map((way) => (
        <button key={way} type="button" role="menuitem" tabIndex={-1} onClick={() => leave(way)}>
          <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d={PATHS[way]} />
          </svg>
          {labels[way]}
        </button>
      ))}
    </div>
  );
}
