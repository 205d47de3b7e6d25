"""The widget's states as a customer meets them: nobody there, closed, lost connections, signed in and out, the end, keys only, right to left."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import jwt
import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.browser.accessible import findings
from tests.browser.people import Agent, Visitor
from tests.browser.widget_stage import CHAT, Scripted, Stage, built
from tests.gateway import GatewayProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

AWAY: dict[str, Any] = {"state": "away", "opens_at": None, "agents": []}
KEY = "a key of the shop that nobody else knows"
_TOKEN = "throughline.demo.token"


@pytest.fixture
def scripted() -> Scripted:
    built()
    return Scripted(time.time_ns() // 1000)


@pytest.fixture
def shop_with_key(tmp_path: Path) -> Iterator[GatewayProcess]:
    with GatewayProcess(tmp_path / "signed", sites__demo__identity_keys=json.dumps([KEY])) as running:
        yield running


def bodies(gateway: Scripted, path: str) -> list[Any]:
    return [body for asked, body in gateway.asked if asked == path]


async def kept(page: Page) -> dict[str, str]:
    """What the frame keeps in the browser."""
    frame = next(one for one in page.frames if one.url.startswith(CHAT))
    found: dict[str, str] = await frame.evaluate("() => ({...localStorage})")
    return found


async def axe(stage: Stage) -> list[str]:
    return await findings(next(one for one in stage.page.frames if one.url.startswith(CHAT)))


# Who is there


async def test_the_header_says_who_is_there_and_changes_when_they_go(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted)
    status = stage.frame.locator("header [role=status]")
    await expect(status).to_contain_text("We are here now")
    await expect(stage.frame.locator("header .avatar")).to_have_text(["A", "M", "S"])
    await expect(stage.frame.locator("main")).to_have_attribute("data-connected", "socket")
    scripted.service = AWAY
    scripted.tell("service", {"service": AWAY})
    await expect(status).to_have_text("Nobody is here right now. Leave your message, and we will answer.")
    scripted.says("hello", mine=True)
    scripted.begin(agent={"name": "Mikko"})
    scripted.tell("service", {"service": {"state": "open", "opens_at": None, "agents": ["Aino"]}})
    scripted.tell("thread", {"thread": scripted.thread})
    await expect(status).to_have_text("Mikko is helping you")
    await expect(stage.frame.locator("header .avatar")).to_have_text(["M"])


@pytest.mark.parametrize(
    ("lang", "zone", "said"),
    [
        ("en-GB", "Europe/Helsinki", r"We are closed until Monday,? (at )?0?9:00"),
        ("en-US", "America/New_York", r"We are closed until Monday,? (at )?2:00\sAM"),
        ("fi", "Europe/Helsinki", r"Olemme kiinni\. Avaamme: maanantai.* 9\.00"),
        ("hi", "Asia/Kolkata", r"अभी बंद है। हम सोमवार.* 12:30 \w+ खुलेंगे"),
    ],
)
async def test_closed_says_until_when_in_the_visitors_language_and_time_zone(
    browser: Browser, scripted: Scripted, lang: str, zone: str, said: str
) -> None:
    friday_evening, monday_nine = 1_763_740_800, 1_763_967_600  # 2025-11-21 16:00 UTC, 2025-11-24 07:00 UTC
    scripted.service = {"state": "closed", "opens_at": monday_nine * 1_000_000, "agents": []}
    stage = await Stage.opens(browser, scripted, lang=lang, timezone_id=zone, now=friday_evening)
    await expect(stage.frame.locator("header [role=status]")).to_have_text(re.compile(said))


async def test_closed_without_a_time_promises_none(browser: Browser, scripted: Scripted) -> None:
    scripted.service = {"state": "closed", "opens_at": None, "agents": []}
    stage = await Stage.opens(browser, scripted)
    await expect(stage.frame.locator("header [role=status]")).to_have_text("We are closed right now")


# Nobody there


async def test_nobody_there_takes_the_question_first_and_the_address_after(browser: Browser, scripted: Scripted) -> None:
    scripted.service = AWAY
    stage = await Stage.opens(browser, scripted)
    await expect(stage.chat).to_be_visible()
    await expect(stage.frame.locator("form.fields")).to_have_count(0)
    await stage.writes("Do you have it in oak?")
    await expect(stage.frame.get_by_label("Your name")).to_be_visible()
    await expect(stage.frame.locator(".card input")).to_have_count(2)
    await expect(stage.field).to_be_editable()
    scripted.fails["claim"] = 503
    await stage.frame.get_by_label("Your name").fill("Aino")
    await stage.frame.get_by_label("Email").fill("aino@")
    await stage.frame.get_by_role("button", name="Save").click()
    await expect(stage.frame.get_by_role("alert")).to_have_text("Please write an email address such as name@example.com.")
    await expect(stage.frame.get_by_label("Email")).to_be_focused()
    await stage.frame.get_by_label("Email").fill("aino@example.fi")
    await stage.frame.get_by_role("button", name="Save").click()
    await expect(stage.frame.get_by_role("alert")).to_have_text("Something went wrong. Please try again.")
    await expect(stage.frame.get_by_label("Email")).to_have_value("aino@example.fi")
    del scripted.fails["claim"]
    await stage.frame.get_by_role("button", name="Save").click()
    await expect(stage.frame.get_by_text("Thank you. We answer to aino@example.fi, and here.")).to_be_visible()
    assert bodies(scripted, "claim")[-1] == {"address": "aino@example.fi", "name": "Aino"}
    assert [body["text"] for body in bodies(scripted, "messages")] == ["Do you have it in oak?"]


async def test_nothing_known_is_asked_again(browser: Browser, scripted: Scripted) -> None:
    scripted.service = AWAY
    scripted.known = {"name": "Aino", "mail": False, "phone": False}
    stage = await Stage.opens(browser, scripted)
    await stage.writes("first")
    await expect(stage.frame.locator(".card input")).to_have_count(1)
    await expect(stage.frame.get_by_label("Email")).to_be_visible()
    scripted.known = {"name": "Aino", "mail": True, "phone": False}
    await stage.page.reload()
    await expect(stage.frame.get_by_text("You need not wait here: we also answer by email.")).to_be_visible()
    await expect(stage.frame.locator(".card input")).to_have_count(0)


async def test_somebody_there_means_no_form_and_a_message_knows_where_it_was_written(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted, timezone_id="Asia/Kolkata")
    await stage.writes("hello")
    await expect(stage.frame.locator("[data-mine=true][data-pub='1']")).to_be_visible()
    await expect(stage.frame.locator(".card")).to_have_count(0)
    assert bodies(scripted, "messages")[0]["time_zone"] in ("Asia/Kolkata", "Asia/Calcutta")


async def test_the_offline_form_against_the_real_gateway(browser: Browser, gateway: GatewayProcess) -> None:
    aino = await Visitor.arrives(await browser.new_context(), gateway)
    await expect(aino.frame.get_by_text("Nobody is here right now")).to_be_visible()
    await aino.says("Is the Kajo lamp repairable?")
    await aino.frame.get_by_label("Your name").fill("Aino Virtanen")
    await aino.frame.get_by_label("Email").fill("aino@example.fi")
    await aino.frame.get_by_role("button", name="Save").click()
    await expect(aino.frame.get_by_text("We have noted aino@example.fi")).to_be_visible()
    await aino.reloads()
    await aino.sees("Is the Kajo lamp repairable?")
    await expect(aino.frame.locator(".card input")).to_have_count(0)
    mikko = await Agent.signs_in(browser, gateway, gateway.said(r"(http://\S+/inbox/#link=\S+)"))
    await mikko.opens("Is the Kajo lamp repairable?")
    await mikko.sees("Is the Kajo lamp repairable?")
    await expect(mikko.page.get_by_text("aino@example.fi").first).to_be_visible()
    await expect(aino.frame.locator("header [role=status]")).to_contain_text(re.compile("We are here now|is helping you"))
    await expect(aino.frame.locator(".card")).to_have_count(0)


# Always in reach


async def test_another_way_is_one_key_away_and_leaves_with_escape(browser: Browser, scripted: Scripted) -> None:
    scripted.says("hello", mine=True)
    stage = await Stage.opens(browser, scripted)
    button = stage.frame.get_by_role("button", name="More ways to reach us")
    await button.focus()
    await button.press("Enter")
    items = stage.frame.get_by_role("menuitem")
    await expect(items).to_have_text(["Talk to a person", "Continue by email", "Text me instead", "Call me"])
    await expect(items.nth(0)).to_be_focused()
    await stage.page.keyboard.press("ArrowUp")
    await expect(items.nth(3)).to_be_focused()
    await stage.page.keyboard.press("Escape")
    await expect(items).to_have_count(0)
    await expect(button).to_be_focused()
    await expect(stage.field).to_be_visible()
    await button.press("Enter")
    await items.nth(3).press("Enter")
    await stage.frame.get_by_label("Your name").fill("Aino")
    await stage.frame.get_by_label("Phone, with country code").fill("+358 40 123 4567")
    await stage.frame.get_by_role("button", name="Call me").click()
    await expect(stage.frame.get_by_text("We call you as soon as somebody is free.")).to_be_visible()
    assert bodies(scripted, "claim") == [{"address": "+358401234567", "name": "Aino"}]
    await expect(stage.frame.locator("[data-mine=true]").last).to_contain_text("Please call me. +358401234567")


async def test_only_the_ways_there_are_and_a_person_only_after_the_question(browser: Browser, scripted: Scripted) -> None:
    scripted.config["ways"] = ["mail"]
    stage = await Stage.opens(browser, scripted)
    await stage.frame.get_by_role("button", name="More ways to reach us").click()
    await expect(stage.frame.get_by_role("menuitem")).to_have_text(["Talk to a person", "Continue by email"])
    await stage.frame.get_by_role("menuitem", name="Talk to a person").click()
    await expect(stage.frame.get_by_text("Write your question below first.")).to_be_visible()
    assert bodies(scripted, "person") == []
    await stage.writes("My order has not come.")
    await expect(stage.frame.get_by_text("We have asked a colleague to join you here.")).to_be_visible()
    assert bodies(scripted, "person") == [{}]


# Lost connections


async def test_what_could_not_be_sent_is_kept_and_tried_again(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted)
    await expect(stage.chat).to_be_visible()
    scripted.down = True
    await stage.writes("kept through the storm")
    await expect(stage.frame.locator("[data-state=waiting]")).to_contain_text("Not sent yet")
    await stage.page.reload()
    scripted.down = False
    await expect(stage.frame.locator("[data-mine=true][data-pub='1']")).to_contain_text("kept through the storm")
    scripted.fails["messages"] = 400
    await stage.writes("refused at first")
    failed = stage.frame.locator("[data-state=failed]")
    await expect(failed).to_contain_text("Not sent")
    del scripted.fails["messages"]
    await failed.get_by_role("button", name="Try again").click()
    await expect(stage.frame.locator("[data-mine=true][data-pub='2']")).to_contain_text("refused at first")
    await expect(stage.frame.locator("[data-mine=true]")).to_have_count(2)


async def test_a_draft_stays_in_its_tab(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted)
    await stage.field.fill("half a sent")
    other = await stage.tab()
    await expect(other.frame_locator("iframe").locator(".composer textarea")).to_have_value("")
    await stage.page.reload()
    await expect(stage.field).to_have_value("half a sent")


async def test_a_draft_outlives_a_reload_where_the_browser_gives_the_frame_no_storage(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted, storage=False)
    await expect(stage.chat).to_be_visible()
    await stage.field.fill("half a sentence")
    await stage.page.reload()
    await expect(stage.field).to_have_value("half a sentence")


async def test_two_tabs_are_one_visitor(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted)
    await stage.writes("from the first tab")
    await expect(stage.frame.locator("[data-mine=true][data-pub='1']")).to_be_visible()
    other = await stage.tab()
    await expect(other.frame_locator("iframe").locator("[data-mine=true]")).to_contain_text("from the first tab")
    assert {body["token"] for body in bodies(scripted, "session")[1:]} == {"stranger-token"}


# Signed in


async def test_signed_in_and_out_the_tokens_never_mix(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted)
    await expect(stage.chat).to_be_visible()
    assert (await kept(stage.page))[_TOKEN] == "stranger-token"
    await stage.page.evaluate("Throughline.identify('aino')")
    await _asked_as(stage, scripted, "aino")
    assert bodies(scripted, "session")[-1] == {"site": "demo", "token": "stranger-token", "identity": "aino"}
    assert not [value for value in (await kept(stage.page)).values() if "token" in value]
    await stage.writes("as myself")
    await expect(stage.frame.locator("[data-mine=true][data-pub='1']")).to_be_visible()
    assert scripted.tokens[-1] == "Bearer aino-token"
    scripted.items, scripted.thread = [], None
    await stage.field.fill("a secret half written")
    await stage.page.evaluate("Throughline.logout()")
    await expect(stage.frame.locator("[data-mine=true]")).to_have_count(0)
    await expect(stage.field).to_have_value("")
    await _asked_as(stage, scripted, "stranger")
    assert bodies(scripted, "session")[-1] == {"site": "demo", "token": None, "identity": None}
    assert not [key for key in await kept(stage.page) if "@" in key]


async def _asked_as(stage: Stage, gateway: Scripted, visitor: str) -> None:
    """Waits until a call is made with that visitor's token."""
    async with stage.page.expect_response(lambda answer: answer.request.headers.get("authorization") == f"Bearer {visitor}-token"):
        await stage.page.evaluate("dispatchEvent(new Event('focus'))")
        await next(one for one in stage.page.frames if one.url.startswith(CHAT)).evaluate("dispatchEvent(new Event('online'))")


