"""Every state of the inbox that is looked at and checked: `go` leads to it from any other, `leave` undoes what would stay."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple

from playwright.async_api import Page, Request, Route, expect

Go = Callable[[Page, str], Awaitable[None]]
Answer = Callable[[Route, Request], Awaitable[None]]

HOSTILE = (
    "Wilhelmiina-Annunziata von Habsburg-Lothringen-Österreich-Esterházy de Galántha",
    "<img src=x onerror=alert(1)>&lt;b&gt;",
    "\u202e\u2066gnp.ecioviniاسم عربي طويل جدا للتجربة\u2069 end",
    "X" * 400,
    "Z̸̡̢͔̻͎̗̑̄̇͘ä̷̪̝́̀l̸g̶̛̤o̵ 👩‍👩‍👧‍👦🏳️‍🌈👨🏿‍🚀",
    "https://example.com/" + "a/very/long/path/" * 16,
    "Line\nbreaks\n\n\n\tand tabs",
)
WORDS = frozenset({"name", "subject", "text", "preview", "label", "title"})


class Scene(NamedTuple):
    """`go(page, url)`: the page is signed in and shows the inbox at `url`."""

    name: str
    go: Go


def _calls(url: str) -> bool:
    return "/api/" in url


async def place(page: Page, url: str, where: str) -> None:
    await page.goto(f"{url}/inbox/#/{where}")
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)


def at(where: str) -> Go:
    async def go(page: Page, url: str) -> None:
        await place(page, url, where)
        await expect(page.locator("h1, h2").first).to_be_visible()

    return go


async def opened(page: Page, url: str, name: str = "Aino Virtanen", view: str = "all") -> None:
    await place(page, url, view)
    await page.locator("[data-conversation]").filter(has_text=name).first.click()
    await expect(page.get_by_role("log", name="Conversation")).to_be_visible()


def talk(name: str) -> Go:
    async def go(page: Page, url: str) -> None:
        await opened(page, url, name)

    return go


def clicked(*selectors: str, before: Go = opened, shown: str = "[role=menu], dialog[open], .finder, .snippets, .splitting") -> Go:
    async def go(page: Page, url: str) -> None:
        await before(page, url)
        for selector in selectors:
            await page.locator(selector).locator("visible=true").first.click()
        await expect(page.locator(shown).locator("visible=true").first).to_be_visible()

    return go


def keyed(key: str, before: Go = opened) -> Go:
    async def go(page: Page, url: str) -> None:
        await before(page, url)
        await page.locator("body").press(key)
        await expect(page.locator("dialog[open]")).to_be_visible()

    return go


def account(item: str) -> Go:
    """The drawer, where the first column is one, then the account's menu."""

    async def go(page: Page, url: str) -> None:
        await place(page, url, "all")
        await drawer(page)
        await page.locator(".account").click()
        if item:
            await page.get_by_role("menuitem", name=item).click()
            await expect(page.locator("dialog[open]:not(.drawer)")).to_be_visible()

    return go


async def _card(page: Page, url: str) -> None:
    """Beside the conversation where there is room; otherwise asked for."""
    await opened(page, url)
    if await page.locator(".card-toggle").is_visible():
        await page.locator(".card-toggle").click()
    await expect(page.locator(".card")).to_be_visible()


async def drawer(page: Page) -> None:
    button = page.get_by_role("button", name="Open the views").locator("visible=true")
    if await button.count():
        await button.first.click()


async def _drawer(page: Page, url: str) -> None:
    await place(page, url, "all")
    await drawer(page)


async def _bulk(page: Page, url: str) -> None:
    await place(page, url, "all")
    await page.get_by_role("button", name="Tick several").click()
    boxes = page.get_by_role("checkbox", name="Tick ")
    await boxes.nth(0).click()
    await boxes.nth(2).click()
    await expect(page.locator(".bulk-acts")).to_be_visible()


async def _bulk_choice(page: Page, url: str) -> None:
    await _bulk(page, url)
    await page.locator("[data-act=assign]").click()
    await expect(page.locator(".finder")).to_be_visible()


async def _note(page: Page, url: str) -> None:
    await opened(page, url)
    await page.get_by_role("tab", name="Note").click()


async def _written(page: Page, url: str) -> None:
    await opened(page, url)
    await page.locator("#composer-text").fill("Thank you, Aino.\nThe new leg left our workshop today; it should be with you on Thursday.")


async def _searched(page: Page, url: str) -> None:
    await place(page, url, "all?q=zebra")
    await expect(page.get_by_text("Nothing found")).to_be_visible()


