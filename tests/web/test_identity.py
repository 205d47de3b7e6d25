"""Visitor tokens and passwords: nothing forged is read, and an unknown account costs what a known one does (T-20, T-35)."""

from __future__ import annotations

import asyncio
import base64
import statistics
import threading
import time

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clock import DAY, MINUTE, SECOND, FakeClock, SystemClock
from gateway.errors import ConfigError, Invalid, TooMany
from gateway.web import passwords
from gateway.web.passwords import Passwords, check_policy
from gateway.web.visitor_tokens import MAX_AGE, VisitorToken, VisitorTokens, new_visitor_id

OLD, NEW = b"o" * 32, b"n" * 32
NOW = 1_763_757_000 * SECOND
VISITOR = "v" * 24
QUICK = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


def test_a_token_says_who_it_was_issued_to() -> None:
    tokens = VisitorTokens([NEW])
    assert tokens.read(tokens.issue(VISITOR, "demo", NOW + 7), NOW) == VisitorToken(VISITOR, "demo", NOW)


def test_every_change_of_a_token_is_noticed() -> None:
    tokens = VisitorTokens([NEW])
    token = tokens.issue(VISITOR, "demo", NOW)
    for at in range(len(token)):
        for other in ("A", "~", "0", "=", "\u0000"):
            changed = token[:at] + other + token[at + 1 :]
            assert changed == token or tokens.read(changed, NOW) is None
        assert tokens.read(token[:at], NOW) is None
        assert tokens.read(token[:at] + token[at + 1 :], NOW) is None
    for added in ("=", "A", " ", "\n", "~", token):
        assert tokens.read(token + added, NOW) is None
        assert tokens.read(added + token, NOW) is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_a_token(text: str) -> None:
    assert VisitorTokens([NEW]).read(text, NOW) is None
    assert VisitorTokens([NEW]).read(f"v1~{VISITOR}~demo~{text}", NOW) is None


def test_keys_rotate() -> None:
    before, both, after = VisitorTokens([OLD]), VisitorTokens([NEW, OLD]), VisitorTokens([NEW])
    old = before.issue(VISITOR, "demo", NOW)
    assert both.read(old, NOW) is not None
    assert after.read(old, NOW) is None
    assert after.read(both.issue(VISITOR, "demo", NOW), NOW) is not None


def test_tokens_age_and_do_not_come_from_the_future() -> None:
    tokens = VisitorTokens([NEW])
    token = tokens.issue(VISITOR, "demo", NOW)
    assert tokens.read(token, NOW + MAX_AGE) is not None
    assert tokens.read(token, NOW + MAX_AGE + DAY) is None
    assert tokens.read(token, NOW - MINUTE) is not None
    assert tokens.read(token, NOW - 10 * MINUTE) is None


@pytest.mark.parametrize(
    ("visitor", "site"), [("short", "demo"), (VISITOR, ""), (VISITOR, "a~b"), (VISITOR + "~x", "demo"), (VISITOR, "ä"), (VISITOR, "demo\n")]
)
def test_what_does_not_fit_is_not_issued(visitor: str, site: str) -> None:
    with pytest.raises(ValueError):
        VisitorTokens([NEW]).issue(visitor, site, NOW)


@pytest.mark.parametrize("keys", [[], [b"short"], [NEW, b""]])
def test_weak_keys_are_refused(keys: list[bytes]) -> None:
    with pytest.raises(ConfigError):
        VisitorTokens(keys)


def test_visitor_ids_are_random_enough() -> None:
    clock = SystemClock()
    ids = {new_visitor_id(clock) for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(base64.urlsafe_b64decode(text)) * 8 >= 128 for text in ids)
    VisitorTokens([NEW]).issue(new_visitor_id(FakeClock()), "demo", NOW)


def test_reading_is_quick() -> None:
    tokens = VisitorTokens([NEW, OLD])
    token = tokens.issue(VISITOR, "demo", NOW)
    rounds = []
    for _ in range(20):
        started = time.perf_counter()
        for _ in range(200):
            tokens.read(token, NOW)
        rounds.append((time.perf_counter() - started) / 200)
    assert min(rounds) < 30e-6  # about 5 µs; the margin is for a busy machine


