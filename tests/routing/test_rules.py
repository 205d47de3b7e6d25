"""Each rule takes out the agent it is meant for, by its name, and can be told in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from router.rules import RULES, excluded, explain, shortage
from router.types import Candidate, Verdict, Waiting
from tests.routing.samples import agent, chat

DOCS = Path(__file__).parents[2] / "docs" / "routing.md"


@pytest.mark.parametrize(
    ("candidate", "waiting", "rule"),
    [
        (agent("a", available=False), chat("c"), "not_available"),
        (agent("a", here=False), chat("c"), "not_here"),
        (agent("a", can_reply=False), chat("c"), "cannot_reply"),
        (agent("a", teams=("tech",)), chat("c", team="billing"), "not_in_team"),
        (agent("a", skills=("fi",)), chat("c", skills=("fi", "refunds", "sso")), "lacks_skill:refunds"),
        (agent("a"), chat("c", load_class="mail"), "not_taking:mail"),
        (agent("a", cap=0), chat("c"), "not_taking:chat"),
        (agent("a"), chat("c", declined=("a",)), "declined"),
        (agent("a", calls=1), chat("c"), "on_a_call"),
        (agent("a", calls=1), chat("c", load_class="call"), "on_a_call"),
        (agent("a", load=3), chat("c"), "full:chat"),
        (agent("a", load=5), chat("c"), "full:chat"),
    ],
)
def test_a_rule_takes_an_agent_out(candidate: Candidate, waiting: Waiting, rule: str) -> None:
    assert excluded(candidate, waiting) == rule
    assert explain(rule).endswith(".")


@pytest.mark.parametrize(
    ("candidate", "waiting"),
    [
        (agent("a", load=2), chat("c")),
        (agent("a", teams=("tech",)), chat("c")),
        (agent("a", teams=("tech", "billing")), chat("c", team="billing")),
        (agent("a", skills=("fi", "sv")), chat("c", skills=("fi",))),
        (agent("a", calls=0), chat("c")),
        (agent("a", calls=0, load=3), chat("c", load_class="call")),
        (agent("a"), chat("c", declined=("b",))),
    ],
)
def test_an_agent_passes(candidate: Candidate, waiting: Waiting) -> None:
    assert excluded(candidate, waiting) is None


def test_the_first_rule_of_the_vocabulary_is_the_one_told() -> None:
    hopeless = agent("a", load=3, available=False, here=False, can_reply=False, calls=1)
    assert excluded(hopeless, chat("c", team="billing", skills=("fi",), declined=("a",))) == "not_available"
    assert excluded(agent("a", load=3, calls=1), chat("c")) == "on_a_call"


def test_rules_are_told_in_words() -> None:
    assert explain("lacks_skill:refunds: cards") == "Lacks the skill “refunds: cards”."
    assert explain("full:chat") == "Has no room for another chat conversation."


@pytest.mark.parametrize("rule", ["", "tired", "full", "declined:chat", "lacks_skill"])
def test_the_vocabulary_is_closed(rule: str) -> None:
    with pytest.raises(ValueError, match="not a routing rule"):
        explain(rule)


def test_a_shortage_is_counted_in_the_order_of_the_vocabulary() -> None:
    outs = ["full:chat", "not_here", "lacks_skill:fi", "full:chat", "not_here", "full:chat"]
    verdicts = [Verdict(f"agent-{n}", out) for n, out in enumerate(outs)]
    assert shortage(verdicts) == "nobody can take it: 2 not here, 1 without the skill “fi”, 3 full for chat"
    assert shortage([]) == "nobody can take it: there are no agents"


def test_the_page_about_routing_lists_the_vocabulary_in_order() -> None:
    assert re.findall(r"^\| `([a-z_]+)", DOCS.read_text(encoding="utf-8"), re.MULTILINE) == list(RULES)
