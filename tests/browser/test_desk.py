"""A day at the desk: finding, acting on several, answering with snippets, putting together and taking apart, and who may do what."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.house import House
from tests.browser.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("desk") / "house") as running:
        running.opens()
        yield running


def line(page: Page, name: str) -> Locator:
    return page.locator("[data-conversation]").filter(has_text=name)


async def does(page: Page, name: str) -> Locator:
    """Something from the conversation's own menu; gives the dialog, where one opens."""
    await page.locator("[data-menu=more]").click()
    await page.get_by_role("menuitem", name=name).click()
    return page.get_by_role("dialog")


async def narrows(page: Page, name: str, value: str) -> None:
    await page.get_by_role("button", name="Filter", exact=True).click()
    await page.get_by_role("menuitem", name=name).click()
    await page.get_by_role("menuitemradio", name=value).or_(page.get_by_role("menuitem", name=value)).first.click()


async def test_filters_stay_in_the_address_and_the_way_back(browser: Browser, house: House) -> None:
    velvet, linen = house.customer("Velma", "about velvet"), house.customer("Linus", "about linen")
    for row, priority in ((velvet, 1), (linen, 3)):
        house.ask("POST", f"/api/conversations/{row['id']}/tags", {"add": ["fabric"], "remove": []})
        fresh = house.ask("GET", f"/api/conversations/{row['id']}")["conversation"]
        house.ask("PUT", f"/api/conversations/{row['id']}", {"version": fresh["version"], "priority": priority})
    house.customer("Oskar", "about something else")
    page = (await house.admin(browser)).page

    await narrows(page, "Tag", "fabric")
    await expect(page).to_have_url(re.compile("tag=fabric"))
    await expect(line(page, "Oskar")).to_have_count(0)
    await narrows(page, "Priority", "Urgent")
    await expect(line(page, "Linus")).to_have_count(0)
    await expect(line(page, "Velma")).to_be_visible()
    await page.reload()
    await expect(line(page, "Velma")).to_be_visible()
    await expect(line(page, "Linus")).to_have_count(0)
    await page.go_back()
    await expect(line(page, "Linus")).to_be_visible()
    await expect(line(page, "Oskar")).to_have_count(0)
    await page.go_back()
    await expect(line(page, "Oskar")).to_be_visible()


async def test_several_are_changed_at_once(browser: Browser, house: House) -> None:
    for name in ("Bodil", "Birk", "Britta"):
        house.customer(name, f"{name} asks for a bulkword")
    page = (await house.admin(browser)).page
    await page.goto(f"{house.url}/inbox/#/all?q=bulkword")
    await expect(line(page, "B")).to_have_count(3)
    await page.get_by_role("checkbox", name="Tick Bodil").check()
    await page.get_by_role("checkbox", name="Tick Birk").check()
    bar = page.get_by_role("toolbar", name="Act on what is ticked")
    await expect(bar).to_contain_text("2 ticked")
    await bar.get_by_role("button", name="Tag", exact=True).click()
    await page.keyboard.type("Recall 2026")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("2 conversations tagged.")).to_be_visible()
    for name in ("Bodil", "Birk"):
        await expect(line(page, name)).to_contain_text("recall 2026")
    await expect(line(page, "Britta")).not_to_contain_text("recall 2026")

    await expect(bar).to_have_count(0)
    for count, name in enumerate(("Bodil", "Birk"), 1):
        await page.get_by_role("checkbox", name=f"Tick {name}").click()
        await expect(bar).to_contain_text(f"{count} ticked")
    await bar.get_by_role("button", name="Resolve").click()
    await bar.get_by_role("menuitem", name="Question").click()
    await expect(page.get_by_text("2 conversations resolved.")).to_be_visible()
    await page.goto(f"{house.url}/inbox/#/resolved")
    for name in ("Bodil", "Birk"):
        await expect(line(page, name)).to_be_visible()
    await expect(line(page, "Britta")).to_have_count(0)


