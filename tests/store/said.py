"""People, conversations and what is said in them, put straight into the store: for tests of what reads them."""

from __future__ import annotations

from channels.contract import Address, ChannelId
from gateway.db.database import Database, Tx
from gateway.model import Contact, ContactId, Conversation, ConversationId, File, FileId, Identity, Message, MessageId, Revision
from gateway.store import contacts, conversations, files, messages

CHANNEL = ChannelId("web")


def person(tx: Tx, name: str = "", *addresses: str) -> ContactId:
    contact_id = ContactId(tx.clock.new_id())
    contacts.add_contact(tx, Contact(contact_id, name, None, None, "{}", "{}", None, tx.now))
    for address in addresses:
        contacts.add_identity(tx, Identity(Address(address), contact_id, None, None, 0, None, 0, tx.now, tx.now))
    return contact_id


def talk(tx: Tx, contact_id: ContactId, subject: str = "") -> ConversationId:
    """A conversation on a topic of its own."""
    conversation_id = ConversationId(tx.clock.new_id())
    blank = dict.fromkeys(Conversation._fields)
    values = blank | {
        "id": conversation_id, "number": conversations.next_number(tx), "contact_id": contact_id, "topic": conversation_id, "state": "open", "holds": 0,
        "priority": 2, "subject": subject, "load_class": "chat", "channel_id": CHANNEL, "rule": "new", "last_seq": 0, "last_pub": 0, "agent_pub": 0,
        "customer_pub": 0, "version": 0, "preview": "", "preview_author": "customer", "created_at": tx.now, "last_at": tx.now,
    }  # fmt: skip
    conversations.add_conversation(tx, Conversation(**values))  # type: ignore[arg-type]  # a dict of all fields
    return conversation_id


def say(
    tx: Tx,
    conversation_id: ConversationId,
    text: str,
    *,
    by: str = "",
    out: bool = False,
    subject: str | None = None,
    files_named: tuple[str, ...] = (),
) -> MessageId:
    message_id = MessageId(tx.clock.new_id())
    if out:
        conversation = conversations.mark_outbound(tx, conversation_id, text[:20])
    else:
        conversation, _ = conversations.mark_inbound(tx, conversation_id, CHANNEL, "chat", text[:20])
    direction, author = ("out", "agent") if out else ("in", "customer")
    message = Message(
        message_id, conversation_id, conversation.last_seq, conversation.last_pub, direction, author, None, by, CHANNEL, None, text, None, subject, None, None, tx.now
    )  # fmt: skip
    messages.add_message(tx, message)
    for name in files_named:
        files.add_file(
            tx,
            File(
                FileId(tx.clock.new_id()), message_id, "owner", name, "text/plain", 1, "stored", "blob", None, None, 0, None, None, tx.now
            ),
        )
    return message_id


def revise(tx: Tx, message_id: MessageId, kind: str, text: str = "") -> None:
    messages.add_revision(tx, Revision(tx.clock.new_id(), message_id, kind, text, tx.now))


async def tell(db: Database, text: str, name: str = "", subject: str = "") -> ConversationId:
    """A new person in a new conversation who says this."""

    def unit(tx: Tx) -> ConversationId:
        conversation_id = talk(tx, person(tx, name), subject)
        say(tx, conversation_id, text, by=name)
        return conversation_id

    return await db.run(unit)
