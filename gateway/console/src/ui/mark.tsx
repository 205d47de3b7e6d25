// The product's mark and name.
import { t } from "../i18n";

export function Mark() {
  return (
    <span class="mark">
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" focusable="false">
        <rect class="mark-ground" width="32" height="32" rx="8" />
        <path d="M7 12h11a4 4 0 0 1 0 8h-4M7 20h3M22 12h3" fill="none" class="mark-line" stroke-width="2.6" stroke-linecap="round" />
      </svg>
      <span class="mark-name">{t.app}</span>
    </span>
  );
}
