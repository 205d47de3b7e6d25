// The small parts used everywhere: button, avatar, text with links, spinner-free placeholders.
import type { ComponentChildren, JSX } from "preact";
import { linkify } from "../pure/linkify";
import { Icon, type IconName } from "./icons";

interface ButtonProps extends Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, "icon"> {
  icon?: IconName;
  kind?: "plain" | "primary" | "quiet" | "note" | "danger";
  /** An icon alone: `label` is its accessible name and tooltip. */
  label?: string;
  shortcut?: string;
  children?: ComponentChildren;
}

export function Button({ icon, kind = "plain", label, shortcut, children, class: extra, ...rest }: ButtonProps) {
  const title = label ?? (typeof children === "string" ? children : undefined);
  return (
    <button type="button" class={`button ${kind}${label && !children ? " only-icon" : ""}${extra ? ` ${String(extra)}` : ""}`} aria-label={label}
      title={shortcut && title ? `${title} (${shortcut})` : label} aria-keyshortcuts={shortcut} {...rest}>
      {icon && <Icon name={icon} />}
      {children !== undefined && <span class="button-text">{children}</span>}
    </button>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = (word: string | undefined) => (word ? [...new Intl.Segmenter().segment(word)][0]?.segment ?? "" : "");
  const one = first(words[0]);
  // A syllable of Devanagari or Thai is as wide as two Latin letters.
  const two = words.length > 1 && one.length === 1 ? first(words[words.length - 1]) : "";
  return (one + two).toLocaleUpperCase();
}

function hue(seed: string): number {
  let sum = 0;
  for (const letter of seed) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 8;
  return sum;
}

export function Avatar({ name, seed, size = 28 }: { name: string; seed: string; size?: 20 | 28 | 40 }) {
  return <span class={`avatar size-${size} hue-${hue(seed)}`} aria-hidden="true">{initials(name) || <Icon name="person" size={size / 2} />}</span>;
}

/** Plain text whose web and mail addresses can be opened. Text nodes only. */
export function Linked({ text }: { text: string }) {
  return (
    <>
      {linkify(text).map((piece, index) =>
        piece.href === null ? piece.text : (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">{piece.text}</a>
        ),
      )}
    </>
  );
}

/** Grey lines where text will be; says so to assistive technology. */
export function Skeleton({ label, rows, shape }: { label: string; rows: number; shape: "row" | "message" | "line" }) {
  return (
    <div class={`skeleton ${shape}`} role="status">
      <span class="sr">{label}</span>
      {Array.from({ length: rows }, (_, index) => <span key={index} class="bone" aria-hidden="true" />)}
    </div>
  );
}

/** A sentence where there is nothing else to show, and what to do about it. */
export function Blank({ icon, title, text, children }: { icon: IconName; title: string; text?: string | undefined; children?: ComponentChildren }) {
  return (
    <div class="blank">
      <Icon name={icon} size={28} />
      <p class="blank-title">{title}</p>
      {text && <p class="blank-text">{text}</p>}
      {children}
    </div>
  );
}
