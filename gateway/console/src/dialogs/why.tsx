// Why the router chose whom it chose: each decision, and the rule that took each other agent out.
import { useEffect, useState } from "preact/hooks";
import { why } from "../api/calls";
import type { Assignment } from "../api/types";
import { t } from "../i18n";
import { fullOf } from "../pure/time";
import { sentence } from "../store/toasts";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { Avatar, Skeleton } from "../ui/parts";

function Decision({ one }: { one: Assignment }) {
  return (
    <section class="decision">
      <h3><bdi>{one.agent?.name ?? t.nobody}</bdi> <time class="faint figures">{fullOf(one.at)}</time></h3>
      <p dir="auto">{one.reason}</p>
      <ul role="list" class="considered">
        {one.considered.map(({ agent, out }) => (
          <li key={agent.id} data-out={out !== null}>
            <Avatar name={agent.name} seed={agent.id} size={20} />
            <bdi class="considered-name">{agent.name}</bdi>
            <span class="considered-rule">{out === null ? <><Icon name="check" size={14} /> {agent.id === one.agent?.id ? t.why.chosen : ""}</> : out}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Why({ id }: { id: string }) {
  const [found, setFound] = useState<Assignment[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    why(id).then(setFound).catch((reason: unknown) => setProblem(sentence(reason)));
  }, [id]);
  return (
    <Dialog title={t.why.title} wide>
      <div class="dialog-body">
        {problem !== null && <p class="form-problem" role="alert"><Icon name="alert" />{problem}</p>}
        {!found && problem === null && <Skeleton label={t.why.loading} rows={4} shape="line" />}
        {found?.length === 0 && <p class="faint">{t.why.empty}</p>}
        {found?.map((one) => <Decision key={one.at} one={one} />)}
      </div>
    </Dialog>
  );
}
