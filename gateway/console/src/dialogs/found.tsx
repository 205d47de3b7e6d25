// Conversations and contacts to choose from, as somebody types: shared by the dialogs that need another one.
import { useEffect, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Row } from "../api/types";
import { channelName, nameOf, t } from "../i18n";
import { now } from "../api/http";
import { shortOf } from "../pure/time";
import { sentence } from "../store/toasts";
import { channelIcon, Icon } from "../ui/icons";
import { Skeleton } from "../ui/parts";

export interface Search<T> {
  found: T[] | null;
  problem: string | null;
}

/** What `search` finds for the words, a moment after the last key; null while it looks. */
export function useSearch<T>(words: string, search: (words: string) => Promise<T[]>): Search<T> {
  const [result, setResult] = useState<Search<T>>({ found: null, problem: null });
  useEffect(() => {
    let live = true;
    const timer = setTimeout(() => {
      search(words.trim())
        .then((found) => live && setResult({ found, problem: null }))
        .catch((reason: unknown) => live && setResult({ found: [], problem: sentence(reason) }));
    }, words ? 250 : 0);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [words]);
  return result;
}

export const Problem = ({ text }: { text: string | null }) => (text === null ? null : <p class="form-problem" role="alert"><Icon name="alert" />{text}</p>);

/** The frame of a list of choices: looks, finds nothing, fails, or shows them. */
export function Choices({ label, search, none, children }: { label: string; search: Search<unknown>; none: string; children: ComponentChildren }) {
  return (
    <div class="choices" role="radiogroup" aria-label={label}>
      <Problem text={search.problem} />
      {!search.found && <Skeleton label={t.list.loading} rows={4} shape="line" />}
      {search.found?.length === 0 && search.problem === null && <p class="faint">{none}</p>}
      {children}
    </div>
  );
}

/** One conversation as a choice. */
export function RowChoice({ row, chosen, choose, name = "conversation" }: { row: Row; chosen: boolean; choose(row: Row): void; name?: string }) {
  return (
    <label class="choice two-lines">
      <input type="radio" name={name} checked={chosen} onChange={() => choose(row)} />
      <span class="choice-text">
        <span class="choice-first"><span class="figures">#{row.number}</span> <bdi class="clip">{nameOf(row)}</bdi></span>
        <span class="choice-preview faint"><Icon name={channelIcon(row.channel)} size={14} label={channelName(row.channel)} /><span class="clip" dir="auto">{row.subject || row.preview}</span></span>
      </span>
      <span class="choice-hint figures">{t.conversation.state[row.state]}<br />{shortOf(row.last_at, now())}</span>
    </label>
  );
}
