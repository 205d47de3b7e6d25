"""What visitors and agents do in a browser, in the words of a person."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect

from tests.gateway import GatewayProcess

_NUMBER = re.compile(r"^\d+$")
PASSWORD = "a long and quiet password"


class Visitor:
    """Somebody in the shop with the chat open."""

    def __init__(self, page: Page, gateway: GatewayProcess) -> None:
        self.page = page
        self.gateway = gateway

    @classmethod
    async def arrives(cls, context: BrowserContext, gateway: GatewayProcess) -> Visitor:
        page = await context.new_page()
        await page.goto(gateway.shop + "/")
        visitor = cls(page, gateway)
        await visitor.opens_chat()
        return visitor

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    @property
    def log(self) -> Locator:
        return self.frame.get_by_role("log", name="Conversation")

    async def opens_chat(self) -> None:
        await self.page.get_by_role("button", name="Open chat").click()
        await expect(self.frame.get_by_role("textbox", name="Message")).to_be_visible()

    async def writes(self, text: str) -> None:
        await self.frame.get_by_role("textbox", name="Message").fill(text)
        await self.frame.get_by_role("button", name="Send").click()

    async def says(self, text: str) -> None:
        """Writes, and sees that it was taken."""
        await self.writes(text)
        await expect(self.bubble(text)).to_have_attribute("data-pub", _NUMBER)

    def bubble(self, text: str) -> Locator:
        return self.log.locator("[data-mine]").filter(has_text=text)

    async def sees(self, text: str) -> None:
        await expect(self.bubble(text).first).to_be_visible()

    async def reloads(self) -> None:
        await self.page.reload()
        if await self.page.get_by_role("button", name="Open chat").is_visible():
            await self.opens_chat()

    async def attaches(self, path: Path) -> None:
        async with self.page.expect_file_chooser() as chooser:
            await self.frame.get_by_role("button", name="Attach a file").click()
        await (await chooser.value).set_files(path)


class Agent:
    """Somebody who answers in the inbox."""

    def __init__(self, page: Page, gateway: GatewayProcess) -> None:
        self.page = page
        self.gateway = gateway

    @classmethod
    async def signs_in(cls, browser: Browser, gateway: GatewayProcess, link: str) -> Agent:
        """By the single-use link, choosing a password there."""
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto(link)
        password = page.get_by_label("Password").first
        await password.fill(PASSWORD)
        await page.locator("button[type=submit]").click()
        await expect(page.get_by_role("switch", name="Available")).to_be_visible()
        return cls(page, gateway)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Conversation")

    def row(self, text: str) -> Locator:
        return self.page.locator("[data-conversation]").filter(has_text=text)

    async def opens(self, text: str, view: str = "Mine") -> None:
        await self.page.get_by_role("link", name=view).first.click()
        await self.row(text).first.click()
        await expect(self.log).to_be_visible()

    def entry(self, text: str) -> Locator:
        return self.log.locator("[data-seq]").filter(has_text=text)

    async def sees(self, text: str) -> None:
        await expect(self.entry(text).first).to_be_visible()

    async def replies(self, text: str) -> None:
        await self.page.get_by_role("tab", name="Reply").click()
        await self.page.get_by_role("textbox", name="Reply").fill(text)
        await self.page.get_by_role("button", name="Send", exact=True).click()
        await expect(self.entry(text)).to_be_visible()

    async def notes(self, text: str) -> None:
        await self.page.get_by_role("tab", name="Note").click()
        await self.page.get_by_role("textbox", name="Note").fill(text)
        await self.page.get_by_role("button", name="Add note").click()
        await expect(self.entry(text)).to_be_visible()

    async def attaches(self, path: Path) -> None:
        await self.page.get_by_role("tab", name="Reply").click()
        async with self.page.expect_file_chooser() as chooser:
            await self.page.get_by_role("button", name="Attach a file").click()
        await (await chooser.value).set_files(path)

    async def resolves(self, category: str) -> None:
        await self.page.get_by_role("button", name="Resolve").first.click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label(category).check()
        await dialog.get_by_role("button", name="Resolve").click()
        await expect(dialog).to_have_count(0)
