"""What customers meant to send and what they were told, written down durably before and after; and the verdict on what was stored."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Intent:
    """`sender` is going to send `client_id`; `digest` is the SHA-256 of the text, with the content of its file if there is one."""

    sender: str
    client_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`sender` was answered that `client_id` is stored as number `pub`."""

    sender: str
    client_id: str
    pub: int


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store has, by ascending `pub` within a sender's conversation."""

    sender: str
    client_id: str
    pub: int
    digest: str


Line = Intent | Confirmation


class Ledger:
    """Append-only: a line is on the disk when the call returns, so that the verdict does not rest on the memory of the one who is judged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def intend(self, intent: Intent) -> None:
        self._write(["intent", intent.sender, intent.client_id, intent.digest])

    def confirm(self, confirmation: Confirmation) -> None:
        self._write(["confirmed", confirmation.sender, confirmation.client_id, confirmation.pub])

    def close(self) -> None:
        os.close(self._file)

    def read(self) -> list[Line]:
        """All lines in the order they were written."""
        with self._path.open(encoding="utf-8") as lines:
            found = [json.loads(line) for line in lines]
        return [Intent(*rest) if kind == "intent" else Confirmation(*rest) for kind, *rest in found]

    def _write(self, line: list[object]) -> None:
        os.write(self._file, json.dumps(line).encode() + b"\n")
        os.fdatasync(self._file)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Empty lists mean that the promise was kept; each entry is a sentence about one message."""

    lost: list[str] = field(default_factory=list)
    """L1: confirmed, and not stored."""
    doubled: list[str] = field(default_factory=list)
    """L2: stored more than once."""
    disordered: list[str] = field(default_factory=list)
    """L5: one sender's messages stand in another order than they were sent."""
    holes: list[str] = field(default_factory=list)
    """A conversation's public numbers are not 1, 2, 3 …"""
    altered: list[str] = field(default_factory=list)
    """Stored with another content or under another number than confirmed."""
    foreign: list[str] = field(default_factory=list)
    """L6: stored for somebody who never sent it."""

    @property
    def complaints(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.disordered, *self.holes, *self.altered, *self.foreign]


def judge(lines: Iterable[Line], stored: Iterable[Stored]) -> Verdict:
    """Set arithmetic over the ledger and the store. Every sender has one conversation and nobody else writes in it."""
    intents: dict[str, dict[str, Intent]] = {}
    confirmed: dict[str, dict[str, int]] = {}
    for line in lines:
        if isinstance(line, Intent):
            intents.setdefault(line.sender, {}).setdefault(line.client_id, line)
        else:
            confirmed.setdefault(line.sender, {})[line.client_id] = line.pub
    found: dict[str, list[Stored]] = {}
    for one in stored:
        found.setdefault(one.sender, []).append(one)
    verdict = Verdict()
    for sender in sorted({*intents, *confirmed, *found}):
        _judge_sender(verdict, sender, intents.get(sender, {}), confirmed.get(sender, {}), found.get(sender, []))
    return verdict


def _judge_sender(
    verdict: Verdict, sender: str, intents: Mapping[str, Intent], confirmed: Mapping[str, int], found: Sequence[Stored]
) -> None:
    times = Counter(one.client_id for one in found)
    verdict.lost.extend(f"{sender} was told that {name} is stored, and it is not" for name in confirmed if name not in times)
    verdict.doubled.extend(f"{sender}'s {name} is stored {count} times" for name, count in times.items() if count > 1)
    verdict.foreign.extend(f"{sender} never sent {name}, which is stored as theirs" for name in times if name not in intents)
    for one in found:
        intent = intents.get(one.client_id)
        if intent is not None and intent.digest != one.digest:
            verdict.altered.append(f"{sender}'s {one.client_id} is stored with another content")
        if confirmed.get(one.client_id, one.pub) != one.pub:
            verdict.altered.append(f"{sender}'s {one.client_id} was confirmed as {confirmed[one.client_id]} and is {one.pub}")
    if [one.pub for one in found] != list(range(1, len(found) + 1)):
        verdict.holes.append(f"{sender}'s numbers are not 1 to {len(found)}: {[one.pub for one in found]}")
    sent = [name for name in intents if name in times]
    if [name for name in dict.fromkeys(one.client_id for one in found) if name in intents] != sent:
        verdict.disordered.append(f"{sender} sent in the order {sent}, and another one is stored")