async def test_an_identity_in_the_page_is_the_first_thing_said_and_stands_in_no_address(browser: Browser, scripted: Scripted) -> None:
    addresses: list[str] = []
    lines: list[str] = []
    stage = await Stage.opens(browser, scripted, 'data-open data-identity="aino.signed.word"')
    stage.page.on("request", lambda request: addresses.append(request.url))
    stage.page.on("console", lambda line: lines.append(line.text))
    await stage.page.reload()
    await expect(stage.chat).to_be_visible()
    assert {body["identity"] for body in bodies(scripted, "session")} == {"aino.signed.word"}
    assert addresses and not [url for url in addresses if "signed" in url or "token" in url]
    assert not [line for line in lines if "signed" in line or "token" in line]


async def test_a_refused_identity_warns_the_developer_and_the_chat_goes_on(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted, "")
    async with stage.page.expect_console_message(lambda line: line.type == "warning") as warning:
        await stage.page.evaluate("Throughline.identify('forged'); Throughline.open()")
    text = (await warning.value).text
    assert "identity was refused" in text and "The signature does not verify." in text and "forged" not in text
    await stage.writes("still here")
    await expect(stage.frame.locator("[data-mine=true][data-pub='1']")).to_be_visible()
    assert scripted.tokens[-1] == "Bearer stranger-token"
    await stage.page.evaluate("Throughline.close()")
    await expect(stage.page.get_by_role("button", name="Open chat")).to_have_attribute("aria-expanded", "false")


