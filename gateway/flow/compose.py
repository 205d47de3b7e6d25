"""A delivery becomes what goes out: text, author, files to read, and the messages as the customer's API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from channels.contract import Outgoing, OutgoingFile
from gateway.blobs import Blobs
from gateway.db.database import Database, Tx
from gateway.flow import views
from gateway.model import Delivery, File, Message
from gateway.store import files


class Composer:
    """Reads what belongs to a delivery; no transaction is open when the adapter gets it."""

    def __init__(self, db: Database, blobs: Blobs):
        self._db = db
        self._blobs = blobs

    async def __call__(self, delivery: Delivery, messages: Sequence[Message]) -> Outgoing:
        """Notes have no delivery; should one ever have, it stays out."""
        public = [message for message in messages if message.pub is not None and message.direction == "out"]
        items, attached = await self._db.read(_read, delivery, public)
        return Outgoing(
            delivery_id=delivery.id,
            address=delivery.address,
            text="\n\n".join(message.text for message in public if message.text),
            html=public[0].html if len(public) == 1 else None,
            subject=next((message.subject for message in public if message.subject), None),
            thread=next((message.thread for message in public if message.thread), None),
            author=public[-1].author_name if public else None,
            files=tuple(self._file(file) for file in attached if file.blob is not None),
            items=tuple(items),
        )

    def _file(self, file: File) -> OutgoingFile:
        return OutgoingFile(
            id=file.id, name=file.name, media_type=file.media_type, size=file.size, read=partial(self._blobs.get, file.blob or "")
        )


def _read(tx: Tx, delivery: Delivery, public: Sequence[Message]) -> tuple[list[dict[str, object]], list[File]]:
    attached = files.list_files(tx, [message.id for message in public]) if public else []
    sent = {message.id: delivery._replace(state="sent") for message in public}
    return views.items(public, delivery.address, sent, attached), attached
