"""Whether a full house is slower than an empty one: taking messages, first page, opening and searching with a million messages stored."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks import load, started
from benchmarks.chat import sign_in
from channels.text import tokens
from gateway.clock import SystemClock
from gateway.store.search import coded

EACH = 10
"""Messages of one conversation."""
OPEN = 2_000
"""Conversations that are still open; the others are closed."""
_WORDS = (
    "table", "chair", "oak", "delivery", "Monday", "broken", "refund", "colour", "invoice", "late", "please", "thanks", "order", "lamp", "leg",
    "tilaus", "myöhässä", "kiitos", "pöytä", "डिलीवरी", "मेज", "कृपया", "పట్టిక", "ధన్యవాదాలు", "টেবিল", "ধন্যবাদ", "طاولة", "شكرا", "配送", "椅子",
)  # fmt: skip
RARE = "kvarnstenssilke"
"""Said in one conversation of a thousand."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is done, with nothing stored and with `messages` stored; milliseconds, or messages a second for the first line."""

    what: str
    messages: int
    empty: float
    full: float
    empty_p95: float
    full_p95: float


def measure(messages: int, seconds: float, rounds: int, say: Callable[[str], None]) -> list[Line]:
    """Two gateways on SQLite, one empty and one full, asked in turn; each is stopped while the other is asked."""
    with ExitStack() as stack:
        empty, full = (Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="throughline-bench-"))) for _ in range(2))
        subprocess.run([sys.executable, "-m", "gateway.cli", "--data", str(full), "migrate"], check=True, stdout=subprocess.DEVNULL)
        fill(full / "throughline.db", messages, say)
        servers = {name: stack.enter_context(started.gateway(folder)) for name, folder in (("empty", empty), ("full", full))}
        cookies = {name: sign_in(folder, servers[name].port) for name, folder in (("empty", empty), ("full", full))}
        tokens_of = {name: started.sessions(server.port, 256) for name, server in servers.items()}
        say("asking both …")
        lines = [_ingest(servers, tokens_of, seconds, rounds, messages, say)]
        lines += [_asked(what, path, servers, cookies, rounds * 20, messages) for what, path in _asks(full / "throughline.db")]
    return lines


def _ingest(
    servers: dict[str, started.Gateway],
    tokens_of: dict[str, list[str]],
    seconds: float,
    rounds: int,
    messages: int,
    say: Callable[[str], None],
) -> Line:
    found: dict[str, list[load.Outcome]] = {"empty": [], "full": []}
    for server in servers.values():
        with server.awake():
            pass
    for number in range(1, rounds + 1):
        for name, server in servers.items():
            with server.awake():
                plan = load.Plan(server.port, tokens_of[name], 16, seconds)
                found[name].append(load.Outcome(**started.call("load", asdict(plan))))
            say(f"round {number}/{rounds}  ingest  {name:<6} {found[name][-1].per_second:>7,.0f}/s")
    rates = {name: median(one.per_second for one in outcomes) for name, outcomes in found.items()}
    slow = {name: median(one.p99 for one in outcomes) for name, outcomes in found.items()}
    return Line("messages taken per second", messages, rates["empty"], rates["full"], slow["empty"], slow["full"])


def _asks(path: Path) -> Iterator[tuple[str, str]]:
    with sqlite3.connect(path) as store:
        some = store.execute("SELECT id FROM conversation ORDER BY number DESC LIMIT 1 OFFSET 500").fetchone()[0]
    yield "first page of all open", "/api/conversations?view=all&limit=50"
    yield "first page of the unassigned", "/api/conversations?view=unassigned&limit=50"
    yield "first page of one tag, any state", "/api/conversations?view=all&state=any&tag=vip&limit=50"
    yield "counts", "/api/counts"
    yield "open a conversation", f"/api/conversations/{some}"
    yield "its timeline", f"/api/conversations/{some}/entries"
    yield "search a rare word", f"/api/conversations?view=all&state=any&q={RARE}"
    yield "search two common words", "/api/conversations?view=all&state=any&q=" + urllib.parse.quote("मेज delivery")


