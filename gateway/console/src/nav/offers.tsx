// Conversations the router offers to the person at this desk: a banner that cannot be overlooked, with the time left.
import { nameOf, t } from "../i18n";
import { clock } from "../pure/wait";
import { accept, decline } from "../store/acts";
import { offersTo } from "../store/list";
import { go } from "../store/route";
import { useStore } from "../store/store";
import type { Row } from "../api/types";
import { useNow } from "../ui/clock";
import { Icon } from "../ui/icons";
import { Button } from "../ui/parts";

function Banner({ row }: { row: Row }) {
  const left = Math.ceil(((row.offer?.deadline ?? 0) - useNow()) / 1_000_000);
  const open = useStore((state) => state.open === row.id);
  if (left <= 0) return null;
  return (
    <div class="offer">
      <Icon name="arrow" />
      <p class="offer-text">
        <bdi class="offer-name">{t.offer.text(nameOf(row))}</bdi>
        <span class="offer-left figures">{t.offer.left(clock(left))}</span>
      </p>
      {!open && <Button kind="quiet" onClick={() => go({ open: row.id })}>{t.offer.show}</Button>}
      <Button onClick={() => void decline(row.id)}>{t.act.decline}</Button>
      <Button kind="primary" onClick={() => void accept(row.id)}>{t.act.accept}</Button>
    </div>
  );
}

export function Offers() {
  const offers = useStore((state) => offersTo(state.me?.id, state.rows).sort((a, b) => (a.offer?.deadline ?? 0) - (b.offer?.deadline ?? 0)));
  return <div class="offers" role="status">{offers.slice(0, 3).map((row) => <Banner key={row.id} row={row} />)}</div>;
}
