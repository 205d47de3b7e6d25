"""The website chat keeps what every adapter keeps, and takes exactly what docs/api.md says a widget sends."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from channels import registry
from channels.contract import Address, Can, Channel, Forged, IncomingFile, Malformed, Received, Request
from tests.adapters.case import Case, read, said
from tests.adapters.suite import AdapterSuite
from tests.adapters.tools import Recorded

VISITOR = Address("visitor:0191aaaa")
CLIENT_ID = "0191aaaa-bbbb-7ccc-8ddd-eeeeffff0000"


def call(body: bytes) -> Request:
    return Request(method="POST", url="https://gateway.example/api/visitor/messages", headers={}, body=body, identity=VISITOR)


def written(**fields: Any) -> bytes:
    return json.dumps({"client_id": CLIENT_ID, "text": "Hello", **fields}).encode()


@pytest.fixture
def recorded() -> Recorded:
    return Recorded()


@pytest.fixture
def case(recorded: Recorded) -> Case:
    def make() -> Channel:
        return registry.make("webchat", {"id": "webchat"}, recorded.tools)

    return Case(
        channel=make(),
        make=make,
        to=VISITOR,
        authentic=call,
        says=lambda text: written(text=text),
        arrived=lambda: [item["text"] for _, pushed in recorded.pushed for item in pushed["items"]],
        stranger=replace(call(written()), identity=Address("mailto:aino@example.fi")),
        outcomes=(),
    )


class TestWebchat(AdapterSuite):
    pass


async def received(case: Case, **fields: Any) -> Received:
    (fact,) = (await read(case.channel, call(written(**fields)))).facts
    assert isinstance(fact, Received)
    return fact


async def test_the_fact_holds_what_the_widget_said(case: Case) -> None:
    page = {"url": "https://shop.example/cart?a=1", "title": "Cart", "referrer": "https://search.example/"}
    assert await received(case, text="Hei\r\n", files=["f-1", "f-2"], page=page, locale="fi", name="Aino") == Received(
        channel_id=case.channel.id,
        dedup_key=f"{VISITOR}/{CLIENT_ID}",
        sender=VISITOR,
        text="Hei\n",
        name="Aino",
        client_id=CLIENT_ID,
        files=(IncomingFile(name="", media_type="", blob="file:f-1"), IncomingFile(name="", media_type="", blob="file:f-2")),
        proof="session",
        locale="fi",
        load_class="chat",
        context={"page_url": page["url"], "page_title": "Cart", "referrer": page["referrer"]},
    )


async def test_files_need_no_text(case: Case) -> None:
    assert (await received(case, text="", files=["f-1"])).text == ""


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("text", {"text": ""}),
        ("text", {"text": " \n\t\u3000"}),
        ("text", {"text": None}),
        ("text", {"text": 3}),
        ("text", {"text": ["Hello"]}),
        ("text", {"text": {"$ne": ""}}),
        ("text", {"text": "x" * 10_001}),
        ("client_id", {"client_id": "short"}),
        ("client_id", {"client_id": "x" * 65}),
        ("client_id", {"client_id": 12345678}),
        ("client_id", {"client_id": "with space"}),
        ("client_id", {"client_id": None}),
        ("files", {"files": "f-1"}),
        ("files", {"files": [1]}),
        ("files", {"files": ["../etc/passwd"]}),
        ("files", {"files": ["f"] * 11}),
        ("locale", {"locale": "fi<script>"}),
        ("name", {"name": "x" * 201}),
        ("page", {"page": "https://shop.example/"}),
        ("page.cookie", {"page": {"cookie": "x"}}),
        ("page.url", {"page": {"url": 3}}),
        ("sender", {"sender": "visitor:other"}),
        ("proof", {"proof": "token"}),
    ],
)
async def test_what_is_wrong_is_named(case: Case, field: str, fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as caught:
        await received(case, **fields)
    assert caught.value.field == field
    assert str(caught.value)[0].isupper()
    assert str(caught.value).endswith(".")


async def test_the_longest_text_is_taken_in_any_script(case: Case) -> None:
    for char in ("x", "ä", "न", "😀", "\u0301"):
        assert len((await said(case, char * 10_000)).text) == 10_000


async def test_nul_is_replaced_and_half_characters_are_refused(case: Case) -> None:
    assert (await received(case, text="a\0b")).text == "a\ufffdb"
    with pytest.raises(Malformed):
        await read(case.channel, call(b'{"client_id": "0191aaaa", "text": "\\ud83d"}'))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://", "//shop.example", "http://a b/", "http://[", "x"]
)
async def test_odd_pages_are_left_out(case: Case, url: str) -> None:
    assert (await received(case, page={"url": url, "title": "Cart", "referrer": url})).context == {"page_title": "Cart"}


async def test_long_pages_are_cut(case: Case) -> None:
    context = (await received(case, page={"url": "https://shop.example/" + "x" * 5_000, "title": "t" * 5_000})).context
    assert (len(context["page_url"]), len(context["page_title"])) == (2_000, 300)


async def test_only_a_widget_session_may_write(case: Case) -> None:
    for identity in (None, Address("slack:T1/U1"), Address("tel:+358401234567")):
        with pytest.raises(Forged):
            await read(case.channel, replace(call(written()), identity=identity))
    signed_in = replace(call(written()), identity=Address("user:demo/42"))
    (fact,) = (await read(case.channel, signed_in)).facts
    assert fact.dedup_key == f"user:demo/42/{CLIENT_ID}"


async def test_a_reply_is_sent_whether_or_not_the_widget_is_open(case: Case, recorded: Recorded) -> None:
    for connected in (True, False):
        recorded.connected = connected
        assert (await case.channel.send(case.outgoing("Hello"))).state == "sent"
    assert recorded.pushed == [(VISITOR, {"items": case.outgoing("Hello").items})] * 2


def test_it_says_what_it_can() -> None:
    channel = registry.make("webchat", {"id": "chat-fi", "max_chars": 500}, Recorded().tools)
    assert (channel.id, channel.max_chars) == ("chat-fi", 500)
    assert channel.can == Can.FILES | Can.RECEIPTS | Can.SAFE_RESEND | Can.INSTANT
    for wrong in (0, "500", True, 10**9):
        with pytest.raises(ValueError, match="max_chars"):
            registry.make("webchat", {"max_chars": wrong}, Recorded().tools)
