/** Files of the conversation: which may be shown as pictures, and fetching them with the visitor's token. */
import type { Api } from "./api";
import type { Config, FileCard } from "./types";

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const LARGEST_THUMBNAIL = 6_000_000;

/** True for the four picture types the gateway shows; anything else is only ever downloaded. */
export const isPicture = (file: FileCard): boolean => PICTURES.includes(file.media_type) && file.size <= LARGEST_THUMBNAIL;

const fetched = new Map<string, Promise<string>>();

/** An object URL of the file's bytes, fetched once. A type the browser could run is never given to it. */
export function objectUrl(api: Api, file: FileCard): Promise<string> {
  let url = fetched.get(file.id);
  if (!url) {
    const type = PICTURES.includes(file.media_type) ? file.media_type : "application/octet-stream";
    url = api.file(file.id).then((bytes) => URL.createObjectURL(new Blob([bytes], { type })));
    fetched.set(file.id, url);
    url.catch(() => fetched.delete(file.id));
  }
  return url;
}

/** Hands the file to the browser's downloads under its own name. */
export async function download(api: Api, file: FileCard): Promise<void> {
  const link = document.createElement("a");
  link.href = await objectUrl(api, file);
  link.download = file.name;
  link.click();
}

/** Why `file` cannot be sent, or null. `*` types like `image/*` are understood. */
export function objection(file: { type: string; size: number }, config: Config): "tooLarge" | "refused" | null {
  if (file.size > config.max_file_bytes) return "tooLarge";
  const wanted = config.file_types;
  const kind = file.type.split("/")[0] + "/*";
  return wanted.length && !wanted.includes(file.type) && !wanted.includes(kind) ? "refused" : null;
}
