// Resolving needs a category, where there are any: one choice, then done.
import { useEffect, useRef, useState } from "preact/hooks";
import { listCategories, resolve as ask } from "../api/calls";
import { Problem as Refusal } from "../api/http";
import { t } from "../i18n";
import { closeDialog, resolve } from "../store/acts";
import { applyRows } from "../store/list";
import { get, set, useStore } from "../store/store";
import { complain } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Skeleton } from "../ui/parts";
import { Problem } from "./found";

/** Without a choice the gateway is asked whether it needs one; what it answers is returned, null when it is done. */
async function tryWithout(id: string): Promise<string | null> {
  const row = get().rows[id];
  if (!row) return null;
  try {
    applyRows([await ask(id, row.version, null)]);
    closeDialog();
    return null;
  } catch (reason) {
    if (reason instanceof Refusal && reason.field === "category") return t.resolve.needed;
    complain(reason);
    return "";
  }
}

export function Resolve({ id }: { id: string }) {
  const categories = useStore((state) => state.categories);
  const before = useStore((state) => state.rows[id]?.category ?? null);
  const [chosen, setChosen] = useState(before);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const list = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    listCategories().then((found) => set({ categories: found })).catch((reason: unknown) => {
      complain(reason);
      closeDialog();
    });
  }, []);
  const shown = categories?.filter((one) => !one.hidden || one.id === before) ?? null;
  const first = shown?.some((one) => one.id === chosen) ? chosen : shown?.[0]?.id;
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    if (chosen === null) {
      setProblem((await tryWithout(id)) ?? "");
      list.current?.querySelector("input")?.focus();
    }
    else if (await resolve(id, chosen)) return closeDialog();
    setBusy(false);
  };
  return (
    <Dialog title={t.resolve.title}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          {shown === null && <Skeleton label={t.resolve.loading} rows={6} shape="line" />}
          {shown?.length === 0 && <p class="faint">{t.resolve.none}</p>}
          {shown !== null && shown.length > 0 && (
            <fieldset ref={list} class="choices tall" aria-invalid={problem !== ""}>
              <legend>{t.resolve.text}</legend>
              {shown.map((one) => (
                <label key={one.id} class="choice">
                  <input type="radio" name="category" value={one.id} checked={chosen === one.id} {...(one.id === first ? { "data-autofocus": true } : {})} onChange={() => { setChosen(one.id); setProblem(""); }} />
                  <span class="choice-text"><bdi>{one.name}</bdi></span>
                </label>
              ))}
            </fieldset>
          )}
          <Problem text={problem || null} />
        </div>
        <DialogEnd submit={t.act.resolve} busy={busy} disabled={shown === null} />
      </form>
    </Dialog>
  );
}
