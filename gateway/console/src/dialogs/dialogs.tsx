// Which dialog is open, if any.
import { useStore } from "../store/store";
import { AlertSettings } from "./alerts";
import { Begin } from "./begin";
import { Block, Spam } from "./effects";
import { HandOver } from "./handover";
import { Help } from "./help";
import { Join } from "./join";
import { LinkTo } from "./link";
import { MergeWith } from "./merge";
import { Password } from "./password";
import { Resolve } from "./resolve";
import { SaveSearch } from "./savesearch";
import { Ticket } from "./ticket";
import { When } from "./when";
import { Why } from "./why";

export function Dialogs() {
  const dialog = useStore((state) => state.dialog);
  switch (dialog?.kind) {
    case "handover": return <HandOver id={dialog.conversation} />;
    case "resolve": return <Resolve id={dialog.conversation} />;
    case "why": return <Why id={dialog.conversation} />;
    case "merge": return <MergeWith id={dialog.conversation} other={dialog.other ?? null} />;
    case "link": return <LinkTo id={dialog.conversation} />;
    case "join": return <Join id={dialog.conversation} />;
    case "spam": return <Spam id={dialog.conversation} />;
    case "block": return <Block id={dialog.conversation} />;
    case "when": return <When id={dialog.conversation} what={dialog.what} />;
    case "begin": return <Begin contact={dialog.contact} />;
    case "ticket": return <Ticket />;
    case "help": return <Help />;
    case "password": return <Password />;
    case "alerts": return <AlertSettings />;
    case "saveSearch": return <SaveSearch />;
    default: return null;
  }
}
