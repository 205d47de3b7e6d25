"""axe finds nothing on any page: the inbox with its lists, dialogs and settings, the chat and the shop; light, dark, and on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.accessible import COLOURS, findings
from tests.browser.inbox_scenes import DIALOGS, PAGES, PARTS, TROUBLE, Scene, leave
from tests.gateway import DemoProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WIDE, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
ON_A_PHONE = ("card", "drawer", "bulk", "person", "team")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    with DemoProcess(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture
async def inbox(browser: Browser, house: DemoProcess) -> AsyncIterator[Page]:
    """Signed in by a link of its own: each is good once."""
    context = await browser.new_context(viewport=WIDE)
    page = await context.new_page()
    link = house.run("agent", "link", "elina@kaarna.example").split()
    await page.goto(next(word for word in link if "#link=" in word))
    yield page
    await context.close()


async def _enter(page: Page) -> None:
    """A first link asks for a password to be chosen; later ones sign in at once."""
    password, switch = page.get_by_label("Password").first, page.get_by_role("switch", name="Available")
    await expect(password.or_(switch)).to_be_visible()
    if await password.is_visible():
        await password.fill("a long and quiet password")
        await page.locator("button[type=submit]").click()
    await expect(switch).to_be_visible()


async def _both_schemes(page: Page, name: str, found: dict[str, list[str]]) -> None:
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        if problems := await findings(page):
            found[f"{name} {scheme}"] = problems


async def _look(page: Page, url: str, scenes: tuple[Scene, ...], part: str = "") -> dict[str, list[str]]:
    """Every rule in the light, the colours in the dark, of each scene."""
    found: dict[str, list[str]] = {}
    for scene in scenes:
        await page.emulate_media(color_scheme="light", reduced_motion="reduce")
        await scene.go(page, url)
        problems = await findings(page, part)
        await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        if problems := problems + await findings(page, part, COLOURS):
            found[scene.name] = problems
        await leave(page)
    return found


def _nothing(found: dict[str, list[str]]) -> None:
    assert not found, "\n".join(f"{name}: {lines}" for name, lines in found.items())


async def test_the_door(inbox: Page, house: DemoProcess) -> None:
    found: dict[str, list[str]] = {}
    await expect(inbox.get_by_role("heading", level=1)).to_be_visible()
    await _both_schemes(inbox, "link", found)
    await inbox.goto(f"{house.url}/inbox/#link=cut-off")
    await inbox.get_by_role("button", name="Sign in without a password").click()
    await expect(inbox.get_by_role("button", name="Sign in with a password")).to_be_visible()
    await _both_schemes(inbox, "dead link", found)
    await inbox.get_by_role("button", name="Sign in with a password").click()
    await inbox.get_by_label("Email").fill("elina@kaarna.example")
    await inbox.get_by_label("Password", exact=True).fill("not this one")
    await inbox.locator("button[type=submit]").click()
    await expect(inbox.get_by_role("alert")).to_be_visible()
    await _both_schemes(inbox, "sign-in", found)
    _nothing(found)


async def test_the_pages_and_their_parts(inbox: Page, house: DemoProcess) -> None:
    await _enter(inbox)
    found = await _look(inbox, house.url, PAGES)
    _nothing(found | await _look(inbox, house.url, PARTS, ".panel, [role=menu], .finder, .snippets, .drawer[open]"))


async def test_the_dialogs(inbox: Page, house: DemoProcess) -> None:
    await _enter(inbox)
    _nothing(await _look(inbox, house.url, DIALOGS, "dialog[open]"))


async def test_a_phone(inbox: Page, house: DemoProcess) -> None:
    await _enter(inbox)
    await inbox.set_viewport_size(PHONE)
    _nothing(await _look(inbox, house.url, (*PAGES, *(one for one in PARTS if one.name in ON_A_PHONE))))


async def test_waiting_and_trouble(inbox: Page, house: DemoProcess) -> None:
    await _enter(inbox)
    _nothing(await _look(inbox, house.url, tuple(one for one in TROUBLE if not one.name.startswith("hostile"))))


async def test_the_shop_and_its_chat(browser: Browser, house: DemoProcess, seen: Path) -> None:
    context = await browser.new_context(viewport=WIDE)
    page = await context.new_page()
    await page.goto(house.shop + "/")
    found: dict[str, list[str]] = {}
    await _both_schemes(page, "shop", found)
    await page.get_by_role("button", name="Open chat").click()
    frame = page.frame_locator("iframe")
    await expect(frame.get_by_role("textbox", name="Message")).to_be_visible()
    chat = next(one for one in page.frames if "/chat/" in one.url)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        if problems := await findings(chat):
            found[f"first open {scheme}"] = problems
    await frame.get_by_role("textbox", name="Message").fill("Is anybody there?")
    await frame.get_by_role("button", name="Send").click()
    await expect(frame.get_by_text("Is anybody there?").first).to_be_visible()
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        if problems := await findings(chat):
            found[f"conversation {scheme}"] = problems
    await context.close()
    assert not found, "\n".join(f"{name}: {lines}" for name, lines in found.items())
