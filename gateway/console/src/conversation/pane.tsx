// The opened conversation: heading and actions, timeline, composer; or why there is none.
import { t } from "../i18n";
import { openConversation } from "../store/open";
import { go } from "../store/route";
import { sentence } from "../store/toasts";
import { useStore } from "../store/store";
import { Blank, Button, Skeleton } from "../ui/parts";
import { Composer } from "./composer";
import { Head } from "./head";
import { Notices } from "./notices";
import { Presence } from "./presence";
import { Splitting } from "./splitting";
import { Timeline } from "./timeline";

function Trouble({ id }: { id: string }) {
  const problem = useStore((state) => state.pages[id]?.problem ?? null);
  const missing = problem?.code === "not_found" || problem?.code === "forbidden";
  return (
    <section class="conversation" aria-label={t.conversation.label}>
      <div class="head"><Button kind="quiet" icon="back" label={t.conversation.back} class="narrow-only" onClick={() => go({ open: null })} /></div>
      <Blank icon="alert" title={missing ? t.conversation.missing : t.conversation.failed} text={missing ? undefined : sentence(problem)}>
        {!missing && <Button onClick={() => void openConversation(id)}>{t.list.retry}</Button>}
      </Blank>
    </section>
  );
}

export function ConversationPane() {
  const id = useStore((state) => state.open);
  const status = useStore((state) => (state.open ? state.pages[state.open]?.status ?? "loading" : null));
  const known = useStore((state) => (state.open ? state.open in state.rows : false));
  const splitting = useStore((state) => state.splitting !== null);
  if (id === null) {
    return (
      <section class="conversation none">
        <Blank icon="chat" title={t.conversation.none} text={t.conversation.noneHint} />
      </section>
    );
  }
  if (status === "error") return <Trouble id={id} />;
  return (
    <section class="conversation" aria-label={t.conversation.label}>
      {known ? <Head id={id} /> : <div class="head"><span class="bone head-bone" /></div>}
      <Notices id={id} />
      {status === "ready" ? <Timeline id={id} /> : <div class="timeline-loading"><Skeleton label={t.conversation.loading} rows={5} shape="message" /></div>}
      <Presence id={id} />
      {known && (splitting ? <Splitting id={id} /> : <Composer id={id} />)}
    </section>
  );
}
