// How this browser may call for attention. Permission is asked here and nowhere else, by the click that wants it.
import { useId, useState } from "preact/hooks";
import { t } from "../i18n";
import { askPermission, permission, setAlerts, tryAlerts } from "../live/attention";
import { closeDialog } from "../store/acts";
import { useStore } from "../store/store";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { Button } from "../ui/parts";

export function AlertSettings() {
  const { sound, notify } = useStore((state) => state.alerts);
  const [allowed, setAllowed] = useState(permission());
  const hint = useId();
  const wantNotices = async (on: boolean) => {
    const granted = on && (allowed === "granted" || (await askPermission()));
    setAllowed(permission());
    setAlerts({ notify: granted });
  };
  return (
    <Dialog title={t.alerts.title}>
      <div class="dialog-body">
        <label class="check top">
          <input type="checkbox" checked={sound} data-autofocus aria-describedby={`${hint}s`} onChange={(event) => setAlerts({ sound: event.currentTarget.checked })} />
          <span>{t.alerts.sound}<span class="hint" id={`${hint}s`}>{t.alerts.soundHint}</span></span>
        </label>
        <label class="check top">
          <input type="checkbox" checked={notify && allowed === "granted"} disabled={allowed === "denied" || allowed === "missing"} aria-describedby={`${hint}n`}
            onChange={(event) => void wantNotices(event.currentTarget.checked)} />
          <span>{t.alerts.notify}<span class="hint" id={`${hint}n`}>{t.alerts.notifyHint}</span></span>
        </label>
        {(allowed === "denied" || allowed === "missing") && <p class="form-problem" role="status"><Icon name="alert" />{allowed === "denied" ? t.alerts.denied : t.alerts.insecure}</p>}
        <p class="dialog-text small">{t.alerts.kept}</p>
      </div>
      <footer class="dialog-end">
        <Button icon="bell" disabled={!sound && !notify} onClick={tryAlerts}>{t.alerts.test}</Button>
        <Button kind="primary" onClick={closeDialog}>{t.act.close}</Button>
      </footer>
    </Dialog>
  );
}
