// Which page is shown: sign-in, the password step, or the desk.
import { useEffect } from "preact/hooks";
import { Desk } from "./pages/desk";
import { ChoosePassword, SignIn } from "./pages/signin";
import { t } from "./i18n";
import { isUnread } from "./pure/rows";
import { start } from "./store/session";
import { useStore } from "./store/store";
import { Button, Blank } from "./ui/parts";
import { Toasts } from "./ui/toasts";

/** The tab's title carries the number of own conversations with something unread. */
function useTitle(): void {
  const unread = useStore((state) =>
    state.session === "in" ? Object.values(state.rows).filter((row) => row.assignee?.id === state.me?.id && row.state === "open" && isUnread(row)).length : 0,
  );
  useEffect(() => {
    document.title = unread ? `(${unread}) ${t.app}` : t.app;
  }, [unread]);
}

export function App() {
  const session = useStore((state) => state.session);
  const connected = useStore((state) => state.connected);
  useTitle();
  return (
    <div class="app" data-connected={connected} data-session={session}>
      {session === "in" && <Desk />}
      {session === "out" && <SignIn />}
      {session === "choosing" && <ChoosePassword />}
      {session === "unknown" && (
        <main class="starting">
          <h1 class="sr">{t.app}</h1>
          <p role="status">{t.starting}</p>
        </main>
      )}
      {session === "broken" && (
        <main class="starting">
          <h1 class="sr">{t.app}</h1>
          <Blank icon="alert" title={t.error.title} text={t.error.text}>
            <Button kind="primary" onClick={() => void start()}>{t.error.retry}</Button>
          </Blank>
        </main>
      )}
      <Toasts />
    </div>
  );
}
