// The door: email and password; a single-use link with the password that may be chosen there; and a link that does not work any more.
import { useId, useState } from "preact/hooks";
import { Problem } from "../api/http";
import { t } from "../i18n";
import { leaveLink, signIn, useLink } from "../store/session";
import { sentence } from "../store/toasts";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { Button } from "../ui/parts";
import { Mark } from "../ui/mark";
import { longEnough, Measure, Secret } from "../ui/secret";

function explain(reason: unknown): string {
  if (!(reason instanceof Problem)) return t.act.failed;
  if (reason.code === "network") return t.signIn.offline;
  if (reason.code === "unauthorised") return `${t.signIn.wrong} ${t.admin.door.wrongHint}`;
  if (reason.code === "too_many") return t.signIn.tooMany(reason.retryAfter);
  return sentence(reason);
}

function Wrong({ id, text }: { id: string; text: string | null }) {
  return (
    <p id={id} class="form-problem" role="alert" hidden={!text}>
      {text && <Icon name="alert" />}
      {text}
    </p>
  );
}

function Forgot() {
  return (
    <details class="door-help">
      <summary>{t.admin.door.forgot}</summary>
      <p>{t.admin.door.forgotText}</p>
      <code>{t.admin.door.forgotCommand}</code>
      <p>{t.admin.door.forgotNote}</p>
    </details>
  );
}

export function SignIn() {
  const ended = useStore((state) => state.ended);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [emailId, problemId] = [useId(), useId()];
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await signIn(email.trim(), password);
    } catch (reason) {
      setProblem(explain(reason));
      setBusy(false);
    }
  };
  return (
    <main class="door">
      <form class="door-form" onSubmit={submit} aria-describedby={problemId}>
        <Mark />
        <h1>{t.signIn.title}</h1>
        {ended && !problem && <p class="door-note" role="status">{ended}</p>}
        <div class="field">
          <label for={emailId}>{t.signIn.email}</label>
          <input id={emailId} type="email" name="email" autocomplete="username" required autofocus value={email} onInput={(event) => setEmail(event.currentTarget.value)} />
        </div>
        <Secret label={t.signIn.password} name="password" autocomplete="current-password" value={password} change={setPassword} />
        <Wrong id={problemId} text={problem} />
        <Button kind="primary" type="submit" disabled={busy} class="wide">{busy ? t.signIn.busy : t.signIn.submit}</Button>
        <Forgot />
      </form>
    </main>
  );
}

function DeadLink() {
  return (
    <main class="door">
      <div class="door-form" role="alert">
        <Mark />
        <h1>{t.admin.door.deadTitle}</h1>
        <p class="door-note">{t.admin.door.deadText}</p>
        <div class="door-help"><p>{t.admin.door.forgotText}</p><code>{t.admin.door.forgotCommand}</code></div>
        <Button kind="primary" class="wide" onClick={leaveLink}>{t.admin.door.deadPassword}</Button>
      </div>
    </main>
  );
}

/** Before the link is used up: with a password it is set, without one the link only signs in. */
export function ChoosePassword() {
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [dead, setDead] = useState(false);
  const problemId = useId();
  const words = t.admin.door;
  const finish = async (value: string | null) => {
    setBusy(true);
    setProblem(null);
    try {
      await useLink(value);
    } catch (reason) {
      if (reason instanceof Problem && reason.code === "unauthorised") setDead(true);
      setProblem(explain(reason));
      setBusy(false);
    }
  };
  if (dead) return <DeadLink />;
  return (
    <main class="door">
      <form class="door-form" aria-describedby={problemId} onSubmit={(event) => { event.preventDefault(); void finish(password); }}>
        <Mark />
        <h1>{words.linkTitle}</h1>
        <p class="door-note">{words.linkText}</p>
        <Secret label={words.linkField} name="new-password" autocomplete="new-password" autofocus hint={words.linkHint} value={password} change={setPassword}><Measure password={password} /></Secret>
        <Wrong id={problemId} text={problem} />
        <Button kind="primary" type="submit" disabled={busy || !longEnough(password)} class="wide">{busy ? t.signIn.busy : words.linkSubmit}</Button>
        <Button kind="quiet" disabled={busy} class="wide" title={words.linkSkipHint} onClick={() => void finish(null)}>{words.linkSkip}</Button>
        <p class="door-note small">{words.linkSkipHint}</p>
      </form>
    </main>
  );
}
