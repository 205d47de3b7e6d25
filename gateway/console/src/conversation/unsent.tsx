// What was written and is not stored yet: shown as it will be, with its state, and never lost.
import type { Pending } from "../store/state";
import { t } from "../i18n";
import { placeholdersIn } from "../pure/placeholder";
import { sendAgain, takeBack } from "../store/outbox";
import { useStore } from "../store/store";
import { write } from "../keys";
import { Icon } from "../ui/icons";
import { Files } from "./files";

export function Unsent({ pending }: { pending: Pending }) {
  const name = useStore((state) => state.me?.name ?? "");
  const failed = pending.state === "failed";
  const unfilled = pending.placeholder ? placeholdersIn(pending.text) : [];
  const edit = () => {
    takeBack(pending.client_id, true);
    write(pending.tab);
  };
  return (
    <article class="message unsent" data-direction={pending.tab === "note" ? "note" : "out"} data-pending={pending.state} data-client={pending.client_id}>
      <header class="message-head">
        {pending.tab === "note" && <Icon name="lock" size={14} label={t.message.private} />}
        <bdi class="message-author">{name}</bdi>
      </header>
      <div class="bubble">
        {pending.text && <div class="words" dir="auto">{pending.text}</div>}
        {pending.files.length > 0 && <Files files={pending.files} />}
      </div>
      <p class="delivery" data-delivery={failed ? "failed" : "queued"} role={failed ? "alert" : undefined}>
        <Icon name={failed ? "alert" : "clock"} size={14} />
        <span>{t.pending[pending.state]}{failed && pending.problem ? `: ${pending.problem}` : ""}</span>
        {failed && pending.placeholder && unfilled.length > 1 && <span class="delivery-detail"><bdi>{t.placeholder.refused(unfilled.join(", "))}</bdi></span>}
        {failed && (
          <>
            {pending.placeholder
              ? <button type="button" class="link" onClick={() => sendAgain(pending.client_id, true)}>{t.placeholder.asIs}</button>
              : <button type="button" class="link" onClick={() => sendAgain(pending.client_id)}>{t.pending.retry}</button>}
            <button type="button" class="link" onClick={edit}>{t.pending.edit}</button>
            <button type="button" class="link" onClick={() => takeBack(pending.client_id, false)}>{t.pending.discard}</button>
          </>
        )}
      </p>
    </article>
  );
}
