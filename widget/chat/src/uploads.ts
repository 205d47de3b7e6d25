/** Files the visitor picked for the next message: uploaded at once, so that sending is only a matter of their ids. */
import { useRef, useState } from "preact/hooks";
import { Problem } from "./api";
import type { Chat } from "./chat";
import { objection } from "./files";
import * as format from "./format";
import { newId } from "./ids";
import type { FileCard } from "./types";
import { fill, spoken, type Language } from "./words";

export interface Upload {
  key: string;
  source: File;
  stored: FileCard | null;
  /** Why it did not work, as a sentence; empty while all is well. */
  error: string;
  /** Trying again could help. */
  again: boolean;
}

export interface Uploads {
  list: Upload[];
  busy: boolean;
  add: (files: Iterable<File>) => void;
  retry: (upload: Upload) => void;
  remove: (key: string) => void;
  /** The stored files, which leave the list; what was refused stays with its reason. */
  take: () => FileCard[];
}

export function useUploads(chat: Chat, language: Language): Uploads {
  const { words, tag } = language;
  const [, redraw] = useState({});
  const kept = useRef<Upload[]>([]);
  const put = (list: Upload[]) => {
    kept.current = list;
    redraw({});
  };
  const change = (key: string, how: Partial<Upload>) => put(kept.current.map((one) => (one.key === key ? { ...one, ...how } : one)));

  const send = (upload: Upload) => {
    change(upload.key, { error: "", again: false });
    chat.api.upload(upload.source).then(
      (stored) => change(upload.key, { stored }),
      (error: unknown) => {
        const sentence = error instanceof Problem ? spoken(error.message, language) : "";
        const judged = sentence && `${upload.source.name}: ${sentence}`;
        const final = error instanceof Problem && error.status < 500 && error.status !== 429;
        change(upload.key, { error: judged || fill(words.notUploaded, { name: upload.source.name }), again: !final });
      },
    );
  };

  const add = (files: Iterable<File>) => {
    const { config } = chat.state;
    if (!config) return;
    const fresh = [...files].map((source): Upload => {
      const reason = objection(source, config);
      const values = { name: source.name, size: format.size(tag, config.max_file_bytes) };
      return { key: newId(), source, stored: null, error: reason ? fill(reason === "tooLarge" ? words.tooLarge : words.refused, values) : "", again: false };
    });
    put([...kept.current, ...fresh]);
    for (const upload of fresh) if (!upload.error) send(upload);
  };

  return {
    list: kept.current,
    busy: kept.current.some((one) => !one.stored && !one.error),
    add,
    retry: send,
    remove: (key) => put(kept.current.filter((one) => one.key !== key)),
    take: () => {
      const stored = kept.current.flatMap((one) => (one.stored ? [one.stored] : []));
      // What was refused for good has been read by now; what may be tried again stays.
      put(kept.current.filter((one) => one.again));
      return stored;
    },
  };
}
