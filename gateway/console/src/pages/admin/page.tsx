// Which of the pages to run a desk is shown, and the tabs between them. Whoever may not use one is told whom to ask.
import type { JSX } from "preact";
import type { Right } from "../../api/types";
import { t } from "../../i18n";
import { may } from "../../store/admin";
import type { AdminPage } from "../../store/state";
import { useStore } from "../../store/store";
import { hrefOf } from "../../store/tail";
import { Blank } from "../../ui/parts";
import { Audit } from "./audit";
import { Categories } from "./categories";
import { People } from "./people";
import { Head } from "./parts";
import { Snippets } from "./snippets";
import { Teams } from "./teams";

/** The right a page takes, and who has it, in words. */
export const takes: Record<AdminPage, { right: Right; who: "agent" | "lead" | "manager" }> = {
  people: { right: "places", who: "lead" }, teams: { right: "settings", who: "manager" }, snippets: { right: "reply", who: "agent" },
  categories: { right: "settings", who: "manager" }, audit: { right: "audit", who: "manager" },
};

const pages: Record<AdminPage, () => JSX.Element> = { people: People, teams: Teams, snippets: Snippets, categories: Categories, audit: Audit };
const order: readonly AdminPage[] = ["people", "teams", "snippets", "categories", "audit"];

function Tabs({ page }: { page: AdminPage }) {
  const me = useStore((state) => state.me);
  const shown = order.filter((one) => one === page || may(me, takes[one].right));
  return (
    <nav class="admin-tabs" aria-label={t.admin.label}>
      {shown.map((one) => <a key={one} href={hrefOf(one)} aria-current={one === page ? "page" : undefined}>{t.admin.tabs[one]}</a>)}
    </nav>
  );
}

function Ask({ page }: { page: AdminPage }) {
  return (
    <div class="admin-page">
      <div class="admin-main">
        <Head title={t.admin.tabs[page]} text={t.admin[page].text} />
        <div class="admin-body"><Blank icon="lock" title={t.admin.ask[page]} text={t.admin.ask.text(t.admin.ask[takes[page].who])} /></div>
      </div>
    </div>
  );
}

export function Admin({ page }: { page: AdminPage }) {
  const allowed = useStore((state) => may(state.me, takes[page].right));
  const Page = pages[page];
  return (
    <main class="admin">
      <h1 class="sr">{t.admin.tabs[page]}</h1>
      <Tabs page={page} />
      {allowed ? <Page key={page} /> : <Ask page={page} />}
    </main>
  );
}
