// Light, dark or as the system; and whether single keys act. Kept in this browser.
import { recall, remember } from "./keep";
import type { Theme } from "./state";
import { get, set } from "./store";

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function startTheme(): void {
  const theme = recall<Theme>("theme", "system");
  set({ theme, singleKeys: recall("keys", true) });
  apply(theme);
}

export function setTheme(theme: Theme): void {
  set({ theme });
  apply(theme);
  remember("theme", theme === "system" ? null : theme);
}

export function setSingleKeys(on: boolean): void {
  if (on === get().singleKeys) return;
  set({ singleKeys: on });
  remember("keys", on ? null : false);
}
