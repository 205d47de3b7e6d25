/** A picked file above the text field: on its way, ready, or refused with the reason. */
import * as format from "../format";
import type { Upload } from "../uploads";
import { fill, type Language } from "../words";
import { Icon } from "./icons";

interface Props {
  upload: Upload;
  language: Language;
  retry: () => void;
  remove: () => void;
}

export function UploadRow({ upload, language, retry, remove }: Props) {
  const { words, tag } = language;
  const { name, size } = upload.source;
  return (
    <li class={upload.error ? "upload error" : "upload"}>
      <Icon name={upload.error ? "alert" : upload.source.type.startsWith("image/") ? "picture" : "file"} />
      {upload.error ? (
        <span role="alert" dir="auto">
          {upload.error}{" "}
          {upload.again && (
            <button type="button" class="link" onClick={retry}>
              {words.again}
            </button>
          )}
        </span>
      ) : (
        <span>
          <b dir="auto">{name}</b>
          <small>{upload.stored ? format.size(tag, size) : words.uploading}</small>
        </span>
      )}
      <button type="button" class="plain" aria-label={fill(words.remove, { name })} onClick={remove}>
        <Icon name="close" />
      </button>
    </li>
  );
}
