"""Takes the pictures of the README from the running demo: `make pictures`. With a folder as argument, every scene in every look, to be looked at."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright, expect

from tests.gateway import ROOT, DemoProcess
from tests.parts import find_chromium
from tests.servers import CHROMIUM_ARGS

SHOWN = ROOT / "docs" / "pictures"
WIDE, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
Scheme = Literal["light", "dark"]


class Scene(NamedTuple):
    """What is on the picture: `go` leads there from a fresh page."""

    name: str
    go: Callable[[Page, DemoProcess], Awaitable[None]]


async def _opened(page: Page, name: str, view: str = "all") -> None:
    await page.goto(page.url.partition("#")[0] + f"#/{view}")
    await page.locator("[data-conversation]").filter(has_text=name).first.click()
    await expect(page.get_by_role("log", name="Conversation")).to_be_visible()


async def _aino(page: Page, house: DemoProcess) -> None:
    await _opened(page, "Aino Virtanen")


async def _katrin(page: Page, house: DemoProcess) -> None:
    await _opened(page, "Katrin Bauer")


async def _place(page: Page, house: DemoProcess, place: str) -> None:
    await page.goto(f"{house.url}/inbox/#/{place}")
    await expect(page.get_by_role("heading", level=1).first).to_be_visible()


def _at(place: str) -> Callable[[Page, DemoProcess], Awaitable[None]]:
    async def go(page: Page, house: DemoProcess) -> None:
        await _place(page, house, place)

    return go


INBOX = (
    Scene("inbox", _aino), Scene("complaint", _katrin), Scene("list", _at("all")), Scene("people", _at("people")), Scene("teams", _at("teams")),
    Scene("snippets", _at("snippets")), Scene("categories", _at("categories")), Scene("audit", _at("audit")),
)  # fmt: skip


async def _asks(page: Page, house: DemoProcess, locale: str = "") -> None:
    """A short conversation in the shop; nobody answers it here."""
    await page.goto(house.shop + "/")
    await page.locator("throughline-chat button").first.click()
    field = page.frame_locator("iframe").locator("textarea")
    await field.fill("Hello! Does the Kanto sofa come in a darker green?")
    await field.press("Enter")
    await expect(page.frame_locator("iframe").locator("[data-pub]").first).to_be_visible()


async def _first_open(page: Page, house: DemoProcess) -> None:
    await page.goto(house.shop + "/")
    await page.locator("throughline-chat button").first.click()
    await expect(page.frame_locator("iframe").locator("textarea")).to_be_visible()


SHOP = (Scene("widget-first", _first_open), Scene("widget", _asks))


async def _take(page: Page, scene: Scene, house: DemoProcess, to: Path) -> None:
    await scene.go(page, house)
    await page.wait_for_timeout(700)
    await page.screenshot(path=to)
    sys.stdout.write(f"{to.name}\n")


async def _signed_in(browser: Browser, house: DemoProcess) -> BrowserContext:
    context = await browser.new_context(viewport=WIDE, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(house.link)
    await page.get_by_role("button", name="Sign in without a password").click()
    await expect(page.get_by_role("switch", name="Available")).to_be_visible()
    await page.close()
    return context


async def _readme(browser: Browser, house: DemoProcess, to: Path) -> None:
    context = await _signed_in(browser, house)
    page = await context.new_page()
    await page.goto(f"{house.url}/inbox/")
    await _take(page, INBOX[0], house, to / "inbox.png")
    await page.emulate_media(color_scheme="dark")
    await _take(page, INBOX[1], house, to / "inbox-dark.png")
    await page.emulate_media(color_scheme="light")
    await _take(page, INBOX[3], house, to / "people.png")
    shop = await (await browser.new_context(viewport=ViewportSize(width=1180, height=760), reduced_motion="reduce")).new_page()
    await _take(shop, SHOP[1], house, to / "widget.png")


async def _everything(browser: Browser, house: DemoProcess, to: Path) -> None:
    context = await _signed_in(browser, house)
    looks: tuple[tuple[str, Scheme, ViewportSize], ...] = (
        ("light", "light", WIDE), ("dark", "dark", WIDE), ("phone", "light", PHONE), ("phone-dark", "dark", PHONE),
    )  # fmt: skip
    for look, scheme, size in looks:
        page = await context.new_page()
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=scheme)
        await page.goto(f"{house.url}/inbox/")
        for scene in INBOX:
            await _take(page, scene, house, to / f"{scene.name}-{look}.png")
        await page.close()
        for scene in SHOP:
            visitor = await browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
            await _take(await visitor.new_page(), scene, house, to / f"{scene.name}-{look}.png")
            await visitor.close()


async def main(to: Path | None) -> None:
    """The README's pictures into docs/pictures, or all into `to`."""
    folder = to or SHOWN
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, DemoProcess(Path(name) / "demo") as house:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=str(find_chromium()), args=list(CHROMIUM_ARGS))
            await (_readme if to is None else _everything)(browser, house, folder)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