async def test_a_signed_in_customer_finds_their_conversation_again(browser: Browser, shop_with_key: GatewayProcess) -> None:
    claims = {"sub": "customer-7", "name": "Aino Virtanen", "email": "aino@example.fi", "exp": int(time.time()) + 600}
    word = jwt.encode(claims, KEY, algorithm="HS256")
    aino = await Visitor.arrives(await browser.new_context(), shop_with_key)
    await aino.says("asked before I signed in")
    await aino.page.evaluate("word => Throughline.identify(word)", word)
    await aino.sees("asked before I signed in")
    await aino.says("and after")
    await aino.page.evaluate("Throughline.logout()")
    await expect(aino.log.locator("[data-mine]")).to_have_count(0)
    await aino.says("a stranger now")
    await expect(aino.log.locator("[data-mine]")).to_have_count(1)
    elsewhere = await Visitor.arrives(await browser.new_context(), shop_with_key)
    await expect(elsewhere.frame.locator("main[data-loaded=true]")).to_be_visible()
    await elsewhere.page.evaluate("word => Throughline.identify(word)", word)
    await expect(elsewhere.log.locator("[data-mine]")).to_have_text([re.compile("asked before I signed in"), re.compile("and after")])


# The end


async def test_solved_then_rated_with_words_and_a_comment(browser: Browser, scripted: Scripted) -> None:
    scripted.says("hello", mine=True)
    scripted.begin(state="resolved", asked_solved=True)
    stage = await Stage.opens(browser, scripted)
    await stage.frame.get_by_role("button", name="Yes, solved").click()
    group = stage.frame.get_by_role("group", name="How was our help?")
    await expect(group.get_by_role("radio")).to_have_count(5)
    await group.get_by_role("radio", name="Good").focus()
    await stage.page.keyboard.press("Space")
    await stage.page.keyboard.press("ArrowRight")
    await expect(group.get_by_role("radio", name="Great")).to_be_checked()
    await stage.frame.get_by_label("Anything to add? (optional)").fill("Quick and kind")
    await stage.frame.get_by_role("button", name="Send").first.click()
    await expect(stage.frame.get_by_text("Thank you for telling us.")).to_be_visible()
    assert bodies(scripted, "rating") == [{"score": 5, "comment": "Quick and kind"}]
    await stage.page.reload()
    await expect(stage.frame.get_by_text("Thank you for telling us.")).to_be_visible()


