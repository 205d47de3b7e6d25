// A button that opens a short list of choices: arrows move, Esc closes, focus returns.
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { Icon } from "./icons";

export interface Choice {
  key: string;
  text: string;
  hint?: string | undefined;
  chosen?: boolean;
  act(): void;
}

interface Props {
  label: string;
  children: ComponentChildren;
  choices: readonly Choice[];
  class?: string;
  shortcut?: string;
  up?: boolean;
  end?: boolean;
  /** Changes when a shortcut asks for the menu. */
  name?: string;
  /** What is inside the button names it already. */
  named?: boolean;
}

const EDGE = 8;

/** Move a list that would reach beyond the window's side back into it. */
function keepInside(list: HTMLElement | null | undefined): void {
  if (!list) return;
  const { left, right } = list.getBoundingClientRect();
  const by = left < EDGE ? EDGE - left : Math.min(0, innerWidth - EDGE - right);
  if (by) list.style.translate = `${by}px 0`;
}

export function Menu({ label, children, choices, class: extra = "button plain", shortcut, up, end, name, named }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const items = () => [...(root.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
  const close = (refocus: boolean) => {
    setOpen(false);
    if (refocus) root.current?.querySelector<HTMLElement>("[aria-haspopup]")?.focus();
  };
  useLayoutEffect(() => {
    if (open) keepInside(root.current?.querySelector<HTMLElement>("[role=menu]"));
    if (open) (items().find((item) => item.getAttribute("aria-checked") === "true") ?? items()[0])?.focus();
  }, [open]);
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const move = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      all[(move + all.length) % all.length]?.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close(true);
    } else if (event.key === "Tab") setOpen(false);
  };
  return (
    <div class="menu" ref={root} onKeyDown={onKeyDown}>
      <button type="button" class={extra} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined} aria-label={named ? undefined : label}
        title={shortcut ? `${label} (${shortcut})` : undefined} aria-keyshortcuts={shortcut} data-menu={name} onClick={() => setOpen(!open)}>
        {children}
      </button>
      {open && (
        <div id={id} role="menu" aria-label={label} class={`menu-list${up ? " up" : ""}${end ? " end" : ""}`}>
          {choices.map((choice) => (
            <button key={choice.key} type="button" tabIndex={-1} class="menu-item" role={choice.chosen === undefined ? "menuitem" : "menuitemradio"}
              aria-checked={choice.chosen} onClick={() => { close(true); choice.act(); }}>
              <span class="menu-text">{choice.text}</span>
              {choice.hint && <span class="menu-hint figures">{choice.hint}</span>}
              {choice.chosen && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
