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

/** `keep` also says that the visitor has talked; `all` is what the frame cannot store itself, empty when it can. */
export type FromFrame =
  | { say: "ready" }
  | { say: "close" }
  | { say: "keep"; all: string }
  | { say: "unread"; count: number }
  | ({ say: "look" } & Look);

/** `scheme` is the host page's computed `color-scheme`. */
export type FromLoader =
  | { say: "open" }
  | { say: "closed" }
  | { say: "kept"; all: string }
  | ({ say: "page" } & Page)
  | { say: "scheme"; scheme: string };

/** Marks our messages among everything else that travels by postMessage in a shop's page. */
export const MARK = "throughline";

type Shape = Record<string, "string" | "number">;

const isText = (value: unknown, longest: number): boolean => typeof value === "string" && value.length <= longest;

/** True when `data` is one of ours and has exactly the fields `shapes` wants, none of them oversized. */
export function fits(data: unknown, shapes: Record<string, Shape>): boolean {
  const said = Object(data) as Record<string, unknown>;
  const name = said.mark === MARK && isText(said.say, 9) && (said.say as string);
  const shape = name && Object.keys(shapes).includes(name) && shapes[name];
  return !!shape && Object.keys(shape).every((key) => (shape[key] === "number" ? Number.isFinite(said[key]) : isText(said[key], 1e5)));
}

export const FRAME_SHAPES: Record<string, Shape> = {
  ready: {},
  close: {},
  keep: { all: "string" },
  unread: { count: "number" },
  look: { accent: "string", position: "string", title: "string" },
};

export const LOADER_SHAPES: Record<string, Shape> = {
  open: {},
  closed: {},
  kept: { all: "string" },
  page: { url: "string", title: "string", referrer: "string" },
  scheme: { scheme: "string" },
};
