// Files of a message: pictures as thumbnails of a fixed size (nothing jumps when they arrive), everything else as cards, also a picture that cannot be shown.
import { useState } from "preact/hooks";
import { fileUrl } from "../api/calls";
import type { FileInfo } from "../api/types";
import { t } from "../i18n";
import { sizeOf } from "../pure/time";
import { Icon } from "../ui/icons";

const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

function Facts({ file }: { file: FileInfo }) {
  return (
    <span class="file-text">
      <bdi class="file-name">{file.name}</bdi>
      <span class="file-facts figures">{sizeOf(file.size)}{file.state !== "stored" && ` · ${t.file[file.state]}`}</span>
    </span>
  );
}

function FileCard({ file }: { file: FileInfo }) {
  const [broken, setBroken] = useState(false);
  if (file.state !== "stored") {
    return <span class="file" data-state={file.state}><Icon name={file.state === "failed" ? "alert" : "clock"} /><Facts file={file} /></span>;
  }
  const href = fileUrl(file.id);
  if (pictures.has(file.media_type) && !broken) {
    return (
      <a class="picture" href={href} target="_blank" rel="noopener noreferrer" title={`${file.name} · ${sizeOf(file.size)}`}>
        <img src={href} alt={t.file.image(file.name)} width={200} height={144} loading="lazy" decoding="async" onError={() => setBroken(true)} />
      </a>
    );
  }
  return <a class="file" href={href} download={file.name}><Icon name="file" /><Facts file={file} /></a>;
}

export function Files({ files }: { files: readonly FileInfo[] }) {
  return <div class="files">{files.map((file) => <FileCard key={file.id} file={file} />)}</div>;
}
