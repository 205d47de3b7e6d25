"""An outbox over scripted providers, for the tests of sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.contract import Can, Channel, ChannelId, DeliveryId, Outgoing
from gateway.flow import reply
from gateway.flow.deliver import Outbox
from gateway.flow.reply import Draft
from gateway.model import Agent, Conversation, Delivery, Message
from tests.adapters.pretend import SECRET, Pretend, Provider
from tests.adapters.tools import Recorded
from tests.flow.story import AINO, Story

LINE, SAFE = ChannelId("line"), ChannelId("safe")
ABLE = {LINE: Can.INSTANT | Can.FILES, SAFE: Can.INSTANT | Can.SAFE_RESEND}


class Safe(Pretend):
    """Sending the same delivery twice reaches the person once."""

    can = Pretend.can | Can.SAFE_RESEND


class Forgetful(Pretend):
    """Raises what no adapter may raise, when asked whether it sent something."""

    async def was_sent(self, delivery_id: DeliveryId, address: Any) -> bool | None:
        raise RuntimeError(f"lost the connection with {SECRET}")


async def _compose(delivery: Delivery, found: Sequence[Message]) -> Outgoing:
    return Outgoing(delivery_id=delivery.id, address=delivery.address, text="\n".join(message.text for message in found))


class Post:
    """An outbox over scripted providers, and an agent who writes."""

    def __init__(self, story: Story, agent: Agent) -> None:
        self.story, self.agent = story, agent
        tools = Recorded(clock=story.clock).tools
        self.line, self.safe = Provider(), Provider()
        self.channels: dict[ChannelId, Channel] = {
            LINE: Pretend(LINE, SECRET, self.line, tools), SAFE: Safe(SAFE, SECRET, self.safe, tools),
        }  # fmt: skip
        self.told: list[tuple[str, str]] = []
        self.outbox = self.beside("one")

    def beside(self, holder: str, channels: Mapping[ChannelId, Channel] | None = None, width: int = 16) -> Outbox:
        told = lambda channel, state: self.told.append((channel, state))  # noqa: E731 - a callback of one line
        found = self.channels if channels is None else channels
        return Outbox(self.story.db, self.story.clock, found, _compose, self.story.policy, holder, told=told, width=width)

    async def meet(self, address: Any = AINO, channel_id: ChannelId = LINE) -> Conversation:
        return (await self.story.says(address, channel_id=channel_id)).conversation

    async def write(self, where: Conversation, *texts: str) -> list[Delivery]:
        found = []
        for text in texts:
            draft = Draft(client_id=self.story.key(), text=text)
            said = await self.story.db.run(reply.reply, self.agent.id, where.id, draft, self.story.policy, ABLE)
            assert said.delivery is not None
            found.append(said.delivery)
        return found

    async def state(self, delivery: Delivery) -> str:
        return (await self.row(delivery)).state

    async def row(self, delivery: Delivery) -> Delivery:
        [found] = await self.story.rows("delivery", id=delivery.id)
        return Delivery(**found)

    async def events(self, where: Conversation) -> list[str]:
        return [kind for kind in await self.story.kinds(where) if kind == "not_delivered"]
