"""Fills an empty demo: people, then every step of every sample conversation in the order of time, each at its moment in the past."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count

from gateway.blobs import Blobs
from gateway.clock import DAY, SECOND, FakeClock, Micros
from gateway.db.database import Database
from gateway.demo.cast import SEARCHES, SNIPPETS, TEAMS, WORKERS, YOU
from gateway.demo.past import PAST
from gateway.demo.present import PRESENT
from gateway.demo.steps import KNOWN, House, Running, contact_of, play
from gateway.demo.talks import Line, Talk
from gateway.flow import relate, shelf, staff, teams
from gateway.flow.policy import Policy
from gateway.flow.references import References
from gateway.model import ContactId, ConversationId
from gateway.store import agents, conversations

BEFORE: Micros = 22 * DAY
"""How long ago the house was opened: before its oldest conversation."""
Step = tuple[Micros, int, Running, Line]
Progress = Callable[[int, int], None]
"""Hears how many steps of how many are done."""


def steps_of(talks: Sequence[Talk], now: Micros) -> Iterator[Step]:
    """Every line with its moment. Raises ValueError for one that would lie in the future."""
    order = count()
    for talk in talks:
        at, running = now - talk.ago * SECOND, Running(KNOWN[talk.who])
        for line in talk.lines:
            at += line.after * SECOND
            if at > now:
                raise ValueError(f"the talk of {talk.who} {talk.ago} s ago goes on after now")
            yield at, next(order), running, line


async def seed(db: Database, blobs: Blobs, clock: FakeClock, now: Micros, policy: Policy, references: References, told: Progress) -> House:
    """`db` is empty and runs on `clock`, which stands at `now - BEFORE` and ends at `now`."""
    house = House(db, blobs, clock, policy, references)
    await _hire(house)
    steps = sorted(steps_of([*PAST, *PRESENT], now), key=lambda step: step[:2])
    for done, (at, _, running, line) in enumerate(steps, 1):
        _move_to(clock, at)
        await play(house, running, line)
        told(done, len(steps))
    await _relate(house)
    await _fit_places(house)
    _move_to(clock, now)
    return house


def _move_to(clock: FakeClock, at: Micros) -> None:
    clock.advance(max(0, at - clock.now()) / SECOND)


async def _hire(house: House) -> None:
    for worker in WORKERS:
        mail = f"{worker.name.split()[0].lower()}@kaarna.example"
        made = await house.db.run(staff.invite, None, worker.name, mail, worker.role, (), house.clock.token(), house.policy)
        house.agents[worker.key] = made.id
        change = staff.Change(skills=worker.skills, places={"chat": 50})
        await house.db.run(staff.change, None, made.id, change)
        if worker.away:
            await house.db.run(agents.mark_availability, made.id, "away")
    you = house.agents[YOU]
    for name, hours in TEAMS.items():
        team = await house.db.run(teams.add, you, name)
        members = [house.agents[worker.key] for worker in WORKERS if name in worker.teams]
        await house.db.run(teams.change, you, team.id, None, members, teams.checked(hours))
    for name, text, shared in SNIPPETS:
        await house.db.run(shelf.add_snippet, you, name, text, shared)
    for name, query, shared in SEARCHES:
        await house.db.run(shelf.add_search, you, name, query, shared)


async def _relate(house: House) -> None:
    """Links to look at."""
    for one, other, kind in (("layla", "anand", "related"), ("grace", "pierre", "blocked_by")):
        ids = [(await _latest(house, key)) for key in (one, other)]
        await house.db.run(relate.link, house.agents["ritva"], ConversationId(ids[0]), ids[1], kind)


async def _latest(house: House, key: str) -> str:
    found = await house.db.read(conversations.list_latest_of, ContactId(await contact_of(house, key)))
    return found[0].id


async def _fit_places(house: House) -> None:
    """Colleagues are full and you have room for two: at the first look two of those who wait come to you, the others are the queue."""
    loads = {load.agent_id: load.load for load in await house.db.read(agents.list_loads) if load.load_class == "chat"}
    for worker in WORKERS:
        which = house.agents[worker.key]
        room = 2 if worker.key == YOU else 0
        await house.db.run(agents.mark_cap, which, "chat", loads.get(which, 0) + room)
