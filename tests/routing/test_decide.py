"""A round of routing: the examples people ask about, then what must hold of every round there is."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide import decide
from router.pick import pick
from router.types import Candidate, Decision, Waiting
from tests.routing.oracle import Room, route
from tests.routing.samples import NOW, agent, agents, budget, chat, conversation, conversations


def chosen(decisions: list[Decision]) -> list[tuple[str, str | None]]:
    return [(decision.conversation_id, decision.agent_id) for decision in decisions]


def test_a_free_place_goes_to_the_one_who_waited_longest() -> None:
    decisions = decide([chat("young", 20), chat("old", 10)], [agent("a", 2)], NOW)
    assert chosen(decisions) == [("old", "a"), ("young", None)]
    assert decisions[1].reason == "nobody can take it: 1 full for chat"


def test_the_fourth_chat_waits() -> None:
    decisions = decide([chat(f"c{n}", n) for n in range(4)], [agent("a")], NOW)
    assert [decision.agent_id for decision in decisions] == ["a", "a", "a", None]


def test_a_call_makes_the_rest_of_the_round_wait() -> None:
    waiting = [chat("chat-1", 1), chat("call", 2, load_class="call"), chat("chat-2", 3)]
    decisions = decide(waiting, [agent("a", calls=0)], NOW)
    assert chosen(decisions) == [("chat-1", "a"), ("call", "a"), ("chat-2", None)]
    assert decisions[2].reason == "nobody can take it: 1 on a call"


def test_the_reason_nobody_can_is_the_one_of_that_moment() -> None:
    waiting = [chat("chat-1", 1), chat("call", 2, load_class="call"), chat("chat-2", 3)]
    first, _, last = decide(waiting, [agent("a", 3, calls=0)], NOW)
    assert first.reason == "nobody can take it: 1 full for chat"
    assert last.reason == "nobody can take it: 1 on a call"


def test_one_nobody_can_take_does_not_hold_up_the_next() -> None:
    waiting = [chat("finnish", 1, skills=("fi",)), chat("tech", 2, team="tech"), chat("any", 3)]
    decisions = decide(waiting, [agent("a")], NOW)
    assert chosen(decisions) == [("finnish", None), ("tech", None), ("any", "a")]


def test_a_conversation_is_held_back_until_its_time() -> None:
    early = decide([chat("c", not_before=NOW + 1)], [agent("a")], NOW)[0]
    assert (early.agent_id, early.reason) == (None, "held back for another 1 s")
    assert decide([chat("c", not_before=NOW)], [agent("a")], NOW)[0].agent_id == "a"


def test_the_reason_counts_what_the_round_has_given_so_far() -> None:
    decisions = decide([chat(f"c{n}", n) for n in range(3)], [agent("a", 1), agent("b", 0)], NOW)
    assert chosen(decisions) == [("c0", "b"), ("c1", "a"), ("c2", "b")]
    assert [decision.reason for decision in decisions] == [
        "least loaded (0 of 3)",
        "least loaded (1 of 3), idle longest",
        "least loaded (1 of 3)",
    ]


def test_verdicts_are_given_to_those_who_ask() -> None:
    quiet, asked = decide([chat("c1", 1), chat("c2", 2)], [agent("a", 2), agent("b", 3)], NOW, verdicts_for={"c2"})
    assert quiet.verdicts == ()
    assert [(verdict.agent_id, verdict.out) for verdict in asked.verdicts] == [("a", "full:chat"), ("b", "full:chat")]


def test_a_conversation_or_an_agent_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="conversation"):
        decide([chat("c", 1), chat("c", 2)], [agent("a")], NOW)
    with pytest.raises(ValueError, match="Agent a"):
        decide([chat("c")], [agent("a"), agent("a")], NOW)


@budget
@given(conversations(), agents())
def test_every_round_is_the_obvious_one(waiting: list[Waiting], candidates: list[Candidate]) -> None:
    assert chosen(decide(waiting, candidates, NOW)) == route(waiting, candidates, NOW)


@budget
@given(conversation("c"), agents())
def test_a_round_of_one_is_a_pick(waiting: Waiting, candidates: list[Candidate]) -> None:
    if waiting.not_before <= NOW:
        assert decide([waiting], candidates, NOW, verdicts_for={"c"}) == [pick(waiting, candidates)]


@budget
@given(conversations(), agents(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(waiting: list[Waiting], candidates: list[Candidate], random: Random) -> None:
    decisions = decide(waiting, candidates, NOW, verdicts_for={one.id for one in waiting})
    random.shuffle(waiting)
    random.shuffle(candidates)
    assert decide(waiting, candidates, NOW, verdicts_for={one.id for one in waiting}) == decisions


@budget
@given(conversations(), agents())
def test_nobody_gets_what_is_not_for_them(waiting: list[Waiting], candidates: list[Candidate]) -> None:
    asked = {one.id: one for one in waiting}
    by_id = {one.id: one for one in candidates}
    given_to: Counter[tuple[str, str]] = Counter()
    for decision in decide(waiting, candidates, NOW):
        one = asked.pop(decision.conversation_id)
        assert decision.version == one.version
        assert decision.reason
        if decision.agent_id is None:
            continue
        taker = by_id[decision.agent_id]
        assert all((taker.available, taker.here, taker.can_reply))
        assert one.team_id is None or one.team_id in taker.teams
        assert one.skills <= taker.skills
        assert taker.id not in one.declined
        given_to[taker.id, one.load_class] += 1
    assert not asked
    for (agent_id, load_class), count in given_to.items():
        capacity = by_id[agent_id].capacities[load_class]
        assert capacity.load + count <= capacity.cap


@budget
@given(conversations(), agents())
def test_no_place_stays_free_while_somebody_waits_for_it(waiting: list[Waiting], candidates: list[Candidate]) -> None:
    asked = {one.id: one for one in waiting}
    decisions, room = decide(waiting, candidates, NOW), Room(candidates)
    for decision in decisions:
        if decision.agent_id is not None:
            room.give(decision.agent_id, asked[decision.conversation_id], NOW)
    for decision in decisions:
        one = asked[decision.conversation_id]
        if decision.agent_id is None and one.not_before <= NOW:
            assert not any(room.takes(candidate.id, one) for candidate in candidates)


@budget
@given(conversations(), agents())
def test_nobody_is_overtaken_by_one_who_asks_for_the_same(waiting: list[Waiting], candidates: list[Candidate]) -> None:
    asked = {one.id: one for one in waiting}
    lines: defaultdict[object, list[bool]] = defaultdict(list)
    for decision in decide(waiting, candidates, NOW):
        one = asked[decision.conversation_id]
        if one.not_before <= NOW:
            lines[one.team_id, one.skills, one.load_class, one.declined].append(decision.agent_id is not None)
    for served in lines.values():
        assert served == sorted(served, reverse=True)


@budget
@given(st.integers(1, 7), st.integers(1, 6), st.integers(0, 50))
def test_equal_agents_get_equally_much(count: int, cap: int, arrivals: int) -> None:
    decisions = decide([chat(f"c{n:02}", n) for n in range(arrivals)], [agent(f"a{n}", 0, cap) for n in range(count)], NOW)
    shares = Counter({f"a{n}": 0 for n in range(count)})
    shares.update(decision.agent_id for decision in decisions if decision.agent_id is not None)
    assert max(shares.values()) - min(shares.values()) <= 1
    assert shares.total() == min(arrivals, count * cap)


@budget
@given(conversations(), agents())
def test_verdicts_do_not_change_the_decision(waiting: list[Waiting], candidates: list[Candidate]) -> None:
    plain = decide(waiting, candidates, NOW)
    told = decide(waiting, candidates, NOW, verdicts_for={one.id for one in waiting})
    assert chosen(plain) == chosen(told)
    for decision in told:
        passed = {verdict.agent_id for verdict in decision.verdicts if verdict.out is None}
        assert decision.agent_id is None or decision.agent_id in passed


def test_five_hundred_conversations_and_fifty_agents_are_quick() -> None:
    skills = ("fi", "sv", "refunds", "sso")
    waiting = [chat(f"c{n:03}", n % 97, skills=skills[n % 4 : n % 4 + n % 3], team=f"team-{n % 5}") for n in range(500)]
    candidates = [agent(f"a{n:02}", n % 3, 6, skills=skills[: 1 + n % 4], teams=(f"team-{n % 5}",)) for n in range(50)]
    start = time.process_time()
    decisions = decide(waiting, candidates, NOW)
    # Some 10 ms of processor time; the bound is there to catch a sort of everything for every decision.
    assert time.process_time() - start < 0.5
    assert chosen(decisions) == route(waiting, candidates, NOW)
