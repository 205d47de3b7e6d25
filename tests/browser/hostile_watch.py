"""Sees what hostile words must never achieve in a browser: code that runs, a dialog, a request to a stranger, an element of their own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, Frame, Page

_WATCHING = """
document.addEventListener('securitypolicyviolation', (event) => violated(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample), true);
"""
# What no page of ours holds and a payload would bring: handlers, other documents, rules of its own, addresses that are programs.
_ALIENS = """() => {
  const tags = new Set(('math mglyph maction annotation-xml xmp noembed noframes plaintext marquee object embed applet base portal fencedframe frameset frame '
    + 'animate set foreignobject isindex keygen acx x slot area map track audio source picture').split(' '));
  const alone = new Set(['srcset', 'formaction', 'srcdoc', 'ping', 'background', 'poster', 'lowsrc', 'is', 'v-html', 'hx-get', 'x-init', 'http-equiv']);
  const found = [];
  for (const one of document.querySelectorAll('*')) {
    const inside = one.ownerSVGElement !== undefined && one.ownerSVGElement !== null;
    if (tags.has(one.localName) || (one.localName === 'iframe') || (one.localName === 'script' && (inside || !one.src))) found.push('<' + one.localName + '>');
    for (const { name, value } of one.attributes) {
      if (name.startsWith('on') || alone.has(name)) found.push(one.localName + ' ' + name + '=' + value);
      const address = ['href', 'src', 'action', 'data', 'xlink:href', 'code'].includes(name) ? value.replace(/[\\u0000-\\u0020]/g, '') : '';
      if (/^(javascript|vbscript|data:text|data:image.svg|view-source|file):/i.test(address)) found.push(one.localName + ' ' + name + '=' + value);
      if (name === 'style' && /url\\(|expression|binding/i.test(value)) found.push(one.localName + ' style=' + value);
    }
  }
  return found.slice(0, 20);
}"""
_TEXT = """(wanted) => {
  const plain = (text) => text.replace(/\\s+/g, ' ');
  const shown = plain(document.body.textContent + '\\n' + [...document.querySelectorAll('input, textarea')].map((one) => one.value).join('\\n'));
  return wanted.filter((text) => !shown.includes(plain(text)));
}"""
# Goes on by most of a screen in everything that scrolls; from the end back to the start.
_SCROLL = """(up) => {
  for (const one of document.querySelectorAll('*')) {
    if (one.scrollHeight > one.clientHeight + 8 && /auto|scroll/.test(getComputedStyle(one).overflowY)) one.scrollTop += (up ? -0.8 : 0.8) * one.clientHeight;
  }
}"""
# Pixels by which the page itself, or the list of messages in it, can be pushed sideways.
_SIDEWAYS = """() => {
  const too_wide = (one) => one ? one.scrollWidth - one.clientWidth : 0;
  const scrolls = [...document.querySelectorAll('[role=log]')].filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowX));
  return Math.max(too_wide(document.scrollingElement), ...scrolls.map(too_wide));
}"""
Where = Page | Frame


@dataclass
class Watch:
    """What happened in a browser context. `ours` are the origins that may be asked."""

    ours: tuple[str, ...]
    ran: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    windows: int = 0
    urls: list[str] = field(default_factory=list)

    async def over(self, context: BrowserContext) -> None:
        """Before the first page is opened."""
        await context.expose_function("pwned", lambda *told: self.ran.append(str(told)))
        await context.expose_function("violated", lambda told: self.violations.append(told))
        await context.add_init_script(_WATCHING)
        context.on("request", lambda request: self._asked(request.url))
        context.on("dialog", self._dialog)
        context.on("page", self._opened)

    def _opened(self, page: Page) -> None:
        self.windows += 1
        page.on("websocket", lambda socket: self._asked(socket.url.replace("ws", "http", 1)))

    def _asked(self, url: str) -> None:
        self.urls.append(url)
        if not url.startswith((*(f"{origin}/" for origin in self.ours), *(f"blob:{origin}/" for origin in self.ours), "data:image/png")):
            self.strangers.append(url)

    async def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        await dialog.dismiss()

    def quiet(self, windows: int) -> None:
        """Nothing ran, nothing was asked of a stranger, no window opened but the `windows` of the test."""
        assert (self.ran, self.dialogs, self.violations, self.strangers, self.windows) == ([], [], [], [], windows)


async def no_aliens(where: Where) -> None:
    """No element and no attribute that only a payload would have made."""
    assert await where.evaluate(_ALIENS) == []


async def shows(where: Where, wanted: Sequence[str], *, up: bool = False, seconds: float = 20.0) -> None:
    """Every text stands on the page as it was written, at some point while everything is scrolled through; and nothing came alive on the way."""
    rest = list(wanted)
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        rest = await where.evaluate(_TEXT, rest)
        await no_aliens(where)
        if not rest:
            return
        assert asyncio.get_running_loop().time() < deadline, (
            f"{len(rest)} of {len(wanted)} are not shown, such as {json.dumps(rest[:3])[:600]}"
        )
        await where.evaluate(_SCROLL, up)
        await asyncio.sleep(0.03)


async def sideways(where: Where) -> int:
    """By how many pixels the page is wider than it may be; 0 is right."""
    return int(await where.evaluate(_SIDEWAYS))


@asynccontextmanager
async def canary() -> AsyncIterator[tuple[str, list[bytes]]]:
    """An address on loopback, and the calls that reached it."""
    calls: list[bytes] = []

    async def caught(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(await reader.read(200))
        writer.close()

    server = await asyncio.start_server(caught, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", calls


def chunks(texts: Sequence[str], most: int) -> list[str]:
    """The texts put together with spaces, in pieces of at most `most` characters; longer ones are left out."""
    found = [""]
    for text in texts:
        if len(text) > most:
            continue
        if len(found[-1]) + 1 + len(text) > most:
            found.append("")
        found[-1] = f"{found[-1]} {text}".strip()
    return found
