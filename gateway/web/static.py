"""The built front ends, read once into memory: what is not in the list cannot be asked for, so no path can lead outside."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from gateway.errors import NotFound

__all__ = ["Asset", "Assets"]

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".txt": "text/plain; charset=utf-8",
}
_PACKED = frozenset({".html", ".js", ".mjs", ".css", ".json", ".map", ".webmanifest", ".svg", ".txt"})
_HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+(\.map)?$")
"""How Vite names a file after its content: inbox-BxY3f_a1.js."""
_FOREVER = "public, max-age=31536000, immutable"
_MISSING = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not built yet</title></head><body><h1>Not built yet</h1>'
    "<p>The pages of this installation have not been built. Run <code>make build</code> and reload this page.</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent; `packed` is its gzip form where that is worth it."""

    body: bytes
    packed: bytes | None
    content_type: str
    etag: str
    hashed: bool


class Assets:
    """The files under `folder` by their relative names ("assets/inbox-BxY3f_a1.js"). Read at the first request, again while there are none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._assets: dict[str, Asset] = {}

    def index(self, request: web.Request, name: str = "index.html") -> web.Response:
        """The page itself: never stored, since it names the hashed files. 503 with what to do while nothing is built."""
        found = self._find(name)
        if found is None:
            return web.Response(
                status=503, text=_MISSING, content_type="text/html", headers={"Retry-After": "30", "Cache-Control": "no-store"}
            )
        return _answer(request, found, "no-store")

    def file(self, request: web.Request, name: str, cache: str = "no-cache") -> web.Response:
        """A file by name; hashed ones for ever, others with `cache`. Raises NotFound."""
        found = self._find(name)
        if found is None:
            raise NotFound("There is no such file.")
        if name.endswith(".html"):
            cache = "no-store"
        return _answer(request, found, _FOREVER if found.hashed else cache)

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """`prefix` ("/inbox/") for the page, everything below it for the files, and the prefix without its slash as a redirect."""

        async def page(request: web.Request) -> web.Response:
            return self.index(request)

        async def file(request: web.Request) -> web.Response:
            return self.file(request, request.match_info["name"])

        async def bare(request: web.Request) -> web.Response:
            raise web.HTTPPermanentRedirect(prefix)

        return [web.get(prefix, page), web.get(prefix + "{name:.+}", file), web.get(prefix.rstrip("/"), bare)]

    def _find(self, name: str) -> Asset | None:
        if not self._assets:
            self._assets = _read(self._folder)
        return self._assets.get(name)


def _read(folder: Path) -> dict[str, Asset]:
    root = folder.resolve()
    # A link that leads out of the folder is not part of the build.
    paths = [path for path in sorted(root.rglob("*")) if path.is_file() and path.resolve().is_relative_to(root)]
    return {path.relative_to(root).as_posix(): _load(path) for path in paths if not path.name.startswith(".")}


def _load(path: Path) -> Asset:
    body = path.read_bytes()
    packed = gzip.compress(body, compresslevel=9, mtime=0) if path.suffix in _PACKED and len(body) > 1024 else None
    return Asset(
        body=body,
        packed=packed if packed is not None and len(packed) < len(body) else None,
        content_type=_TYPES.get(path.suffix, "application/octet-stream"),
        etag=hashlib.sha256(body).hexdigest()[:32],
        hashed=_HASHED.search(path.name) is not None and path.parent.name == "assets",
    )


def _answer(request: web.Request, asset: Asset, cache: str) -> web.Response:
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding", "ETag": f'W/"{asset.etag}"'}
    if any(tag.value == asset.etag or tag.value == "*" for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = asset.content_type
    if asset.packed is not None and _takes_gzip(request):
        return web.Response(body=asset.packed, headers=headers | {"Content-Encoding": "gzip"})
    return web.Response(body=asset.body, headers=headers)


def _takes_gzip(request: web.Request) -> bool:
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
