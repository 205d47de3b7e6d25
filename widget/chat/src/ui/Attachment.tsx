/** A file in a message: a thumbnail when it is a picture, a card with name and size otherwise. */
import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../chat";
import { download, isPicture, objectUrl } from "../files";
import * as format from "../format";
import type { FileCard } from "../types";
import { fill, type Language } from "../words";
import { Icon } from "./icons";

interface Props {
  file: FileCard;
  chat: Chat;
  language: Language;
}

function Picture({ file, chat, language, failed }: Props & { failed: () => void }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    objectUrl(chat.api, file).then(setUrl, failed);
  }, [file.id]);
  return (
    <a class="picture" href={url || undefined} target="_blank" rel="noopener" aria-label={fill(language.words.picture, { name: file.name })}>
      {url ? <img src={url} alt="" onError={failed} /> : <Icon name="picture" />}
    </a>
  );
}

export function Attachment({ file, chat, language }: Props) {
  const { words, tag } = language;
  const [broken, setBroken] = useState(false);
  const [error, setError] = useState("");
  if (isPicture(file) && file.state === "stored" && !broken) {
    return <Picture file={file} chat={chat} language={language} failed={() => setBroken(true)} />;
  }
  const note = error || (file.state === "wanted" ? words.coming : file.state === "failed" ? words.lost : format.size(tag, file.size));
  return (
    <button
      type="button"
      class="file"
      disabled={file.state !== "stored"}
      aria-label={fill(words.download, { name: file.name })}
      onClick={() => download(chat.api, file).catch(() => setError(words.lost))}
    >
      <Icon name="file" />
      <span>
        <b dir="auto">{file.name}</b>
        <small>{note}</small>
      </span>
    </button>
  );
}
