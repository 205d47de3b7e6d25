"""Builders that let flow tests read like what happened: a visitor writes, an agent answers, time passes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.sql.selectable import NamedFromClause

from channels.contract import Address, Can, ChannelId, IncomingFile, Received
from gateway.clock import HOUR, SECOND, FakeClock, Micros
from gateway.db.database import Database, Tx
from gateway.db.schema import metadata
from gateway.db.statement import Statement
from gateway.flow import accounts, lifecycle, presence, receive, reply
from gateway.flow.policy import Policy
from gateway.flow.receive import Accepted
from gateway.flow.references import References
from gateway.flow.reply import Draft, Said
from gateway.model import Agent, AgentId, Conversation, ConversationId, Identity, Message
from gateway.store import agents, contacts, conversations

CHAT, MAIL, TEXT = ChannelId("chat"), ChannelId("mail"), ChannelId("text")
ABILITIES: Mapping[ChannelId, Can] = {CHAT: Can.INSTANT, MAIL: Can.HTML | Can.SUBJECT | Can.THREADS, TEXT: Can.NOTHING}
AINO, BINO = Address("visitor:site/aino"), Address("visitor:site/bino")
AINO_MAIL, BINO_MAIL = Address("mailto:aino@example.fi"), Address("mailto:bino@example.fi")
AINO_PHONE = Address("tel:+358401234567")
KEY = b"the key of the tests, 32 bytes.."

_WAYS = {
    "visitor": (CHAT, "chat", "session"),
    "user": (CHAT, "chat", "token"),
    "mailto": (MAIL, "mail", "dmarc"),
    "tel": (TEXT, "text", "provider"),
    "slack": (CHAT, "chat", "provider"),
}
_TABLES: dict[str, Statement] = {}


def _rows(tx: Tx, table: Table) -> list[dict[str, Any]]:
    found = _TABLES.get(table.name)
    if found is None:
        source: NamedFromClause = table
        found = _TABLES[table.name] = Statement(f"test.story.{table.name}", select(source).order_by(*table.primary_key))
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in tx.all(found)]


class Story:
    """One house: a database, its clock, and what the tests know of both."""

    def __init__(self, db: Database, clock: FakeClock, policy: Policy | None = None) -> None:
        self.db, self.clock = db, clock
        self.policy = policy or Policy()
        self.references = References([KEY])
        self._count = 0

    def key(self) -> str:
        """Another event of a provider, another client id."""
        self._count += 1
        return f"event-{self._count:06}"

    def fact(self, sender: Address, text: str = "Hello", **more: Any) -> Received:
        """What an adapter would hand in; the channel and the proof follow from the kind of address."""
        channel_id, load_class, proof = _WAYS[sender.partition(":")[0]]
        values: dict[str, Any] = {"channel_id": channel_id, "dedup_key": self.key(), "load_class": load_class, "proof": proof}
        return Received(**{**values, "sender": sender, "text": text, **more})

    async def accept(self, fact: Received) -> Accepted:
        return await self.db.run(receive.accept, fact, self.policy, self.references)

    async def says(self, sender: Address, text: str = "Hello", **more: Any) -> Accepted:
        """The customer writes; then a second passes."""
        accepted = await self.accept(self.fact(sender, text, **more))
        self.clock.advance(1)
        return accepted

    async def agent(self, name: str = "Ritva", *, role: str = "agent", here: bool = True, away: bool = False, cap: int = 3) -> Agent:
        """Available and here for a long time, unless said otherwise; `cap` places for chats."""
        agent = await self.db.run(accounts.add_agent, name, f"{name.lower().replace(' ', '.')}@example.org", role, self.policy)
        await self.db.run(agents.mark_cap, agent.id, "chat", cap)
        if here:
            await self.here(agent)
        if away:
            await self.db.run(presence.declare, agent.id, "away")
        return agent

    async def here(self, agent: Agent, until: Micros | None = None) -> None:
        await self.db.run(agents.mark_here, agent.id, "inbox", self.clock.now() + HOUR * 1000 if until is None else until)

    async def reply(self, agent: Agent, where: Conversation | ConversationId, text: str = "Good day", **more: Any) -> Said:
        """At this moment; for several at once."""
        draft = Draft(client_id=more.pop("client_id", None) or self.key(), text=text, **more)
        return await self.db.run(reply.reply, agent.id, which(where), draft, self.policy, ABILITIES)

    async def replies(self, agent: Agent, where: Conversation | ConversationId, text: str = "Good day", **more: Any) -> Said:
        """The agent answers; then a second passes."""
        said = await self.reply(agent, where, text, **more)
        self.clock.advance(1)
        return said

    async def notes(self, agent: Agent, where: Conversation | ConversationId, text: str = "For us only", **more: Any) -> Said:
        draft = Draft(client_id=more.pop("client_id", None) or self.key(), text=text, **more)
        said = await self.db.run(reply.note, agent.id, which(where), draft)
        self.clock.advance(1)
        return said

    async def takes(self, agent: Agent, where: Conversation | ConversationId) -> Conversation:
        found = await self.conversation(where)
        return await self.db.run(lifecycle.take, agent.id, found.id, found.version)

    async def resolves(self, agent: Agent, where: Conversation | ConversationId, category: str | None = "question") -> Conversation:
        found = await self.conversation(where)
        done = await self.db.run(lifecycle.resolve, agent.id, found.id, found.version, category, self.policy)
        self.clock.advance(1)
        return done

    async def hands_over(self, actor: Agent, where: Conversation | ConversationId, to: Agent | None = None, **more: Any) -> Conversation:
        found = await self.conversation(where)
        to_agent = None if to is None else to.id
        return await self.db.run(lifecycle.hand_over, actor.id, found.id, found.version, to_agent, more.get("team"), more.get("text", ""))

    async def snoozes(self, agent: Agent, where: Conversation | ConversationId, seconds: float = 3600) -> Conversation:
        found = await self.conversation(where)
        until = self.clock.now() + round(seconds * SECOND)
        return await self.db.run(lifecycle.snooze, agent.id, found.id, found.version, until)

    async def conversation(self, where: Conversation | ConversationId) -> Conversation:
        return await self.db.read(conversations.get_conversation, which(where))

    async def identity(self, address: Address) -> Identity:
        found = await self.db.read(contacts.find_identity, address)
        assert found is not None, f"{address} is nobody's"
        return found

    async def rows(self, table: str, **wanted: Any) -> list[dict[str, Any]]:
        """The rows of a table as they are, by primary key, where each named column has the value."""
        found = await self.db.read(_rows, metadata.tables[table])
        return [row for row in found if all(row[name] == value for name, value in wanted.items())]

    async def count(self, table: str, **wanted: Any) -> int:
        return len(await self.rows(table, **wanted))

    async def messages(self, where: Conversation | ConversationId) -> list[Message]:
        """Of the conversation, by `seq`."""
        found = await self.rows("message", conversation_id=which(where))
        return sorted((Message(**row) for row in found), key=lambda message: message.seq)

    async def kinds(self, where: Conversation | ConversationId) -> list[str]:
        """The kinds of its events, in order."""
        found = await self.rows("event", conversation_id=which(where))
        return [row["kind"] for row in sorted(found, key=lambda row: (row["at"], row["id"]))]

    async def load(self, agent: Agent | AgentId, load_class: str = "chat") -> int:
        agent_id = agent if isinstance(agent, str) else agent.id
        found = await self.rows("agent_load", agent_id=agent_id, load_class=load_class)
        return int(found[0]["load"]) if found else 0

    async def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table."""
        return {name: await self.rows(name) for name in metadata.tables}


def which(where: Conversation | ConversationId) -> ConversationId:
    return where.id if isinstance(where, Conversation) else where


async def outcome(call: Awaitable[Any]) -> Any:
    """What it gave, or the exception it raised: for tests that look at several at once."""
    try:
        return await call
    except Exception as error:
        return error


def uploaded(file_id: str) -> IncomingFile:
    """A file the sender uploaded before."""
    return IncomingFile(name="scan.pdf", media_type="application/pdf", blob=f"file:{file_id}")


def without_ids(value: Any) -> Any:
    """Texts with every id cut out: to compare two runs."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "…", value) if isinstance(value, str) else value
