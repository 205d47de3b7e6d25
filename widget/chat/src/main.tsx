/** Puts the frame together: the page around it, the language, the chat, and the drawing of it. */
import { render } from "preact";
import { palette } from "./accent";
import { Chat } from "./chat";
import { Host, readWish } from "./host";
import { guarded } from "./storage";
import type { Config } from "./types";
import { App } from "./ui/App";
import { choose, load, type Language } from "./words";
import "./style.css";

const wish = readWish(location.search);
const root = document.documentElement;
const own = [...navigator.languages];
const mount = document.getElementById("chat") as HTMLElement;
const store = guarded(() => localStorage, (all) => host.tell({ say: "keep", all }));
let heard: () => void = () => undefined;
const kept = new Promise<void>((resolve) => (heard = resolve));
const host: Host = new Host(wish.origin, (message) => {
  if (message.say === "page") {
    chat.visit(message);
    if (message.scheme === "light" || message.scheme === "dark") root.dataset.scheme = message.scheme;
    else delete root.dataset.scheme;
  } else if (message.say === "identity") chat.identify(message.jwt);
  else if (message.say === "kept") {
    store.fill(message.all);
    heard();
  } else chat.show(message.say === "open");
});
const chat: Chat = new Chat(wish, store, () => host, wish.locale || navigator.language);

let drawn: Language;

function draw(language: Language): void {
  drawn = language;
  root.lang = language.tag;
  root.dir = language.dir;
  render(<App chat={chat} language={language} close={host.embedded ? () => host.tell({ say: "close" }) : null} />, mount);
}

function colour(accent: string): void {
  const colours = palette(accent);
  for (const name in colours) root.style.setProperty(name, colours[name] as string);
}

/** Language, colours and title of the site, as soon as they are known. */
async function configured(config: Config): Promise<void> {
  const accent = wish.accent || config.accent;
  host.trust(config.origins);
  colour(accent);
  document.title = config.title;
  const wanted = choose([wish.locale, config.locale, ...own]);
  const language = await load(wanted, own).catch(() => drawn);
  draw(language);
  const { words } = language;
  host.tell({ say: "look", accent, position: config.position, title: config.title, close: words.close, unread: words.unread });
  // Where an embedded page has no storage of its own, the host page keeps it; a host that does not answer is not waited for.
  if (store.borrowed && host.embedded) await Promise.race([kept, new Promise((resolve) => setTimeout(resolve, 2000))]);
}

colour(wish.accent);
if (!host.embedded) {
  chat.show(true);
  // An on-screen keyboard covers the page; what is left to see is what the page has. Embedded, the loader sees to that.
  const seen = window.visualViewport;
  if (seen) seen.onresize = () => root.style.setProperty("--height", seen.height * seen.scale + "px");
}

// Without any words there is nothing to say; some browsers remember that an import failed for as long as the page lives.
load(choose([wish.locale, ...own]), own).then(
  (language) => {
    draw(language);
    host.tell({ say: "ready" });
    void chat.start(configured);
  },
  () => setTimeout(() => location.reload(), 3000),
);
