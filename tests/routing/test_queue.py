"""The order of the waiting, and places that survive whatever happens to a conversation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from router.queue import Queue, oldest_first
from router.types import Waiting
from tests.routing.samples import budget, chat


def test_oldest_first_then_id() -> None:
    assert [one.id for one in oldest_first([chat("b", 2), chat("c", 1), chat("a", 2)])] == ["c", "a", "b"]


def test_an_empty_queue() -> None:
    queue = Queue()
    assert (len(queue), queue.peek(), queue.position("c"), queue.remove("c"), list(queue)) == (0, None, None, None, [])


def test_a_place_is_kept_when_an_offer_passes() -> None:
    queue = Queue([chat("a", 1), chat("b", 2), chat("c", 3)])
    offered = queue.remove("b")
    assert offered is not None
    assert queue.position("c") == 2
    queue.put(chat("b", offered.waiting_since, declined=("somebody",), version=2))
    assert [one.id for one in queue] == ["a", "b", "c"]
    assert queue.position("b") == 2


def test_a_renewed_entry_keeps_the_earlier_place() -> None:
    queue = Queue([chat("a", 1), chat("b", 2)])
    queue.put(chat("a", 9, version=2, skills=("fi",)))
    first = queue.peek()
    assert first is not None
    assert (first.id, first.waiting_since, first.version, first.skills) == ("a", 1, 2, frozenset({"fi"}))
    queue.put(chat("b", 0, version=2))
    assert [one.id for one in queue] == ["b", "a"]


def test_a_hint_that_comes_late_changes_nothing() -> None:
    queue = Queue([chat("a", 5, version=3)])
    queue.put(chat("a", 1, version=2))
    assert queue.peek() == chat("a", 5, version=3)


def test_a_line_is_one_team_and_one_load_class() -> None:
    queue = Queue([chat("mail", 1, load_class="mail"), chat("tech", 2, team="tech"), chat("a", 3), chat("b", 4)])
    assert [queue.position(name) for name in ("mail", "tech", "a", "b")] == [1, 1, 1, 2]


def test_the_queue_may_change_under_a_loop_over_it() -> None:
    queue = Queue([chat(f"c{n}", n) for n in range(5)])
    for one in queue:
        queue.remove(one.id)
    assert len(queue) == 0


def test_what_comes_and_goes_leaves_nothing_behind() -> None:
    queue = Queue([chat("old", 0)])
    for n in range(1_000):
        queue.put(chat("restless", n + 1))
        queue.remove("restless")
    assert len(queue._heap) < 50
    assert queue.peek() == chat("old", 0)


@budget
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.one_of(st.none(), st.integers(0, 5))), max_size=40))
def test_it_agrees_with_a_sorted_dict(steps: list[tuple[str, int | None]]) -> None:
    queue, model = Queue(), dict[str, Waiting]()
    for name, since in steps:
        if since is None:
            assert queue.remove(name) == model.pop(name, None)
        else:
            queue.put(chat(name, since))
            model[name] = chat(name, min(since, model[name].waiting_since) if name in model else since)
        ordered = sorted(model.values(), key=lambda one: (one.waiting_since, one.id))
        assert list(queue) == ordered
        assert queue.peek() == (ordered[0] if ordered else None)
        assert [queue.position(one.id) for one in ordered] == list(range(1, len(ordered) + 1))
        assert (len(queue), "a" in queue) == (len(model), "a" in model)