async def _toast(page: Page, url: str) -> None:
    """A change that the gateway refuses, said in words."""

    async def refuse(route: Route) -> None:
        await route.fulfill(status=503, json={"error": {"code": "unavailable", "message": "restarting"}})

    await opened(page, url)
    await page.route(
        lambda url: "/api/conversations/" in url, lambda route: refuse(route) if route.request.method != "GET" else route.fallback()
    )
    await page.locator("[data-menu=priority]").click()
    await page.get_by_role("menuitemradio", name="Low").click()
    await expect(page.locator(".toast").first).to_be_visible()


async def _person(page: Page, url: str) -> None:
    await place(page, url, "people")
    await page.get_by_role("link", name="Mikko").first.click()
    await expect(page.locator(".panel")).to_be_visible()


async def _item(page: Page, url: str, where: str) -> None:
    await place(page, url, where)
    await page.locator(".row-link").first.click()
    await expect(page.locator(".panel")).to_be_visible()


def item(where: str) -> Go:
    async def go(page: Page, url: str) -> None:
        await _item(page, url, where)

    return go


def added(where: str, name: str) -> Go:
    async def go(page: Page, url: str) -> None:
        await place(page, url, where)
        await page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()
        await expect(page.locator(".panel, dialog[open]").first).to_be_visible()

    return go


def _altered(found: Any, turn: list[int]) -> Any:
    if isinstance(found, list):
        return [_altered(one, turn) for one in found]
    if not isinstance(found, dict):
        return found
    out: dict[str, Any] = {}
    for key, value in found.items():
        if key in WORDS and isinstance(value, str) and value:
            turn[0] += 1
            out[key] = HOSTILE[turn[0] % len(HOSTILE)]
        elif key == "tags" and isinstance(value, list):
            out[key] = [HOSTILE[0][:40], "<b>x</b>"]
        else:
            out[key] = _altered(value, turn)
    return out


async def _hostile_answer(route: Route) -> None:
    if route.request.method != "GET":
        await route.fallback()
        return
    answer = await route.fetch()
    turn = [0]
    await route.fulfill(response=answer, body=json.dumps(_altered(await answer.json(), turn)))


def hostile(where: str, then: str = "") -> Go:
    async def go(page: Page, url: str) -> None:
        await page.route(lambda address: "/api/" in address and "/api/me" not in address and "/files" not in address, _hostile_answer)
        await page.goto(f"{url}/inbox/#/{where}")
        await page.reload()
        await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        if then:
            await page.locator(then).nth(1).click()
            await expect(page.locator(".panel, [role=log]").first).to_be_visible()

    return go


