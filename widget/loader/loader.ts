/**
 * The one script a shop pastes into its pages: a launcher button now, the chat frame only when somebody wants it.
 *
 * `<script async src="https://gateway/widget.js" data-site="demo"></script>`; optional are `data-accent="#1f6f5c"`, `data-position="left|right"`,
 * `data-locale="fi"`, `data-open` and `data-identity="JWT"`, the shop's signed word on who is signed in. Any element of the page with
 * `data-throughline-open` opens the chat when it is pressed; scripts have `Throughline.open()`, `close()`, `identify(jwt)` and `logout()`.
 */
import { ink, parse, type Rgb } from "../shared/contrast";
import { FRAME_SHAPES, MARK, fits, type FromFrame, type FromLoader, type Look } from "../shared/protocol";
import { STYLE } from "./style";
import { word } from "./words";

const BUBBLE = "M4 11.5a7.5 7.5 0 0 1 7.5-7.5h1a7.5 7.5 0 0 1 0 15H11l-4.5 2.5v-3.6A7.5 7.5 0 0 1 4 11.5Z";
const CROSS = "M6 6l12 12M18 6L6 18";
const SVG = "http://www.w3.org/2000/svg";
const KEY = "throughline.";
const FALLBACK: Rgb = [31, 111, 92];

/** Sets attributes. */
function put(node: Element, attributes: Record<string, string>): void {
  for (const name in attributes) node.setAttribute(name, attributes[name] as string);
}

/** An element of ours with its attributes. */
function make<T extends Element>(tag: string, attributes: Record<string, string> = {}, space = "http://www.w3.org/1999/xhtml"): T {
  const made = document.createElementNS(space, tag) as T;
  put(made, attributes);
  return made;
}

/** What the host page's storage holds for us, after adding `more`; where storage is forbidden the widget merely forgets. */
function recall(site: string, more?: object): Partial<Look> & { kept?: string } {
  try {
    const all = { ...JSON.parse(localStorage[KEY + site] || "{}"), ...more };
    if (more) localStorage[KEY + site] = JSON.stringify(all);
    return all;
  } catch {
    return {};
  }
}

