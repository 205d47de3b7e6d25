"""Which conversation a message goes to: each rule, and that the one that fired is stored."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from channels.contract import Address
from gateway.clock import DAY, SECOND
from gateway.flow import lifecycle, merge, people
from gateway.flow.receive import Accepted
from gateway.model import ConversationId
from tests.flow.story import AINO, AINO_MAIL, BINO, BINO_MAIL, Story

SHARED = Address("mailto:office@example.fi")
SLACK = Address("slack:T1/U1")


async def _mail(story: Story, sender: Address = AINO_MAIL, subject: str | None = "Invoice", **more: Any) -> Accepted:
    return await story.says(sender, subject=subject, **more)


async def _resolved(story: Story, accepted: Accepted) -> None:
    ritva = await story.agent()
    await story.takes(ritva, accepted.conversation)
    await story.resolves(ritva, accepted.conversation)


def _pass(story: Story, days: float) -> None:
    story.clock.advance(days * DAY / SECOND)


async def test_reference_of_a_participant_wins_over_the_subject(story: Story) -> None:
    first = await _mail(story)
    reference = story.references.sign(first.conversation.id)
    again = await _mail(story, subject="Something else", reference=reference, proof=None)
    assert (again.conversation.id, await story.count("conversation")) == (first.conversation.id, 1)


async def test_reference_of_a_stranger_opens_a_linked_topic(story: Story) -> None:
    first = await _mail(story)
    reference = story.references.sign(first.conversation.id)
    forwarded = await _mail(story, BINO_MAIL, reference=reference, proof=None)
    found = forwarded.conversation
    assert found.id != first.conversation.id
    assert (found.rule, found.topic, found.linked_to) == ("stranger", f"linked:{first.conversation.id}", first.conversation.id)
    assert await story.kinds(found) == ["linked", "received"]
    more = await _mail(story, BINO_MAIL, reference=reference)
    assert more.conversation.id == found.id
    assert BINO_MAIL not in {row["address"] for row in await story.rows("participant", conversation_id=first.conversation.id)}


@pytest.mark.parametrize("forge", [lambda text: text[:-1] + "0", lambda text: text[:-2], lambda text: "x", lambda text: ""])
async def test_forged_reference_is_none_at_all(story: Story, forge: Any) -> None:
    aino = await _mail(story)
    signed = story.references.sign(aino.conversation.id)
    forged = forge(signed) if forge(signed) != signed else signed[:-1] + "1"
    bino = await _mail(story, BINO_MAIL, reference=forged)
    assert (bino.conversation.rule, bino.conversation.linked_to, bino.conversation.topic) == ("new", None, "")


async def test_reference_to_nothing(story: Story) -> None:
    accepted = await _mail(story, reference=story.references.sign(ConversationId("gone")))
    assert accepted.conversation.rule == "new"


async def test_reference_of_a_joined_conversation_follows_it(story: Story) -> None:
    ritva = await story.agent()
    older, younger = await story.says(AINO), await _mail(story, BINO_MAIL)
    await story.db.run(merge.merge, ritva.id, older.conversation.contact_id, younger.conversation.contact_id)
    answer = await _mail(story, BINO_MAIL, subject="Re: other", reference=story.references.sign(younger.conversation.id))
    assert answer.conversation.id == older.conversation.id


async def test_reference_of_a_closed_conversation_starts_anew(story: Story) -> None:
    first = await _mail(story)
    await _resolved(story, first)
    await story.db.run(lifecycle.solved, first.conversation.id, AINO_MAIL, True)
    again = await _mail(story, reference=story.references.sign(first.conversation.id))
    assert (again.conversation.rule, again.conversation.linked_to) == ("new", first.conversation.id)


async def test_reference_of_a_resolved_one_reopens_at_any_age(story: Story) -> None:
    first = await _mail(story)
    await _resolved(story, first)
    _pass(story, 100)
    again = await _mail(story, reference=story.references.sign(first.conversation.id))
    assert (again.conversation.id, again.conversation.state) == (first.conversation.id, "open")


async def test_reference_of_a_resolved_one_while_another_is_open(story: Story) -> None:
    first = await _mail(story)
    await _resolved(story, first)
    _pass(story, 100)
    second = await _mail(story)
    assert second.conversation.id != first.conversation.id
    answer = await _mail(story, reference=story.references.sign(first.conversation.id))
    assert answer.conversation.id == second.conversation.id, "one open conversation on a topic"
    assert "linked" in await story.kinds(second.conversation)
    assert (await story.conversation(first.conversation)).state == "resolved"


@pytest.mark.parametrize(
    ("subject", "same"),
    [("Re: Invoice", True), ("VS: RE: invoice ", True), ("INVOICE", True), ("Fwd: Invoice", True), (None, True), ("", True), ("Delivery", False)],
)  # fmt: skip
async def test_other_subject_opens_a_linked_topic(story: Story, subject: str | None, same: bool) -> None:
    first = await _mail(story)
    second = await _mail(story, subject=subject)
    assert (second.conversation.id == first.conversation.id) is same
    if not same:
        found = second.conversation
        assert (found.rule, found.topic, found.linked_to) == ("subject", "subject:delivery", first.conversation.id)
        third = await _mail(story, subject="SV: Delivery")
        assert third.conversation.id == found.id
        back = await _mail(story, subject="Invoice")
        assert back.conversation.id == first.conversation.id


async def test_other_subject_is_no_matter_on_a_chat(story: Story) -> None:
    first = await _mail(story)
    await story.db.run(people.prove, AINO, first.conversation.contact_id, "code", 1)
    assert (await story.says(AINO)).conversation.id == first.conversation.id


async def test_unverified_mail_stays_apart(story: Story) -> None:
    known = await _mail(story)
    forged = await _mail(story, proof=None, thread="<t1>")
    assert (forged.conversation.rule, forged.conversation.topic) == ("apart", "unverified:<t1>")
    assert forged.conversation.id != known.conversation.id
    assert (await _mail(story, proof=None, thread="<t1>")).conversation.id == forged.conversation.id
    assert (await _mail(story, proof=None, thread="<t2>")).conversation.id not in (forged.conversation.id, known.conversation.id)
    assert (await _mail(story)).conversation.id == known.conversation.id, "what is vouched for never joins what is not"


async def test_shared_mailbox_keeps_its_threads_apart(story: Story) -> None:
    told = [await _mail(story, SHARED, shared=True, thread=thread) for thread in ("<a>", "<b>", "<a>")]
    assert told[0].conversation.id == told[2].conversation.id != told[1].conversation.id
    assert {one.conversation.topic for one in told} == {"shared:<a>", "shared:<b>"}
    later = await _mail(story, SHARED, thread="<c>")
    assert later.conversation.topic == "shared:<c>", "once shared, always shared"


async def test_slack_thread_is_a_topic(story: Story) -> None:
    told = [await story.says(SLACK, thread=thread) for thread in ("1.1", "1.2", "1.1")]
    assert [one.conversation.topic for one in told] == ["thread:1.1", "thread:1.2", "thread:1.1"]


@pytest.mark.parametrize(("days", "reopens"), [(0, True), (6.9, True), (7.1, False)])
async def test_resolved_reopens_for_a_set_time(story: Story, days: float, reopens: bool) -> None:
    first = await story.says(AINO)
    await _resolved(story, first)
    _pass(story, days)
    again = await story.says(AINO)
    assert (again.conversation.id == first.conversation.id) is reopens
    if reopens:
        assert "reopened" in await story.kinds(first.conversation)
        assert (await story.conversation(first.conversation)).assignee_id is not None, "whoever had it keeps it"
    else:
        assert (again.conversation.rule, again.conversation.linked_to) == ("new", first.conversation.id)
        assert await story.kinds(again.conversation) == ["linked", "received"]


@pytest.mark.parametrize(("days", "reopens"), [(1, True), (8, False)])
async def test_a_thread_apart_reopens_too(story: Story, days: float, reopens: bool) -> None:
    first = await _mail(story, SHARED, shared=True, thread="<a>")
    other = await _mail(story, SHARED, shared=True, thread="<b>")
    await _resolved(story, first)
    _pass(story, days)
    again = await _mail(story, SHARED, shared=True, thread="<a>")
    assert (again.conversation.id == first.conversation.id) is reopens
    assert again.conversation.id != other.conversation.id
    assert again.conversation.linked_to == (None if reopens else first.conversation.id)


async def test_mail_on_another_subject_does_not_reopen(story: Story) -> None:
    first = await _mail(story)
    await _resolved(story, first)
    again = await _mail(story, subject="Delivery")
    assert (again.conversation.rule, again.conversation.linked_to) == ("new", first.conversation.id)


async def test_first_message_of_nobody_we_know(story: Story) -> None:
    accepted = await story.says(BINO)
    assert (accepted.conversation.rule, accepted.conversation.linked_to) == ("new", None)


async def test_race_on_one_topic(story: Story) -> None:
    await _mail(story)
    facts = [story.fact(AINO_MAIL, subject="Delivery") for _ in range(20)]
    told = await asyncio.gather(*(story.accept(fact) for fact in facts))
    assert len({one.conversation.id for one in told}) == 1
    assert await story.count("conversation") == 2


async def test_race_on_a_reopen(story: Story) -> None:
    first = await story.says(AINO)
    await _resolved(story, first)
    await asyncio.gather(*(story.accept(story.fact(AINO)) for _ in range(20)))
    assert (await story.count("conversation"), (await story.kinds(first.conversation)).count("reopened")) == (1, 1)
