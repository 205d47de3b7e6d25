"""Takes a picture of every state of the built widget: `python -m tests.browser.widget_gallery [folder]`. For the eye, not for the test run."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, FilePayload, async_playwright

from tests.browser.widget_stage import MINUTE, Scripted, Stage
from tests.parts import find_chromium
from tests.servers import CHROMIUM_ARGS

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"scheme": "dark"},
    "phone": PHONE,
    "arabic": {"lang": "ar"},
    "hindi": {"lang": "hi"},
    "telugu": {"lang": "te"},
    "bengali": {"lang": "bn"},
}
Scene = Callable[[Scripted, Stage], Awaitable[None]]


def talked(gateway: Scripted, long: bool = False) -> None:
    name = "Wilhelmiina-Annunziata von Habsburg-Lothringen" if long else "Mikko"
    gateway.says("Hello, the chair I ordered has a broken leg.", mine=True, ago=9)
    gateway.says("I am sorry to hear that. May I have a picture?", name=name, ago=7)
    gateway.says("Your order number helps, too: it begins with K, see https://shop.example/orders", name=name, ago=7)
    gateway.says("K-20981 🪑", mine=True, ago=5)
    gateway.begin(agent={"name": name}, waiting=False, read_by_agent_pub=4)


async def first(gateway: Scripted, stage: Stage) -> None:
    await stage.chat.wait_for()


async def away(gateway: Scripted, stage: Stage) -> None:
    gateway.service = {"state": "away", "opens_at": None, "agents": []}


async def asked_away(gateway: Scripted, stage: Stage) -> None:
    await stage.chat.wait_for()
    await stage.writes("Do you have the Halla chair in oak, and could it be here before Christmas?")
    await stage.frame.locator(".card").wait_for()


async def wrong_address(gateway: Scripted, stage: Stage) -> None:
    await asked_away(gateway, stage)
    await stage.frame.locator("#tl-mail").fill("aino@")
    await stage.frame.locator(".card button[type=submit]").click()


async def saved(gateway: Scripted, stage: Stage) -> None:
    await asked_away(gateway, stage)
    await stage.frame.locator("#tl-mail").fill("aino.virtanen@example.fi")
    await stage.frame.locator(".card button[type=submit]").click()
    await stage.frame.locator(".card.quiet").wait_for()


def menu(choice: int | None) -> Scene:
    async def scene(gateway: Scripted, stage: Stage) -> None:
        await stage.frame.locator("header button[aria-haspopup]").click()
        await stage.frame.locator("[role=menu]").wait_for()
        if choice is not None:
            await stage.frame.locator("[role=menuitem]").nth(choice).click()
            await stage.frame.locator(".card").wait_for()

    return scene


async def resolved(gateway: Scripted, stage: Stage) -> None:
    await stage.frame.locator(".card").wait_for()


async def rating(gateway: Scripted, stage: Stage) -> None:
    await stage.frame.locator(".scores").wait_for()


async def rated(gateway: Scripted, stage: Stage) -> None:
    await stage.frame.locator(".scores input").nth(3).check()
    await stage.frame.locator("#tl-comment").wait_for()


async def thanks(gateway: Scripted, stage: Stage) -> None:
    await rated(gateway, stage)
    await stage.frame.locator(".card button[type=submit]").click()
    await stage.frame.locator(".card.quiet").wait_for()


async def reconnecting(gateway: Scripted, stage: Stage) -> None:
    await stage.chat.wait_for()
    gateway.down = True
    await stage.writes("Is it possible to send it to my office?")
    await stage.frame.locator(".notice, .progress .link").first.wait_for()
    await stage.frame.locator("[data-state=waiting]").wait_for()


async def not_sent(gateway: Scripted, stage: Stage) -> None:
    await stage.chat.wait_for()
    gateway.fails["messages"] = 400
    await stage.writes("Is it possible to send it to my office?")
    await stage.frame.locator("[data-state=failed]").wait_for()


async def offline(gateway: Scripted, stage: Stage) -> None:
    await stage.chat.wait_for()
    gateway.down = True
    await stage.context.set_offline(True)
    await stage.frame.locator(".notice").wait_for()


async def files(gateway: Scripted, stage: Stage) -> None:
    await stage.chat.wait_for()
    picked: list[FilePayload] = [
        {"name": "a very long name of a picture of the broken chair leg.png", "mimeType": "image/png", "buffer": bytes(1_500_000)},
        {"name": "setup.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"},
    ]
    await stage.frame.locator("input[type=file]").set_input_files(picked)
    await stage.frame.locator(".upload.error").nth(1).wait_for()


async def typing(gateway: Scripted, stage: Stage) -> None:
    await stage.frame.locator("main[data-connected=socket]").wait_for()
    gateway.tell("typing", {"name": "Mikko", "on": True})
    await stage.frame.locator(".typing").wait_for()


def closed(gateway: Scripted) -> None:
    gateway.service = {"state": "closed", "opens_at": gateway.now + 2 * 24 * 60 * MINUTE, "agents": []}


def gone(gateway: Scripted) -> None:
    gateway.service = {"state": "away", "opens_at": None, "agents": []}


def ended(**changes: Any) -> Callable[[Scripted], None]:
    def prepare(gateway: Scripted) -> None:
        talked(gateway)
        gateway.begin(**changes)

    return prepare


def by_mail(gateway: Scripted) -> None:
    talked(gateway)
    gateway.says("I answered from my phone.", mine=True, ago=3, channel="support-mail")
    gateway.says(
        "Here is the label.",
        ago=1,
        files=[{"id": "f", "name": "return label.pdf", "media_type": "application/pdf", "size": 84_000, "state": "stored"}],
    )


def nothing(gateway: Scripted) -> None:
    """The state of a first visit."""


SCENES: dict[str, tuple[Callable[[Scripted], None], Scene]] = {
    "first-open": (nothing, first),
    "first-away": (gone, first),
    "first-closed": (closed, first),
    "menu": (nothing, menu(None)),
    "menu-before-question": (nothing, menu(1)),
    "talking": (talked, first),
    "by-mail-and-file": (by_mail, first),
    "typing": (talked, typing),
    "long-names": (lambda gateway: talked(gateway, long=True), first),
    "away-form": (gone, asked_away),
    "closed-form": (closed, asked_away),
    "away-wrong": (gone, wrong_address),
    "away-saved": (gone, saved),
    "person": (talked, menu(0)),
    "mail": (talked, menu(1)),
    "call": (talked, menu(3)),
    "resolved": (ended(state="resolved", asked_solved=True), resolved),
    "rating": (ended(state="closed"), rating),
    "rating-chosen": (ended(state="closed"), rated),
    "rating-thanks": (ended(state="closed"), thanks),
    "reconnecting": (talked, reconnecting),
    "not-sent": (talked, not_sent),
    "offline": (talked, offline),
    "files-refused": (talked, files),
}


async def picture(browser: Browser, folder: Path, name: str, look: str) -> None:
    prepare, scene = SCENES[name]
    gateway = Scripted(time.time_ns() // 1000)
    prepare(gateway)
    stage = await Stage.opens(browser, gateway, **LOOKS[look])
    await scene(gateway, stage)
    await stage.page.wait_for_timeout(250)  # transitions, for the eye
    await stage.page.screenshot(path=folder / f"{look}-{name}.png")
    await stage.context.close()


async def main(folder: Path, only: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(find_chromium()), args=list(CHROMIUM_ARGS))
        for look in LOOKS:
            for name in SCENES:
                if only in f"{look}-{name}":
                    await picture(browser, folder, name, look)
        await browser.close()


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "test-results/widget")
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target, sys.argv[2] if len(sys.argv) > 2 else ""))
