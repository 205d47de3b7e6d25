// The frame of every dialog: native <dialog>, so that focus stays inside, Esc closes and focus returns.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n";
import { closeDialog } from "../store/acts";
import { Button } from "./parts";

interface Props {
  title: string;
  wide?: boolean;
  children: ComponentChildren;
}

export function Dialog({ title, wide, children }: Props) {
  const frame = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const before = document.activeElement;
    element.showModal();
    element.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog ref={frame} class={`dialog${wide ? " wide" : ""}`} aria-labelledby={heading}
      onCancel={(event) => { event.preventDefault(); closeDialog(); }}
      onPointerDown={(event) => { if (event.target === frame.current) closeDialog(); }}>
      <div class="dialog-inside">
        <header class="dialog-head">
          <h2 id={heading}>{title}</h2>
          <Button kind="quiet" icon="x" label={t.act.close} onClick={closeDialog} />
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** The buttons at the end of a form in a dialog. */
export function DialogEnd({ submit, busy, disabled }: { submit: string; busy?: boolean; disabled?: boolean }) {
  return (
    <footer class="dialog-end">
      <Button onClick={closeDialog}>{t.act.cancel}</Button>
      <Button kind="primary" type="submit" disabled={busy || disabled}>{submit}</Button>
    </footer>
  );
}
