"""What every answer says to the browser (CSP and its company), and which calls count as made by our own pages."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from enum import Enum

from aiohttp import web

from gateway.errors import Forbidden

__all__ = ["FRAME_ANCESTORS", "SIGN_OUT", "Kind", "headers", "kind_of", "origin_allowed", "same_origin"]

FRAME_ANCESTORS: web.RequestKey[tuple[str, ...]] = web.RequestKey("frame_ancestors", tuple)
"""Set by the handler of the chat frame: the origins of the site's own pages. Absent means that nobody may frame it."""
SIGN_OUT = {"Clear-Site-Data": '"cookies"'}
"""Sent with the answer that ends a session (ASVS 14.3.1)."""

_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(:[0-9]{1,5})?")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,255}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
_HSTS = "max-age=63072000"
"""Two years, as hstspreload.org asks; without includeSubDomains, since the neighbours' names are not ours to decide about."""
_OFF = "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; media-src 'self' blob:; "
    "manifest-src 'self'; connect-src {connect}; frame-src {frame}; frame-ancestors {ancestors}; base-uri 'none'; form-action {form}; object-src 'none'"
)

Signal = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


class Kind(Enum):
    """What an address serves, which is what its headers depend on."""

    INBOX = "inbox"
    CHAT = "chat"
    DEMO = "demo"
    SCRIPT = "script"
    """Loaded by pages of other sites: the widget's loader."""
    API = "api"


def kind_of(path: str) -> Kind:
    """The kind of a path of ours; everything that is no page is API."""
    if path == "/widget.js":
        return Kind.SCRIPT
    for prefix, kind in (("/inbox", Kind.INBOX), ("/chat", Kind.CHAT), ("/demo", Kind.DEMO)):
        if path == prefix or path.startswith(prefix + "/"):
            return kind
    return Kind.API


def headers(https: bool, kinds: Callable[[str], Kind] = kind_of) -> Signal:
    """For `app.on_response_prepare`: a signal and not a middleware, so that streamed answers and websockets get them too.

    `https` says whether the public address is https. A handler's own Content-Security-Policy and Cache-Control win, so a file may be
    sent with `sandbox`.
    """

    common = {kind: tuple(_common(kind).items()) for kind in Kind}

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        kind = kinds(request.path)
        ours = response.headers
        ours["Server"] = "throughline"  # aiohttp has put its own and Python's version there by now
        for name, value in common[kind]:
            ours.setdefault(name, value)
        ours.setdefault("Content-Security-Policy", _policy(kind, request, https))
        if kind is Kind.API or response.status >= 400:
            ours.setdefault("Cache-Control", "no-store")
        if https:
            ours.setdefault("Strict-Transport-Security", _HSTS)

    return add


def same_origin(request: web.Request, base: str) -> None:
    """Raises Forbidden unless one of our own pages at `base` made this call. For agents' calls that change something.

    Three proofs: a header that a form cannot set and that a cross-site fetch must ask for first; what the browser says about the site;
    and the origin. A caller that sends neither of the last two is no browser we know, and has no business with a session cookie.
    """
    if request.headers.get("X-Throughline") != "1":
        raise Forbidden("The header X-Throughline is missing.")
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if (site is None and origin is None) or site not in (None, "same-origin") or (origin is not None and not _same(origin, base)):
        raise Forbidden("This call did not come from our own page.")


def origin_allowed(request: web.Request, base: str) -> bool:
    """Whether a websocket may be opened: browsers always send Origin there, other clients none (ASVS 4.4.2)."""
    origins = request.headers.getall("Origin", [])
    return not origins or (len(origins) == 1 and _same(origins[0], base))


def _common(kind: Kind) -> dict[str, str]:
    foreign = kind in (Kind.SCRIPT, Kind.CHAT)
    found = {
        "X-Content-Type-Options": "nosniff",
        # Not no-referrer: with that one browsers send "Origin: null" on form posts of our own pages (Fetch standard section 3.2).
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": _OFF,
        "Cross-Origin-Resource-Policy": "cross-origin" if foreign else "same-origin",
        "X-Permitted-Cross-Domain-Policies": "none",
    }
    if kind is Kind.CHAT:
        # So that a shop that isolates itself may still frame the chat.
        found["Cross-Origin-Embedder-Policy"] = "require-corp"
    else:
        found["X-Frame-Options"] = "DENY"
    if kind in (Kind.INBOX, Kind.API):
        found["Cross-Origin-Opener-Policy"] = "same-origin"
    return found


def _policy(kind: Kind, request: web.Request, https: bool) -> str:
    if kind in (Kind.API, Kind.SCRIPT):
        return _NOTHING
    ancestors = "'none'"
    if kind is Kind.CHAT:
        # The pattern keeps a mistyped setting from adding directives of its own.
        allowed = [origin for origin in request.get(FRAME_ANCESTORS, ()) if _ORIGIN.fullmatch(origin)]
        ancestors = " ".join(allowed) or "'none'"
    return _PAGE.format(
        connect=_connect(request, https),
        frame="'self'" if kind is Kind.DEMO else "'none'",
        ancestors=ancestors,
        form="'none'" if kind is Kind.CHAT else "'self'",
    )


def _connect(request: web.Request, https: bool) -> str:
    """'self' covers websockets of the same host only in newer browsers (CSP 3); the older ones need it spelt out."""
    host = request.headers.get("Host", "")
    if not _HOST.fullmatch(host):
        return "'self'"
    return f"'self' {'wss' if https else 'ws'}://{host}"


def _same(origin: str, base: str) -> bool:
    return bool(base) and origin.lower() == base.lower().rstrip("/")