async def test_a_snippet_is_filled_in_and_an_open_placeholder_stays_here(browser: Browser, house: House) -> None:
    ada = await house.admin(browser)
    page = ada.page
    await page.goto(f"{house.url}/inbox/#/snippets/new")
    await page.get_by_label("Name", exact=True).fill("welcome")
    text = page.get_by_role("textbox", name="Text")
    await text.fill("Hello {frist_name}, you have number {number}.")
    await page.get_by_role("button", name="Use {first_name}").click()
    await expect(text).to_have_value("Hello {first_name}, you have number {number}.")
    await page.get_by_role("button", name="Save").click()
    await expect(page).not_to_have_url(re.compile("new$"))

    aino = await Visitor.arrives(await browser.new_context(), house)
    await aino.says("a question for a snippet")
    await page.goto(f"{house.url}/inbox/#/all")
    await line(page, "a question for a snippet").click()
    reply = page.get_by_role("textbox", name="Reply")
    await reply.fill("")
    await reply.press_sequentially(";welc")
    await expect(page.get_by_role("option", name="welcome")).to_be_visible()
    await reply.press("Enter")
    await expect(reply).to_have_value(re.compile(r"you have number \d+\."))
    assert "{" not in await reply.input_value()
    await page.get_by_role("button", name="Send", exact=True).click()
    await aino.sees("you have number")

    await reply.fill("Dear {last_name}, goodbye")
    await expect(page.get_by_text("{last_name} is not filled in.")).to_be_visible()
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="last_name")).to_be_visible()
    await page.get_by_role("button", name="Discard").click()
    await ada.replies("Goodbye for now")
    await aino.sees("Goodbye for now")
    await expect(aino.bubble("Dear")).to_have_count(0)


async def test_messages_are_split_off_and_put_back(browser: Browser, house: House) -> None:
    row = house.customer("Signe", "my chair wobbles", "and the invoice is wrong")
    ada = await house.admin(browser)
    page = ada.page
    await house.shows(page, row)
    await does(page, "Split off messages")
    form = page.get_by_role("form", name="Split off messages")
    await page.get_by_role("checkbox", name=re.compile("Choose the message")).last.check()
    await form.get_by_role("textbox", name="Subject of the new conversation").fill("Invoice")
    await form.get_by_role("button", name="Move to a new conversation").click()
    await expect(page.get_by_role("heading", name="Signe").first).to_be_visible()
    await expect(line(page, "my chair wobbles")).to_be_visible()
    await expect(line(page, "Invoice").or_(line(page, "and the invoice is wrong")).first).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("The messages are back.")).to_be_visible()
    await house.shows(page, row)
    for text in ("my chair wobbles", "and the invoice is wrong"):
        await ada.sees(text)


async def test_two_contacts_are_merged_and_taken_apart(browser: Browser, house: House) -> None:
    kept, gone = house.customer("Katri Kivi", "from the laptop"), house.customer("K. Kivi", "from the phone")
    ada = await house.admin(browser)
    page = ada.page
    await house.shows(page, kept)
    await page.get_by_role("button", name="Merge with…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("searchbox").fill("phone")
    await dialog.get_by_role("radio", name=re.compile("K. Kivi")).click()
    await expect(dialog.get_by_text("This one is folded into it")).to_be_visible()
    await dialog.get_by_role("button", name="Merge").click()
    await expect(dialog).to_have_count(0)
    await ada.sees("from the phone")
    await ada.sees("from the laptop")
    await page.locator(".merged").get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("The merge was undone.")).to_be_visible()
    await expect(ada.entry("from the phone")).to_have_count(0)
    await house.shows(page, gone)
    await ada.sees("from the phone")
    await expect(page.get_by_role("heading", name="K. Kivi").first).to_be_visible()


async def _at_the_desk(browser: Browser, link: str) -> Page:
    page = await (await browser.new_context(viewport={"width": 1440, "height": 900})).new_page()
    await page.goto(link)
    await page.get_by_role("button", name="Sign in without a password").click()
    await expect(page.get_by_role("navigation", name="Views").first).to_be_visible()
    return page


async def test_a_viewer_reads_and_is_shown_nothing_that_would_be_refused(browser: Browser, house: House) -> None:
    row = house.customer("Ronja", "may a viewer read this")
    page = await _at_the_desk(browser, house.invited("Vera Viewer", "viewer"))
    await house.shows(page, row)
    await expect(page.get_by_role("log", name="Conversation").get_by_text("may a viewer read this")).to_be_visible()
    await expect(page.get_by_text("You may read, but not answer.")).to_be_visible()
    for name in ("Take", "Hand over", "Snooze", "Resolve", "Send", "Add a tag", "Merge with…", "New ticket", "Next"):
        await expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    await expect(page.get_by_role("textbox", name="Reply")).to_have_count(0)
    await expect(page.get_by_role("switch", name="Available")).to_have_count(0)
    await expect(page.get_by_role("link", name="Settings")).to_have_count(0)

    ada = await house.admin(browser)
    house.invited("Nora Newcomer", "agent")
    await house.shows(ada.page, row)
    await ada.page.get_by_role("button", name="Hand over", exact=True).click()
    dialog = ada.page.get_by_role("dialog")
    await expect(dialog.get_by_role("radio", name=re.compile("Nora"))).to_be_visible()
    await expect(dialog.get_by_role("radio", name=re.compile("Vera"))).to_have_count(0)


