"""Files up and down: checked by content, stored before a row names them, never shown as a page of ours."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from aiohttp import web

from channels.contract import ChannelId
from gateway.db.database import Tx
from gateway.errors import Invalid, NotFound
from gateway.flow import views
from gateway.flow.uploads import new_file
from gateway.model import File, FileId
from gateway.store import files
from gateway.web import limits, sniff
from gateway.web.context import Context

_HEAD = 4096
GIVE_SECONDS = 300.0
"""A reader who takes longer is cut off: each one holds a connection and a piece of the file."""


async def take(request: web.Request, ctx: Context, owner: str, channel_id: ChannelId, *, any_type: bool = False) -> web.Response:
    """`POST …/files?name=` with the raw bytes → 201 `{"file": …}`. Raises TooLarge, TooSlow, Invalid for a refused type or too many."""
    name = limits.one(request, "name", "", longest=1000) or ""
    async with limits.upload(request, ctx.bounds.file_bytes) as body:
        content = await asyncio.to_thread(body.file.read)
    if not content:
        raise Invalid("The file is empty.", field="file")
    media_type = sniff.media_type(content[:_HEAD], name)
    if media_type == "text/html" or (media_type not in ctx.bounds.file_types and not any_type):
        raise Invalid("Files of this kind are not taken. Send a picture, a PDF or a text file.", field="file")
    blob = await ctx.blobs.put(content)
    record = await ctx.db.run(new_file, owner, channel_id, name, media_type, len(content), blob)
    return web.json_response({"file": views.shown_file(record)}, status=201)


def find(tx: Tx, file_id: str) -> File:
    return files.get_file(tx, FileId(file_id))


async def give(request: web.Request, ctx: Context, file: File) -> web.StreamResponse:
    """The bytes. Pictures may be shown, everything else is a download; `sandbox` takes the rest of the danger out."""
    if file.blob is None or file.state != "stored":
        raise NotFound("This file is not there yet, or could not be fetched.")
    pieces = ctx.blobs.chunks(file.blob)
    first = await anext(pieces, b"")  # raises before anything is sent
    shown = file.media_type in sniff.SHOWN
    where = "inline" if shown else "attachment"
    headers = {
        "Content-Type": file.media_type if shown else "application/octet-stream",
        "Content-Disposition": f"{where}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
    }
    response = web.StreamResponse(headers=headers)
    response.content_length = file.size
    async with asyncio.timeout(GIVE_SECONDS):
        await response.prepare(request)
        if request.method != "HEAD":  # a body after HEAD would be read as the next answer of the connection
            await response.write(first)
            async for piece in pieces:
                await response.write(piece)
        await response.write_eof()
    return response
