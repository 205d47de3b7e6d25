// One beat a second for every clock on the page, and the wait clock that shows it.
import { useEffect, useState } from "preact/hooks";
import { now } from "../api/http";
import { t } from "../i18n";
import { waitAt } from "../pure/wait";
import { Icon } from "./icons";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

/** The server's now in microseconds, renewed each second while the component lives. */
export function useNow(): number {
  const [at, setAt] = useState(now);
  useEffect(() => {
    const beat = () => setAt(now());
    listeners.add(beat);
    timer ??= setInterval(() => listeners.forEach((listener) => listener()), 1000);
    return () => {
      listeners.delete(beat);
      if (!listeners.size && timer !== null) {
        clearInterval(timer);
        timer = null;
      }
    };
  }, []);
  return at;
}

const icons = { calm: "clock", soon: "hourglass", late: "alert" } as const;

/** How long the customer waits. Colour, icon and words say the same. */
export function WaitClock({ since }: { since: number }) {
  const wait = waitAt(since, useNow());
  if (!wait) return null;
  const mood = wait.mood === "calm" ? "" : `, ${wait.mood === "soon" ? t.list.soon : t.list.late}`;
  return (
    <span class="wait" data-mood={wait.mood} title={t.list.waits(wait.clock) + mood}>
      <Icon name={icons[wait.mood]} size={14} />
      <span class="sr">{t.list.waits("")}</span>
      <span class="figures">{wait.clock}</span>
      {mood && <span class="sr">{mood}</span>}
    </span>
  );
}