async def test_a_rating_may_be_skipped_for_good(browser: Browser, scripted: Scripted) -> None:
    scripted.says("hello", mine=True)
    scripted.begin(state="closed")
    stage = await Stage.opens(browser, scripted)
    await stage.frame.get_by_role("button", name="Skip").click()
    await expect(stage.frame.get_by_text("This conversation is closed.")).to_be_visible()
    await stage.page.reload()
    await expect(stage.frame.get_by_text("This conversation is closed.")).to_be_visible()
    assert bodies(scripted, "rating") == []


async def test_a_rating_reaches_the_real_gateway(browser: Browser, gateway: GatewayProcess) -> None:
    mikko = await Agent.signs_in(browser, gateway, gateway.said(r"(http://\S+/inbox/#link=\S+)"))
    aino = await Visitor.arrives(await browser.new_context(), gateway)
    await aino.says("the lamp flickers")
    await mikko.opens("the lamp flickers")
    await mikko.resolves("Question")
    await aino.frame.get_by_role("button", name="Yes, solved").click()
    await aino.frame.get_by_role("radio", name="Great").check()
    await aino.frame.locator(".card").get_by_role("button", name="Send").click()
    await expect(aino.frame.get_by_text("Thank you for telling us.")).to_be_visible()
    await aino.reloads()
    await expect(aino.frame.get_by_text("Thank you for telling us.")).to_be_visible()


