// Acting on all that is ticked: a bar under the list, for those who may.
import { useState } from "preact/hooks";
import type { BulkAct, BulkDetails } from "../api/calls";
import { t } from "../i18n";
import { now } from "../api/http";
import { hourOf, shortOf, wakeAt, type Nap } from "../pure/time";
import { tagOf } from "../pure/tags";
import { useMay } from "../store/admin";
import { actOnTicked, tickAll, tickNone } from "../store/select";
import type { State } from "../store/state";
import { useStore } from "../store/store";
import { Icon, type IconName } from "../ui/icons";
import { Button } from "../ui/parts";
import { Pick, type Option } from "../ui/pick";

type Act = Exclude<BulkAct, "reopen">;

const acts: readonly [Act, IconName][] = [["resolve", "checks"], ["assign", "arrow"], ["snooze", "clock"], ["tag", "tag"], ["priority", "urgent"], ["spam", "ban"]];
const naps: readonly Nap[] = ["hour", "tomorrow", "monday"];

const words: Record<Act, string> = {
  resolve: t.act.resolve, assign: t.bulk.assign, snooze: t.act.snooze, tag: t.bulk.tag, priority: t.bulk.priority, spam: t.bulk.spam,
};

/** The choices of an act; the keys are read back by `detailsOf`. */
function choicesOf(state: State, act: Act): Option[] {
  const { me } = state;
  switch (act) {
    case "resolve": {
      const keep: Option = { key: "", text: t.bulk.keep };
      return [keep, ...(state.categories ?? []).filter((one) => !one.hidden).map((one) => ({ key: one.id, text: one.name }))];
    }
    case "assign": {
      const people = state.agents.filter((one) => one.id !== me?.id && one.load.length > 0).map((one): Option => ({ key: `agent ${one.id}`, text: one.name, icon: "person", hint: one.here ? t.handOver.here : t.handOver.gone }));
      const teams = state.teams.map((one): Option => ({ key: `team ${one.id}`, text: one.name, icon: "team", hint: t.handOver.team }));
      return [{ key: `agent ${me?.id ?? ""}`, text: t.filter.me, icon: "person" }, { key: "", text: t.bulk.queue, icon: "queue" }, ...teams, ...people];
    }
    case "snooze": return naps.map((nap) => {
      const until = wakeAt(nap, now());
      return { key: String(until), text: t.snooze[nap], hint: nap === "hour" ? hourOf(until) : shortOf(until, now()) };
    });
    case "priority": return [1, 2, 3].map((one) => ({ key: String(one), text: t.head.priorities[one] ?? String(one), icon: one === 1 ? "urgent" : one === 3 ? "low" : undefined }));
    case "tag": return state.tags.map((one) => ({ key: one.name, text: one.name, hint: String(one.count) }));
    case "spam": return [{ key: "spam", text: t.bulk.asSpam(state.selected.length), icon: "ban" }];
  }
}

function detailsOf(act: Act, key: string): BulkDetails {
  if (act === "resolve") return key ? { category: key } : {};
  if (act === "snooze") return { until: Number(key) };
  if (act === "priority") return { priority: Number(key) };
  if (act === "tag") return { tag: key };
  if (act === "spam" || !key) return {};
  const [kind, id = ""] = key.split(" ");
  return kind === "team" ? { team: id } : { agent: id };
}

function Choices({ act, close }: { act: Act; close(refocus: boolean, key?: string): void }) {
  const options = useStore((state) => choicesOf(state, act));
  return (
    <Pick key={act} up label={words[act]} options={options} pick={(key) => close(true, key)} close={close}
      fresh={act === "tag" ? (text) => (tagOf(text) ? { key: tagOf(text), text: t.bulk.newTag(tagOf(text)) } : null) : undefined} />
  );
}

/** The bar while something is ticked, or is about to be. */
export function BulkBar() {
  const may = useMay("bulk");
  const count = useStore((state) => state.selected.length);
  const all = useStore((state) => state.list.ids.length);
  const shown = useStore((state) => state.selecting || state.selected.length > 0);
  const resting = useStore((state) => state.list.shelf === "snoozed" || state.list.shelf === "resolved");
  const [act, setAct] = useState<Act | null>(null);
  const [busy, setBusy] = useState(false);
  if (!may || !shown) return null;
  const run = (what: BulkAct, details: BulkDetails = {}) => {
    setBusy(true);
    void actOnTicked(what, details).finally(() => setBusy(false));
  };
  const close = (refocus: boolean, key?: string) => {
    if (refocus) document.querySelector<HTMLElement>(`.bulk [data-act="${act}"]`)?.focus();
    setAct(null);
    if (act && key !== undefined) run(act, detailsOf(act, key));
  };
  return (
    <div class="bulk" data-pick-root role="toolbar" aria-label={t.bulk.label} onKeyDown={(event) => { if (event.key === "Escape" && !act) tickNone(); }}>
      <div class="bulk-line">
        <span class="bulk-count figures" role="status">{busy ? t.bulk.working : count ? t.bulk.count(count) : t.bulk.choose}</span>
        {count < all && <button type="button" class="link" onClick={tickAll}>{t.bulk.all(all)}</button>}
        <Button kind="quiet" icon="x" label={t.bulk.done} onClick={tickNone} />
      </div>
      {count > 0 && (
        <div class="bulk-acts">
          {acts.map(([one, icon]) => one === "resolve" && resting ? (
            <button key={one} type="button" class="bulk-act" disabled={busy} onClick={() => run("reopen")}><Icon name="inbox" /><span>{t.act.reopen}</span></button>
          ) : (
            <button key={one} type="button" class="bulk-act" data-act={one} disabled={busy} aria-haspopup="menu" aria-expanded={act === one} onClick={() => setAct(act === one ? null : one)}>
              <Icon name={icon} /><span>{words[one]}</span>
            </button>
          ))}
        </div>
      )}
      {act && <Choices act={act} close={close} />}
    </div>
  );
}
