// A password's field: it can be shown, says that Caps Lock is on, and how long a new one must still become.
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icons";
import { Button } from "./parts";

/** As many characters as the server wants, counted as it counts them. */
export const SHORTEST = 10;
const lengthOf = (password: string) => [...password.normalize("NFKC")].length;
export const longEnough = (password: string) => lengthOf(password) >= SHORTEST;

interface Props {
  label: string;
  name: string;
  autocomplete: "current-password" | "new-password";
  hint?: string;
  problem?: string | null;
  value: string;
  change(password: string): void;
  autofocus?: boolean;
  children?: ComponentChildren;
}

export function Secret({ label, name, autocomplete, hint, problem, value, change, autofocus, children }: Props) {
  const [shown, setShown] = useState(false);
  const [caps, setCaps] = useState(false);
  const id = useId();
  const said = [hint ? `${id}h` : "", problem ? `${id}p` : "", caps ? `${id}c` : ""].filter(Boolean).join(" ");
  const look = (event: KeyboardEvent) => setCaps(event.getModifierState("CapsLock"));
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="secret">
        <input id={id} class="text-input" type={shown ? "text" : "password"} name={name} autocomplete={autocomplete} required spellcheck={false} autocapitalize="off" autofocus={autofocus}
          data-autofocus={autofocus} aria-invalid={problem ? true : undefined} aria-describedby={said || undefined} value={value} onKeyDown={look} onKeyUp={look}
          onInput={(event) => change(event.currentTarget.value)} />
        <Button kind="quiet" icon={shown ? "hidden" : "eye"} label={shown ? t.admin.door.hide : t.admin.door.show} onClick={() => setShown(!shown)} />
      </div>
      {problem && <p id={`${id}p`} class="field-problem" role="alert"><Icon name="alert" size={14} />{problem}</p>}
      {caps && <p id={`${id}c`} class="field-problem"><Icon name="alert" size={14} />{t.admin.door.capsLock}</p>}
      {hint && <span id={`${id}h`} class="hint">{hint}</span>}
      {children}
    </div>
  );
}

/** How much is missing of a new password. */
export function Measure({ password }: { password: string }) {
  const left = SHORTEST - lengthOf(password);
  if (!password) return null;
  return (
    <p class="measure figures" data-enough={left <= 0} role="status">
      {left <= 0 && <Icon name="check" size={14} />}
      {left > 0 ? t.admin.door.short(left) : t.admin.door.enough}
    </p>
  );
}
