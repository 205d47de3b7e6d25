"""Where the bytes of files and raw mails are kept: by the hash of their content, durable before a row names them."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import Integer, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql

from gateway.clock import Clock, Micros
from gateway.db import schema
from gateway.db.database import Database, Tx, idempotent
from gateway.db.statement import Statement
from gateway.errors import Invalid, NotFound, Unavailable

_NAME = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1024 * 1024
PIECE = 256 * 1024
"""Bytes of one piece of `chunks`."""
_STORE_IS_AWAY = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ESTALE}


class Blobs(Protocol):
    """A name is the SHA-256 of the content in 64 hexadecimal digits; the same bytes are kept once."""

    async def put(self, content: bytes | Path) -> str:
        """The name, once the bytes are durable. A Path is copied, not moved. Raises Unavailable."""
        ...

    async def get(self, name: str) -> bytes:
        """Raises NotFound, Invalid for what is no name, Unavailable."""
        ...

    def chunks(self, name: str) -> AsyncIterator[bytes]:
        """The bytes piece by piece, so that a slow reader costs no more memory than one piece. Raises as `get`, before the first one."""
        ...

    async def exists(self, name: str) -> bool: ...

    async def delete(self, name: str, unused_since: Micros) -> None:
        """Gone afterwards, unless it was put (again) since then: somebody is about to name it. Whoever deletes has seen that no row does."""
        ...


class DiskBlobs:
    """One file per blob under `folder`/<two digits>/; `folder` is created when the first one comes."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    async def put(self, content: bytes | Path) -> str:
        return await asyncio.to_thread(self._put, content)

    async def get(self, name: str) -> bytes:
        path = self._path(name)
        try:
            with _refusals():
                return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError as error:
            raise NotFound(f"There is no blob {name}") from error

    async def chunks(self, name: str) -> AsyncIterator[bytes]:
        try:
            with _refusals():
                source = await asyncio.to_thread(self._path(name).open, "rb")
        except FileNotFoundError as error:
            raise NotFound(f"There is no blob {name}") from error
        with source:
            while piece := await asyncio.to_thread(source.read, PIECE):
                yield piece

    async def exists(self, name: str) -> bool:
        with _refusals():
            return await asyncio.to_thread(self._path(name).is_file)

    async def delete(self, name: str, unused_since: Micros) -> None:
        with _refusals():
            await asyncio.to_thread(self._delete, self._path(name), unused_since)

    def _delete(self, path: Path, unused_since: Micros) -> None:
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime_ns // 1_000 < unused_since:
                path.unlink()

    def _path(self, name: str) -> Path:
        check_name(name)
        return self._folder / name[:2] / name

    def _put(self, content: bytes | Path) -> str:
        if isinstance(content, bytes):
            name = hashlib.sha256(content).hexdigest()
            with _refusals():
                if not self._has(name, len(content)):
                    self._write(content)
            return name
        with content.open("rb") as source:
            name = hashlib.file_digest(source, "sha256").hexdigest()
            with _refusals():
                if not self._has(name, os.fstat(source.fileno()).st_size):
                    source.seek(0)
                    # The file may have changed meanwhile: what counts is what was copied.
                    name = self._write(source)
        return name

    def _has(self, name: str, size: int) -> bool:
        """Also makes durable what another writer has only just renamed."""
        path = self._path(name)
        try:
            if path.stat().st_size != size:
                return False
            self._touch(path)
        except FileNotFoundError:
            return False
        _sync_folder(path.parent)
        return True

    def _touch(self, path: Path | str) -> None:
        """Wanted now: a sweep that is under way spares it."""
        now = self._clock.now() * 1_000
        os.utime(path, ns=(now, now))

    def _write(self, content: bytes | BinaryIO) -> str:
        _make_folder(self._folder)
        descriptor, temporary = tempfile.mkstemp(prefix="incoming-", dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as target:
                name = _copy(content, target)
                target.flush()
                os.fsync(target.fileno())
            path = self._path(name)
            _make_folder(path.parent)
            self._touch(temporary)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        _sync_folder(path.parent)
        return name


class PostgresBlobs:
    """In the table `blob`, for installations whose processes share no disk. Works on either engine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, content: bytes | Path) -> str:
        data = content if isinstance(content, bytes) else await asyncio.to_thread(content.read_bytes)
        name = hashlib.sha256(data).hexdigest()
        await self._database.run(_put, name, data)
        return name

    async def get(self, name: str) -> bytes:
        return await self._database.read(_get, check_name(name))

    async def chunks(self, name: str) -> AsyncIterator[bytes]:
        check_name(name)
        start = 1
        while piece := await self._database.read(_piece, name, start):
            yield piece
            start += len(piece)
        if start == 1 and not await self.exists(name):
            raise NotFound(f"There is no blob {name}")

    async def exists(self, name: str) -> bool:
        return await self._database.read(_exists, check_name(name))

    async def delete(self, name: str, unused_since: Micros) -> None:
        await self._database.run(_delete, check_name(name), unused_since)


def check_name(name: str) -> str:
    """Raises Invalid: nothing but a hash ever becomes part of a path."""
    if not _NAME.fullmatch(name):
        raise Invalid("A blob is named by 64 hexadecimal digits", field="name")
    return name


_INSERT = postgresql.insert(schema.blob)
_PUT = Statement("blob.put", _INSERT.on_conflict_do_update(index_elements=["name"], set_={"at": _INSERT.excluded.at}))
_PIECE = Statement(
    "blob.piece",
    select(func.substr(schema.blob.c.bytes, bindparam("start", type_=Integer), PIECE)).where(schema.blob.c.name == bindparam("name")),
)
_GET = Statement("blob.get", select(schema.blob.c.bytes).where(schema.blob.c.name == bindparam("name")))
_FIND = Statement("blob.find", select(schema.blob.c.name).where(schema.blob.c.name == bindparam("name")))
_DELETE = Statement(
    "blob.delete", delete(schema.blob).where(schema.blob.c.name == bindparam("name"), schema.blob.c.at < bindparam("before"))
)


@idempotent
def _put(tx: Tx, name: str, data: bytes) -> None:
    tx.run(_PUT, name=name, bytes=data, at=tx.now)


def _get(tx: Tx, name: str) -> bytes:
    row = tx.one(_GET, name=name)
    if row is None:
        raise NotFound(f"There is no blob {name}")
    return bytes(row[0])


def _piece(tx: Tx, name: str, start: int) -> bytes:
    """`start` counts from 1, as SQL does."""
    row = tx.one(_PIECE, name=name, start=start)
    return b"" if row is None or row[0] is None else bytes(row[0])


def _exists(tx: Tx, name: str) -> bool:
    return tx.one(_FIND, name=name) is not None


@idempotent
def _delete(tx: Tx, name: str, before: Micros) -> None:
    tx.run(_DELETE, name=name, before=before)


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _STORE_IS_AWAY:
            raise Unavailable(f"The folder of the files does not take this: {error.strerror}") from error
        raise


def _copy(content: bytes | BinaryIO, target: BinaryIO) -> str:
    digest = hashlib.sha256()
    for chunk in (content,) if isinstance(content, bytes) else iter(lambda: content.read(_CHUNK), b""):
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


def _make_folder(folder: Path) -> None:
    """A folder is durable only when its parent has been synced as well."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
