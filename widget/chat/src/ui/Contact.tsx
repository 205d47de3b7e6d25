/** Where to answer when nobody is here, or when the visitor does not want to wait. Asked after the question, never before. */
import { useEffect, useRef, useState } from "preact/hooks";
import { reachable } from "../address";
import { Problem } from "../api";
import type { Chat } from "../chat";
import { fill, type Words } from "../words";

export function Contact({ chat, words, done }: { chat: Chat; words: Words; done: () => void }) {
  const { available, claimed, line } = chat.state;
  const [wanted, want] = useState(false);
  const [typed, type] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const [fresh, setFresh] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (wanted) field.current?.focus();
  }, [wanted]);

  const asked = line.items.some((item) => item.mine);
  if (!asked) return null;
  if (claimed && !wanted) {
    return fresh || !available ? (
      <div class="card quiet">
        <p role="status">{fill(words.saved, { address: claimed })}</p>
        <button
          type="button"
          class="link"
          onClick={() => {
            type(claimed);
            want(true);
          }}
        >
          {words.change}
        </button>
      </div>
    ) : null;
  }
  if (available && !wanted) {
    return line.thread?.waiting ? (
      <button type="button" class="link" onClick={() => want(true)}>
        {words.later}
      </button>
    ) : null;
  }

  const submit = (event: Event) => {
    event.preventDefault();
    const address = reachable(typed);
    if (!address) {
      setError(words.wrongAddress);
      field.current?.focus();
      return;
    }
    setBusy(true);
    setError("");
    chat
      .claim(address)
      .then(() => {
        want(false);
        setFresh(true);
        done();
      })
      .catch((problem: unknown) => setError((problem instanceof Problem && problem.message) || words.wrong))
      .finally(() => setBusy(false));
  };
  return (
    <form class="card" onSubmit={submit} noValidate>
      <p>{available ? words.reach : words.reachAway}</p>
      <label for="address">{words.address}</label>
      <div class="choices">
        <input
          ref={field}
          id="address"
          class="field"
          type="text"
          inputMode="email"
          autoComplete="email"
          dir="ltr"
          value={typed}
          maxLength={254}
          aria-invalid={!!error}
          aria-describedby={error ? "address-error" : undefined}
          onInput={(event) => type(event.currentTarget.value)}
        />
        <button type="submit" class="button" disabled={busy}>
          {words.save}
        </button>
      </div>
      {error && <p class="error" id="address-error" role="alert">{error}</p>}
      {(available || claimed) && (
        <button type="button" class="link" onClick={() => want(false)}>
          {words.cancel}
        </button>
      )}
    </form>
  );
}
