"""Blobs on disk and in the database: named by their content, durable, and never a path."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.blobs import PIECE, Blobs, DiskBlobs, PostgresBlobs
from gateway.clock import SystemClock
from gateway.errors import Invalid, NotFound, Unavailable
from tests.db.stores import open_postgres, open_sqlite

LATER = 1 << 62
"""After every put of these tests."""
NOBODY = hashlib.sha256(b"nobody stored this").hexdigest()


@pytest.fixture(params=["disk", "sqlite", "postgresql"])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    if request.param == "disk":
        yield DiskBlobs(tmp_path / "deep" / "blobs", SystemClock())
        return
    opening = open_sqlite(tmp_path / "s.db") if request.param == "sqlite" else open_postgres(request.getfixturevalue("postgres_database"))
    async with opening as store:
        yield PostgresBlobs(store.database)


@pytest.mark.parametrize("content", [b"", b"hello", bytes(range(256)) * 9000])
async def test_what_was_put_comes_back_by_the_hash_of_its_content(blobs: Blobs, content: bytes) -> None:
    name = await blobs.put(content)
    assert name == hashlib.sha256(content).hexdigest()
    assert await blobs.put(content) == name
    assert await blobs.get(name) == content
    assert await blobs.exists(name)


@pytest.mark.parametrize("content", [b"", b"hello", bytes(range(256)) * 9000])
async def test_the_pieces_make_the_whole(blobs: Blobs, content: bytes) -> None:
    name = await blobs.put(content)
    pieces = [piece async for piece in blobs.chunks(name)]
    assert b"".join(pieces) == content
    assert all(0 < len(piece) <= PIECE for piece in pieces)
    with pytest.raises(NotFound):
        await anext(blobs.chunks(NOBODY))


async def test_what_was_put_again_is_spared_by_a_sweep_that_is_under_way(blobs: Blobs) -> None:
    name = await blobs.put(b"hello")
    await blobs.delete(name, 1)
    assert await blobs.exists(name)


async def test_a_file_is_copied_and_stays(blobs: Blobs, tmp_path: Path) -> None:
    source = tmp_path / "source"
    content = b"0123456789" * 300_000
    source.write_bytes(content)
    name = await blobs.put(source)
    assert await blobs.get(name) == content == source.read_bytes()
    assert await blobs.put(source) == name


async def test_many_at_once(blobs: Blobs) -> None:
    contents = [str(number % 7).encode() for number in range(40)]
    names = await asyncio.gather(*(blobs.put(content) for content in contents))
    assert names == [hashlib.sha256(content).hexdigest() for content in contents]
    assert await asyncio.gather(*(blobs.get(name) for name in names)) == contents


async def test_deleted_is_gone_and_twice_is_no_error(blobs: Blobs) -> None:
    name = await blobs.put(b"x")
    await blobs.delete(name, LATER)
    await blobs.delete(name, LATER)
    assert not await blobs.exists(name)
    with pytest.raises(NotFound):
        await blobs.get(name)
    assert await blobs.put(b"x") == name
    assert await blobs.get(name) == b"x"


async def test_what_is_not_there_is_not_found(blobs: Blobs) -> None:
    assert not await blobs.exists(NOBODY)
    with pytest.raises(NotFound):
        await blobs.get(NOBODY)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", NOBODY.upper(), NOBODY + "\n", NOBODY[:-1], "/" + NOBODY[1:], "é" * 64])
async def test_only_a_hash_is_a_name(blobs: Blobs, name: str) -> None:
    for refuse in (blobs.get, blobs.exists, lambda bad: blobs.delete(bad, LATER)):
        with pytest.raises(Invalid):
            await refuse(name)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
async def test_a_full_disk_leaves_nothing_behind_and_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    blobs = DiskBlobs(tmp_path, SystemClock())

    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(Unavailable):
            await blobs.put(b"too much")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []  # noqa: ASYNC240 - a test may look at a small folder
    name = await blobs.put(b"too much")
    assert await blobs.get(name) == b"too much"


async def test_file_and_folder_are_synced_before_the_name_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def record_sync(descriptor: int) -> None:
        steps.append(
            "folder"
            if os.readlink(f"/proc/self/fd/{descriptor}").startswith(str(tmp_path / "b")) and os.path.isdir(f"/proc/self/fd/{descriptor}")
            else "file"
            if os.path.isfile(f"/proc/self/fd/{descriptor}")
            else "parent"
        )
        fsync(descriptor)

    def record_rename(source: str, target: Path) -> None:
        steps.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", record_sync)
    monkeypatch.setattr(os, "replace", record_rename)
    await DiskBlobs(tmp_path / "b", SystemClock()).put(b"content")
    assert steps == ["parent", "file", "folder", "rename", "folder"]


async def test_a_truncated_file_is_written_again(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path, SystemClock())
    name = await blobs.put(b"content")
    (tmp_path / name[:2] / name).write_bytes(b"con")
    await blobs.put(b"content")
    assert await blobs.get(name) == b"content"
