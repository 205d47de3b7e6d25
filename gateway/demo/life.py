"""What goes on by itself while the demo runs: colleagues are there, and now and then one of their customers writes or is answered."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from channels.contract import Received
from gateway.clock import SECOND, Clock, Micros
from gateway.db.database import Database, Tx
from gateway.demo.cast import WORKERS, YOU
from gateway.demo.steps import ABILITIES, CHAT, House
from gateway.errors import GatewayError
from gateway.flow import presence, receive, reply
from gateway.flow.policy import Policy
from gateway.flow.references import References
from gateway.flow.reply import Draft
from gateway.live.bus import Arrived, Bus
from gateway.model import ContactId, Conversation
from gateway.store import contacts, conversations

RENEW: Micros = 15 * SECOND
PAUSE: Micros = 24 * SECOND
"""Between two things that happen; half of it somebody is seen typing."""


class Turn(NamedTuple):
    """Somebody writes: a customer (`who` None), or a colleague to that customer."""

    customer: str
    who: str | None
    text: str


TURNS = (
    Turn("lakshmi", None, "సరే, అర్థమైంది. ధన్యవాదాలు! 🙏"),
    Turn("katrin", None, "Noch eine Frage: Nehmen Sie den alten Tisch mit?"),
    Turn("katrin", "mikko", "Ja, das machen wir gern. Ich trage es in die Lieferung ein."),
    Turn("pierre", None, "Le code fonctionne. Bonne journée !"),
    Turn("tom", None, "Anyone there? The sale ends tonight over here."),
    Turn("yuki", None, "調光できるのは嬉しいです。注文します！"),
    Turn("yuki", "mikko", "ありがとうございます！ご注文をお待ちしております。"),
    Turn("lakshmi", "priya", "మీకు ఇంకేదైనా సహాయం కావాలంటే ఇక్కడే రాయండి."),
    Turn("aino", None, "Saanko vielä seurantalinkin, kun paketti lähtee?"),
)


class Life:
    """A loop's step: keeps the colleagues here, takes the next turn when its time has come."""

    def __init__(self, db: Database, bus: Bus, clock: Clock, policy: Policy, references: References, house: House) -> None:
        self._db, self._bus, self._clock = db, bus, clock
        self._policy, self._references, self._house = policy, references, house
        self._turns = list(TURNS)
        self._next = clock.now() + 2 * PAUSE
        self._typing = False

    async def step(self) -> Micros:
        """Gives when to come back."""
        for worker in WORKERS:
            if worker.key != YOU and not worker.away and worker.role != "viewer":
                await self._db.run(presence.renew, self._house.agents[worker.key], "demo", self._policy)
        now = self._clock.now()
        if self._turns and now >= self._next - PAUSE // 2 and not self._typing:
            self._typing = True
            await self._types(self._turns[0])
        if self._turns and now >= self._next:
            self._typing, self._next = False, now + PAUSE
            await self._writes(self._turns.pop(0))
        return now + min(RENEW, PAUSE // 4)

    async def _types(self, turn: Turn) -> None:
        conversation = await self._db.read(_latest, self._house, turn.customer)
        who = "customer" if turn.who is None else "agent"
        agent_id = None if turn.who is None else self._house.agents[turn.who]
        name = next((worker.name for worker in WORKERS if worker.key == turn.who), "")
        told = {"conversation_id": conversation.id, "who": who, "agent_id": agent_id, "name": name, "on": True}
        self._bus.publish([Arrived("agents", "typing", told)])

    async def _writes(self, turn: Turn) -> None:
        """A visitor of the demo may have closed the conversation or disabled the colleague: then this turn does not happen."""
        conversation = await self._db.read(_latest, self._house, turn.customer)
        try:
            if turn.who is None:
                await self._db.run(receive.accept, await self._fact(turn), self._policy, self._references)
            else:
                draft = Draft(client_id=self._clock.token(12), text=turn.text)
                await self._db.run(reply.reply, self._house.agents[turn.who], conversation.id, draft, self._policy, ABILITIES)
        except GatewayError:
            self._turns = [one for one in self._turns if one.customer != turn.customer]

    async def _fact(self, turn: Turn) -> Received:
        address = self._house.visitors[turn.customer]
        key = self._clock.token(12)
        proof = "token" if address.startswith("user:") else "session"
        return Received(channel_id=CHAT, dedup_key=f"{address}/{key}", sender=address, text=turn.text, client_id=key, proof=proof)


def _latest(tx: Tx, house: House, customer: str) -> Conversation:
    """The conversation they wrote in last."""
    identity = contacts.find_identity(tx, house.visitors[customer])
    if identity is None:
        raise AssertionError(f"{customer} has not written")
    return conversations.list_latest_of(tx, ContactId(identity.contact_id), limit=1)[0]


def awake(house: House, db: Database) -> House:
    """The same people on the running gateway's database."""
    return replace(house, db=db)
