// Acts with consequences say them first: marking as spam, blocking a contact.
import { useState } from "preact/hooks";
import { nameOf, t } from "../i18n";
import { closeDialog, nameOnCard } from "../store/acts";
import { block, spam } from "../store/change";
import { useStore } from "../store/store";
import { Dialog, DialogEnd } from "../ui/dialog";

const Effects = ({ lines }: { lines: readonly string[] }) => <ul class="effects">{lines.map((line) => <li key={line}>{line}</li>)}</ul>;

export function Spam({ id }: { id: string }) {
  const row = useStore((state) => state.rows[id]);
  const mayBlock = useStore((state) => state.me?.rights.includes("block") ?? false);
  const blocked = useStore((state) => state.pages[id]?.card?.blocked ?? false);
  const [also, setAlso] = useState(false);
  const [busy, setBusy] = useState(false);
  if (!row) return null;
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const done = await spam(id, also);
    setBusy(false);
    if (done) closeDialog();
  };
  return (
    <Dialog title={t.spam.title}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <Effects lines={t.spam.effects} />
          {mayBlock && !blocked && (
            <label class="check two">
              <input type="checkbox" checked={also} onChange={(event) => setAlso(event.currentTarget.checked)} />
              <span><bdi>{t.spam.block(nameOf(row))}</bdi><span class="hint">{t.spam.blockHint}</span></span>
            </label>
          )}
        </div>
        <DialogEnd submit={t.spam.submit} busy={busy} />
      </form>
    </Dialog>
  );
}

export function Block({ id }: { id: string }) {
  const row = useStore((state) => state.rows[id]);
  const card = useStore((state) => state.pages[id]?.card ?? null);
  const [busy, setBusy] = useState(false);
  if (!row || !card) return null;
  const name = nameOnCard(card, nameOf(row));
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const done = await block(card, name);
    setBusy(false);
    if (done) closeDialog();
  };
  return (
    <Dialog title={t.block.title(name)}>
      <form onSubmit={submit}>
        <div class="dialog-body"><Effects lines={t.block.effects} /></div>
        <DialogEnd submit={t.block.submit} busy={busy} />
      </form>
    </Dialog>
  );
}
