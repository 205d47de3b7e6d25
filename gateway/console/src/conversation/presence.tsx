// Who else is here and who is writing: the warning that keeps two people from answering at once.
import { listed, t } from "../i18n";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";

export function Presence({ id }: { id: string }) {
  const others = useStore((state) => state.watching[id]?.filter((agent) => agent.id !== state.me?.id) ?? []);
  const typing = useStore((state) => state.typing[id]);
  const replying = others.filter((agent) => agent.replying).map((agent) => agent.name);
  if (typing?.who === "agent" && !replying.includes(typing.name)) replying.push(typing.name);
  const watching = others.map((agent) => agent.name).filter((name) => !replying.includes(name));
  return (
    <div class="presence" role="status">
      {typing?.who === "customer" && <span class="presence-typing"><span class="dots" aria-hidden="true"><i /><i /><i /></span>{t.conversation.typing(typing.name || t.someone)}</span>}
      {replying.length > 0 && <span class="presence-collision"><Icon name="alert" size={14} />{t.conversation.replying(listed(replying))}</span>}
      {replying.length === 0 && watching.length > 0 && <span class="presence-watching"><Icon name="eye" size={14} />{t.conversation.alsoHere(listed(watching))}</span>}
    </div>
  );
}
