"""axe finds nothing on any page: the inbox with its lists, dialogs and settings, the chat and the shop; light, dark, and on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.accessible import findings
from tests.gateway import DemoProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WIDE, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
PLACES = ("people", "teams", "snippets", "categories", "audit")


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


async def test_the_inbox(inbox: Page) -> None:
    found: dict[str, list[str]] = {}
    await _both_schemes(inbox, "sign-in", found)
    await _enter(inbox)
    await expect(inbox.locator("[data-conversation]").first).to_be_visible()
    await _both_schemes(inbox, "list", found)
    await inbox.locator("[data-conversation]").first.click()
    await expect(inbox.get_by_role("log", name="Conversation")).to_be_visible()
    await _both_schemes(inbox, "conversation", found)
    await inbox.set_viewport_size(PHONE)
    await _both_schemes(inbox, "conversation on a phone", found)
    await inbox.set_viewport_size(WIDE)
    for key, name in (("e", "resolve"), ("h", "hand over"), ("?", "help")):
        await inbox.keyboard.press("Escape")
        await inbox.locator("body").press(key)
        await expect(inbox.get_by_role("dialog")).to_be_visible()
        await _both_schemes(inbox, name, found)
        await inbox.keyboard.press("Escape")
        await expect(inbox.get_by_role("dialog")).to_have_count(0)
    assert not found, "\n".join(f"{name}: {lines}" for name, lines in found.items())


async def test_the_settings(inbox: Page, house: DemoProcess) -> None:
    await _enter(inbox)
    found: dict[str, list[str]] = {}
    for place in PLACES:
        for size in (WIDE, PHONE):
            await inbox.set_viewport_size(size)
            await inbox.goto(f"{house.url}/inbox/#/{place}")
            await expect(inbox.get_by_role("heading", level=1)).to_be_visible()
            await expect(inbox.locator("[aria-busy=true]")).to_have_count(0)
            await _both_schemes(inbox, f"{place} {size['width']}", found)
    assert not found, "\n".join(f"{name}: {lines}" for name, lines in found.items())


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