# Everybody


async def test_keys_only_from_the_launcher_to_a_sent_message_and_back(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted, "")
    launcher = stage.page.get_by_role("button", name="Open chat")
    for _ in range(5):
        await stage.page.keyboard.press("Tab")
        if await launcher.evaluate("node => node.getRootNode().activeElement === node"):
            break
    await stage.page.keyboard.press("Enter")
    await expect(stage.field).to_be_focused()
    await stage.page.keyboard.type("written with keys")
    await stage.page.keyboard.press("Shift+Enter")
    await stage.page.keyboard.type("on two lines")
    await stage.page.keyboard.press("Enter")
    await expect(stage.frame.locator("[data-mine=true][data-pub='1']")).to_contain_text("written with keys")
    await expect(stage.field).to_be_focused()
    assert bodies(scripted, "messages")[0]["text"] == "written with keys\non two lines"
    await stage.page.keyboard.press("Escape")
    await expect(launcher).to_be_focused()
    await expect(launcher).to_have_attribute("aria-expanded", "false")


async def test_a_new_answer_is_said_to_a_screen_reader(browser: Browser, scripted: Scripted) -> None:
    scripted.says("hello", mine=True)
    stage = await Stage.opens(browser, scripted)
    await expect(stage.frame.locator("main[data-connected=socket]")).to_be_visible()
    scripted.says("Good morning")
    scripted.tell("item", {"item": scripted.items[-1]})
    await expect(stage.frame.locator("[aria-live=polite]")).to_have_text("Mikko: Good morning")


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("accent", ["#2f5d4f", "#ffe44d", "#101010"])
async def test_axe_finds_nothing_with_any_accent(browser: Browser, scripted: Scripted, look: Literal["light", "dark"], accent: str) -> None:
    scripted.config["accent"] = accent
    scripted.service = AWAY
    stage = await Stage.opens(browser, scripted, scheme=look)
    await expect(stage.chat).to_be_visible()
    assert await axe(stage) == []
    await stage.writes("hello")
    await expect(stage.frame.get_by_label("Email")).to_be_visible()
    assert await axe(stage) == []
    scripted.begin(state="closed")
    scripted.tell("thread", {"thread": scripted.thread})
    await expect(stage.frame.get_by_role("radio").first).to_be_visible()
    assert await axe(stage) == []
    await stage.frame.get_by_role("button", name="More ways to reach us").click()
    await expect(stage.frame.get_by_role("menu")).to_be_visible()
    assert await axe(stage) == []