async def test_two_agents_at_once_know_of_each_other(browser: Browser, house: House) -> None:
    row = house.customer("Tyra", "who answers me")
    ada = await house.admin(browser)
    mikko = await _at_the_desk(browser, house.invited("Mikko Laine", "agent"))
    await house.shows(ada.page, row)
    await house.shows(mikko, row)
    await mikko.get_by_role("button", name="Take", exact=True).click()
    await expect(mikko.get_by_role("button", name="Take", exact=True)).to_have_count(0)
    await expect(ada.page.get_by_role("button", name="Take", exact=True)).to_be_visible()
    await mikko.get_by_role("textbox", name="Reply").fill("I am on it")
    await ada.page.get_by_role("textbox", name="Reply").fill("So am I")
    await expect(ada.page.get_by_text("Mikko Laine has this conversation and is writing an answer now.")).to_be_visible()
    await ada.page.get_by_role("button", name="Take it").click()
    await expect(mikko.get_by_text("Ada Admin took this while you were writing. Your draft is kept.")).to_be_visible()
    await expect(mikko.get_by_role("textbox", name="Reply")).to_have_value("I am on it")


async def _identified(context: BrowserContext, house: House, jwt: str) -> Visitor:
    visitor = await Visitor.arrives(context, house)
    await visitor.page.evaluate("(jwt) => Throughline.identify(jwt)", jwt)
    return visitor


async def test_a_signed_in_customer_is_the_same_one_on_every_device(browser: Browser, house: House) -> None:
    laptop = await Visitor.arrives(await browser.new_context(), house)
    await laptop.says("asked before signing in")
    await laptop.page.evaluate("(jwt) => Throughline.identify(jwt)", house.signed("4711", "Asha Patel"))
    ada = await house.admin(browser)
    await line(ada.page, "Asha Patel").click()
    await ada.sees("asked before signing in")
    await expect(ada.page.get_by_text("The customer proved to be demo/4711")).to_be_visible()
    await expect(ada.page.get_by_text("Customer 4711")).to_be_visible()

    phone = await _identified(await browser.new_context(), house, house.signed("4711", "Asha Patel"))
    await phone.sees("asked before signing in")
    await ada.replies("Good day on both")
    for device in (laptop, phone):
        await device.sees("Good day on both")
    await phone.page.evaluate("Throughline.logout()")
    await expect(phone.bubble("Good day on both")).to_have_count(0)
    stranger = await _identified(await browser.new_context(), house, house.signed("4711", "Asha Patel")[:-4] + "AAAA")
    await stranger.says("I am somebody else")
    await expect(stranger.bubble("asked before signing in")).to_have_count(0)


async def test_while_nobody_is_here_an_address_is_taken_and_a_begun_form_stays(browser: Browser, house: House) -> None:
    ada = await house.admin(browser)
    available = ada.page.get_by_role("switch", name="Available")
    await available.click()
    await expect(available).not_to_be_checked()
    sita = await Visitor.arrives(await browser.new_context(), house)
    await sita.says("is anybody there")
    form = sita.frame.get_by_role("region", name="Your message is with us.")
    await form.get_by_label("Your name").fill("Sita Rao")
    await available.click()
    await expect(sita.frame.get_by_text("Nobody is here right now.")).to_have_count(0)
    await form.get_by_label("Email").fill("sita")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_be_visible()
    await form.get_by_label("Email").fill("sita@example.in")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    await line(ada.page, "Sita Rao").click()
    await expect(ada.page.get_by_text("claimed, not proved")).to_be_visible()
    await expect(ada.page.get_by_text("sita@example.in", exact=True)).to_be_visible()


async def test_solved_is_asked_and_how_it_was_reaches_the_agent(browser: Browser, house: House) -> None:
    ada = await house.admin(browser)
    aino = await Visitor.arrives(await browser.new_context(), house)
    await aino.says("a matter to be rated")
    await line(ada.page, "a matter to be rated").click()
    await ada.resolves("Question")
    await aino.frame.get_by_role("button", name="Yes, solved").click()
    await aino.frame.get_by_role("radio", name="Great").check()
    await aino.frame.get_by_label("Anything to add?").fill("శభాష్ 👏")
    await aino.frame.get_by_role("button", name="Send").first.click()
    await expect(aino.frame.get_by_text("Thank you for telling us.")).to_be_visible()
    told = ada.log.locator("[data-event=rated]")
    await expect(told).to_contain_text("rated the conversation 5 of 5")
    await expect(told).to_contain_text("శభాష్ 👏")
    await expect(ada.page.get_by_text("Rated 5 of 5").first).to_be_visible()
