"""Who gets one conversation, and in which words."""

from __future__ import annotations

import pytest
from hypothesis import given

from router.pick import pick
from router.types import Candidate, Decision, Verdict, Waiting
from tests.routing.samples import agent, agents, budget, chat, conversation


def test_away_full_and_free() -> None:
    decision = pick(chat("c", version=7), [agent("away", available=False), agent("full", 3), agent("free", 1)])
    verdicts = (Verdict("away", "not_available"), Verdict("free", None), Verdict("full", "full:chat"))
    assert decision == Decision("c", 7, "free", "the only one who can take it (1 of 3)", verdicts)


def test_nobody_can() -> None:
    decision = pick(chat("c"), [agent("away", available=False), agent("full", 3)])
    assert decision.agent_id is None
    assert decision.reason == "nobody can take it: 1 not available, 1 full for chat"


def test_least_load_is_a_ratio_not_a_count() -> None:
    decision = pick(chat("c"), [agent("a", 1, 2), agent("b", 2, 6)])
    assert (decision.agent_id, decision.reason) == ("b", "least loaded (2 of 6)")


def test_equal_ratios_of_different_caps_are_a_tie_for_the_longest_idle() -> None:
    decision = pick(chat("c"), [agent("a", 1, 3, assigned=20), agent("b", 2, 6, assigned=10)])
    assert (decision.agent_id, decision.reason) == ("b", "least loaded (2 of 6), idle longest")


def test_the_id_settles_what_is_left() -> None:
    decision = pick(chat("c"), [agent("b"), agent("a")])
    assert (decision.agent_id, decision.reason) == ("a", "least loaded (0 of 3), idle as long as others, first by id")


def test_the_last_agent_comes_first_while_they_have_room() -> None:
    decision = pick(chat("c", last="b"), [agent("a"), agent("b", 2)])
    assert (decision.agent_id, decision.reason) == ("b", "had it last and has room (2 of 3)")
    assert pick(chat("c", last="b"), [agent("a"), agent("b", 3)]).agent_id == "a"
    assert pick(chat("c", last="b", declined=("b",)), [agent("a"), agent("b")]).agent_id == "a"
    assert pick(chat("c", last="gone"), [agent("a")]).agent_id == "a"


def test_one_agent_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="Agent a is among the candidates twice"):
        pick(chat("c"), [agent("a"), agent("b"), agent("a", 1)])


@budget
@given(conversation("c"), agents())
def test_the_order_of_the_agents_does_not_matter(waiting: Waiting, candidates: list[Candidate]) -> None:
    decision = pick(waiting, candidates)
    assert pick(waiting, candidates[::-1]) == decision
    assert [verdict.agent_id for verdict in decision.verdicts] == sorted(agent.id for agent in candidates)
