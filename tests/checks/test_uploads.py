"""Files are what their bytes say; a page is never shown from our origin; a name is never more than a name (T-13)."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote, unquote

import pytest

from gateway.web import sniff
from tests.api.house import PNG, Answer, House, Visitor, Worker
from tests.checks.routes import every

PAGE = b"<script>alert(1)</script>"
# What would run or load something if a browser took it for a page, a drawing, a style or a program of its own.
ACTIVE: dict[str, bytes] = {
    "HTML": b"<!DOCTYPE html><html><body>" + PAGE,
    "HTML without a head": PAGE,
    "HTML behind a comment": b"<!-- " + b"x" * 300 + b" -->" + PAGE,
    "HTML behind white space": b" \t\r\n" * 200 + PAGE,
    "HTML behind words": b"hello\n" * 50 + b"<img src=x onerror=alert(1)>",
    "HTML behind more than is looked at": b"a" * 5_000 + PAGE,
    "HTML in UTF-16": "<html><script>alert(1)</script>".encode("utf-16"),
    "HTML in UTF-16 without a mark": "<html><script>alert(1)</script>".encode("utf-16-be"),
    "HTML in UTF-32": "<html><script>alert(1)</script>".encode("utf-32"),
    "HTML in UTF-7": b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "HTML with a byte order mark": b"\xef\xbb\xbf" + PAGE,
    "HTML with NULs": b"<\0s\0c\0r\0i\0p\0t\0>alert(1)",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "SVG with a prolog": b'<?xml version="1.0" standalone="no"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "SVG with another prefix": b'<x:svg xmlns:x="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "packed SVG": b"\x1f\x8b\x08\0" + b"\0" * 40,
    "XHTML": b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    "XML": b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><x/>',
    "XML without a prolog": b'<feed xmlns="http://www.w3.org/2005/Atom"><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script></feed>',
    "XSLT": b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>',
    "MathML": b"<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>",
    "PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
    "PDF behind rubbish": b"x" * 900 + b"%PDF-1.7\n",
    "MHTML": b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>",
    "a style sheet": b"body{background:url(//evil.example)}",
    "a script": b"alert(document.cookie)",
    "a module": b"\0asm\x01\0\0\0",
    "Flash": b"CWS\x0b" + b"\0" * 20,
    "a Java archive": b"PK\x03\x04" + b"\0" * 26 + b"META-INF/MANIFEST.MF",
    "a shortcut": b"[InternetShortcut]\r\nURL=javascript:alert(1)\r\n",
    "an application of HTML": b"<HTA:APPLICATION id=x><script>alert(1)</script>",
    "a certificate": b"-----BEGIN CERTIFICATE-----\n",
    "a picture that is a page": PNG + PAGE,
    "an animation that is a script": b"GIF89a/*" + b"\0" * 10 + b"*/=1;alert(1)",
    "a photo that is an archive": b"\xff\xd8\xff\xe0" + PAGE + b"PK\x05\x06" + b"\0" * 18,
}
NAMES = ("holiday.png", "page.html", "drawing.svg", "x.xhtml", "x.js", "x.png.html", "x.html%00.png", "x.html;.png", "x.svgz", "x.pdf", "noname", ".htaccess", "x.php", "x.shtml")  # fmt: skip
CLAIMED = (
    "image/png",
    "text/html",
    "image/svg+xml",
    "application/xhtml+xml",
    "text/xml",
    "text/javascript",
    "application/pdf",
    "multipart/related",
)


def harmless(answer: Answer) -> None:
    """Shown only when it is one of four kinds of picture; otherwise for the disk; in neither case a page."""
    headers = answer.headers
    kind, where = headers["Content-Type"], headers["Content-Disposition"]
    assert kind in sniff.SHOWN or (kind == "application/octet-stream" and where.startswith("attachment;")), (kind, where)
    assert where.startswith(("inline;", "attachment;"))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers and "Access-Control-Allow-Origin" not in headers


async def test_whatever_is_taken_is_given_back_as_a_picture_or_for_the_disk(house: House) -> None:
    taken, visitor, agent = 0, await house.visitor(), await house.agent("Mikko", "admin")
    for at, (what, content) in enumerate(ACTIVE.items()):
        if at and at % 10 == 0:  # what is uploaded and never sent is bounded
            visitor, agent = await house.visitor(), await house.agent("Mikko", "admin")
        name, claimed = NAMES[at % len(NAMES)].partition("%")[0], CLAIMED[at % len(CLAIMED)]
        for caller, path in ((visitor, "/api/visitor/files"), (agent, "/api/files")):
            house.clock.ahead += 10
            answer = await caller.call("POST", f"{path}?name={quote(name)}", raw=content, headers={"Content-Type": claimed})
            if answer.status == 400:
                continue
            file = answer.ok(201)["file"]
            assert file["media_type"] not in ("text/html", "image/svg+xml", "text/xml", "application/xhtml+xml"), what
            got = await caller.get(f"{path}/{file['id']}", headers={"Accept": "text/html"})
            assert got.status == 200 and got.raw == content
            harmless(got)
            assert (got.headers["Content-Type"] in sniff.SHOWN) == content.startswith((b"\x89PNG", b"GIF89a", b"\xff\xd8\xff")), what
            taken += 1
    assert taken > 20


async def test_no_other_address_gives_files(house: House) -> None:
    """A new route that serves what people sent has to be one of these, or be looked at here."""
    giving = {str(route) for route in every(house) if "file" in route.path and route.method == "GET"}
    assert giving == {"GET /api/visitor/files/{id}", "GET /api/files/{id}"}


async def test_a_picture_is_not_for_pages_of_other_sites(house: House) -> None:
    visitor = await house.visitor()
    file = (await visitor.upload(PNG)).ok(201)["file"]["id"]
    for headers in ({"Origin": "https://evil.example"}, {"Range": "bytes=0-3"}, {"If-None-Match": "*"}, {"Accept-Encoding": "gzip"}):
        got = await visitor.get(f"/api/visitor/files/{file}", headers=headers)
        assert got.status == 200 and got.raw == PNG
        harmless(got)


FILE_NAMES = (
    "x" * 300 + ".png", "ä" * 300, "名" * 300 + ".pdf", "😀" * 300, "invoice\u202egnp.exe", "\u2066x\u2069.png", "\u202d\u202e", "zero\u200bwidth\ufeff.png", "\u200b", "../../../etc/passwd",
    "..\\..\\windows\\system32", "/etc/shadow", "C:\\boot.ini", "\\\\server\\share", "....//....//x", "a/../../b", "..", ".", "~root", "$HOME", "`id`.png", "$(id).png", "x;id", "|id",
    "-rf", "--help", "con.txt", "NUL", "aux.png", "x.", "x ", " x", "x:$DATA", 'a"; filename="b.html', "a; b.png", "a'b''c.png", "UTF-8''x", "%2e%2e%2fx", "%0d%0aX: y", "&lt;b&gt;.png", "<img src=x>.png", "=cmd|' /C calc'!A0.csv",
    "a\u2028b\u2029c", "\u0301\u0301", "\ufffe", "\ue000", "x" * 118 + "é" * 20, "．．／x", "‥/x", "a\u0085b", "\u00ad", "e\u0301.png",
)  # fmt: skip


async def test_any_name_is_a_short_name_in_one_line(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    threads: list[str] = []
    for at, given in enumerate(FILE_NAMES):
        house.clock.ahead += 10
        content = PNG + b"%d" % at
        file = (await visitor.upload(content, quote(given, safe=""))).ok(201)["file"]
        name = file["name"]
        assert 1 <= len(name) <= 120 and name == name.strip() and name not in (".", ".."), ascii(name)
        assert not set(name) & set('/\\<>:"|?*') and not any(
            unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in name
        ), ascii(name)
        threads.append((await visitor.say("look", files=[file["id"]]))["thread"]["id"])
        for caller, path in ((visitor, f"/api/visitor/files/{file['id']}"), (agent, f"/api/files/{file['id']}")):
            got = await caller.get(path)
            assert got.raw == content
            harmless(got)
            kind, _, sent = got.headers["Content-Disposition"].partition("; filename*=UTF-8''")
            assert kind == "inline" and unquote(sent) == name and sent.isascii() and not set(sent) & set(" ;\"',\r\n\\")
            assert len(got.headers.getall("Content-Disposition")) == 1
    await _stored_under_names_of_ours(house)
    assert (await agent.get(f"/api/conversations/{threads[-1]}/entries?limit=200")).status == 200


async def _stored_under_names_of_ours(house: House) -> None:
    """T-32: what people call a file is nowhere on the disk."""
    files = [path for path in (house.gateway.settings.data / "files").rglob("*") if path.is_file()]
    assert len(files) >= len(FILE_NAMES)
    assert all(set(path.name) <= set("0123456789abcdef.") for path in files), sorted(path.name for path in files)[:3]


@pytest.mark.parametrize("name", ["a%0d%0aSet-Cookie:%20x=1.png", "a%0ab", "a%00.png", "a%1b[2J", "a%7f%00", "%ED%A0%80.png", "x" * 1_001])
async def test_a_name_that_is_no_line_is_refused(house: House, name: str) -> None:
    visitor: Visitor = await house.visitor()
    agent: Worker = await house.agent()
    for caller, path in ((visitor, "/api/visitor/files"), (agent, "/api/files")):
        answer = await caller.call("POST", f"{path}?name={name}", raw=PNG)
        assert answer.status == 400 or (answer.status == 201 and unicodedata.category(answer.body["file"]["name"][-1]) != "Cc"), answer.raw[
            :200
        ]
        assert "Set-Cookie" not in answer.headers
