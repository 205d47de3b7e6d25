"""Whatever visitors write, wherever they can write it, is text in every page that shows it (T-11, T-13, T-14, R-55)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, BrowserContext, Frame, Page, expect

from channels.text import clean
from gateway.flow import accounts
from gateway.web.auth import COOKIE
from tests.api.house import PNG, Answer, House, Visitor, Worker, open_house, until
from tests.api.test_identity import SITES, enter, signed
from tests.browser.hostile_payloads import corpus, unicode_bombs
from tests.browser.hostile_watch import Watch, canary, chunks, no_aliens, shows, sideways
from tests.stores import copy_file

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
DIALOGS = ("Hand over", "Resolve", "Merge", "Why", "New ticket")


@pytest.fixture
async def house(migrated_file: Path, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db"), demo_shop=True, sites=SITES) as opened:
        yield opened


@dataclass
class Stage:
    """An agent's inbox and a customer's chat, watched."""

    house: House
    watch: Watch
    agent: Worker
    inbox: Page
    shop: Page
    chat: Frame
    customer: Visitor

    async def open(self, conversation: str, card: bool = False) -> None:
        await self.inbox.evaluate(f"location.hash = '#/all/{conversation}{'/card' if card else ''}'")


async def arrive(browser: Browser, house: House, name: str = "Mikko", width: int = 1280) -> Stage:
    assert house.gateway.context is not None
    shop = house.gateway.context.sites["demo"].origins[0]
    watch = Watch((house.url, shop))
    agent = await house.agent("Mikko", "admin")
    if name != "Mikko":
        made = await house.gateway.db.run(accounts.add_agent, name, "hostile@desk.example", "agent", house.gateway.policy)
        agent = Worker(house.url, house.session, house.agent_headers(await house.sign_in(made.id)), id=made.id, name=name)
    desk, street = await browser.new_context(viewport={"width": width, "height": 800}), await browser.new_context()
    await desk.add_cookies([{"name": COOKIE, "value": await house.sign_in(agent.id), "url": house.url}])
    for context in (desk, street):
        await watch.over(context)
    inbox = await desk.new_page()
    await inbox.goto(house.url + "/inbox/#/all")
    await expect(inbox.get_by_role("searchbox").first).to_be_visible()
    page, token = await _chat(street, shop)
    chat = next(frame for frame in page.frames if "/chat/" in frame.url)
    return Stage(house, watch, agent, inbox, page, chat, _visitor(house, token))


async def _chat(context: BrowserContext, shop: str) -> tuple[Page, Any]:
    """The shop with its chat open, and who its visitor is."""
    page = await context.new_page()
    async with page.expect_response("**/api/visitor/session") as opened:
        await page.goto(shop + "/")
        await page.get_by_role("button", name="Open chat").click()
    session = await (await opened.value).json()
    await expect(page.frame_locator("iframe").get_by_role("textbox", name="Message")).to_be_visible()
    return page, session


def _visitor(house: House, session: Any) -> Visitor:
    bearer = {"Authorization": f"Bearer {session['token']}"}
    return Visitor(house.url, house.session, bearer, token=session["token"], visitor=session["visitor"])


async def _reply(agent: Worker, conversation: str, text: str) -> None:
    """As it is, also where what looks like a placeholder has to be said twice."""
    agent.said += 1
    body = {"client_id": f"hostile-{agent.said:06}", "text": text}
    path = f"/api/conversations/{conversation}/replies"
    answer: Answer = await agent.post(path, body)
    if answer.status == 400 and answer.body.get("field") == "placeholder":
        answer = await agent.post(path, {**body, "as_is": True})
    answer.ok()


async def test_two_hundred_payloads_are_words_in_the_timeline_and_the_chat(browser: Browser, house: House, seen: Path) -> None:
    async with canary() as (address, calls):
        payloads = corpus(address)
        assert len(set(payloads)) >= 200
        stage = await arrive(browser, house, name="<img src=x onerror=pwned(0)>")
        said = [await stage.customer.say(text) for text in payloads]
        conversation = said[-1]["thread"]["id"]
        replies = chunks(payloads, 2_000)
        for text in replies:
            await _reply(stage.agent, conversation, text)
        await shows(stage.chat, [*payloads, *replies], up=True)
        await stage.open(conversation)
        await expect(stage.inbox.get_by_role("log")).to_be_visible()
        await shows(stage.inbox, [*payloads, *replies, stage.agent.name], up=True)
        await stage.inbox.screenshot(path=seen / "hostile-timeline.png")
        await stage.shop.screenshot(path=seen / "hostile-chat.png")
        for page in (stage.inbox, stage.chat):  # what waits for a hand on the mouse or a key
            for link in (await page.get_by_role("log").get_by_role("link").all())[-5:]:
                await link.hover()
        await stage.inbox.reload()
        await expect(stage.inbox.get_by_role("log")).to_be_visible()
        await no_aliens(stage.inbox)
        stage.watch.quiet(windows=2)
        assert calls == []


async def test_payloads_in_every_other_field_are_words_in_list_card_and_dialogs(browser: Browser, house: House, seen: Path) -> None:
    async with canary() as (address, calls):
        payloads = corpus(address)
        stage = await arrive(browser, house)
        names, titles = chunks(payloads, 200), chunks(payloads, 300)
        urls = [text.replace(" ", "/") for text in chunks(payloads, 1_500)]
        files = [[text for text in payloads[at :: len(names)] if len(text) < 300 and "\t" not in text] for at in range(len(names))]
        people: list[tuple[str, list[str]]] = []
        for at, name in enumerate(names):
            # Every second one is signed in by their shop, which says that this is their name.
            visitor = await enter(house, signed(house, sub=f"customer-{at}", name=name)) if at % 2 else await house.visitor()
            title, url = titles[at % len(titles)], "https://shop.example/?" + urls[at % len(urls)]
            told = [await _upload(visitor, wanted) for wanted in files[at]]
            own = payloads[at % len(payloads)].replace(" ", "/")
            said = await visitor.post(
                "/api/visitor/messages",
                {
                    "client_id": own if 8 <= len(own) <= 64 and own.isascii() and own.isprintable() else f"other-{at:05}",
                    "text": name[:140],
                    "name": name,
                    "files": [file["id"] for file in told],
                    "page": {"url": url, "title": title, "referrer": url},
                },
                headers={
                    "User-Agent": name.encode("ascii", "ignore").decode(),
                    "Referer": "https://shop.example/?" + name.encode("ascii", "ignore").decode(),
                },
            )
            for text in payloads[at :: len(names)]:
                assert (await visitor.post("/api/visitor/claim", {"address": text})).status in (204, 400)
            people.append((said.ok()["thread"]["id"], [name, title, *(file["name"] for file in told)]))
        for text in payloads:
            answer = await stage.customer.post("/api/visitor/messages", {"client_id": "a-locale-1", "text": "x", "locale": text})
            assert answer.status == 400 or text.isalpha(), text
        await stage.inbox.reload()
        await shows(stage.inbox, names)
        await stage.inbox.screenshot(path=seen / "hostile-list.png")
        for conversation, wanted in people:
            await stage.open(conversation, card=True)
            await shows(stage.inbox, wanted, up=True)
        await stage.inbox.screenshot(path=seen / "hostile-card.png")
        assert await _look_into_dialogs(stage.inbox) >= 2
        stage.watch.quiet(windows=2)
        assert calls == []


async def _upload(visitor: Visitor, name: str) -> Any:
    return (await visitor.upload(b"words\n", quote(name, safe=""), "text/plain")).ok(201)["file"]


async def _look_into_dialogs(page: Page) -> int:
    opened = 0
    for name in DIALOGS:
        button = page.get_by_role("button", name=name).locator("visible=true").first
        if await button.count() == 0 or not await button.is_enabled():
            continue
        await button.dispatch_event("click")  # also where the card lies over it
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_be_visible()
        if name == "Merge":  # lists the other customers by name
            await expect(dialog.get_by_text("pwned").first).to_be_visible()
        await no_aliens(page)
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        opened += 1
    return opened


async def test_a_file_that_is_a_page_inside_runs_nowhere(browser: Browser, house: House) -> None:
    stage = await arrive(browser, house)
    both = PNG + b"<script>pwned(1)</script><svg onload=pwned(2)>"
    hidden = b" " * 5_000 + b"<!doctype html><script>pwned(3)</script>"
    shown = (await stage.customer.upload(both, "both.png")).ok(201)["file"]["id"]
    kept = (await stage.customer.upload(hidden, "page.html", "text/html")).ok(201)["file"]["id"]
    await stage.customer.say("look", files=[shown, kept])
    page = await stage.inbox.context.new_page()
    answer = await page.goto(f"{house.url}/api/files/{shown}")
    assert answer is not None and answer.headers["content-type"] == "image/png"
    await page.goto(house.url + "/inbox/")
    async with page.expect_download():
        await page.evaluate(f"void (location.href = '/api/files/{kept}')")
    await page.evaluate(f"""async () => {{
      for (const id of ['{shown}', '{kept}']) {{
        const script = document.createElement('script');
        script.src = '/api/files/' + id;
        await new Promise((done) => {{ script.onload = script.onerror = done; document.head.append(script); }});
      }}
    }}""")
    stage.watch.quiet(windows=3)


@pytest.mark.parametrize("width", [1280, 390])
async def test_no_text_pushes_a_page_sideways_or_out_of_order(browser: Browser, house: House, seen: Path, width: int) -> None:
    stage = await arrive(browser, house, width=width)
    bombs = unicode_bombs()
    await stage.shop.set_viewport_size({"width": width, "height": 800})
    for text in bombs.values():
        item = (await stage.customer.say(text))["item"]
        assert item["text"] == clean(text)
    last = await stage.customer.say("and this still stands here")
    stored = [item["text"] for item in await stage.customer.items()]
    assert stored == [*(clean(text) for text in bombs.values()), "and this still stands here"]
    for name in bombs.values():
        await (await house.visitor()).say("with such a name", name=clean(name)[:200])
    await stage.inbox.reload()
    await expect(stage.inbox.get_by_text("with such a name").first).to_be_visible()
    assert await sideways(stage.inbox) == 0
    await stage.open(last["thread"]["id"])
    for where in (stage.inbox, stage.chat):
        await expect(where.get_by_role("log").get_by_text("and this still stands here").first).to_be_in_viewport()
        assert await sideways(where) == 0
        await expect(where.get_by_role("textbox").last).to_be_in_viewport()
    assert await sideways(stage.shop) == 0
    await stage.inbox.screenshot(path=seen / f"unicode-inbox-{width}.png")
    await stage.shop.screenshot(path=seen / f"unicode-chat-{width}.png")
    stage.watch.quiet(windows=2)


async def test_no_token_is_in_an_address_a_browser_asks_for(browser: Browser, house: House) -> None:
    """T-21: signing in, chatting, files, sockets: what servers and proxies write into their access logs holds no secret."""
    stage = await arrive(browser, house)
    link = await house.link(stage.agent.id)
    context = await browser.new_context()
    await stage.watch.over(context)
    page = await context.new_page()
    await page.goto(f"{house.url}/inbox/#link={link}")
    await page.get_by_label("Password").first.fill("a long and quiet password")
    await page.locator("button[type=submit]").click()
    await expect(page.get_by_role("switch", name="Available")).to_be_visible()
    file = (await stage.customer.upload(PNG)).ok(201)["file"]["id"]
    thread = (await stage.customer.say("a picture", files=[file]))["thread"]["id"]
    await page.evaluate(f"location.hash = '#/all/{thread}'")
    await expect(page.get_by_role("log").get_by_text("a picture")).to_be_visible()
    await expect(stage.chat.get_by_role("log").get_by_text("a picture")).to_be_visible()
    sockets = [url for url in stage.watch.urls if "/socket.io/" in url]
    await until(_is_there(sockets), what="the sockets")
    cookies = [cookie["value"] for cookie in await context.cookies() if cookie["name"] == COOKIE]
    secrets = [link, stage.customer.token, *cookies, "quiet password"]
    assert len(secrets) == 4 and all(secrets)
    told = "\n".join(stage.watch.urls)
    assert [secret for secret in secrets if secret in told or quote(secret) in told] == []
    assert link not in page.url


def _is_there(found: list[str]) -> Any:
    async def ask() -> bool:
        return bool(found)

    return ask
