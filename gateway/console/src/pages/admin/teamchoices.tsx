// Ticking the teams somebody belongs to.
import type { Id } from "../../api/types";
import { t } from "../../i18n";
import { useStore } from "../../store/store";

export function TeamChoices({ chosen, change, fixed }: { chosen: readonly Id[]; change(teams: Id[]): void; fixed?: boolean }) {
  const teams = useStore((state) => state.teams);
  const shown = [...teams].sort((a, b) => a.name.localeCompare(b.name));
  const flip = (id: Id) => change(teams.map((team) => team.id).filter((one) => chosen.includes(one) !== (one === id)));
  return (
    <fieldset class="field ticks" disabled={fixed}>
      <legend>{t.admin.people.teams}</legend>
      {!shown.length && <p class="faint small">{t.admin.people.noTeams}</p>}
      {shown.map((team) => (
        <label key={team.id} class="check">
          <input type="checkbox" checked={chosen.includes(team.id)} onChange={() => flip(team.id)} />
          <bdi class="clip">{team.name}</bdi>
        </label>
      ))}
    </fieldset>
  );
}
