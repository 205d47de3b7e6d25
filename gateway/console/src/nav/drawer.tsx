// On narrow screens the first column is a drawer: native <dialog>, so that focus stays inside, Esc closes and focus returns.
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { useStore } from "../store/store";
import { NavInside } from "./nav";

/** As in frame.css: below it the first column is a drawer. */
const NARROW = matchMedia("(max-width: 959px)");

let open = false;
let redraw: (() => void) | null = null;

function put(next: boolean): void {
  open = next;
  redraw?.();
}

export const openDrawer = () => put(true);
export const closeDrawer = () => put(false);

export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const look = () => setNarrow(NARROW.matches);
    NARROW.addEventListener("change", look);
    return () => NARROW.removeEventListener("change", look);
  }, []);
  return narrow;
}

function Opened() {
  const frame = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = frame.current;
    element?.showModal();
    element?.querySelector<HTMLElement>("[aria-current=page]")?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={frame} class="drawer" aria-label={t.views.label}
      onCancel={(event) => { event.preventDefault(); closeDrawer(); }}
      onPointerDown={(event) => { if (event.target === frame.current) closeDrawer(); }}>
      <NavInside />
    </dialog>
  );
}

/** The first column, wherever it is. */
export function Nav() {
  const narrow = useNarrow();
  const place = useStore((state) => `${state.list.shelf} ${JSON.stringify(state.list.filters)} ${state.open ?? ""} ${state.admin ?? ""} ${state.dialog?.kind ?? ""}`);
  const [, count] = useReducer((have: number) => have + 1, 0);
  useEffect(() => {
    redraw = () => count(0);
    return () => void (redraw = null);
  }, []);
  // Whatever was chosen in it is now in view.
  useEffect(closeDrawer, [place, narrow]);
  if (!narrow) return <div class="nav"><NavInside /></div>;
  return open ? <Opened /> : null;
}
