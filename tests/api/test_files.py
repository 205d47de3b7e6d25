"""Files: taken for what they are and not for what they are called, shown only when harmless, given only to who may see them (T-13, T-23, T-32)."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest

from tests.api.house import PNG, House, Visitor, Worker

HOSTILE: tuple[tuple[str, bytes], ...] = (
    ("a page", b"<!doctype html><script>alert(1)</script>"),
    ("a page without its head", b"  \n\t<ScRiPt>alert(1)</script>"),
    ("a drawing with script", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    ("a bare drawing", b"<svg onload=alert(1)>"),
    ("a page behind a byte order mark", b"\xef\xbb\xbf<html><body onload=alert(1)>"),
    ("a page behind a comment", b"<!-- x --><html>"),
    ("a page behind text", b"hello <iframe src=javascript:alert(1)>"),
    ("a Windows program", b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 100),
    ("a Linux program", b"\x7fELF\x02\x01\x01" + b"\0" * 100),
    ("bytes without a meaning", bytes(range(256)) * 4),
    ("a page in UTF-16", "<html><script>alert(1)</script>".encode("utf-16")),
)


async def test_what_is_disguised_as_a_picture_is_refused(house: House, aino: Visitor) -> None:
    for name, content in HOSTILE:
        answer = await aino.upload(content, "holiday.png", "image/png")
        told = answer.problem(400, "file")
        assert "kind" in told["detail"], name
    (await aino.upload(b"", "empty.png")).problem(400, "file")
    assert await house.count("file") == 0


async def test_a_picture_is_shown_in_place_and_nothing_else_is(aino: Visitor) -> None:
    pictures = (
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, "image/jpeg"),
        (b"GIF89a" + b"\0" * 20, "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    )
    others = ((b"%PDF-1.7\n", "application/pdf"), (b"PK\x03\x04" + b"\0" * 20, "application/zip"), ("päivää".encode(), "text/plain"))
    for content, kind in (*pictures, *others):
        file = (await aino.upload(content, "holiday.png", "text/html")).ok(201)["file"]
        assert file["media_type"] == kind
        got = await aino.get(f"/api/visitor/files/{file['id']}")
        assert got.raw == content
        shown = (content, kind) in pictures
        assert got.headers["Content-Type"] == (kind if shown else "application/octet-stream")
        assert got.headers["Content-Disposition"].startswith("inline;" if shown else "attachment;")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "private" in got.headers["Cache-Control"]


NAMES = (
    ("../../etc/passwd", "passwd"), ("..\\..\\boot.ini", "boot.ini"), ("a/b/c.png", "c.png"), ('quote".png', None), ("semi;colon.png", None), ("ä ö.png", "ä ö.png"),
    ("evil\u202egnp.exe", None), ("zero\u200bwidth.png", "zerowidth.png"), ("..", "file"), (".", "file"), ("", "file"), ("x" * 900 + ".png", None), ("ｆｕｌｌ／ｗｉｄｔｈ.png", None),
    (".htaccess", None), ("con", None), ("名前.png", "名前.png"),
)  # fmt: skip


@pytest.mark.parametrize(("given", "kept"), NAMES)
async def test_a_files_name_is_a_name_and_never_a_path(aino: Visitor, given: str, kept: str | None) -> None:
    file = (await aino.upload(PNG, quote(given, safe=""))).ok(201)["file"]
    assert kept is None or file["name"] == kept
    name = file["name"]
    assert 1 <= len(name) <= 120 and not set(name) & set('/\\\0\r\n\u202e\u200b"') - {'"'} and name not in (".", "..")
    got = await aino.get(f"/api/visitor/files/{file['id']}")
    prefix, _, sent = got.headers["Content-Disposition"].partition("filename*=UTF-8''")
    assert prefix == "inline; " and unquote(sent) == name and sent.isascii() and not set(sent) & set(' ";\r\n')


async def test_a_name_with_line_ends_is_refused(aino: Visitor) -> None:
    (await aino.upload(PNG, "a%0d%0aSet-Cookie:%20x=1.png")).problem(400, "name")
    (await aino.upload(PNG, "x&name=y")).problem(400, "name")


async def test_a_file_is_for_its_conversation_and_nobody_else(both: House) -> None:
    owner, other, agent = await both.visitor(), await both.visitor(), await both.agent()
    await other.say("moi")
    loose = (await owner.upload(PNG)).ok(201)["file"]["id"]
    path = f"/api/visitor/files/{loose}"
    assert (await owner.get(path)).status == 200
    (await other.get(path)).problem(404)
    (await agent.get(f"/api/files/{loose}")).problem(404)
    (await other.post("/api/visitor/messages", {"client_id": "stolen-file", "text": "x", "files": [loose]})).problem(400, "files")
    thread = (await owner.say("look", files=[loose]))["thread"]["id"]
    (await other.get(path)).problem(404)
    assert (await agent.get(f"/api/files/{loose}")).raw == PNG
    (await both.stranger().get(f"/api/files/{loose}")).problem(401)
    (await both.stranger().get(path)).problem(401)
    mine = await _agents_file(agent)
    colleague = await both.agent("Sanna")
    (await colleague.get(f"/api/files/{mine}")).problem(404)
    (await colleague.post(f"/api/conversations/{thread}/replies", {"client_id": "12345678", "text": "x", "files": [mine]})).problem(
        400, "files"
    )
    await agent.say(thread, "here", files=[mine])
    assert (await owner.get(f"/api/visitor/files/{mine}")).raw == b"a note of ours"
    (await other.get(f"/api/visitor/files/{mine}")).problem(404)


async def test_a_notes_file_is_for_colleagues_only(both: House) -> None:
    owner, agent = await both.visitor(), await both.agent()
    thread = (await owner.say("hei"))["thread"]["id"]
    secret = await _agents_file(agent)
    await agent.say(thread, "only us", "notes", files=[secret])
    (await owner.get(f"/api/visitor/files/{secret}")).problem(404)
    assert (await (await both.agent("Sanna")).get(f"/api/files/{secret}")).raw == b"a note of ours"


async def _agents_file(agent: Worker) -> str:
    return str((await agent.call("POST", "/api/files?name=note.txt", raw=b"a note of ours")).ok(201)["file"]["id"])


async def test_an_agents_page_is_refused_too(house: House) -> None:
    agent = await house.agent()
    (await agent.call("POST", "/api/files?name=x.png", raw=HOSTILE[0][1])).problem(400, "file")
    program = (await agent.call("POST", "/api/files?name=tool.exe", raw=HOSTILE[7][1])).ok(201)["file"]
    assert program["media_type"] == "application/octet-stream"
    assert (await agent.get(f"/api/files/{program['id']}")).headers["Content-Disposition"].startswith("attachment")


async def test_a_file_over_the_limit_is_refused_with_and_without_its_length(house: House, aino: Visitor) -> None:
    async def chunks() -> object:
        for _ in range(12):
            yield b"x" * 1_000_000

    (await aino.upload(b"x" * 10_000_001, "big.txt", "text/plain")).problem(413)
    async with house.session.post(house.url + "/api/visitor/files?name=big.txt", data=chunks(), headers=aino.headers) as answer:
        assert answer.status == 413
    assert await house.count("file") == 0


async def test_what_is_uploaded_and_never_sent_is_bounded(house: House, aino: Visitor) -> None:
    for number in range(20):
        assert (await aino.upload(b"x%d" % number, "a.txt", "text/plain")).status == 201
    (await aino.upload(b"one more", "a.txt", "text/plain")).problem(429)


async def test_asking_for_the_head_of_a_file_leaves_the_connection_in_step(aino: Visitor) -> None:
    """A body after HEAD would be taken for the next answer: behind a proxy, for somebody else's."""
    content = b"\x89PNG\r\n\x1a\n" + b"x" * 600_000
    file = (await aino.upload(content)).ok(201)["file"]
    head = await aino.call("HEAD", f"/api/visitor/files/{file['id']}")
    assert (head.raw, head.headers["Content-Length"]) == (b"", str(len(content)))
    assert (await aino.get(f"/api/visitor/files/{file['id']}")).raw == content