@pytest.mark.parametrize("lang", ["ar", "hi", "te", "bn", "fi"])
async def test_no_english_is_left_and_arabic_runs_from_the_right(browser: Browser, scripted: Scripted, lang: str) -> None:
    scripted.config |= {"title": "•", "greeting": "", "suggestions": []}
    scripted.service = AWAY
    scripted.fails["messages"] = 400
    stage = await Stage.opens(browser, scripted, lang=lang)
    await expect(stage.frame.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    await stage.writes("•")
    await expect(stage.frame.locator("[data-state=failed]")).to_be_visible()
    del scripted.fails["messages"]
    await stage.frame.locator("[data-state=failed] .link").first.click()
    await expect(stage.frame.locator("form.fields")).to_be_visible()
    await stage.frame.locator("header [aria-haspopup]").click()
    await expect(stage.frame.get_by_role("menuitem")).to_have_count(4)
    said = await stage.frame.locator("main").inner_text()
    names = await stage.frame.locator("[aria-label]").evaluate_all("all => all.map(one => one.getAttribute('aria-label')).join(' ')")
    words = {word.lower() for word in re.findall(r"[A-Za-z]{2,}", said + " " + names)} - {"sms", "am", "pm"}
    if lang == "fi":
        assert not words & {"send", "email", "message", "now", "here", "close", "you", "your", "the"}
    else:
        assert not words
    if lang == "ar":
        field, send = await stage.field.bounding_box(), await stage.frame.locator(".send").bounding_box()
        assert field and send and send["x"] < field["x"], "the send button stands at the left"


async def test_on_a_phone_the_chat_fills_the_screen_and_stays_above_the_keyboard(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    await expect(stage.chat).to_be_visible()
    frame = stage.page.locator("iframe")
    box = await frame.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    await stage.page.evaluate(
        """() => { Object.defineProperty(visualViewport, "height", { value: 500, configurable: true });
        visualViewport.dispatchEvent(new Event("resize")); }"""
    )
    await expect(frame).to_have_css("height", "500px")
    composer = await stage.frame.locator(".composer").bounding_box()
    assert composer and composer["y"] + composer["height"] <= 500
    await stage.frame.get_by_role("button", name="Close chat").click()
    await expect(frame).to_be_hidden()


async def test_too_large_and_unwelcome_files_say_why(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted)
    await expect(stage.chat).to_be_visible()
    picked: list[FilePayload] = [
        {"name": "leg.png", "mimeType": "image/png", "buffer": bytes(1_000_001)},
        {"name": "setup.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"},
    ]
    await stage.frame.locator("input[type=file]").set_input_files(picked)
    await expect(stage.frame.get_by_role("alert")).to_have_text(
        [
            re.compile("leg.png is too large. Files may have up to 1 MB."),
            re.compile("setup.exe cannot be sent. This type of file is not accepted."),
        ]
    )


async def test_nothing_moves_for_whoever_wants_no_motion(browser: Browser, scripted: Scripted) -> None:
    stage = await Stage.opens(browser, scripted, reduced_motion="reduce")
    await expect(stage.frame.locator(".send")).to_have_css("transition-duration", "0s")
    await expect(stage.page.locator("iframe")).to_have_css("transition-duration", "0s")
