"""One step of a sample conversation, through the flow that does it in earnest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from channels.contract import Address, Can, ChannelId, IncomingFile, Received, Seen
from gateway.blobs import Blobs
from gateway.clock import SECOND, FakeClock
from gateway.db.database import Database, Tx
from gateway.demo.cast import CUSTOMERS, Customer
from gateway.demo.pictures import picture
from gateway.demo.talks import Line
from gateway.flow import deliver, lifecycle, mark, people, rating, receipts, receive, reply, spam, uploads
from gateway.flow.deliver import Verdict
from gateway.flow.policy import Policy
from gateway.flow.receive import UPLOADED
from gateway.flow.references import References
from gateway.flow.reply import Draft
from gateway.model import AgentId, Conversation, ConversationId
from gateway.store import contacts, conversations

CHAT = ChannelId("webchat")
ABILITIES = {CHAT: Can.FILES | Can.RECEIPTS | Can.SAFE_RESEND | Can.INSTANT}
SITE = "demo"
KNOWN = {customer.key: customer for customer in CUSTOMERS}


@dataclass
class House:
    """What the steps work on."""

    db: Database
    blobs: Blobs
    clock: FakeClock
    policy: Policy
    references: References
    agents: dict[str, AgentId] = field(default_factory=dict)
    visitors: dict[str, Address] = field(default_factory=dict)

    def address(self, customer: Customer) -> Address:
        """Where they write from: their account's address, or a visitor's."""
        if customer.key not in self.visitors:
            name = f"user:{SITE}/{customer.user}" if customer.user else f"visitor:{self.clock.token(12)}"
            self.visitors[customer.key] = Address(name)
        return self.visitors[customer.key]


@dataclass
class Running:
    """A conversation while it is played."""

    customer: Customer
    which: ConversationId | None = None
    holder: str | None = None


async def play(house: House, running: Running, line: Line) -> None:
    await _STEPS[line.kind](house, running, line.what)


async def _now(house: House, running: Running) -> Conversation:
    if running.which is None:
        raise AssertionError(f"{running.customer.key} has not written yet")
    return await house.db.read(conversations.get_conversation, running.which)


async def _says(house: House, running: Running, text: str, files: tuple[IncomingFile, ...] = ()) -> None:
    customer, address = running.customer, house.address(running.customer)
    path, title = customer.page
    fact = Received(
        channel_id=CHAT, dedup_key=f"{address}/{house.clock.token(12)}", sender=address, text=text, name=customer.name or None, files=files,
        client_id=house.clock.token(12), proof="token" if customer.user else "session", locale=customer.locale,
        context={"page_url": f"https://kaarna.example{path}", "page_title": title, "time_zone": customer.zone, "site": SITE},
    )  # fmt: skip
    running.which = (await house.db.run(receive.accept, fact, house.policy, house.references, customer.team)).conversation.id


async def _sends_file(house: House, running: Running, name: str) -> None:
    content, address = picture(name), house.address(running.customer)
    blob = await house.blobs.put(content)
    record = await house.db.run(uploads.new_file, address, CHAT, name, "image/png", len(content), blob)
    await _says(house, running, "", (IncomingFile(name="", media_type="", blob=UPLOADED + record.id),))


async def _answers(house: House, running: Running, text: str) -> None:
    """Read by the customer at once: these are people who were there."""
    draft = Draft(client_id=house.clock.token(12), text=text)
    conversation = await _now(house, running)
    agent = house.agents[running.holder or ""]
    said = await house.db.run(reply.reply, agent, conversation.id, draft, house.policy, ABILITIES)
    await house.db.run(_delivered, house.policy)
    house.clock.advance(3)
    seen = Seen(channel_id=CHAT, dedup_key="", reader=house.address(running.customer), pub=said.conversation.last_pub)
    await house.db.run(receipts.seen, seen, "read")


def _delivered(tx: Tx, policy: Policy) -> None:
    for delivery in deliver.claim(tx, "demo", policy, 100):
        deliver.settle(tx, delivery, "demo", Verdict("sent", tx.now), policy)


async def _notes(house: House, running: Running, text: str) -> None:
    agent = house.agents[running.holder or "ritva"]
    conversation = await _now(house, running)
    await house.db.run(reply.note, agent, conversation.id, Draft(client_id=house.clock.token(12), text=text))


async def _takes(house: House, running: Running, who: str) -> None:
    conversation = await _now(house, running)
    await house.db.run(lifecycle.take, house.agents[who], conversation.id, conversation.version)
    running.holder = who
    await house.db.run(lifecycle.seen_by_agent, house.agents[who], conversation.id, conversation.last_seq)


async def _gives(house: House, running: Running, to: str) -> None:
    conversation = await _now(house, running)
    by = house.agents[running.holder or "ritva"]
    await house.db.run(lifecycle.hand_over, by, conversation.id, conversation.version, house.agents[to], None)
    running.holder = to


async def _tags(house: House, running: Running, tag: str) -> None:
    conversation = await _now(house, running)
    await house.db.run(mark.tag, house.agents[running.holder or "ritva"], conversation.id, [tag])


async def _prioritises(house: House, running: Running, priority: int) -> None:
    await _changes(house, running, {"priority": priority})


async def _is_due(house: House, running: Running, seconds: int) -> None:
    await _changes(house, running, {"due_at": house.clock.now() + seconds * SECOND})


async def _changes(house: House, running: Running, wanted: mark.Changes) -> None:
    conversation = await _now(house, running)
    await house.db.run(mark.change, house.agents[running.holder or "ritva"], conversation.id, conversation.version, wanted)


async def _claims(house: House, running: Running, address: str) -> None:
    conversation = await _now(house, running)
    await house.db.run(people.claim, conversation.contact_id, Address(address), conversation.id)


async def _resolves(house: House, running: Running, category: str) -> None:
    conversation = await _now(house, running)
    agent = house.agents[running.holder or "ritva"]
    await house.db.run(lifecycle.resolve, agent, conversation.id, conversation.version, category, house.policy)


async def _is_solved(house: House, running: Running, rated: tuple[int, str]) -> None:
    conversation, address = await _now(house, running), house.address(running.customer)
    await house.db.run(lifecycle.solved, conversation.id, address, True)
    house.clock.advance(20)
    await house.db.run(rating.rate, address, *rated)


async def _is_not_solved(house: House, running: Running, _: None) -> None:
    conversation = await _now(house, running)
    await house.db.run(lifecycle.solved, conversation.id, house.address(running.customer), False)


async def _snoozes(house: House, running: Running, seconds: int) -> None:
    conversation = await _now(house, running)
    until = house.clock.now() + seconds * SECOND
    await house.db.run(lifecycle.snooze, house.agents[running.holder or "ritva"], conversation.id, conversation.version, until)


async def _is_spam(house: House, running: Running, _: None) -> None:
    conversation = await _now(house, running)
    await house.db.run(spam.mark, house.agents["ritva"], conversation.id, conversation.version, True)


_STEPS: dict[str, Callable[[House, Running, Any], Awaitable[None]]] = {
    "c": _says, "file": _sends_file, "a": _answers, "note": _notes, "take": _takes, "give": _gives, "tag": _tags, "prio": _prioritises,
    "due": _is_due, "claim": _claims, "resolve": _resolves, "yes": _is_solved, "no": _is_not_solved, "snooze": _snoozes, "spam": _is_spam,
}  # fmt: skip


async def contact_of(house: House, key: str) -> str:
    """The contact of a customer who has written. Raises KeyError for one who has not."""
    identity = await house.db.read(contacts.find_identity, house.visitors[key])
    if identity is None:
        raise KeyError(key)
    return identity.contact_id
