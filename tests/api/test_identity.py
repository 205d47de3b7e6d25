"""Signed-in customers (T-24, R75): only what the site has signed makes two people one, and nobody sees what is not theirs."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from gateway.clock import DAY, SECOND
from gateway.flow import people
from gateway.model import Address, ContactId
from gateway.store import contacts
from tests.api.ears import Refused, listening, widget
from tests.api.house import PNG, House, Visitor, open_house
from tests.stores import copy_file

KEY, NEW, OTHER = (
    f"the {name} key, longer than it would have to be, for another algorithm" for name in ("first", "second", "other shop's")
)
SITES = {"demo": {"identity_keys": [KEY, NEW]}, "other": {"identity_keys": [OTHER]}, "bare": {}}


@pytest.fixture
async def shop(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """On each engine."""
    async with open_house(tmp_path, migrated_url, sites=SITES) as opened:
        yield opened


@pytest.fixture
async def small(migrated_file: Path, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db"), sites=SITES) as opened:
        yield opened


def signed(house: House, sub: Any = "aino-1", key: str = KEY, seconds: float = 3600, **more: Any) -> str:
    claims = {"sub": sub, "exp": house.clock.now() // SECOND + seconds, **more}
    return jwt.encode({name: value for name, value in claims.items() if value is not ...}, key, algorithm="HS256")


async def enter(house: House, token: str, before: Visitor | None = None, site: str = "demo") -> Visitor:
    """A session of the customer; `before` is who the widget was until now."""
    body = {"site": site, "token": before.token if before else None, "identity": token}
    told = (await house.stranger().post("/api/visitor/session", body)).ok()
    headers = {"Authorization": f"Bearer {told['token']}"}
    return Visitor(house.url, house.session, headers, token=told["token"], visitor=told["visitor"])


async def texts(visitor: Visitor) -> list[str]:
    return [item["text"] for item in await visitor.items()]


async def earlier(visitor: Visitor) -> list[list[str]]:
    told = (await visitor.get("/api/visitor/earlier")).ok()["conversations"]
    return [[item["text"] for item in one["items"]] for one in told]


async def current(visitor: Visitor) -> Any:
    return (await visitor.get("/api/visitor/thread")).ok()["thread"]


def forgeries(house: House) -> dict[str, str]:
    now, good = house.clock.now() // SECOND, signed(house)
    head, body, mac = good.split(".")

    def raw(header: Any, payload: Any) -> str:
        return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, payload))

    return {
        "nothing": "", "no token": "x.y.z", "cut": good[:-1], "no signature": f"{head}.{body}.", "another's signature": f"{head}.{body}.{mac[::-1]}",
        "another body": ".".join((head, raw({}, {"sub": "bino", "exp": now + 60}).split(".")[1], mac)),
        "alg none": raw({"alg": "none", "typ": "JWT"}, {"sub": "aino-1", "exp": now + 60}) + ".",
        "HS512": jwt.encode({"sub": "aino-1", "exp": now + 60}, KEY, algorithm="HS512"), "another key": signed(house, key=OTHER),
        "no sub": signed(house, ...), "number": signed(house, 17), "empty": signed(house, ""), "long": signed(house, "x" * 129),
        "control": signed(house, "a\u0000b"), "spaces around": signed(house, " aino"), "half a character": signed(house, "a\ud800"),
        "no exp": signed(house, exp=...), "text exp": signed(house, exp="tomorrow"), "true exp": signed(house, exp=True), "past": signed(house, seconds=-1),
        "too far": signed(house, seconds=25 * 3600), "never ends": signed(house, exp=1e300), "not yet": signed(house, nbf=now + 3600),
        "from the future": signed(house, iat=now + 3600), "for another": signed(house, aud="other"), "for several": signed(house, aud=["demo", "other"]),
        "for nobody": signed(house, aud=""), "too large": signed(house, name="x" * 5000), "é": "é" * 20,
    }  # fmt: skip


async def test_what_does_not_verify_is_refused_and_changes_nothing(small: House) -> None:
    aino = await small.visitor()
    await aino.say("hei")
    before = {table: await small.count(table) for table in ("contact", "identity", "claim", "event")}
    for what, token in forgeries(small).items():
        answer = await small.stranger().post("/api/visitor/session", {"site": "demo", "token": aino.token, "identity": token})
        assert answer.status == 403, what
        answer.problem(403)
        assert not {KEY, NEW} & {answer.raw.decode()}
    for site in ("other", "bare"):
        body = {"site": site, "token": None, "identity": signed(small)}
        (await small.stranger().post("/api/visitor/session", body)).problem(403)
    assert {table: await small.count(table) for table in before} == before
    assert await texts(aino) == ["hei"], "the visitor is who they were"


async def test_either_of_two_keys_and_both_spellings_are_one_person(small: House) -> None:
    first = await enter(small, signed(small, "Åino ~/%20|1", aud="demo", iat=small.clock.now() // SECOND))
    second = await enter(small, signed(small, "A\u030aino ~/%20|1", NEW, aud=["demo"], nbf=0))
    third = await enter(small, signed(small, "Åino ~/ |1"))
    assert first.visitor == second.visitor != third.visitor
    await first.say("hei")
    assert await texts(second) == ["hei"] and await texts(third) == []


async def test_a_customer_has_one_conversation_on_every_device(shop: House) -> None:
    mikko = await shop.agent()
    phone, laptop = await enter(shop, signed(shop, name="Aino Virtanen")), await enter(shop, signed(shop))
    told = await phone.say("where is my desk")
    async with widget(laptop) as ear:
        await mikko.say(told["thread"]["id"], "on its way")
        assert (await ear.hear("item", lambda said: not said["item"]["mine"]))["item"]["text"] == "on its way"
    await laptop.say("thank you", "said-on-the-laptop")
    assert await texts(phone) == await texts(laptop) == ["where is my desk", "on its way", "thank you"]
    assert (await mikko.row(told["thread"]["id"]))["contact"]["name"] == "Aino Virtanen"
    known = (await laptop.get("/api/visitor/thread")).ok()["known"]
    assert known == {"name": "Aino Virtanen", "mail": False, "phone": False}
    assert await shop.count("contact") == 1


async def test_what_the_visitor_said_becomes_the_customers(shop: House) -> None:
    """And on a shared computer the visitor's token is nobody's any more: it shows nothing and writes to nobody."""
    mikko, aino = await shop.agent(), await shop.visitor()
    upload = (await aino.upload(PNG)).ok(201)["file"]["id"]
    thread = (await aino.say("hei", "visitor-message-1"))["thread"]["id"]
    await mikko.say(thread, "Hello")
    customer = await enter(shop, signed(shop, name="Aino", email="Aino@Example.fi", phone="+358 40 1234567"), aino)
    assert await texts(customer) == ["hei", "Hello"]
    again = await customer.say("hei", "visitor-message-1")
    assert again["item"]["pub"] == 1, "what the widget had not heard of is not said twice"
    await customer.say("a picture", files=[upload])
    await mikko.say(thread, "for the customer only")
    await customer.post("/api/visitor/seen", {"pub": 4})
    states = [item["state"] for item in await customer.items() if not item["mine"]]
    assert states == ["read", "read"], "also what was sent to the visitor"
    assert (await customer.get(f"/api/visitor/files/{upload}")).status == 200
    assert await texts(aino) == [] and await current(aino) is None and await earlier(aino) == []
    assert (await aino.get(f"/api/visitor/files/{upload}")).status == 404
    assert (await aino.get("/api/visitor/thread")).ok()["known"]["name"] is None
    (await aino.post("/api/visitor/messages", {"client_id": "after-the-end", "text": "x"})).problem(401)
    (await aino.post("/api/visitor/claim", {"address": "x@example.fi"})).problem(400)
    stranger = await shop.visitor(token=aino.token)
    assert stranger.visitor != aino.visitor and await texts(stranger) == []
    names = [entry["name"] for entry in await mikko.entries(thread) if entry["kind"] == "event"]
    assert "identified" in names and names.count("claimed") == 2
    card = (await mikko.get(f"/api/contacts/{await mikko.contact(thread)}")).ok()
    assert {(one["kind"], one["proof"]) for one in card["identities"]} == {("visitor", "token"), ("user", "token")}
    assert {one["address"] for one in card["claims"]} == {"mailto:aino@example.fi", "tel:+358401234567"}, "unproved"


async def test_a_known_customer_takes_the_visitors_contact_in_and_an_agent_may_take_it_out(shop: House) -> None:
    mikko, home = await shop.agent(), await enter(shop, signed(shop, name="Aino"))
    old = (await home.say("from home"))["thread"]["id"]
    kept = await mikko.contact(old)
    work = await shop.visitor()
    new = (await work.say("from work", name="A. Visitor"))["thread"]["id"]
    await mikko.say(new, "hello at work")
    gone = await mikko.contact(new)
    here = await enter(shop, signed(shop), work)
    row = (await mikko.get(f"/api/conversations/{old}")).ok()
    assert row["contact"]["id"] == kept and [one["id"] for one in row["joined"]] == [new]
    (merged,) = row["contact"]["merges"]
    assert merged["gone_name"] == "A. Visitor"
    assert "merged" in [entry.get("name") for entry in await mikko.entries(old)]
    assert (await current(here))["id"] == (await current(home))["id"]
    assert sorted([*await texts(here), *(text for one in await earlier(here) for text in one)]) == [
        "from home",
        "from work",
        "hello at work",
    ]
    assert await texts(work) == []
    assert (await mikko.post(f"/api/merges/{merged['id']}/undo")).status == 204
    assert await mikko.contact(new) == gone
    assert await texts(here) == ["from home"] and await earlier(here) == [], "not the other person's"
    assert await texts(work) == ["from work", "hello at work"]
    await work.say("I am somebody else")
    assert (await current(work))["id"] == new
    await mikko.say(new, "so you are")
    assert (await texts(work))[-1] == "so you are" and "so you are" not in await texts(here)


async def test_again_at_once_and_replayed_it_stays_one(shop: House) -> None:
    aino = await shop.visitor()
    await aino.say("hei")
    token = signed(shop, name="Aino", email="aino@example.fi", email_verified=True)
    body = {"site": "demo", "token": aino.token, "identity": token}
    answers = await asyncio.gather(*(shop.stranger().post("/api/visitor/session", body) for _ in range(8)))
    assert {answer.status for answer in answers} == {200}
    after = {table: await shop.count(table) for table in ("contact", "identity", "event", "merge", "participant", "claim")}
    assert after["contact"] == 1 and after["participant"] == 1 and after["merge"] == 0 and after["identity"] == 3
    customer = await enter(shop, token, aino)
    await enter(shop, token)
    assert {table: await shop.count(table) for table in after} == after
    assert await texts(customer) == ["hei"]


async def test_another_customer_on_the_same_computer_gets_nothing(shop: House) -> None:
    """The token of who was there before is no proof about the next one, whatever the widget sends along."""
    computer = await shop.visitor()
    await computer.say("I am Aino")
    aino = await enter(shop, signed(shop, "aino"), computer)
    bino = await enter(shop, signed(shop, "bino"), computer)
    third = await enter(shop, signed(shop, "cleo"), aino)
    assert await texts(bino) == [] and await texts(third) == []
    assert await texts(aino) == ["I am Aino"]
    assert await shop.count("contact") == 3


async def test_a_visitor_whom_an_agent_made_a_customer_of_is_not_taken_by_another(small: House) -> None:
    mikko, aino, browser = await small.agent(), await enter(small, signed(small, "aino")), await small.visitor()
    hers = (await aino.say("mine"))["thread"]["id"]
    theirs = (await browser.say("also mine"))["thread"]["id"]
    kept, gone = await mikko.contact(hers), await mikko.contact(theirs)
    (await mikko.post(f"/api/contacts/{kept}/merge", {"other": gone})).ok()
    bino = await enter(small, signed(small, "bino"), browser)
    assert await texts(bino) == [] and await earlier(bino) == []
    assert await texts(browser) == ["also mine"]


async def test_an_address_is_proved_only_by_a_site_that_has_seen_it_and_never_anothers(shop: House) -> None:
    mikko, known = await shop.agent(), await shop.visitor()
    secret = (await known.say("my own secret", name="Aino"))["thread"]["id"]
    contact = ContactId(await mikko.contact(secret))
    await shop.gateway.db.run(people.prove, Address("mailto:aino@example.fi"), contact, "code", 1)
    told: dict[str, Any] = {"email": "aino@example.fi", "email_verified": True}
    thief = await enter(shop, signed(shop, "thief", **told))
    thread = (await thief.say("hei"))["thread"]["id"]
    thief = await enter(shop, signed(shop, "thief", **told), thief)
    assert await texts(thief) == ["hei"] and await earlier(thief) == []
    card = (await mikko.get(f"/api/contacts/{await mikko.contact(thread)}")).ok()
    assert [one["address"] for one in card["claims"]] == ["mailto:aino@example.fi"] and len(card["identities"]) == 1
    assert await mikko.contact(secret) == contact != card["id"]
    for verified, kind in ((False, None), ("true", None), (True, "site")):
        sub = f"bino-{verified}"
        await enter(shop, signed(shop, sub, email=f"{sub}@example.fi".lower(), email_verified=verified))
        found = await shop.gateway.db.read(contacts.find_identity, Address(f"mailto:{sub}@example.fi".lower()))
        assert (found.proof_method if found else None) == kind


async def test_what_a_customer_said_counts_more_than_what_the_site_says_again(small: House) -> None:
    mikko = await small.agent()
    token = signed(small, email="old@example.fi", phone="nonsense", name="x\u0000")
    aino = await enter(small, token)
    thread = (await aino.say("hei"))["thread"]["id"]
    assert (await aino.post("/api/visitor/claim", {"address": "new@example.fi"})).status == 204
    await enter(small, token)
    card = (await mikko.get(f"/api/contacts/{await mikko.contact(thread)}")).ok()
    assert [one["address"] for one in card["claims"]] == ["mailto:new@example.fi"] and card["name"] == ""


async def test_earlier_holds_what_proved_addresses_took_part_in(shop: House) -> None:
    mikko, aino = await shop.agent(), await enter(shop, signed(shop))
    for number in range(7):
        thread = (await aino.say(f"question {number}"))["thread"]["id"]
        await mikko.say(thread, "between us", "notes")
        (await mikko.act(thread, "resolve", category="question")).ok()
        (await aino.post("/api/visitor/solved", {"solved": True})).ok()
    await aino.say("and now")
    assert await earlier(aino) == [[f"question {number}"] for number in range(2, 7)]
    stranger = await shop.visitor()
    await stranger.say("hei")
    assert await earlier(stranger) == []


async def test_a_customers_token_ends_with_what_they_signed_in_with(small: House) -> None:
    aino = await enter(small, signed(small, seconds=120))
    await aino.say("hei")
    again = (await small.stranger().post("/api/visitor/session", {"site": "demo", "token": aino.token})).ok()
    assert (again["visitor"], again["token"]) == (aino.visitor, aino.token), "it is not made to last longer"
    body = {"site": "other", "token": aino.token}
    assert (await small.stranger().post("/api/visitor/session", body)).ok()["visitor"] != aino.visitor
    small.clock.ahead += 121
    (await aino.get("/api/visitor/items")).problem(401)
    with pytest.raises(Refused, match="unauthorised"):
        async with listening(small.url, "/visitor", auth={"token": aino.token}):
            pass
    fresh = (await small.stranger().post("/api/visitor/session", {"site": "demo", "token": aino.token})).ok()
    assert fresh["visitor"] != aino.visitor and fresh["thread"] is None


async def test_an_open_widget_closes_when_its_customer_has_to_sign_in_again(migrated_file: Path, tmp_path: Path) -> None:
    url = copy_file(migrated_file, tmp_path / "throughline.db")
    async with open_house(tmp_path, url, sites=SITES, routing={"presence_seconds": 10}) as house:
        aino, other = await enter(house, signed(house, seconds=3600)), await house.visitor()
        async with widget(aino) as hers, widget(other) as his:
            house.clock.ahead += 3601
            await asyncio.wait_for(hers.closed.wait(), 15)
            assert not his.closed.is_set()


def test_tokens_of_customers_and_visitors_are_not_each_others() -> None:
    from gateway.web.visitor_tokens import CustomerToken, VisitorTokens

    tokens, now = VisitorTokens([b"k" * 32]), DAY
    token = tokens.issue_customer("a%20b", "demo", now + SECOND)
    assert tokens.read(token, now) == CustomerToken("a%20b", "demo", now + SECOND)
    assert tokens.read(token, now + SECOND) is None
    assert tokens.read(token.replace("u1~", "v1~"), now) is None
    for bad in ("", "a b", "a~b", "a/b", "x" * 1537):
        with pytest.raises(ValueError, match="alphabet"):
            tokens.issue_customer(bad, "demo", now)
