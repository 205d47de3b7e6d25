// A panel of choices with a field to find among them: for lists too long for a menu. Arrows move, Enter takes, Esc closes.
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Icon, type IconName } from "./icons";
import { Button } from "./parts";

export interface Option {
  key: string;
  text: string;
  hint?: string | undefined;
  icon?: IconName | undefined;
  chosen?: boolean;
}

interface Props {
  label: string;
  options: readonly Option[];
  pick(key: string): void;
  /** `refocus` when the keyboard closed it: focus belongs back to whatever opened it. */
  close(refocus: boolean): void;
  back?: (() => void) | undefined;
  /** What typed words may become when nothing has that name: an option of their own. */
  fresh?: ((text: string) => Option | null) | undefined;
  up?: boolean;
}

/** From so many choices on there is a field to find one. */
const MANY = 8;
const SHOWN = 60;

export function Pick({ label, options, pick, close, back, fresh, up }: Props) {
  const [words, setWords] = useState("");
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  const wanted = words.trim().toLocaleLowerCase();
  const found = options.filter((option) => option.text.toLocaleLowerCase().includes(wanted)).slice(0, SHOWN);
  const made = wanted && fresh && !options.some((option) => option.text.toLocaleLowerCase() === wanted) ? fresh(words.trim()) : null;
  const shown = made ? [...found, made] : found;
  const finds = options.length > MANY || fresh !== undefined;
  const items = () => [...(panel.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];

  useLayoutEffect(() => {
    const first = panel.current?.querySelector<HTMLElement>("input") ?? items().find((item) => item.getAttribute("aria-checked") === "true") ?? items()[0];
    first?.focus();
  }, [label]);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      const root = panel.current?.closest("[data-pick-root]") ?? panel.current;
      if (!root?.contains(event.target as Node)) close(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const field = panel.current?.querySelector("input") ?? null;
    const at = all.indexOf(document.activeElement as HTMLElement);
    const typing = document.activeElement === field && field !== null;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close(true);
    } else if (event.key === "Tab") close(false);
    else if (event.key === "Enter" && typing) {
      event.preventDefault();
      if (shown[0]) pick(shown[0].key);
    } else if (event.key === "ArrowDown") all[(at + 1) % all.length]?.focus();
    else if (event.key === "ArrowUp") (at <= 0 && field ? field : all[(at - 1 + all.length) % all.length])?.focus();
    else if (event.key === "Home" && !typing) all[0]?.focus();
    else if (event.key === "End" && !typing) all[all.length - 1]?.focus();
    else if (event.key === "ArrowLeft" && back && !words) back();
    else return;
    if (event.key.startsWith("Arrow")) event.preventDefault();
  };

  return (
    <div ref={panel} class={`finder${up ? " up" : ""}`} onKeyDown={onKeyDown}>
      <p class="finder-head" id={id}>
        {back && <Button kind="quiet" icon="back" label={t.filter.back} onClick={back} />}
        {label}
      </p>
      {finds && <input type="text" class="text-input" aria-label={`${t.filter.find}: ${label}`} placeholder={t.filter.find} value={words} autocomplete="off" spellcheck={false} maxLength={60}
        onInput={(event) => setWords(event.currentTarget.value)} />}
      {shown.length > 0 ? (
        <div role="menu" class="finder-list" aria-labelledby={id}>
          {shown.map((option) => (
            <button key={option.key} type="button" tabIndex={-1} class="menu-item" role={option.chosen === undefined ? "menuitem" : "menuitemradio"} aria-checked={option.chosen}
              onClick={() => pick(option.key)}>
              {option.icon && <Icon name={option.icon} />}
              <span class="menu-text" dir="auto">{option.text}</span>
              {option.hint && <span class="menu-hint figures">{option.hint}</span>}
              {option.chosen && <Icon name="check" />}
            </button>
          ))}
        </div>
      ) : <p class="finder-none" role="status">{t.filter.nothing}</p>}
    </div>
  );
}
