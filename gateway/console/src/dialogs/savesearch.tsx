// A name for the filters in use, for oneself or for everybody.
import { useState } from "preact/hooks";
import { t } from "../i18n";
import type { FilterName } from "../pure/listing";
import { valueName } from "../list/options";
import { shelfName } from "../nav/names";
import { closeDialog } from "../store/acts";
import { useMay } from "../store/admin";
import { saveSearch } from "../store/searches";
import { useStore } from "../store/store";
import { sentence } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Icon } from "../ui/icons";

export function SaveSearch() {
  const mayShare = useMay("share");
  const parts = useStore((state) => {
    const { shelf, filters } = state.list;
    const names = Object.keys(filters) as FilterName[];
    return [shelfName(state, shelf), ...names.map((name) => (name === "q" ? t.filter.typed(filters.q ?? "") : valueName(state, name, filters[name] ?? "")))];
  });
  const [name, setName] = useState(parts.slice(1).join(", ").slice(0, 60));
  const [shared, setShared] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await saveSearch(name.trim(), shared);
      closeDialog();
    } catch (reason) {
      setProblem(sentence(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.saved.title}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <p class="dialog-text"><bdi>{parts.join(" · ")}</bdi></p>
          <label class="field">
            <span>{t.saved.name}</span>
            <input class="text-input" dir="auto" required maxLength={60} value={name} data-autofocus onInput={(event) => setName(event.currentTarget.value)} />
          </label>
          {mayShare && (
            <label class="check top">
              <input type="checkbox" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
              <span>{t.saved.shared}<span class="hint">{t.saved.sharedHint}</span></span>
            </label>
          )}
          {problem && <p class="form-problem" role="alert"><Icon name="alert" />{problem}</p>}
        </div>
        <DialogEnd submit={t.saved.save} busy={busy} disabled={!name.trim()} />
      </form>
    </Dialog>
  );
}
