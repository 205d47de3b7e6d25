"""Snippets, their placeholders, and saved searches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import Forbidden, Invalid, NotFound
from gateway.flow import placeholders, shelf
from gateway.store import contacts
from gateway.store import shelf as kept
from tests.flow.story import AINO, Story


async def test_a_snippet_speaks_to_the_customer(story: Story) -> None:
    agent = await story.agent("Ritva Korhonen")
    where = (await story.says(AINO, "Hei", name="Aino Maria Virtanen")).conversation
    text = "Hei {first_name}, #{number} is {status}.\n{agent_first_name}, {last_name}, {{constructor}}"
    record = await story.db.run(shelf.add_snippet, agent.id, "greet", text.replace("{{constructor}}", ""), False)
    filled = await story.db.read(shelf.filled, agent, record.id, where.id)
    assert filled == f"Hei Aino, #{where.number} is open.\nRitva, Maria Virtanen,"


async def test_status_is_said_in_the_customers_language(story: Story) -> None:
    agent = await story.agent()
    where = (await story.says(AINO, "Hei", locale="fi-FI")).conversation
    record = await story.db.run(shelf.add_snippet, agent.id, "s", "Tila: {status}", False)
    assert await story.db.read(shelf.filled, agent, record.id, where.id) == "Tila: avoin"
    for words in placeholders.STATUS.values():
        assert set(words) == {"open", "snoozed", "resolved", "closed"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {first_name},\nthank you", "Hello,\nthank you"),
        ("{first_name}, thank you", "Thank you"),
        ("Dear {first_name} {last_name}!", "Dear!"),
        ("Is it you, {name}?", "Is it you?"),
        ("Thank you, {first_name} {last_name}! It is #1, {name}, as said.", "Thank you! It is #1, as said."),
        ("شكرًا، {first_name}!", "شكرًا!"),
        ("No placeholder", "No placeholder"),
    ],
)
def test_an_empty_name_leaves_a_neutral_text(text: str, said: str) -> None:
    assert placeholders.fill(text, dict.fromkeys(placeholders.PLACEHOLDERS, "")) == said


def test_a_value_is_not_looked_at_again() -> None:
    assert placeholders.fill("{name}", {"name": "{agent_name}", "agent_name": "secret"}) == "{agent_name}"


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    filled = placeholders.fill(text, dict.fromkeys(placeholders.PLACEHOLDERS, "x"))
    assert not any(f"{{{name}}}" in filled for name in placeholders.PLACEHOLDERS)


@pytest.mark.parametrize("text", ["Hi {frist_name}", "{faq_link:billing}", "{tracking_link}", "{name:x}", "a {b} c"])
async def test_an_unknown_placeholder_is_refused_when_it_is_saved(story: Story, text: str) -> None:
    agent = await story.agent()
    with pytest.raises(Invalid, match="There is no placeholder") as caught:
        await story.db.run(shelf.add_snippet, agent.id, "x", text, False)
    assert caught.value.detail["field"] == "text"
    assert await story.count("snippet") == 0


async def test_a_placeholder_never_reaches_a_customer(story: Story) -> None:
    agent = await story.agent()
    where = (await story.says(AINO)).conversation
    for text in ("Hello {first_name}", "See {faq_link:billing}"):
        with pytest.raises(Invalid) as caught:
            await story.reply(agent, where, text)
        assert caught.value.detail["field"] == "placeholder"
    assert await story.count("message", direction="out") == 0
    await story.notes(agent, where, "For {first_name}")
    said = await story.replies(agent, where, "Write {name} into the form", as_is=True)
    assert said.message.text == "Write {name} into the form"
    for harmless in ("{}", "{ name }", "{Name}", "{{constructor.constructor('x')()}}", "f(x) = {1, 2}"):
        assert (await story.replies(agent, where, harmless)).message.text == harmless


async def test_own_ones_are_own_and_shared_ones_take_a_lead(story: Story) -> None:
    agent, other, lead = await story.agent("A"), await story.agent("B"), await story.agent("C", role="lead")
    own = await story.db.run(shelf.add_snippet, agent.id, "own", "Text", False)
    shared = await story.db.run(shelf.add_snippet, lead.id, "all", "Text", True)
    assert [one.name for one in await story.db.read(kept.list_snippets, other.id)] == ["all"]
    with pytest.raises(NotFound):
        await story.db.run(shelf.change_snippet, other.id, own.id, "mine now", "Text", False)
    with pytest.raises(Forbidden):
        await story.db.run(shelf.add_snippet, agent.id, "x", "Text", True)
    for attempt in ((shelf.change_snippet, agent.id, shared.id, "x", "Text", True), (shelf.drop_snippet, agent.id, shared.id)):
        with pytest.raises(Forbidden):
            await story.db.run(*attempt)
    changed = await story.db.run(shelf.change_snippet, lead.id, shared.id, "all", "New text", True)
    assert changed.text == "New text"
    await story.db.run(shelf.drop_snippet, agent.id, own.id)
    assert await story.count("snippet") == 1


async def test_a_saved_search_holds_only_the_lists_own_filters(story: Story) -> None:
    agent, viewer = await story.agent(), await story.agent("V", role="viewer")
    record = await story.db.run(shelf.add_search, viewer.id, "vip", {"tag": "vip", "q": "laskutus हिन्दी"}, False)
    assert await story.db.read(kept.list_searches, agent.id) == []
    assert [one.id for one in await story.db.read(kept.list_searches, viewer.id)] == [record.id]
    for query in ({"reader": "x"}, {"tag": "x" * 301}):
        with pytest.raises(Invalid):
            await story.db.run(shelf.add_search, agent.id, "x", query, False)
    with pytest.raises(Forbidden):
        await story.db.run(shelf.add_search, agent.id, "x", {}, True)
    with pytest.raises(NotFound):
        await story.db.run(shelf.drop_search, agent.id, record.id)
    await story.db.run(shelf.drop_search, viewer.id, record.id)
    assert await story.count("saved_search") == 0


async def test_names_are_one_line(story: Story) -> None:
    agent = await story.agent()
    for name in ("", "  ", "a\nb", "x" * 81):
        with pytest.raises(Invalid):
            await story.db.run(shelf.add_snippet, agent.id, name, "Text", False)


async def test_only_what_the_contact_has_is_told(story: Story) -> None:
    agent = await story.agent()
    where = (await story.says(AINO, "Hei")).conversation
    contact = await story.db.read(contacts.get_contact, where.contact_id)
    assert shelf.values(agent, contact, where)["first_name"] == ""
