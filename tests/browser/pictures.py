"""Takes the pictures of the README from the running demo: `make pictures`. With a folder as argument, every scene in every look, to be looked at."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright, expect
from playwright.async_api import Error as PlaywrightError

from tests.browser import inbox_scenes
from tests.gateway import ROOT, DemoProcess, GatewayProcess
from tests.parts import find_chromium
from tests.servers import CHROMIUM_ARGS

SHOWN = ROOT / "docs" / "pictures"
WIDE, PHONE, TABLET = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844), ViewportSize(width=820, height=1180)
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


INBOX, COMPLAINT, PEOPLE = Scene("inbox", _aino), Scene("complaint", _katrin), Scene("people", _at("people"))


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


async def _signed_in(browser: Browser, link: str) -> BrowserContext:
    context = await browser.new_context(viewport=WIDE, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_role("button", name="Sign in without a password").click()
    await expect(page.get_by_role("switch", name="Available")).to_be_visible()
    await page.close()
    return context


async def _readme(browser: Browser, house: DemoProcess, to: Path) -> None:
    context = await _signed_in(browser, house.link)
    page = await context.new_page()
    await page.goto(f"{house.url}/inbox/")
    await _take(page, INBOX, house, to / "inbox.png")
    await page.emulate_media(color_scheme="dark")
    await _take(page, COMPLAINT, house, to / "inbox-dark.png")
    await page.emulate_media(color_scheme="light")
    await _take(page, PEOPLE, house, to / "people.png")
    shop = await (await browser.new_context(viewport=ViewportSize(width=1180, height=760), reduced_motion="reduce")).new_page()
    await _take(shop, SHOP[1], house, to / "widget.png")


class Look(NamedTuple):
    """How a page is looked at."""

    name: str
    size: ViewportSize
    scheme: Scheme = "light"
    touch: bool = False
    rtl: bool = False


LOOKS = (
    Look("light", WIDE), Look("dark", WIDE, "dark"), Look("phone", PHONE, touch=True), Look("phone-dark", PHONE, "dark", touch=True),
    Look("tablet", TABLET, touch=True), Look("rtl", WIDE, rtl=True), Look("rtl-phone", PHONE, touch=True, rtl=True),
)  # fmt: skip
RTL = "addEventListener('DOMContentLoaded', () => { document.documentElement.dir = 'rtl'; });"


async def _looked_at(browser: Browser, house: GatewayProcess, link: str, scenes: tuple[inbox_scenes.Scene, ...], to: Path) -> None:
    """Every scene in every look. A scene that cannot be reached is told, and pictured where it got stuck."""
    kept = await (await _signed_in(browser, link)).storage_state()
    for look in LOOKS:
        context = await browser.new_context(
            storage_state=kept, viewport=look.size, color_scheme=look.scheme, has_touch=look.touch, reduced_motion="reduce"
        )
        if look.rtl:
            await context.add_init_script(RTL)
        context.set_default_timeout(8_000)
        page = await context.new_page()
        for scene in scenes:
            try:
                await scene.go(page, house.url)
            except (AssertionError, PlaywrightError) as stuck:
                sys.stdout.write(f"{scene.name} in {look.name}: {str(stuck).splitlines()[0]}\n")
            await page.wait_for_timeout(150)
            await page.screenshot(path=to / f"{look.name}-{scene.name}.png")
            await inbox_scenes.leave(page)
        await context.close()


async def _everything(browser: Browser, house: DemoProcess, to: Path) -> None:
    await _looked_at(browser, house, house.link, inbox_scenes.SCENES, to)
    with tempfile.TemporaryDirectory() as name, GatewayProcess(Path(name) / "bare") as bare:
        await _looked_at(browser, bare, bare.said(r"(http://\S+/inbox/#link=\S+)"), inbox_scenes.EMPTY, to)
    for look in LOOKS:
        for scene in SHOP:
            visitor = await browser.new_context(
                viewport=look.size, color_scheme=look.scheme, locale="ar" if look.rtl else "en", reduced_motion="reduce"
            )
            await _take(await visitor.new_page(), scene, house, to / f"{look.name}-{scene.name}.png")
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