function start(script: HTMLScriptElement): void {
  const origin = new URL(script.src).origin;
  const set = script.dataset;
  const site = set.site || "";
  const past = recall(site);
  const open = word([set.locale, ...navigator.languages]);
  // The frame tells these two in its own language.
  let close = open;
  let unread = "";

  const host = make<HTMLElement>("throughline-chat");
  // An open root: a closed one protects nothing from the page's own scripts and hides the widget from accessibility checkers.
  const root = host.attachShadow({ mode: "open" });
  const region = make<HTMLElement>("aside");
  const button = make<HTMLElement>("button", { type: "button", "aria-describedby": "n" });
  const badge = make<HTMLElement>("b", { "aria-hidden": "true" });
  const live = make<HTMLElement>("i", { role: "status", id: "n" });
  const svg = make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, SVG);
  const path = make("path", {}, SVG);
  let frame: HTMLIFrameElement | null = null;
  let ready = false;
  let isOpen = false;
  let opener = button;
  let told = "";
  /** The shop's last word on who this is; empty after a logout, which the frame has to hear too. */
  let jwt: unknown = set.identity || null;

  const tell = (message: FromLoader): void => {
    if (frame && frame.contentWindow && ready) frame.contentWindow.postMessage({ ...message, mark: MARK }, origin);
  };

  const tellPage = (): void => {
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const page = { url: location.href, title: document.title, referrer: document.referrer, scheme };
    if (told !== (told = page.url + page.title + scheme)) tell({ say: "page", ...page });
  };

  const tellIdentity = (): void => {
    if (jwt != null) tell({ say: "identity", jwt: "" + jwt });
  };

  const identify = (word: unknown): void => {
    jwt = word || "";
    tellIdentity();
  };

  const dress = (look: Partial<Look>): void => {
    const accent = parse(set.accent || look.accent || "") || FALLBACK;
    host.style.setProperty("--a", "rgb(" + accent + ")");
    host.style.setProperty("--i", ink(accent));
    const mirrored = !set.position && getComputedStyle(document.documentElement).direction === "rtl";
    region.classList.toggle("left", ((set.position || look.position) === "left") !== mirrored);
    if (frame && look.title) frame.title = look.title;
  };

  const makeFrame = (): void => {
    if (frame) return;
    const wish = { site, origin: location.origin, locale: set.locale || "", accent: set.accent || "", position: set.position || "" };
    const src = origin + "/chat/?" + new URLSearchParams(wish);
    frame = make<HTMLIFrameElement>("iframe", { title: open, allow: "clipboard-write", src });
    region.insertBefore(frame, button);
    // A single-page shop changes its address and its colours without telling anybody; asking once a second leaves its functions alone.
    setInterval(tellPage, 1000);
  };

  // An on-screen keyboard covers the page below it; over the whole screen the frame keeps to what is left to see.
  const fit = (): void => {
    const { height, offsetTop, scale } = visualViewport as VisualViewport;
    if (frame) frame.style.cssText = isOpen && innerWidth <= 480 && scale < 1.01 ? `height:${height}px;top:${offsetTop}px` : "";
  };

  const label = (): void => {
    region.classList.toggle("open", isOpen);
    put(path, { d: isOpen ? CROSS : BUBBLE });
    put(button, { "aria-label": isOpen ? close : open, "aria-expanded": "" + isOpen });
  };

  const show = (wanted: boolean, by = button): void => {
    if (wanted === isOpen) return;
    isOpen = wanted;
    if (wanted) {
      opener = by;
      makeFrame();
    }
    label();
    tell({ say: wanted ? "open" : "closed" });
    fit();
    if (wanted && frame) frame.focus();
    else opener.focus();
  };

  const hear = (message: FromFrame): void => {
    if (message.say === "ready") {
      ready = true;
      told = "";
      tell({ say: "kept", all: recall(site).kept || "" });
      tellIdentity();
      tellPage();
      tell({ say: isOpen ? "open" : "closed" });
    } else if (message.say === "close") show(false);
    else if (message.say === "keep") recall(site, { kept: message.all });
    else if (message.say === "unread") {
      const n = message.count;
      badge.textContent = n > 9 ? "9+" : n ? "" + n : "";
      live.textContent = n ? unread + n : "";
    } else {
      dress(message);
      recall(site, { accent: message.accent, position: message.position });
      ({ unread, close } = message);
      label();
    }
  };

  label();
  svg.append(path);
  button.append(svg, badge);
  button.onclick = () => show(!isOpen);
  region.onkeydown = (event) => {
    if (event.key === "Escape") show(false);
  };
  region.append(button, live);
  // A constructed sheet passes a host page's strict style-src, an inline <style> would not.
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = make("style");
    style.textContent = STYLE;
    root.append(style);
  }
  root.append(region);
  dress(past);
  document.body.append(host);

  visualViewport!.onresize = visualViewport!.onscroll = fit;
  Object.assign(window, { Throughline: { open: () => show(true), close: () => show(false), identify, logout: () => identify("") } });
  addEventListener("message", (event) => {
    if (frame && event.source === frame.contentWindow && event.origin === origin && fits(event.data, FRAME_SHAPES)) hear(event.data);
  });
  document.addEventListener("click", (event) => {
    const by = (event.target as Element).closest<HTMLElement>("[data-throughline-open]");
    if (by) {
      event.preventDefault();
      show(true, by);
    }
  });
  if (set.open === "" || set.open === "true") show(true);
  else if (past.kept != null) (window.requestIdleCallback || setTimeout)(makeFrame);
}

const script = (document.currentScript || document.querySelector("script[data-site][src*='/widget.js']")) as HTMLScriptElement | null;
if (script && !document.querySelector("throughline-chat")) {
  if (document.body) start(script);
  else addEventListener("DOMContentLoaded", () => start(script));
}
