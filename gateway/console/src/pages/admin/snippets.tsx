// Answers written once: the shared ones and one's own.
import { useState } from "preact/hooks";
import type { Snippet } from "../../api/types";
import { t } from "../../i18n";
import { pieces } from "../../pure/marked";
import { loadPlaceholders, loadSnippets } from "../../store/admin";
import { useStore } from "../../store/store";
import { hrefOf, openItem, useTail } from "../../store/tail";
import { Icon } from "../../ui/icons";
import { Blank, Button } from "../../ui/parts";
import { Choose, EditedMark, Head, Loaded, SearchField, useLoad } from "./parts";
import { SnippetPanel } from "./snippet";

const words = t.admin.snippets;
type Which = "every" | "own" | "shared";
const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

export function fittingSnippets(snippets: readonly Snippet[], query: string, which: Which): Snippet[] {
  const parts = plain(query).split(/\s+/).filter(Boolean);
  const fits = (one: Snippet) => (which === "every" || (which === "shared") === one.shared) && parts.every((part) => plain(`${one.name} ${one.text}`).includes(part));
  return snippets.filter(fits).sort((a, b) => a.name.localeCompare(b.name));
}

/** Text whose placeholders stand out. */
export function Marked({ text, known }: { text: string; known: ReadonlySet<string> | null }) {
  return <>{pieces(text, known ?? new Set()).map((piece, index) => (piece.name === null ? piece.text : <mark key={index} data-known={known === null || piece.known}>{piece.text}</mark>))}</>;
}

function Line({ snippet, open, known }: { snippet: Snippet; open: boolean; known: ReadonlySet<string> | null }) {
  return (
    <li class="item two" data-open={open} data-snippet={snippet.id}>
      <span class="item-main">
        <span class="item-name clip"><a class="row-link" href={hrefOf("snippets", snippet.id)} aria-current={open ? "true" : undefined}><bdi>{snippet.name}</bdi></a><EditedMark name={`snippet ${snippet.id}`} /></span>
        <span class="item-text faint"><Marked text={snippet.text} known={known} /></span>
      </span>
      <span class="tag">{snippet.shared ? words.shared : words.mine}</span>
    </li>
  );
}

export function Snippets() {
  const loading = useLoad(loadSnippets);
  const placeholders = useLoad(loadPlaceholders);
  const snippets = useStore((state) => state.snippets);
  const named = useStore((state) => state.placeholders);
  const open = useTail();
  const [query, setQuery] = useState("");
  const [which, setWhich] = useState<Which>("every");
  const known = named && new Set(named.map((one) => one.name));
  const shown = fittingSnippets(snippets ?? [], query, which);
  const close = () => openItem("snippets", null);
  return (
    <div class="admin-page" data-panel={open !== null}>
      <div class="admin-main">
        <Head title={words.title} text={words.text}>
          <a class="button primary" href={hrefOf("snippets", "new")}><Icon name="plus" /><span class="button-text">{words.add}</span></a>
        </Head>
        {(snippets?.length ?? 0) > 0 && (
          <div class="admin-filters">
            <SearchField label={words.search} value={query} change={setQuery} />
            <Choose<Which> label={words.which} value={which} change={setWhich} options={[["every", words.every], ["shared", words.sharedOnes], ["own", words.own]]} />
          </div>
        )}
        <div class="admin-body">
          <Loaded loading={loading} ready={snippets !== null}>
            {(snippets?.length ?? 0) > 0 && <p class="admin-count faint small figures" role="status">{words.count(shown.length)}</p>}
            <ul class="items">{shown.map((snippet) => <Line key={snippet.id} snippet={snippet} open={snippet.id === open} known={known} />)}</ul>
            {!shown.length && (snippets?.length ? <Blank icon="search" title={words.noneFound} /> : (
              <Blank icon="pencil" title={words.none} text={words.noneHint}><Button kind="primary" icon="plus" onClick={() => openItem("snippets", "new")}>{words.add}</Button></Blank>
            ))}
          </Loaded>
        </div>
      </div>
      {open !== null && snippets && <SnippetPanel key={open} id={open === "new" ? null : open} unnamed={placeholders.failed !== null} close={close} />}
    </div>
  );
}
