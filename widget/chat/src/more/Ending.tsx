/** The end of a conversation: did that solve it, and how was it? The visitor has the last word, and may keep silent. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Thread } from "../types";
import type { Panel } from "./Panels";

export function Ending({ thread, ...panel }: Panel & { thread: Thread }) {
  const { chat, more } = panel;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [answered, setAnswered] = useState(false);

  if (thread.state === "closed") {
    if (thread.rating !== null) return <Quiet text={more.rated} />;
    return chat.state.skipped === thread.id ? <Quiet text={more.closed} /> : <Rating {...panel} wanted={answered} />;
  }
  if (!thread.asked_solved) return null;

  const say = (yes: boolean) => {
    setBusy(true);
    setError("");
    setAnswered(yes);
    chat
      .solved(yes)
      .then(() => yes || panel.back())
      .catch(() => setError(more.wrong))
      .finally(() => setBusy(false));
  };
  return (
    <section class="card" aria-labelledby="tl-solved">
      <h3 id="tl-solved">{more.ask}</h3>
      <p class="choices">
        <button type="button" class="button" disabled={busy} onClick={() => say(true)}>
          {more.yes}
        </button>
        <button type="button" class="button second" disabled={busy} onClick={() => say(false)}>
          {more.no}
        </button>
      </p>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </section>
  );
}

const Quiet = ({ text }: { text: string }) => (
  <p class="card quiet" role="status">
    {text}
  </p>
);

function Rating({ chat, language, more, back, wanted }: Panel & { wanted: boolean }) {
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const heading = useRef<HTMLLegendElement>(null);
  useEffect(() => {
    if (wanted) heading.current?.focus();
  }, []);

  const give = () => {
    setBusy(true);
    setError("");
    chat.rate(score, comment.trim()).then(back, () => {
      setBusy(false);
      setError(more.wrong);
    });
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        if (score) give();
      }}
    >
      <fieldset class="scores">
        <legend ref={heading} tabIndex={-1}>
          {more.rate}
        </legend>
        {[more.one, more.two, more.three, more.four, more.five].map((word, index) => (
          <label key={word}>
            <input type="radio" name="score" value={index + 1} checked={score === index + 1} onChange={() => setScore(index + 1)} />
            <b aria-hidden="true">{(index + 1).toLocaleString(language.tag)}</b>
            <span>{word}</span>
          </label>
        ))}
      </fieldset>
      {score > 0 && (
        <p>
          <label for="tl-comment">{more.comment}</label>
          <textarea
            id="tl-comment"
            class="field"
            rows={2}
            dir="auto"
            maxLength={1000}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
        </p>
      )}
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      <p class="choices">
        {score > 0 && (
          <button type="submit" class="button" disabled={busy}>
            {more.give}
          </button>
        )}
        <button
          type="button"
          class="button bare"
          onClick={() => {
            chat.skip();
            back();
          }}
        >
          {more.skip}
        </button>
      </p>
    </form>
  );
}
