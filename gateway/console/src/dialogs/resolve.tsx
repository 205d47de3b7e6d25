// Resolving needs a category, where there are any: one choice, then done.
import { useEffect, useState } from "preact/hooks";
import { listCategories } from "../api/calls";
import { t } from "../i18n";
import { closeDialog, resolve } from "../store/acts";
import { get, set, useStore } from "../store/store";
import { complain } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Skeleton } from "../ui/parts";

export function Resolve({ id }: { id: string }) {
  const categories = useStore((state) => state.categories);
  const [chosen, setChosen] = useState(get().rows[id]?.category ?? null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    listCategories().then((found) => set({ categories: found })).catch((reason: unknown) => {
      complain(reason);
      closeDialog();
    });
  }, []);
  const ready = categories !== null && (!categories.length || categories.some((one) => one.id === chosen));
  const first = chosen ?? categories?.[0]?.id;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    const done = await resolve(id, chosen);
    setBusy(false);
    if (done) closeDialog();
  };
  return (
    <Dialog title={t.resolve.title}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          {categories === null && <Skeleton label={t.resolve.loading} rows={4} shape="line" />}
          {categories?.length === 0 && <p class="faint">{t.resolve.none}</p>}
          {categories !== null && categories.length > 0 && (
            <fieldset class="choices">
              <legend>{t.resolve.text}</legend>
              {categories.map((one) => (
                <label key={one.id} class="choice">
                  <input type="radio" name="category" value={one.id} checked={chosen === one.id} {...(one.id === first ? { "data-autofocus": true } : {})} onChange={() => setChosen(one.id)} />
                  <span class="choice-text">{one.name}</span>
                </label>
              ))}
            </fieldset>
          )}
        </div>
        <DialogEnd submit={t.act.resolve} busy={busy} disabled={!ready} />
      </form>
    </Dialog>
  );
}