@pytest.mark.parametrize(
    ("password", "about"),
    [
        ("short", ()), ("a" * 9, ()), ("x7!kQ9zL" * 17, ()), ("Password123", ()), ("QWERTYUIOP", ()), ("1111111111", ()), ("abababababab", ()),
        ("mikko@example.fi", ("Mikko", "mikko@example.fi")), ("correct horse\ud800", ()), ("ｐａｓｓｗｏｒｄ１２３", ()),
    ],
)  # fmt: skip
def test_weak_passwords_are_refused(password: str, about: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        check_policy(password, *about)
    assert refused.value.detail["field"] == "password"


@pytest.mark.parametrize(
    "password", ["correct horse battery", "x7!kQ9zLw2", "ä" * 5 + "öü åß", " leading and trailing ", "🔑🗝️ keys and more"]
)
def test_good_ones_pass(password: str) -> None:
    check_policy(password, "Mikko", "mikko@example.fi")


async def test_the_right_password_and_no_other() -> None:
    pool = Passwords(QUICK)
    stored = await pool.hash("Grüße aus Köln")
    assert stored.startswith("$argon2id$")
    assert await pool.verify(stored, "Grüße aus Köln")
    assert await pool.verify(stored, "Gru\u0308ße aus Ko\u0308ln")  # the same, as another keyboard types it
    for wrong in ("", "grüße aus köln", "Grüße aus Köln ", "x" * 100_000, "\ud800"):
        assert not await pool.verify(stored, wrong)
    assert not await pool.verify(None, "nobody has this password")
    assert not await pool.verify(None, "no such account")
    assert not await pool.verify("not a hash", "Grüße aus Köln")
    pool.close()


async def test_an_unknown_account_does_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Passwords(QUICK)
    stored = await pool.hash("correct horse battery")
    seen: list[str] = []

    def note(against: str, candidate: str) -> bool:
        seen.append(against.rsplit("$", 2)[0])
        return False

    monkeypatch.setattr(pool, "_matches", note)
    for account, password in ((stored, "wrong password"), (None, "wrong password"), (None, ""), (stored, "x" * 5000), (stored, "\ud800")):
        assert not await pool.verify(account, password)
    assert len(seen) == 5
    assert len(set(seen)) == 1  # the same algorithm, version and costs
    pool.close()


async def test_the_median_time_is_the_same() -> None:
    pool = Passwords(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1))
    stored = await pool.hash("correct horse battery")
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(60):
        for known in (True, False):
            started = time.perf_counter()
            await pool.verify(stored if known else None, "wrong password")
            times[known].append(time.perf_counter() - started)
    assert abs(statistics.median(times[True]) - statistics.median(times[False])) < 0.005
    pool.close()


async def test_the_line_is_bounded_and_hanging_up_frees_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Passwords(QUICK, threads=1, waiting=1)
    go = threading.Event()
    monkeypatch.setattr(pool, "_matches", lambda against, candidate: go.wait(10))
    first, second = (asyncio.create_task(pool.verify("x", "y")) for _ in range(2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    with pytest.raises(TooMany):
        await pool.verify("x", "y")
    go.set()
    assert await second
    assert await pool.verify("x", "y")
    pool.close()


async def test_weaker_hashes_are_noticed() -> None:
    pool = Passwords(PasswordHasher(time_cost=2, memory_cost=2048, parallelism=1))
    assert pool.is_outdated(QUICK.hash("correct horse battery"))
    assert not pool.is_outdated(await pool.hash("correct horse battery"))
    assert pool.is_outdated("not a hash")
    pool.close()


def test_the_list_of_common_ones_holds_only_what_length_lets_through() -> None:
    assert all(passwords.SHORTEST <= len(word) <= passwords.LONGEST and word == word.casefold() for word in passwords._COMMON)
