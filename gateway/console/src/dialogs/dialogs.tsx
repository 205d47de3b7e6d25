// Which dialog is open, if any.
import { useStore } from "../store/store";
import { HandOver } from "./handover";
import { Help } from "./help";
import { MergeWith } from "./merge";
import { Password } from "./password";
import { Resolve } from "./resolve";
import { Ticket } from "./ticket";
import { Why } from "./why";

export function Dialogs() {
  const dialog = useStore((state) => state.dialog);
  switch (dialog?.kind) {
    case "handover": return <HandOver id={dialog.conversation} />;
    case "resolve": return <Resolve id={dialog.conversation} />;
    case "why": return <Why id={dialog.conversation} />;
    case "merge": return <MergeWith id={dialog.conversation} />;
    case "ticket": return <Ticket />;
    case "help": return <Help />;
    case "password": return <Password />;
    default: return null;
  }
}
