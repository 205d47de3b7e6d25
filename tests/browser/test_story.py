"""The ring, as people live it: asked in the shop, answered in the inbox, through reloads, files, a hand-over and a kill -9."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.people import Agent, Visitor
from tests.gateway import GatewayProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def first_link(gateway: GatewayProcess) -> str:
    return gateway.said(r"(http://\S+/inbox/#link=\S+)")


async def test_a_question_is_asked_answered_and_solved(browser: Browser, gateway: GatewayProcess, seen: Path) -> None:
    mikko = await Agent.signs_in(browser, gateway, first_link(gateway))
    aino = await Visitor.arrives(await browser.new_context(), gateway)
    assert aino.gateway.shop != aino.gateway.url, "the shop is on another origin than the gateway"

    await aino.says("Where is my order 4711? 🪑 हिन्दी")
    await mikko.opens("Where is my order")
    await mikko.sees("Where is my order 4711? 🪑 हिन्दी")
    await mikko.notes("she is a regular customer")
    await mikko.replies("It left Oulu this morning, తెలుగు.")
    await aino.sees("It left Oulu this morning, తెలుగు.")
    await expect(aino.bubble("she is a regular")).to_have_count(0)
    await expect(mikko.entry("It left Oulu").locator("p[data-delivery=read]")).to_be_visible()
    await mikko.page.screenshot(path=seen / "story-inbox.png")
    await aino.page.screenshot(path=seen / "story-widget.png")

    await aino.reloads()
    await aino.sees("Where is my order 4711?")
    await aino.sees("It left Oulu this morning")

    await mikko.resolves("Question")
    await aino.frame.get_by_role("button", name="No, not yet").click()
    await aino.says("It has not come yet.")
    await mikko.opens("It has not come yet.")
    await mikko.sees("It has not come yet.")


async def test_two_tabs_are_one_conversation(browser: Browser, gateway: GatewayProcess) -> None:
    mikko = await Agent.signs_in(browser, gateway, first_link(gateway))
    context = await browser.new_context()
    one = await Visitor.arrives(context, gateway)
    await one.says("written in the first tab")
    two = await Visitor.arrives(context, gateway)
    await two.sees("written in the first tab")
    await two.says("written in the second tab")
    await one.sees("written in the second tab")
    await mikko.opens("written in the second tab")
    await mikko.replies("seen in both")
    for tab in (one, two):
        await tab.sees("seen in both")
        await expect(tab.log.locator("[data-mine]")).to_have_count(3)


async def test_files_go_both_ways(browser: Browser, gateway: GatewayProcess, tmp_path: Path) -> None:
    mikko = await Agent.signs_in(browser, gateway, first_link(gateway))
    aino = await Visitor.arrives(await browser.new_context(), gateway)
    photo, letter = tmp_path / "tuoli rikki.png", tmp_path / "lasku.txt"
    photo.write_bytes(PIXEL)
    letter.write_text("Lasku nro 12\n")
    await aino.attaches(photo)
    await aino.says("The leg is broken")
    await mikko.opens("The leg is broken")
    await expect(mikko.log.get_by_text("tuoli rikki.png").or_(mikko.log.get_by_alt_text("tuoli rikki.png")).first).to_be_visible()
    await mikko.attaches(letter)
    await mikko.replies("Here is the invoice")
    await aino.sees("Here is the invoice")
    await expect(aino.log.get_by_text("lasku.txt").first).to_be_visible()
    async with aino.page.expect_download() as download:
        await aino.log.get_by_text("lasku.txt").first.click()
    saved = tmp_path / "saved"
    await (await download.value).save_as(saved)
    assert saved.read_text() == "Lasku nro 12\n"


async def test_a_hand_over_carries_everything(browser: Browser, gateway: GatewayProcess) -> None:
    mikko = await Agent.signs_in(browser, gateway, first_link(gateway))
    aino = await Visitor.arrives(await browser.new_context(), gateway)
    await aino.says("I want to return a table")
    await mikko.opens("I want to return a table")
    await mikko.replies("Let me ask my colleague")

    added = gateway.run("agent", "add", "liisa@shop.example", "--name", "Liisa")
    link = re.search(r"#link=\S+", added)
    assert link is not None
    liisa = await Agent.signs_in(browser, gateway, f"{gateway.url}/inbox/{link[0]}")
    await mikko.page.get_by_role("button", name="Hand over").first.click()
    dialog = mikko.page.get_by_role("dialog")
    await dialog.get_by_text("Liisa").first.click()
    await dialog.get_by_role("textbox").last.fill("wants her money back")
    await dialog.get_by_role("button", name="Hand over").click()

    await liisa.opens("wants her money back")
    for text in ("I want to return a table", "Let me ask my colleague", "wants her money back"):
        await liisa.sees(text)
    await liisa.replies("Hello, Liisa here. I will take care of it.")
    await aino.sees("Hello, Liisa here")
    await expect(aino.bubble("wants her money back")).to_have_count(0)


async def test_a_kill_in_mid_conversation_loses_and_doubles_nothing(browser: Browser, gateway: GatewayProcess, seen: Path) -> None:
    mikko = await Agent.signs_in(browser, gateway, first_link(gateway))
    aino = await Visitor.arrives(await browser.new_context(), gateway)
    await aino.says("before the crash")
    await mikko.opens("before the crash")
    await mikko.replies("answered before the crash")
    await aino.sees("answered before the crash")

    gateway.kill()
    await aino.writes("while it was down")
    await expect(aino.bubble("while it was down")).to_be_visible()
    await aino.page.screenshot(path=seen / "story-widget-offline.png")
    gateway.start()

    await expect(aino.bubble("while it was down")).to_have_attribute("data-pub", re.compile(r"^\d+$"), timeout=30_000)
    await mikko.sees("while it was down")
    await mikko.replies("and here again")
    await aino.sees("and here again")
    await expect(aino.log.locator("[data-mine]")).to_have_count(4)
    await aino.reloads()
    await aino.sees("and here again")
    await expect(aino.log.locator("[data-mine]")).to_have_count(4)
    await expect(mikko.log.locator("[data-direction]")).to_have_count(4)


async def test_what_was_said_in_a_closed_conversation_is_still_there_after_a_reload(browser: Browser, gateway: GatewayProcess) -> None:
    mikko = await Agent.signs_in(browser, gateway, first_link(gateway))
    aino = await Visitor.arrives(await browser.new_context(), gateway)
    await aino.says("the first matter")
    await mikko.opens("the first matter")
    await mikko.resolves("Question")
    await aino.frame.get_by_role("button", name="Yes, solved").click()
    await expect(mikko.row("the first matter")).to_contain_text("Closed")
    await aino.says("the second matter")
    await expect(mikko.row("the second matter")).to_contain_text("#1002")
    await mikko.row("the second matter").click()
    await expect(mikko.row("the first matter")).to_have_count(0)
    await aino.reloads()
    await expect(aino.log.locator("[data-mine]")).to_have_text([re.compile("the first matter"), re.compile("the second matter")])
