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
  if (message.say === "page") chat.visit(message);
  else if (message.say === "kept") {
    store.fill(message.all);
    heard();
  } else if (message.say !== "scheme") chat.show(message.say === "open");
  else if (message.scheme === "light" || message.scheme === "dark") root.dataset.scheme = message.scheme;
  else delete root.dataset.scheme;
});
const chat: Chat = new Chat(wish, store, () => host, wish.locale || navigator.language);

function draw(language: Language): void {
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
  host.tell({ say: "look", accent, position: config.position, title: config.title });
  draw(await load(choose([wish.locale, config.locale, ...own]), own));
  // Where an embedded page has no storage of its own, the host page keeps it; a host that does not answer is not waited for.
  if (store.borrowed && host.embedded) await Promise.race([kept, new Promise((resolve) => setTimeout(resolve, 2000))]);
}

colour(wish.accent);
if (!host.embedded) chat.show(true);
void load(choose([wish.locale, ...own]), own).then((language) => {
  draw(language);
  host.tell({ say: "ready" });
  void chat.start(configured);
});
