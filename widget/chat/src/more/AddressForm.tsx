/** At most two fields and a button. What was typed stays until the server took it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { reachable } from "../address";
import { Problem } from "../api";
import type { Field } from "./asked";
import type { Panel } from "./Panels";

interface Props extends Panel {
  fields: Field[];
  save: string;
  cancel: string;
  leave: () => void;
  /** Told when the server has the address. */
  done: (address: string) => void;
  /** The visitor asked for this form, so the focus goes there. */
  wanted: boolean;
  start?: Partial<Record<Field, string>>;
}

export function AddressForm({ chat, more, fields, save, cancel, leave, done, wanted, start }: Props) {
  const [typed, type] = useState<Partial<Record<Field, string>>>(start ?? {});
  const [wrong, setWrong] = useState<Field | "">("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const focus = (field: Field) => form.current?.querySelector<HTMLInputElement>("#tl-" + field)?.focus();
  useEffect(() => {
    if (wanted) focus(fields[0] as Field);
  }, []);

  const labels = { name: more.name, mail: more.mailLabel, phone: more.phoneLabel };
  const refuse = (field: Field | "", sentence: string) => {
    setWrong(field);
    setError(sentence);
    if (field) focus(field);
  };
  const submit = async () => {
    const name = (typed.name ?? "").trim();
    const ready: [Field, string][] = [];
    for (const field of fields) {
      if (field === "name") continue;
      const text = (typed[field] ?? "").trim();
      const address = reachable(text);
      // One of two addresses is enough; an empty one of two is left out.
      if (!text && fields.some((other) => other !== field && other !== "name" && typed[other]?.trim())) continue;
      if (!address || address.includes("@") !== (field === "mail")) return refuse(field, field === "mail" ? more.wrongMail : more.wrongPhone);
      ready.push([field, address]);
    }
    refuse("", "");
    setBusy(true);
    try {
      for (const [field, address] of ready) {
        try {
          await chat.claim(address, name);
        } catch (problem) {
          const judged = problem instanceof Problem && problem.status === 400;
          return refuse(judged ? field : "", judged ? (field === "mail" ? more.wrongMail : more.wrongPhone) : more.wrong);
        }
      }
      done(ready[0]?.[1] ?? "");
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      ref={form}
      class="fields"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {fields.map((field) => (
        <p key={field}>
          <label for={"tl-" + field}>{labels[field]}</label>
          <input
            id={"tl-" + field}
            class="field"
            type={field === "mail" ? "email" : field === "phone" ? "tel" : "text"}
            autoComplete={field === "mail" ? "email" : field === "phone" ? "tel" : "name"}
            dir={field === "name" ? "auto" : "ltr"}
            value={typed[field] ?? ""}
            maxLength={field === "name" ? 120 : 254}
            aria-invalid={wrong === field}
            aria-describedby={wrong === field ? "tl-error" : undefined}
            onInput={(event) => type({ ...typed, [field]: event.currentTarget.value })}
          />
        </p>
      ))}
      {error && (
        <p class="error" id="tl-error" role="alert">
          {error}
        </p>
      )}
      <p class="choices">
        <button type="submit" class="button" disabled={busy}>
          {save}
        </button>
        <button type="button" class="button bare" onClick={leave}>
          {cancel}
        </button>
      </p>
    </form>
  );
}
