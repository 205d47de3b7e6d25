// What conversations are about: added, renamed, hidden. Nothing is deleted, because conversations keep what they have.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Category } from "../../api/types";
import { t } from "../../i18n";
import { addCategory, discardEdit, loadCategories, saveCategory, useEdit, useIsEdited } from "../../store/admin";
import { useStore } from "../../store/store";
import { complain, toast } from "../../store/toasts";
import { Blank, Button } from "../../ui/parts";
import { Head, Loaded, Trouble, useLoad, useSending } from "./parts";

const words = t.admin.categories;
const folded = (text: string) => text.trim().toLocaleLowerCase();

/** What is wrong with a new name, before the server is asked. */
export function nameTaken(categories: readonly Category[], name: string, but?: string): string | null {
  const other = categories.find((one) => one.id !== but && folded(one.name) === folded(name));
  if (!other) return null;
  return other.hidden ? words.hiddenTwice(other.name) : words.twice(other.name);
}

function Add({ categories }: { categories: readonly Category[] }) {
  const edit = useEdit("category new", { name: "" });
  const sending = useSending();
  const field = useRef<HTMLInputElement>(null);
  const name = edit.value.name.trim();
  const submit = async (event: Event) => {
    event.preventDefault();
    const taken = nameTaken(categories, name);
    if (taken) return sending.refuse({ text: taken, field: "name" });
    if (!(await sending.run(() => addCategory(name)))) return;
    edit.discard();
    toast(words.added(name), "good");
    field.current?.focus();
  };
  return (
    <form class="add-line" onSubmit={submit}>
      <div class="add-row">
        <input ref={field} class="text-input" dir="auto" aria-label={words.name} placeholder={words.name} maxLength={100} aria-invalid={sending.problem ? true : undefined} aria-describedby="category-problem" value={edit.value.name}
          onInput={(event) => { if (sending.problem) sending.refuse(null); edit.change({ name: event.currentTarget.value }); }} />
        <Button kind="primary" icon="plus" type="submit" disabled={!name || sending.busy}>{words.add}</Button>
      </div>
      <Trouble id="category-problem" text={sending.problem?.text} />
    </form>
  );
}

function Rename({ category, done }: { category: Category; done(): void }) {
  const key = `category ${category.id}`;
  const edit = useEdit(key, { name: category.name });
  const sending = useSending();
  const categories = useStore((state) => state.categories ?? []);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const name = edit.value.name.trim();
  const leave = () => {
    discardEdit(key);
    done();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (name === category.name) return leave();
    const taken = nameTaken(categories, name, category.id);
    if (taken) return sending.refuse({ text: taken, field: "name" });
    if (await sending.run(() => saveCategory(category.id, { name }))) leave();
  };
  return (
    <form class="add-line" onSubmit={submit} onKeyDown={(event) => { if (event.key === "Escape") { event.preventDefault(); leave(); } }}>
      <div class="add-row">
        <input ref={field} class="text-input" dir="auto" aria-label={words.renameOf(category.name)} maxLength={100} aria-invalid={sending.problem ? true : undefined} value={edit.value.name} onInput={(event) => { if (sending.problem) sending.refuse(null); edit.change({ name: event.currentTarget.value }); }} />
        <Button onClick={leave}>{t.admin.cancel}</Button>
        <Button kind="primary" type="submit" disabled={!name || sending.busy}>{t.admin.save}</Button>
      </div>
      <Trouble text={sending.problem?.text} />
    </form>
  );
}

function Line({ category }: { category: Category }) {
  const kept = useIsEdited(`category ${category.id}`);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const root = useRef<HTMLLIElement>(null);
  const renaming = asked || kept;
  const done = () => {
    setAsked(false);
    requestAnimationFrame(() => root.current?.querySelector<HTMLElement>("button")?.focus());
  };
  const flip = async () => {
    setBusy(true);
    await saveCategory(category.id, { hidden: !category.hidden }).catch(complain);
    setBusy(false);
  };
  return (
    <li ref={root} class="item plain" data-off={category.hidden} data-category={category.id}>
      {renaming ? <Rename category={category} done={done} /> : (
        <>
          <bdi class="item-name clip">{category.name}</bdi>
          <span class="item-acts">
            <Button kind="quiet" icon="pencil" label={words.renameButton(category.name)} onClick={() => setAsked(true)} />
            <Button kind="quiet" disabled={busy} aria-label={category.hidden ? words.unhideOf(category.name) : words.hideOf(category.name)} onClick={() => void flip()}>{category.hidden ? words.unhide : words.hide}</Button>
          </span>
        </>
      )}
    </li>
  );
}

export function Categories() {
  const loading = useLoad(loadCategories);
  const categories = useStore((state) => state.categories);
  const sorted = [...(categories ?? [])].sort((a, b) => a.name.localeCompare(b.name));
  const [shown, hidden] = [sorted.filter((one) => !one.hidden), sorted.filter((one) => one.hidden)];
  return (
    <div class="admin-page">
      <div class="admin-main">
        <Head title={words.title} text={words.text} />
        <div class="admin-body narrow">
          <Loaded loading={loading} ready={categories !== null}>
            <Add categories={sorted} />
            {!sorted.length && <Blank icon="inbox" title={words.none} text={words.noneHint} />}
            <ul class="items">{shown.map((one) => <Line key={one.id} category={one} />)}</ul>
            {hidden.length > 0 && (
              <section class="hidden-part" aria-label={words.hidden}>
                <h2>{words.hidden}</h2>
                <p class="faint part-text">{words.hiddenText}</p>
                <ul class="items">{hidden.map((one) => <Line key={one.id} category={one} />)}</ul>
              </section>
            )}
          </Loaded>
        </div>
      </div>
    </div>
  );
}
