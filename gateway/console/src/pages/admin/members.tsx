// Who belongs to a team: everybody who signs in, members first as they were when the list was opened.
import { useMemo, useState } from "preact/hooks";
import type { Id } from "../../api/types";
import { t } from "../../i18n";
import { useStore } from "../../store/store";
import { Avatar } from "../../ui/parts";
import { SearchField } from "./parts";

const words = t.admin.teams;
const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

export function Members({ chosen, change }: { chosen: readonly Id[]; change(members: Id[]): void }) {
  const agents = useStore((state) => state.agents);
  const [query, setQuery] = useState("");
  const first = useMemo(() => new Set(chosen), []);
  const sorted = useMemo(() => [...agents].sort((a, b) => Number(first.has(b.id)) - Number(first.has(a.id)) || a.name.localeCompare(b.name)), [agents]);
  const shown = sorted.filter((agent) => plain(agent.name).includes(plain(query.trim())));
  const flip = (id: Id) => change(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <div class="members">
      {agents.length > 8 && <SearchField label={words.find} value={query} change={setQuery} />}
      <div class="members-list">
        {shown.map((agent) => (
          <label key={agent.id} class="choice">
            <input type="checkbox" checked={chosen.includes(agent.id)} onChange={() => flip(agent.id)} />
            <Avatar name={agent.name} seed={agent.id} />
            <bdi class="choice-text">{agent.name}</bdi>
          </label>
        ))}
        {!shown.length && <p class="faint">{words.noPeople}</p>}
      </div>
    </div>
  );
}
