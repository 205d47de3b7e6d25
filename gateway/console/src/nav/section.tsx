// A part of the first column that can be folded; the browser remembers which are.
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { recall, remember } from "../store/keep";
import { Icon } from "../ui/icons";

export function Section({ name, title, children }: { name: string; title: string; children: ComponentChildren }) {
  const [folded, setFolded] = useState(() => recall<boolean>(`folded.${name}`, false));
  const id = useId();
  const fold = () => {
    setFolded(!folded);
    remember(`folded.${name}`, folded ? null : true);
  };
  return (
    <div class="nav-section">
      <button type="button" class="nav-title" aria-expanded={!folded} aria-controls={folded ? undefined : id} onClick={fold}>
        <span>{title}</span>
        <Icon name="down" size={14} />
      </button>
      {!folded && <ul id={id} class="views" role="list">{children}</ul>}
    </div>
  );
}