async def _full(page: Page, url: str) -> None:
    """500 conversations: the first page as it is, many times over."""

    async def many(route: Route) -> None:
        answer = await route.fetch()
        rows = (await answer.json())["rows"]
        shown = [{**rows[at % len(rows)], "id": f"{rows[at % len(rows)]['id']}-{at}", "number": 1000 + at} for at in range(500)]
        await route.fulfill(response=answer, body=json.dumps({"rows": shown, "cursor": None}))

    async def counted(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(
            response=answer, body=json.dumps({**await answer.json(), "all": 500, "mine": 128, "unassigned": 372, "waiting": 211})
        )

    await page.route(lambda address: "/api/conversations?" in address, many)
    await page.route(lambda address: "/api/counts" in address, counted)
    await page.goto(f"{url}/inbox/#/all")
    await page.reload()
    await expect(page.locator("[data-conversation]").first).to_be_visible()
    await page.locator(".rows-scroll").evaluate("(list) => { list.scrollTop = 9000; }")


def slow(where: str, *calls: str) -> Go:
    """What is shown while these calls take their time."""

    async def wait(route: Route) -> None:
        await asyncio.sleep(20)
        with suppress(Exception):
            await route.abort()

    async def go(page: Page, url: str) -> None:
        await page.route(lambda address: any(one in address for one in calls), wait)
        await page.goto(f"{url}/inbox/#/{where}")
        await page.reload()
        await expect(page.locator("[aria-busy=true], .skeleton, .bone, .starting").first).to_be_visible()

    return go


def broken(where: str, status: int, *calls: str, first: str = "") -> Go:
    """What is shown when these calls fail; status 0: no connection."""

    async def fail(route: Route) -> None:
        if status:
            await route.fulfill(status=status, json={"error": {"code": "unavailable", "message": "not now"}})
        else:
            await route.abort("connectionrefused")

    async def go(page: Page, url: str) -> None:
        await page.route(lambda address: any(one in address for one in calls), fail)
        await page.goto(f"{url}/inbox/#/{where}")
        await page.reload()
        if first:
            await page.locator(first).first.click()
        await expect(
            page.get_by_text("could not be").or_(page.get_by_text("could not start")).or_(page.get_by_text("cannot be reached")).first
        ).to_be_visible()

    return go


async def _offline(page: Page, url: str) -> None:
    await opened(page, url)
    await page.context.set_offline(True)
    await page.evaluate("dispatchEvent(new Event('offline'))")


async def leave(page: Page) -> None:
    """Back from a scene: nothing open, nothing routed."""
    await page.unroute_all(behavior="ignoreErrors")
    await page.context.set_offline(False)
    if await page.locator(".starting").count():
        await page.reload()
    for _ in range(3):
        await page.keyboard.press("Escape")
    await page.evaluate("document.activeElement?.blur()")


PAGES = (
    Scene("list", at("all")), Scene("talk", talk("Aino Virtanen")), Scene("complaint", talk("Katrin Bauer")), Scene("mine", at("mine")),
    Scene("people", at("people")), Scene("teams", at("teams")), Scene("snippets", at("snippets")), Scene("categories", at("categories")), Scene("audit", at("audit")),
)  # fmt: skip
PARTS = (
    Scene("card", _card), Scene("drawer", _drawer), Scene("note", _note), Scene("written", _written), Scene("bulk", _bulk),
    Scene("bulk-choice", _bulk_choice), Scene("filter", clicked("[data-menu=filter]", before=at("all"))), Scene("searched", _searched),
    Scene("filter-state", clicked("[data-menu=filter]", ".menu-item >> nth=0", before=at("all"))), Scene("filtered", at("all?state=any&priority=1")),
    Scene("more", clicked("[data-menu=more]")), Scene("snooze", clicked("[data-menu=snooze]")), Scene("priority", clicked("[data-menu=priority]")),
    Scene("due", clicked("[data-menu=due]")), Scene("category", clicked("[data-menu=category]")), Scene("snippet-picker", clicked("[aria-label='Insert a snippet']")),
    Scene("split", clicked("[data-menu=more]", "[role=menuitem]:has-text('Split')")), Scene("toast", _toast), Scene("account", account("")),
    Scene("person", _person), Scene("invite", added("people", "Invite")), Scene("team", item("teams")), Scene("team-new", added("teams", "New team")),
    Scene("snippet", item("snippets")), Scene("snippet-new", added("snippets", "New snippet")),
)  # fmt: skip
DIALOGS = (
    Scene("resolve", keyed("e")), Scene("handover", keyed("h")), Scene("help", keyed("?")),
    *(Scene(name, clicked("[data-menu=more]", f"[role=menuitem]:has-text('{words}')", shown="dialog[open]")) for name, words in (
        ("link", "Link"), ("join", "Merge"), ("spam", "spam"), ("block", "Block"), ("why", "Why"))),
    Scene("when", clicked("[data-menu=snooze]", "[role=menuitem] >> nth=-1", shown="dialog[open]")),
    Scene("alerts", account("Sounds")), Scene("password", account("Password")),
)  # fmt: skip
TROUBLE = (
    Scene("hostile-list", hostile("all")), Scene("hostile-talk", hostile("all", "[data-conversation]")), Scene("hostile-people", hostile("people")),
    Scene("hostile-teams", hostile("teams")), Scene("hostile-snippets", hostile("snippets")), Scene("hostile-audit", hostile("audit")),
    Scene("hostile-person", hostile("people", ".row-link")), Scene("full", _full),
    Scene("loading-start", slow("all", "/api/me")), Scene("loading-list", slow("all", "/api/conversations?")), Scene("loading-people", slow("people", "/api/people")),
    Scene("loading-audit", slow("audit", "/api/audit")), Scene("error-list", broken("all", 500, "/api/conversations?")),
    Scene("error-talk", broken("all", 503, "/api/conversations/", first="[data-conversation]")), Scene("error-people", broken("people", 503, "/api/people")),
    Scene("error-audit", broken("audit", 500, "/api/audit")), Scene("error-start", broken("all", 500, "/api/me")), Scene("unreachable", broken("all", 0, "/api/me")),
    Scene("offline", _offline),
)  # fmt: skip
EMPTY = tuple(Scene(f"empty-{name}", at(name)) for name in ("mine", "all", "waiting", "people", "teams", "snippets", "categories", "audit"))
SCENES = (*PAGES, *PARTS, *DIALOGS, *TROUBLE)
