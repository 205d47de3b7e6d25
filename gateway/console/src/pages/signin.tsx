// The door: email and password, or the optional password after a single-use link.
import { useId, useState } from "preact/hooks";
import { Problem } from "../api/http";
import { t } from "../i18n";
import { finishChoosing, signIn } from "../store/session";
import { sentence } from "../store/toasts";
import { useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { Button } from "../ui/parts";
import { Mark } from "../ui/mark";

function explain(reason: unknown): string {
  if (!(reason instanceof Problem)) return t.act.failed;
  if (reason.code === "network") return t.signIn.offline;
  if (reason.code === "unauthorised") return t.signIn.wrong;
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

export function SignIn() {
  const ended = useStore((state) => state.ended);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [emailId, passwordId, problemId] = [useId(), useId(), useId()];
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
        <div class="field">
          <label for={passwordId}>{t.signIn.password}</label>
          <input id={passwordId} type="password" name="password" autocomplete="current-password" required value={password}
            onInput={(event) => setPassword(event.currentTarget.value)} />
        </div>
        <Wrong id={problemId} text={problem} />
        <Button kind="primary" type="submit" disabled={busy} class="wide">{busy ? t.signIn.busy : t.signIn.submit}</Button>
      </form>
    </main>
  );
}

export function ChoosePassword() {
  const name = useStore((state) => state.me?.name ?? "");
  const email = useStore((state) => state.me?.email ?? "");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [fieldId, problemId] = [useId(), useId()];
  const finish = async (value: string | null) => {
    setBusy(true);
    setProblem(null);
    try {
      await finishChoosing(value);
    } catch (reason) {
      setProblem(explain(reason));
      setBusy(false);
    }
  };
  return (
    <main class="door">
      <form class="door-form" onSubmit={(event) => { event.preventDefault(); void finish(password); }}>
        <Mark />
        <h1>{t.choose.title(name)}</h1>
        <p class="door-note">{t.choose.text}</p>
        <input type="email" autocomplete="username" value={email} readOnly hidden />
        <div class="field">
          <label for={fieldId}>{t.choose.field}</label>
          <input id={fieldId} type="password" autocomplete="new-password" required autofocus value={password} aria-describedby={problemId}
            onInput={(event) => setPassword(event.currentTarget.value)} />
        </div>
        <Wrong id={problemId} text={problem} />
        <Button kind="primary" type="submit" disabled={busy} class="wide">{t.choose.submit}</Button>
        <Button kind="quiet" disabled={busy} class="wide" onClick={() => void finish(null)}>{t.choose.skip}</Button>
      </form>
    </main>
  );
}