def _asked(what: str, path: str, servers: dict[str, started.Gateway], cookies: dict[str, str], times: int, messages: int) -> Line:
    """The empty house answers 404 for a conversation of the full one, as fast as it finds nothing: that is its figure."""
    took: dict[str, list[float]] = {"empty": [], "full": []}
    for name, server in servers.items():
        with server.awake():
            for _ in range(times):
                took[name].append(_timed(server.port, path, cookies[name]))
    middle = {name: median(values) * 1000 for name, values in took.items()}
    slow = {name: sorted(values)[int(len(values) * 0.95)] * 1000 for name, values in took.items()}
    return Line(what, messages, middle["empty"], middle["full"], slow["empty"], slow["full"])


def _timed(port: int, path: str, cookie: str) -> float:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})
    start = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  loopback
            answer.read()
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
    return time.perf_counter() - start


def fill(path: Path, messages: int, say: Callable[[str], None]) -> None:
    """Writes conversations of EACH messages straight into the tables, search entries too, as they would stand after so many."""
    clock, chance = SystemClock(), random.Random(7)
    now = clock.now()
    with sqlite3.connect(path, isolation_level=None) as store:
        store.execute("PRAGMA synchronous=OFF")
        for start in range(0, messages // EACH, 5_000):
            store.execute("BEGIN")
            for number in range(start, min(start + 5_000, messages // EACH)):
                _one(store, clock, chance, number, now - (messages // EACH - number) * 20_000_000, number >= messages // EACH - OPEN)
            store.execute("COMMIT")
            say(f"stored {min(start + 5_000, messages // EACH) * EACH:,} of {messages:,} messages")
        store.execute("INSERT INTO counter (name, value) VALUES ('conversation', ?)", (1001 + messages // EACH,))
        store.execute("ANALYZE")


def _one(store: sqlite3.Connection, clock: SystemClock, chance: random.Random, number: int, at: int, is_open: bool) -> None:
    contact, which, address = clock.new_id(), clock.new_id(), f"visitor:filled-{number:012}"
    texts = [" ".join(chance.choices(_WORDS, k=9)) + (f" {RARE}" if number % 1000 == 0 and not one else "") for one in range(EACH)]
    store.execute("INSERT INTO contact (id, name, created_at) VALUES (?, ?, ?)", (contact, f"Customer {number}", at))
    store.execute("INSERT INTO identity (address, contact_id, created_at) VALUES (?, ?, ?)", (address, contact, at))
    store.execute(
        "INSERT INTO conversation (id, number, contact_id, state, channel_id, last_seq, last_pub, preview, created_at, last_at, waiting_since, route_at)"
        " VALUES (?, ?, ?, ?, 'webchat', ?, ?, ?, ?, ?, ?, ?)",
        (
            which,
            1001 + number,
            contact,
            "open" if is_open else "closed",
            EACH,
            EACH,
            texts[-1][:140],
            at,
            at + EACH,
            *((at, at) if is_open else (None, None)),
        ),
    )
    store.execute("INSERT INTO participant (conversation_id, address, first_pub) VALUES (?, ?, 1)", (which, address))
    if number % 50 == 0:
        store.execute("INSERT INTO conversation_tag (conversation_id, tag) VALUES (?, 'vip')", (which,))
    for one, text in enumerate(texts, 1):
        message = clock.new_id()
        store.execute(
            "INSERT INTO message (id, conversation_id, seq, pub, direction, author_kind, channel_id, address, text, at)"
            " VALUES (?, ?, ?, ?, ?, ?, 'webchat', ?, ?, ?)",
            (message, which, one, one, "in" if one % 2 else "out", "customer" if one % 2 else "agent", address, text, at + one),
        )
        store.execute(
            "INSERT INTO event (id, conversation_id, kind, actor_kind, at) VALUES (?, ?, 'received', 'customer', ?)",
            (clock.new_id(), which, at + one),
        )
        store.execute("INSERT INTO search_entry (key, conversation_id, tokens) VALUES (?, ?, ?)", (message, which, coded(tokens(text))))
    store.execute("INSERT INTO search_mark (conversation_id, seq) VALUES (?, ?)", (which, EACH))
