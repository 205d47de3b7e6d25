// The filters in use as chips, and the way to add one: everything by keyboard, everything in the address bar.
import { useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { loadTags } from "../live/sync";
import { isNarrowed, type FilterName } from "../pure/listing";
import { tagOf } from "../pure/tags";
import { openDialog } from "../store/acts";
import { go, narrow } from "../store/route";
import { isShown } from "../store/searches";
import { get, useStore } from "../store/store";
import { Icon } from "../ui/icons";
import { Pick } from "../ui/pick";
import { filtersOf, optionsOf, valueName } from "./options";

type Step = FilterName | "names" | null;

/** Take a filter away; the focus goes where one can be added, not into nowhere. */
function remove(name: FilterName): void {
  narrow({ [name]: null });
  document.querySelector<HTMLElement>("[data-menu=filter]")?.focus();
}

function Chip({ name, value, open, choose }: { name: FilterName; value: string; open: boolean; choose(): void }) {
  const words = useStore((state) => valueName(state, name, value));
  const what = `${t.filter.names[name]}: ${words}`;
  return (
    <span class="filter-chip">
      <button type="button" class="filter-text" aria-haspopup="menu" aria-expanded={open} aria-label={t.filter.change(what)} data-filter={name} onClick={choose}
        onKeyDown={(event) => { if (event.key === "Delete" || event.key === "Backspace") remove(name); }}>
        <span class="filter-name">{t.filter.names[name]}</span> <bdi class="clip">{words}</bdi>
      </button>
      <button type="button" class="filter-x" aria-label={t.filter.remove(what)} onClick={() => remove(name)}><Icon name="x" size={14} /></button>
    </span>
  );
}

/** The panel of one step: which filter, then which value. */
function Choosing({ step, setStep, close }: { step: FilterName | "names"; setStep(step: Step): void; close(refocus: boolean): void }) {
  const options = useStore((state) =>
    step === "names" ? filtersOf(state.list.shelf).map((name) => ({ key: name, text: t.filter.names[name] })) : optionsOf(state, step),
  );
  const set = (value: string) => {
    close(true);
    narrow({ [step]: value });
  };
  const choose = (name: string) => {
    // Tags come and go with every conversation: ask for them when they are wanted. What is known is shown meanwhile.
    if (name === "tag") loadTags().catch(() => undefined);
    setStep(name as FilterName);
  };
  if (step === "names") return <Pick label={t.filter.name} options={options} pick={choose} close={close} />;
  return (
    <Pick key={step} label={t.filter.names[step]} options={options} pick={set} close={close} back={() => setStep("names")}
      fresh={step === "tag" ? (text) => (tagOf(text) ? { key: tagOf(text), text: t.filter.typed(tagOf(text)) } : null) : undefined} />
  );
}

function Saving() {
  const offer = useStore(({ list, searches }) => isNarrowed(list.filters) && !searches.some((one) => isShown(one, list)));
  if (!offer) return null;
  return (
    <button type="button" class="filter-button" onClick={() => openDialog({ kind: "saveSearch" })}>
      <Icon name="saved" size={14} /> {t.saved.save}
    </button>
  );
}

export function Filters() {
  const filters = useStore((state) => state.list.filters);
  const [step, setStep] = useState<Step>(null);
  const root = useRef<HTMLDivElement>(null);
  const used = (Object.keys(filters) as FilterName[]).filter((name) => name !== "sort" && name !== "q");
  const close = (refocus: boolean) => {
    const chip = root.current?.querySelector<HTMLElement>(`[data-filter="${step}"]`) ?? root.current?.querySelector<HTMLElement>("[data-menu=filter]");
    setStep(null);
    if (refocus) chip?.focus();
  };
  const toggle = (next: Step) => setStep(step === next ? null : next);
  return (
    <div class="filters" ref={root} data-pick-root role="group" aria-label={t.filter.label}>
      {used.map((name) => <Chip key={name} name={name} value={filters[name] as string} open={step === name} choose={() => toggle(name)} />)}
      <button type="button" class="filter-button" aria-haspopup="menu" aria-expanded={step !== null} aria-keyshortcuts="F" title={`${t.filter.add} (F)`} data-menu="filter" onClick={() => toggle("names")}>
        <Icon name="filter" size={14} /> {t.filter.add}
      </button>
      <Saving />
      {used.length > 1 && <button type="button" class="filter-button" onClick={() => go({ filters: pickSort() })}>{t.filter.clear}</button>}
      {step !== null && <Choosing step={step} setStep={setStep} close={close} />}
    </div>
  );
}

/** The order stays when the filters go. */
function pickSort() {
  const { sort } = get().list.filters;
  return sort ? { sort } : {};
}
