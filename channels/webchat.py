"""The chat on the website: the widget's own calls become facts, replies go to the widgets that are open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from channels import payload
from channels.contract import Can, ChannelId, Forged, IncomingFile, Intake, Malformed, Outgoing, Received, Request, Sent, Tools

MAX_CHARS = 10_000
MAX_FILES = 10
_FIELDS = frozenset({"client_id", "text", "files", "page", "locale", "name", "time_zone"})
_PAGE_FIELDS = frozenset({"url", "title", "referrer"})
_CLIENT_ID = re.compile(r"[!-~]{8,64}")
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LOCALE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")
_MAX_URL = 2_000
_MAX_TITLE = 300
_MAX_NAME = 200
_FRAME_BYTES = 20_000
"""Room for everything but the text: ids of ten files, two addresses of pages, and JSON escapes."""


class Webchat:
    """One website chat. The edge has authenticated the visitor, so there is nothing to verify but that it has."""

    can = Can.FILES | Can.RECEIPTS | Can.SAFE_RESEND | Can.INSTANT
    redact: tuple[str, ...] = ()

    def __init__(self, channel_id: ChannelId, max_chars: int, tools: Tools) -> None:
        self.id = channel_id
        self.max_chars: int | None = max_chars
        self._limit = max_chars
        self._push = tools.push

    async def read(self, request: Request) -> Intake:
        """The JSON of `POST /api/visitor/messages` → one Received. Raises Forged without an identity, Malformed with the field."""
        sender = request.identity
        if sender is None or not sender.startswith(("visitor:", "user:")):
            raise Forged("There is no visitor session.")
        # A character takes up to 12 bytes as a pair of \u escapes.
        body = payload.loads(request.body, max_bytes=self._limit * 12 + _FRAME_BYTES, max_depth=4)
        payload.only(body, _FIELDS)
        client_id = _matching(_CLIENT_ID, payload.text(body, "client_id", max_chars=64), "client_id")
        text = payload.optional_text(body, "text", max_chars=self._limit) or ""
        files = payload.texts(body, "files", max_items=MAX_FILES, max_chars=64)
        if not files and (not text or text.isspace()):
            raise Malformed("The message is empty.", field="text")
        fact = Received(
            channel_id=self.id,
            dedup_key=f"{sender}/{client_id}",
            sender=sender,
            text=text,
            name=payload.optional_text(body, "name", max_chars=_MAX_NAME),
            client_id=client_id,
            files=tuple(IncomingFile(name="", media_type="", blob="file:" + _matching(_FILE_ID, file, "files")) for file in files),
            proof="session" if sender.startswith("visitor:") else "token",
            locale=_locale(body),
            load_class="chat",
            context=_context(body),
        )
        return Intake(facts=(fact,))

    async def send(self, message: Outgoing) -> Sent:
        """Always "sent": the widget shows the timeline from the store, the push only spares it the asking."""
        await self._push(message.address, {"items": message.items})
        return Sent(state="sent")

    async def close(self) -> None:
        """Holds nothing."""


def make(settings: Mapping[str, Any], tools: Tools) -> Webchat:
    """Settings: `id` (default "webchat"), `max_chars` of one message (default 10,000). Raises ValueError when they are wrong."""
    max_chars = settings.get("max_chars", MAX_CHARS)
    if type(max_chars) is not int or not 1 <= max_chars <= 1_000_000:
        raise ValueError("max_chars of a webchat channel has to be a whole number from 1 to 1,000,000.")
    return Webchat(ChannelId(str(settings.get("id", "webchat"))), max_chars, tools)


def _matching(pattern: re.Pattern[str], value: str, field: str) -> str:
    if not pattern.fullmatch(value):
        raise Malformed(f"The field “{field}” holds characters or a length that an id cannot have.", field=field)
    return value


def _locale(body: Mapping[str, Any]) -> str | None:
    locale = payload.optional_text(body, "locale", max_chars=35)
    if locale is not None and not _LOCALE.fullmatch(locale):
        raise Malformed("The field “locale” is not a language tag like “fi” or “pt-BR”.", field="locale")
    return locale


def _context(body: Mapping[str, Any]) -> dict[str, str]:
    """Where the visitor was, and when it is there. What the browser reports is never worth refusing a message: odd values are left out."""
    zone = body.get("time_zone")
    context = {"time_zone": zone} if isinstance(zone, str) and _ZONE.fullmatch(zone) else {}
    page = payload.optional_mapping(body, "page")
    if page is None:
        return context
    payload.only(page, _PAGE_FIELDS, within="page")
    for field, key in (("url", "page_url"), ("referrer", "referrer")):
        value = payload.optional_text(page, field, max_chars=64_000, within="page")
        if value and _is_web(value):
            context[key] = value[:_MAX_URL]
    title = payload.optional_text(page, "title", max_chars=64_000, within="page")
    if title:
        context["page_title"] = title[:_MAX_TITLE]
    return context


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and url.isprintable() and not any(map(str.isspace, url))
