/** "Did that solve it?": the visitor has the last word on whether a conversation is over. */
import { useState } from "preact/hooks";
import type { Thread } from "../types";
import type { Words } from "../words";

interface Props {
  thread: Thread;
  words: Words;
  answer: (yes: boolean) => Promise<void>;
}

export function Solved({ thread, words, answer }: Props) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  if (thread.state === "closed") return <p class="card quiet">{words.closed}</p>;
  if (thread.state !== "resolved" || !thread.asked_solved) return null;

  const say = (yes: boolean) => {
    setBusy(true);
    setError("");
    answer(yes)
      .catch((problem: Error) => setError(problem.message || words.wrong))
      .finally(() => setBusy(false));
  };
  return (
    <section class="card" aria-labelledby="solved">
      <p id="solved">{words.ask}</p>
      <div class="choices">
        <button type="button" class="button" disabled={busy} onClick={() => say(true)}>
          {words.yes}
        </button>
        <button type="button" class="button second" disabled={busy} onClick={() => say(false)}>
          {words.no}
        </button>
      </div>
      {error && <p class="error" role="alert">{error}</p>}
    </section>
  );
}
