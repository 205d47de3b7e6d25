/** The customer asked for a person or to be answered elsewhere: what that takes, and what happens then. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Way } from "../ui/App";
import { Icon } from "../ui/icons";
import { AddressForm } from "./AddressForm";
import type { Field } from "./asked";
import type { Panel } from "./Panels";

interface Props extends Panel {
  way: Way;
  /** The visitor's first message has reached the server. */
  asked: boolean;
  leave: () => void;
}

function Card({ title, dismiss, leave, children }: { title: string; dismiss: string; leave: () => void; children: ComponentChildren }) {
  return (
    <section class="card" aria-label={title}>
      <button type="button" class="plain" aria-label={dismiss} title={dismiss} onClick={leave}>
        <Icon name="close" />
      </button>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Person({ chat, more }: Panel) {
  const [error, setError] = useState("");
  const [done, setDone] = useState(false);
  const ask = () => {
    setError("");
    chat.person().then(
      () => setDone(true),
      () => setError(more.wrong),
    );
  };
  useEffect(ask, []);
  if (error) {
    return (
      <p class="error" role="alert">
        {error}{" "}
        <button type="button" class="link" onClick={ask}>
          {more.again}
        </button>
      </p>
    );
  }
  return <p role="status">{!done ? more.asking : chat.state.service.state === "open" ? more.asked : more.noted}</p>;
}

function Address({ way, leave, ...panel }: Props) {
  const { chat, more, back } = panel;
  const { known, claimed, config } = chat.state;
  const kind: Field = way === "mail" ? "mail" : "phone";
  const [form, setForm] = useState(!known[kind]);
  const [done, setDone] = useState(false);
  const text = way === "mail" ? more.mailText : way === "sms" ? more.smsText : more.callText;
  const wish = way === "sms" ? more.smsWish : way === "call" ? more.callWish : "";

  /** An agent reads the wish, and the number where it is new, as the customer's own words. */
  const tell = (number: string) => {
    if (wish) chat.write(number ? `${wish} ${number}` : wish);
    setForm(false);
    setDone(true);
    back();
  };
  if (form) {
    const name: Field[] = config?.fields.includes("name") && !known.name ? ["name"] : [];
    const start = claimed && claimed.includes("@") === (kind === "mail") ? { [kind]: claimed } : {};
    const say = way === "mail" ? more.save : way === "sms" ? more.sms : more.call;
    return (
      <>
        <p>{text}</p>
        <AddressForm {...panel} fields={[...name, kind]} start={start} save={say} cancel={more.notNow} wanted leave={leave} done={tell} />
      </>
    );
  }
  return (
    <>
      <p role="status">{text}</p>
      {!done && (
        <p class="choices">
          {wish && (
            <button type="button" class="button" onClick={() => tell("")}>
              {way === "sms" ? more.sms : more.call}
            </button>
          )}
          <button type="button" class="button bare" onClick={() => setForm(true)}>
            {more.other}
          </button>
        </p>
      )}
    </>
  );
}

export function Elsewhere(props: Props) {
  const { way, asked, leave, more } = props;
  const titles = { person: more.person, mail: more.mail, sms: more.sms, call: more.call };
  return (
    <Card title={titles[way]} dismiss={more.dismiss} leave={leave}>
      {!asked ? <p role="status">{more.first}</p> : way === "person" ? <Person {...props} /> : <Address {...props} />}
    </Card>
  );
}
