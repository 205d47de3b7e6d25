/** The words loader and chat frame say to each other by postMessage, and the check that a stranger's message is not one of them. */

/** The page the visitor looks at. */
export interface Page {
  url: string;
  title: string;
  referrer: string;
}

/** How the frame wants its surroundings to look; the loader remembers it for the next page. */
export interface Look {
  accent: string;
  position: "left" | "right";
  title: string;
}

/** `look` brings the launcher's words along, `close` and `unread`. `keep` also says that the visitor has talked; `all` is what the frame cannot store itself, empty when it can. */
export type FromFrame =
  | { say: "ready" }
  | { say: "close" }
  | { say: "keep"; all: string }
  | { say: "unread"; count: number }
  | ({ say: "look"; close: string; unread: string } & Look);

/** `scheme` is the host page's computed `color-scheme`; `jwt` is who the customer is as the shop signed it, empty when they signed out. */
export type FromLoader =
  | { say: "open" }
  | { say: "closed" }
  | { say: "kept"; all: string }
  | ({ say: "page"; scheme: string } & Page)
  | { say: "identity"; jwt: string };

/** Marks our messages among everything else that travels by postMessage in a shop's page. */
export const MARK = "throughline";

/** A message's fields by its name, parted by spaces: texts, or a number where `#` stands before it. */
type Shapes = Record<string, string>;

const isText = (value: unknown, longest: number): boolean => typeof value === "string" && value.length <= longest;

/** True when `data` is one of ours and has exactly the fields `shapes` wants, none of them oversized. */
export function fits(data: unknown, shapes: Shapes): boolean {
  const said = Object(data) as Record<string, unknown>;
  const name = said.mark === MARK && isText(said.say, 9) && (said.say as string);
  if (!name || !Object.keys(shapes).includes(name)) return false;
  const fields = (shapes[name] as string).match(/\S+/g) || [];
  return fields.every((field) => (field[0] === "#" ? Number.isFinite(said[field.slice(1)]) : isText(said[field], 1e5)));
}

export const FRAME_SHAPES: Shapes = { ready: "", close: "", keep: "all", unread: "#count", look: "accent position title close unread" };

export const LOADER_SHAPES: Shapes = { open: "", closed: "", kept: "all", page: "url title referrer scheme", identity: "jwt" };
