/** Where the answer may go while nobody is here. Asked after the question, and only what is not known. */
import { useState } from "preact/hooks";
import { fill } from "../words";
import { AddressForm } from "./AddressForm";
import { asked, type Field } from "./asked";
import type { Panel } from "./Panels";

interface Props extends Panel {
  later: () => void;
  /** Something is typed into the form: it stays, whoever comes or answers meanwhile. */
  begun: boolean;
  begin: (begun: boolean) => void;
}

export function Reach({ later, begun, begin, ...panel }: Props) {
  const { chat, more } = panel;
  const { known, claimed, config, line } = chat.state;
  const [changing, change] = useState(false);
  const [fresh, setFresh] = useState(false);
  const fields = changing ? ([claimed?.includes("@") ? "mail" : "phone"] as Field[]) : config ? asked(config, known) : [];

  if (fields.length && (changing || begun || line.thread?.waiting)) {
    return (
      <section class="card" aria-labelledby="tl-reach" onInput={() => begin(true)}>
        <h3 id="tl-reach">{more.reach}</h3>
        <AddressForm
          key={fields.join()}
          {...panel}
          fields={fields}
          start={changing && claimed ? { [fields[0] as Field]: claimed } : {}}
          save={more.save}
          cancel={more.notNow}
          wanted={changing}
          leave={changing ? () => change(false) : later}
          done={() => {
            begin(false);
            change(false);
            setFresh(true);
            panel.back();
          }}
        />
      </section>
    );
  }
  if (!fresh && !line.thread?.waiting) return null;
  // Only where a channel that is on can answer there is that promised.
  const ways = config?.ways ?? [];
  const mailed = ways.includes("mail");
  const phoned = ways.includes("sms") || ways.includes("call");
  const reached = claimed?.includes("@") ? mailed : phoned;
  const said = claimed
    ? fill(reached ? more.saved : more.kept, { address: claimed })
    : known.mail && mailed
      ? more.knownMail
      : known.phone && phoned
        ? more.knownPhone
        : "";
  if (!said) return null;
  return (
    <p class="card quiet" role="status">
      {said}{" "}
      {claimed && (
        <button type="button" class="link" onClick={() => change(true)}>
          {more.change}
        </button>
      )}
    </p>
  );
}
