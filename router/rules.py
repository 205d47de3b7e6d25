"""Which agents may take a conversation at all: hard rules with names, so that every "no" can be told to a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from router.types import CALL, Candidate, Verdict, Waiting

__all__ = ["RULES", "Wording", "excluded", "explain", "no_room", "shortage", "unfit"]


class Wording(NamedTuple):
    """A rule in words: a sentence about one agent, and a phrase that can be counted ("2 away"). `{}` is the rule's argument."""

    sentence: str
    phrase: str


RULES: Final[Mapping[str, Wording]] = {
    "not_available": Wording("Has not set themselves available.", "not available"),
    "not_here": Wording("Is available, but no device of theirs has been seen lately.", "not here"),
    "cannot_reply": Wording("May read here, but not reply.", "without the right to reply"),
    "not_in_team": Wording("Is not in the team this conversation belongs to.", "outside the team"),
    "lacks_skill": Wording("Lacks the skill “{}”.", "without the skill “{}”"),
    "not_taking": Wording("Is not set up to take {} conversations.", "not taking {}"),
    "declined": Wording("Let an offer of this conversation pass.", "let it pass"),
    "on_a_call": Wording("Is on a call.", "on a call"),
    "full": Wording("Has no room for another {} conversation.", "full for {}"),
}
"""The closed vocabulary, in the order the rules are asked. A rule with an argument is written `name:argument`."""


def excluded(candidate: Candidate, waiting: Waiting) -> str | None:
    """The first rule of `RULES` that takes this agent out for this conversation, as `name` or `name:argument`; None if they pass."""
    rule = unfit(candidate, waiting)
    if rule is None and candidate.id in waiting.declined:
        rule = "declined"
    return rule or no_room(candidate, waiting.load_class)


def unfit(candidate: Candidate, waiting: Waiting) -> str | None:
    """The first rule that no change of load can lift: the same answer for every conversation of this team, skills and load class."""
    if not candidate.available:
        return "not_available"
    if not candidate.here:
        return "not_here"
    if not candidate.can_reply:
        return "cannot_reply"
    if waiting.team_id is not None and waiting.team_id not in candidate.teams:
        return "not_in_team"
    if not waiting.skills <= candidate.skills:
        return f"lacks_skill:{min(waiting.skills - candidate.skills)}"
    capacity = candidate.capacities.get(waiting.load_class)
    if capacity is None or capacity.cap <= 0:
        return f"not_taking:{waiting.load_class}"
    return None


def no_room(candidate: Candidate, load_class: str) -> str | None:
    """The rule by which this agent has no room for one more of `load_class`; None if there is room. A live call counts as full."""
    calls = candidate.capacities.get(CALL)
    if calls is not None and calls.load > 0:
        return "on_a_call"
    capacity = candidate.capacities.get(load_class)
    if capacity is None or capacity.load >= capacity.cap:
        return f"full:{load_class}"
    return None


def explain(rule: str) -> str:
    """The rule as a sentence about the agent. Raises ValueError for a rule outside the vocabulary."""
    wording, argument = _wording(rule)
    return wording.sentence.format(argument)


def shortage(verdicts: Iterable[Verdict]) -> str:
    """Why nobody can take it, counted by rule, in the order of the vocabulary: "nobody can take it: 2 not here, 1 full for chat"."""
    counts = Counter(verdict.out for verdict in verdicts if verdict.out is not None)
    if not counts:
        return "nobody can take it: there are no agents"
    order = list(RULES)
    rules = sorted(counts, key=lambda rule: (order.index(rule.partition(":")[0]), rule))
    return "nobody can take it: " + ", ".join(f"{counts[rule]} {_phrase(rule)}" for rule in rules)


def _phrase(rule: str) -> str:
    wording, argument = _wording(rule)
    return wording.phrase.format(argument)


def _wording(rule: str) -> tuple[Wording, str]:
    name, colon, argument = rule.partition(":")
    if name not in RULES or ("{}" in RULES[name].sentence) != bool(colon):
        raise ValueError(f"{rule!r} is not a routing rule.")
    return RULES[name], argument
