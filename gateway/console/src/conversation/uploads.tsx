// Files of the draft: on their way, there, or not.
import { t } from "../i18n";
import { sizeOf } from "../pure/time";
import { removeUpload, uploadAgain } from "../store/drafts";
import type { Tab, Upload } from "../store/state";
import { Icon } from "../ui/icons";
import { Button } from "../ui/parts";

export function Uploads({ id, tab, uploads }: { id: string; tab: Tab; uploads: readonly Upload[] }) {
  if (!uploads.length) return null;
  return (
    <ul class="uploads" role="list">
      {uploads.map((upload) => {
        const state = upload.problem !== null ? "failed" : upload.file ? "stored" : "wanted";
        return (
          <li key={upload.key} class="file" data-state={state}>
            <Icon name={state === "failed" ? "alert" : "file"} />
            <span class="file-text">
              <bdi class="file-name">{upload.name}</bdi>
              <span class="file-facts figures">
                {sizeOf(upload.size)}
                {state === "wanted" && ` · ${t.file.uploading}`}
                {state === "failed" && ` · ${t.file.notUploaded}: ${upload.problem}`}
              </span>
            </span>
            {state === "failed" && <button type="button" class="link" aria-label={t.file.retry(upload.name)} onClick={() => uploadAgain(id, tab, upload.key)}>{t.pending.retry}</button>}
            <Button kind="quiet" icon="x" label={t.file.remove(upload.name)} onClick={() => removeUpload(id, tab, upload.key)} />
          </li>
        );
      })}
    </ul>
  );
}
