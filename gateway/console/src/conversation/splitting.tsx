// While messages are being chosen for a conversation of their own, this stands where the composer was.
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { split, stopSplit } from "../store/change";
import { useStore } from "../store/store";
import { sentence } from "../store/toasts";
import { Icon } from "../ui/icons";
import { Button } from "../ui/parts";

export function Splitting({ id }: { id: string }) {
  const count = useStore((state) => state.splitting?.length ?? 0);
  const [subject, setSubject] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    document.querySelector<HTMLElement>(".pick input")?.focus();
    return stopSplit;
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      stopSplit();
    };
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!count) return;
    setBusy(true);
    setProblem(null);
    try {
      await split(id, subject.trim());
    } catch (reason) {
      setProblem(sentence(reason));
      setBusy(false);
    }
  };
  return (
    <form ref={form} class="splitting" aria-label={t.split.label} onSubmit={submit}>
      <p class="splitting-count" role="status">{count ? t.split.chosen(count) : t.split.start}</p>
      <input class="text-input" aria-label={t.split.subject} placeholder={t.split.subject} value={subject} maxLength={300} dir="auto" onInput={(event) => setSubject(event.currentTarget.value)} />
      {problem !== null && <p class="form-problem" role="alert"><Icon name="alert" />{problem}</p>}
      <div class="splitting-end">
        <Button onClick={stopSplit}>{t.act.cancel}</Button>
        <Button kind="primary" type="submit" disabled={!count || busy}>{t.split.submit}</Button>
      </div>
    </form>
  );
}
