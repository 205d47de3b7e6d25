// The subject, changed in its place: Enter saves, Esc leaves it as it was.
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { change } from "../store/change";

function Field({ id, subject, done }: { id: string; subject: string; done(): void }) {
  const [text, setText] = useState(subject);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const left = useRef(false);
  useEffect(() => field.current?.select(), []);
  const save = async () => {
    if (left.current) return;
    left.current = true;
    setBusy(true);
    const wanted = text.trim();
    if (wanted === subject || (await change(id, { subject: wanted }))) return done();
    left.current = false;
    setBusy(false);
  };
  return (
    <form class="subject-form" onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <input ref={field} class="subject-input" aria-label={t.head.subject} dir="auto" value={text} maxLength={300} readOnly={busy} placeholder={t.head.subject}
        onInput={(event) => setText(event.currentTarget.value)} onBlur={() => void save()}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          event.preventDefault();
          left.current = true;
          done();
        }} />
    </form>
  );
}

export function Subject({ id, subject, may }: { id: string; subject: string; may: boolean }) {
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !editing && document.activeElement === document.body) button.current?.focus();
    was.current = editing;
  }, [editing]);
  if (editing) return <Field id={id} subject={subject} done={() => setEditing(false)} />;
  if (!may) return subject ? <p class="head-subject clip" dir="auto" title={subject}>{subject}</p> : null;
  return (
    <button ref={button} type="button" class="head-subject" data-empty={!subject} title={subject || undefined} aria-label={subject ? t.head.editSubject(subject) : t.head.addSubject} onClick={() => setEditing(true)}>
      <span class="clip" dir="auto">{subject || t.head.addSubject}</span>
    </button>
  );
}
