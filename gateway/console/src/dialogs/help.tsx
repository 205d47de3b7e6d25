// Every key, and the switch for those who speak to their computer or type by accident.
import { t } from "../i18n";
import { setSingleKeys } from "../store/theme";
import { useStore } from "../store/store";
import { Dialog } from "../ui/dialog";

export function Help() {
  const on = useStore((state) => state.singleKeys);
  return (
    <Dialog title={t.shortcuts.title} wide>
      <div class="dialog-body">
        <dl class="shortcuts">
          {t.shortcuts.rows.map(([keys, text]) => (
            <div key={keys}>
              <dt>{keys.split(/( \/ | then |, |\+)/).map((part, index) => (index % 2 || part === "" ? <span key={index} class="faint">{part}</span> : <kbd key={index}>{part}</kbd>))}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <label class="check">
          <input type="checkbox" checked={on} onChange={(event) => setSingleKeys(event.currentTarget.checked)} />
          {t.shortcuts.on}
        </label>
      </div>
    </Dialog>
  );
}
