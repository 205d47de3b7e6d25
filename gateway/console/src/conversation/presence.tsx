// Who else is here and who is writing: the warning that keeps two people from answering at once.
import type { Named } from "../api/types";
import { listed, t } from "../i18n";
import { allowed, take } from "../store/acts";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";

/** Somebody else has it: said when an answer is begun, and louder when that person answers too. */
function Owner({ id, owner, both }: { id: string; owner: Named; both: boolean }) {
  const may = useStore((state) => (state.me && state.rows[id] ? allowed(state.rows[id], state.me) : null));
  if (!may?.write) return null;
  return (
    <p class="owner" data-both={both}>
      <Icon name="alert" />
      <span>{both ? t.owner.replying(owner.name) : t.owner.has(owner.name)}</span>
      {may.take && <button type="button" class="link" onClick={() => void take(id)}>{t.owner.take}</button>}
    </p>
  );
}

export function Presence({ id }: { id: string }) {
  const others = useStore((state) => state.watching[id]?.filter((agent) => agent.id !== state.me?.id) ?? []);
  const typing = useStore((state) => state.typing[id]);
  const answering = others.filter((agent) => agent.replying);
  // Whoever has the conversation is named in the warning below, louder.
  const owner = useStore((state) => {
    const has = state.rows[id]?.assignee;
    return has && has.id !== state.me?.id && state.drafts[id]?.text.reply.trim() ? has : null;
  });
  const replying = answering.filter((agent) => agent.id !== owner?.id).map((agent) => agent.name);
  if (typing?.who === "agent" && !replying.includes(typing.name) && typing.name !== owner?.name) replying.push(typing.name);
  const watching = others.map((agent) => agent.name).filter((name) => !replying.includes(name) && name !== owner?.name);
  return (
    <div class="presence" role="status">
      {typing?.who === "customer" && <span class="presence-typing"><span class="dots" aria-hidden="true"><i /><i /><i /></span><bdi>{t.conversation.typing(typing.name || t.someone)}</bdi></span>}
      {replying.length > 0 && <span class="presence-collision"><Icon name="alert" size={14} /><bdi>{t.conversation.replying(listed(replying))}</bdi></span>}
      {replying.length === 0 && watching.length > 0 && <span class="presence-watching"><Icon name="eye" size={14} /><bdi>{t.conversation.alsoHere(listed(watching))}</bdi></span>}
      {owner && <Owner id={id} owner={owner} both={answering.some((agent) => agent.id === owner.id)} />}
    </div>
  );
}
