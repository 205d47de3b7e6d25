// What just happened, said once and quietly; read aloud without taking the focus.
import { t } from "../i18n";
import { dismiss } from "../store/toasts";
import { useStore } from "../store/store";
import { Icon } from "./icons";

export function Toasts() {
  const toasts = useStore((state) => state.toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.key} class="toast" data-tone={toast.tone}>
          <Icon name={toast.tone === "bad" ? "alert" : "check"} />
          <span class="toast-text">
            {toast.text}
            {toast.lines.map((line) => <span key={line} class="toast-line">{line}</span>)}
          </span>
          {toast.act && <button type="button" class="toast-act" onClick={() => { dismiss(toast.key); toast.act?.run(); }}>{toast.act.label}</button>}
          <button type="button" class="toast-close" aria-label={t.act.close} onClick={() => dismiss(toast.key)}><Icon name="x" size={14} /></button>
        </div>
      ))}
    </div>
  );
}
