// The second column: what is shown, words and filters to narrow it, the list, and the bar for acting on several.
import { t } from "../i18n";
import { sortOf } from "../pure/listing";
import { openDrawer } from "../nav/drawer";
import { useTitle } from "../nav/names";
import { NextButton } from "../nav/next";
import { load } from "../store/list";
import { narrow } from "../store/route";
import { setTicking } from "../store/select";
import { sentence } from "../store/toasts";
import { useStore } from "../store/store";
import { useMay } from "../store/admin";
import { Icon } from "../ui/icons";
import { Menu } from "../ui/menu";
import { Blank, Button, Skeleton } from "../ui/parts";
import { BulkBar } from "./bulk";
import { Empty } from "./empty";
import { Filters } from "./filters";
import { Rows } from "./rows";
import { Search } from "./search";

const sorts = ["newest", "oldest", "waiting", "priority", "due"] as const;

function Order() {
  const { shelf, filters } = useStore((state) => state.list);
  if (filters.q) return null;
  const current = filters.sort ?? sortOf(shelf);
  const choices = sorts.map((sort) => ({ key: sort, text: t.filter.sorts[sort], chosen: sort === current, act: () => narrow({ sort }) }));
  return (
    <Menu label={`${t.filter.sort}: ${t.filter.sorts[current as (typeof sorts)[number]]}`} class={`button quiet only-icon${filters.sort ? " active" : ""}`} end choices={choices}>
      <Icon name="order" />
    </Menu>
  );
}

function Ticking() {
  const may = useMay("bulk");
  const on = useStore((state) => state.selecting || state.selected.length > 0);
  const none = useStore((state) => state.list.ids.length === 0);
  if (!may || (none && !on)) return null;
  return <Button kind="quiet" icon="tick" label={on ? t.bulk.done : t.bulk.select} shortcut="X" aria-pressed={on} onClick={() => setTicking(!on)} />;
}

function Found() {
  const q = useStore((state) => state.list.filters.q);
  const count = useStore((state) => state.list.ids.length);
  const ready = useStore((state) => state.list.status === "ready");
  if (!q || !ready || !count) return null;
  return <p class="list-found figures" role="status">{count >= 200 ? t.search.most(count) : t.search.found(count)}</p>;
}

function Body() {
  const status = useStore((state) => state.list.status);
  const empty = useStore((state) => state.list.ids.length === 0);
  const problem = useStore((state) => state.list.problem);
  if (status === "loading" && empty) return <Skeleton label={t.list.loading} rows={8} shape="row" />;
  if (status === "error" && empty) {
    return (
      <Blank icon="alert" title={t.list.failed} text={sentence(problem)}>
        <Button onClick={() => void load()}>{t.list.retry}</Button>
      </Blank>
    );
  }
  return empty ? <Empty /> : <Rows />;
}

export function ListPane() {
  const title = useTitle();
  return (
    <section class="list-pane" aria-label={title}>
      <header class="list-head">
        <Button kind="quiet" icon="menu" label={t.views.open} class="drawer-only" onClick={openDrawer} />
        <h2 class="list-title clip" dir="auto">{title}</h2>
        <span class="list-tools">
          <Order />
          <Ticking />
          <NextButton />
        </span>
        <Search />
        <Filters />
        <Found />
      </header>
      <Body />
      <BulkBar />
    </section>
  );
}
