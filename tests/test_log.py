"""What is logged is for the operator: no stack for what strangers garble, none of what they sent."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from aiohttp import web

import gateway.log


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    root, kept = logging.getLogger(), logging.getLogger().handlers[:]
    level = root.level
    output = StringIO()
    monkeypatch.setattr(sys, "stderr", output)
    gateway.log.set_up("json", "info")
    yield output
    root.handlers[:], root.level = kept, level
    logging.getLogger("aiohttp.server").filters.clear()


async def test_a_garbled_request_is_one_line_without_what_was_sent(said: StringIO) -> None:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nCookie: session=very-secret\r\nBad\x00Header: \xff\r\n\r\n")
    assert b" 400 " in await reader.readline()
    writer.close()
    await runner.cleanup()
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    garbled = [line for line in lines if "could not be read" in line["event"]]
    assert len(garbled) == 1 and "exception" not in garbled[0]
    assert "secret" not in said.getvalue() and "Traceback" not in said.getvalue()


def test_a_fault_of_ours_keeps_its_stack(said: StringIO) -> None:
    try:
        raise RuntimeError("ours")
    except RuntimeError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
    assert "RuntimeError: ours" in json.loads(said.getvalue().splitlines()[-1])["exception"]
