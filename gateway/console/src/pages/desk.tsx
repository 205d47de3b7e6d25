// The desk: views, list, conversation and card side by side; one of them at a time on a phone.
import { useEffect, useState } from "preact/hooks";
import { ConversationPane } from "../conversation/pane";
import { ContactCard } from "../card/card";
import { Dialogs } from "../dialogs/dialogs";
import { t } from "../i18n";
import { ListPane } from "../list/pane";
import { Nav, openDrawer, useNarrow } from "../nav/drawer";
import { Offers } from "../nav/offers";
import { Admin } from "./admin/page";
import type { AdminPage } from "../store/state";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { Button } from "../ui/parts";

/** Says that the socket is down, once that has lasted: a blink of the network is nobody's business. */
function ConnectionLine() {
  const connected = useStore((state) => state.connected);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (connected === "socket") return setShown(false);
    const timer = setTimeout(() => setShown(true), connected === "offline" ? 600 : 2000);
    return () => clearTimeout(timer);
  }, [connected]);
  return (
    <div class="connection" role="status" data-shown={shown && connected !== "socket"}>
      {shown && connected !== "socket" && (
        <>
          <Icon name="alert" />
          <span>{t.connection[connected]}</span>
        </>
      )}
    </div>
  );
}

/** A page besides the desk: the first column stays, the list goes. */
function Beside({ page }: { page: AdminPage }) {
  const narrow = useNarrow();
  return (
    <div class="beside">
      <header>
        {narrow && <div class="beside-top"><Button kind="quiet" icon="menu" label={t.views.open} onClick={openDrawer} /><span class="list-title">{t.settings.label}</span></div>}
        <Offers />
      </header>
      <Admin page={page} />
    </div>
  );
}

export function Desk() {
  const open = useStore((state) => state.open);
  const card = useStore((state) => state.card);
  const admin = useStore((state) => state.admin);
  const page = admin ? "beside" : open === null ? "list" : card ? "card" : "conversation";
  return (
    <div class="desk" data-page={page}>
      <ConnectionLine />
      <div class="columns">
        <Nav />
        {admin ? <Beside page={admin} /> : (
          <>
            <ListPane />
            <main class="stage">
              <h1 class="sr">{t.app}</h1>
              <Offers />
              <div class="stage-inside">
                <ConversationPane key={open ?? ""} />
                {open !== null && <ContactCard key={`card ${open}`} />}
              </div>
            </main>
          </>
        )}
      </div>
      <Dialogs />
    </div>
  );
}
