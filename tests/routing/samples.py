"""Snapshots for the routing tests: made by hand, or drawn by Hypothesis from few enough values that agents and places do compete."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from router.types import Candidate, Capacity, Waiting

NOW = 1_700_000_000_000_000

# Derandomised: a property that fails must fail for everybody, and at every run.
budget = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

TEAMS = ("billing", "tech")
SKILLS = ("fi", "refunds")
CLASSES = ("chat", "mail", "call")
AGENTS = tuple(f"agent-{n}" for n in range(5))


def agent(
    name: str,
    load: int = 0,
    cap: int = 3,
    *,
    available: bool = True,
    here: bool = True,
    can_reply: bool = True,
    teams: tuple[str, ...] = (),
    skills: tuple[str, ...] = (),
    assigned: int = 0,
    calls: int | None = None,
) -> Candidate:
    """An agent who takes chats, `load` of `cap`; `calls` gives them a telephone with that many live calls on it."""
    capacities = {"chat": Capacity("chat", load, cap)}
    if calls is not None:
        capacities["call"] = Capacity("call", calls, 1)
    return Candidate(name, available, here, frozenset(teams), frozenset(skills), capacities, assigned, can_reply)


def chat(
    name: str,
    since: int = 0,
    *,
    team: str | None = None,
    skills: tuple[str, ...] = (),
    load_class: str = "chat",
    last: str | None = None,
    not_before: int = 0,
    declined: tuple[str, ...] = (),
    version: int = 1,
) -> Waiting:
    """A conversation that waits since `since`."""
    return Waiting(
        name,
        version,
        load_class,
        since,
        team_id=team,
        skills=frozenset(skills),
        last_agent_id=last,
        not_before=not_before,
        declined=frozenset(declined),
    )


def _some(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values))


# Mostly true: agents who are nearly all out of reach make every property true for want of anybody to choose.
_mostly = st.sampled_from((True, True, True, True, False))


@st.composite
def capacities(draw: st.DrawFn) -> dict[str, Capacity]:
    """Some of the load classes; loads above the cap happen, when a cap is lowered or somebody takes work by hand."""
    held = {}
    for load_class in CLASSES:
        cap = draw(st.sampled_from((None, 0, 1, 2, 3, 6)))
        if cap is not None:
            load = draw(st.sampled_from((0, 0, 0, 1))) if load_class == "call" else draw(st.integers(0, cap + 1))
            held[load_class] = Capacity(load_class, load, cap)
    return held


@st.composite
def agents(draw: st.DrawFn) -> list[Candidate]:
    """Up to five agents with different ids, in any order."""
    return [
        Candidate(
            name,
            draw(_mostly),
            draw(_mostly),
            draw(_some(TEAMS)),
            draw(_some(SKILLS)),
            draw(capacities()),
            NOW + draw(st.integers(-2, 2)),
            draw(_mostly),
        )
        for name in draw(st.lists(st.sampled_from(AGENTS), unique=True))
    ]


def conversation(name: str) -> st.SearchStrategy[Waiting]:
    """A conversation with any wishes; places are few, so that some are shared."""
    return st.builds(
        Waiting,
        st.just(name),
        st.integers(1, 3),
        st.sampled_from(("chat", "chat", "mail", "call")),
        st.integers(0, 4),
        st.integers(1, 3),
        st.sampled_from((None, *TEAMS)),
        st.sampled_from((frozenset[str](), frozenset({"fi"}), frozenset(SKILLS))),
        st.sampled_from((None, None, None, *AGENTS)),
        st.sampled_from((0, 0, 0, NOW, NOW + 1)),
        st.sampled_from((frozenset[str](), frozenset[str](), frozenset({AGENTS[0]}), frozenset(AGENTS[:2]))),
    )


@st.composite
def conversations(draw: st.DrawFn) -> list[Waiting]:
    """Up to twelve conversations with different ids, in any order."""
    names = draw(st.permutations([f"conversation-{n:02}" for n in range(draw(st.integers(0, 12)))]))
    return [draw(conversation(name)) for name in names]
