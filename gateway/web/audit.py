"""The audit: readings are written down before they are answered, and those who may look it up page by page (docs/api.md)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from gateway.errors import Invalid
from gateway.flow import audit, rights
from gateway.json import dumps, loads
from gateway.model import Agent, ContactId, ConversationId
from gateway.store.audit import FIRST, Wanted
from gateway.web import limits
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT, Context

_ID = re.compile("[A-Za-z0-9_-]{1,64}", re.ASCII)
_LATEST = 1 << 62


async def note(
    ctx: Context,
    agent: Agent,
    act: str,
    *,
    conversation: ConversationId | None = None,
    contact: ContactId | None = None,
    detail: Mapping[str, Any] | None = None,
    words: str | None = None,
) -> None:
    """Await it before the answer is given: without the line there is no answer. The same within ten minutes is one line.

    `act` is read, searched or downloaded. `words` are what was searched for: they tell two searches apart and are kept nowhere.
    Raises NotFound for a conversation or contact that does not exist, Unavailable when nothing can be written.
    """
    now, key = ctx.clock.now(), audit.key_of(agent.id, act, conversation, contact, dumps(detail or {}), words)
    if ctx.recent.has(key, now):
        return
    if words is None:
        await ctx.db.run(audit.note_read, agent.id, act, conversation, contact, detail)
    else:
        await ctx.db.run(audit.note, agent.id, act, conversation_id=conversation, contact_id=contact, detail=detail)
    ctx.recent.add(key, now)


async def lines(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    rights.require(await signed_in(request, ctx), "audit")
    limit = limits.whole(request, "limit", 100, 1, 200)
    since, until = limits.whole(request, "since", 0, 0, 1 << 53), limits.whole(request, "until", _LATEST, 0, 1 << 53)
    at, after_id = _cursor(limits.one(request, "cursor"))
    named = {name: _named(request, name) for name in ("agent", "contact", "conversation")}
    found = await ctx.db.read(audit.read_lines, Wanted(**named, since=since, until=until, at=at, after_id=after_id, limit=limit))
    more = dumps([found[-1]["at"], found[-1]["id"]]) if len(found) == limit else None
    cursor = None if more is None else base64.urlsafe_b64encode(more.encode()).decode()
    return web.json_response({"lines": found, "cursor": cursor})


def _named(request: web.Request, name: str) -> str:
    value = limits.one(request, name, "") or ""
    if value and not _ID.fullmatch(value):
        raise Invalid(f"“{name}” is not an id of ours.", field=name)
    return value


def _cursor(text: str | None) -> tuple[int, str]:
    if not text:
        return FIRST
    try:
        at, identity = loads(base64.b64decode(text, altchars=b"-_", validate=True).decode())
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("This “cursor” is not one of ours.", field="cursor") from None
    if type(at) is not int or abs(at) >= _LATEST or type(identity) is not str or not _ID.fullmatch(identity):
        raise Invalid("This “cursor” is not one of ours.", field="cursor")
    return at, identity


def routes() -> list[web.RouteDef]:
    return [web.get("/api/audit", lines)]
