"""What a search finds, in the scripts people write, and that no query is too strange; the same on both engines."""

from __future__ import annotations

import random

import pytest

from channels.text import tokens
from gateway.clock import FakeClock
from gateway.db.database import Database
from gateway.flow.index import Index
from gateway.model import ConversationId
from gateway.store import conversations, search
from tests.store.said import say, tell

SAID = {
    "finnish": "Laskussani on virhe, ja lähetyksen saapuminen viivästyi Jyväskylään",
    "english": "Where is my refund? It's been 3 weeks: order A-1042.",
    "hindi": "मुझे अपना पैसा वापस चाहिए, कृपया जल्दी कीजिए",
    "bengali": "আমার টাকা ফেরত চাই, অর্ডারটি এখনও আসেনি",
    "telugu": "నా డబ్బు తిరిగి కావాలి, ఆర్డర్ రాలేదు",
    "japanese": "注文した商品がまだ届きません。返金をお願いします",
    "chinese": "我的订单还没有到,请尽快退款",
    "arabic": "أُرِيدُ استرداد أموالي من فضلكم",
    "emoji": "🎉🎉 thanks👍🏽for the help 👨‍👩‍👧",
    "mixed": "Order注文 number٤٢ ΣΊΣΥΦΟΣ ＦＵＬＬwidth ﬁne",
    "german": "Die Straße ist gesperrt",
    "korean": "환불을 받고 싶습니다",
    "thai": "ฉันต้องการเงินคืน",
}

FINDS = [
    ("lasku", {"finnish"}),
    ("virhe laskus", {"finnish"}),
    ("laskus virhe", set()),
    ("LÄHETYKS", {"finnish"}),
    ("jyväskylä", {"finnish"}),
    ("jyvaskyla", set()),
    ("refund", {"english"}),
    ("ref", {"english"}),
    ("fund", set()),
    ("order a 1042", {"english"}),
    ("order", {"english", "mixed"}),
    ("refund lasku", set()),
    ("पैसा", {"hindi"}),
    ("पैसा वाप", {"hindi"}),
    ("কৃপয়া", set()),
    ("টাকা", {"bengali"}),
    ("অর্ডার", {"bengali"}),
    ("డబ్బు", {"telugu"}),
    ("ఆర్డ", {"telugu"}),
    ("返金", {"japanese"}),
    ("商品", {"japanese"}),
    ("届きません", {"japanese"}),
    ("金返", set()),
    ("退款", {"chinese"}),
    ("订单", {"chinese"}),
    ("单", {"chinese"}),
    ("注文", {"japanese", "mixed"}),
    ("اريد", set()),
    ("أريد", {"arabic"}),
    ("استرداد أموالي", {"arabic"}),
    ("thanks", {"emoji"}),
    ("thanks 👍", {"emoji"}),
    ("🎉", set()),
    ("42", set()),
    ("٤٢", set()),
    ("number", {"mixed"}),
    ("σίσυφος", {"mixed"}),
    ("fullwidth fine", {"mixed"}),
    ("strasse", {"german"}),
    ("환불", {"korean"}),
    ("เงินคืน", {"thai"}),
]


@pytest.fixture
async def told(db: Database, clock: FakeClock) -> dict[ConversationId, str]:
    told = {await tell(db, text): name for name, text in SAID.items()}
    await Index(db, clock).step()
    return told


async def test_each_script_is_found_by_its_words(db: Database, told: dict[ConversationId, str]) -> None:
    wrong = {}
    for query, names in FINDS:
        found = {told[conversation_id] for conversation_id in await db.read(search.list_matches, query, 50)}
        if found != names:
            wrong[query] = found
    assert wrong == {}


HOSTILE = (
        "", " ", "\0", "a\0b", "'", '"', '""', "' OR 1=1 --", 'thanks" OR "refund', "NEAR(a b)", "a AND", "OR", "NOT", "a NOT b", "* ^ -", "thanks*", "tokens:thanks",
        "a & b | !c <-> d", "!", "(", ")", ":*", "\\", "%", "_", "\ud800", "\U0010ffff", "x" * 10_000, "word " * 10_000, "漢" * 10_000, "a b c d e f g h " * 1_000,
        "{ } [ ]", "\u202e", "$1", ":words", "%(words)s", "\n\r\t", "0", "-1", "1e999",
)  # fmt: skip


async def test_no_query_is_an_error(db: Database, told: dict[ConversationId, str]) -> None:
    for query in HOSTILE:
        await db.read(search.list_matches, query, 50)


async def test_operators_are_only_words(db: Database, told: dict[ConversationId, str]) -> None:
    assert await db.read(search.list_matches, "refund OR thanks", 50) == []
    assert await db.read(search.list_matches, "NOT refund", 50) == []
    assert {told[found] for found in await db.read(search.list_matches, '"refund"', 50)} == {"english"}


async def test_all_words_must_stand_in_one_message(db: Database, clock: FakeClock) -> None:
    one = await tell(db, "red apples")
    await db.run(say, one, "green pears")
    await Index(db, clock).step()
    assert await db.read(search.list_matches, "red apples", 50) == [one]
    assert await db.read(search.list_matches, "red pears", 50) == []


async def test_latest_first_a_page_at_a_time(db: Database, clock: FakeClock) -> None:
    told = []
    for number in range(7):
        told.append(await tell(db, f"common {number}"))
        clock.advance(1)
    await db.run(say, told[2], "common again")
    await Index(db, clock).step()
    wanted = [told[place] for place in (2, 6, 5, 4, 3, 1, 0)]
    assert await db.read(search.list_matches, "common", 50) == wanted
    first = await db.read(search.list_matches, "common", 3)
    assert first == wanted[:3]
    last = await db.read(conversations.get_conversation, first[-1])
    assert await db.read(search.list_matches, "common", 3, last.last_at) == wanted[3:6]


async def test_the_word_being_typed_finds_at_every_letter(db: Database, told: dict[ConversationId, str]) -> None:
    for word, name in (("viivästyi", "finnish"), ("चाहिए", "hindi"), ("తిరిగి", "telugu"), ("استرداد", "arabic"), ("받고", "korean")):
        for end in range(1, len(word) + 1):
            found = {told[conversation_id] for conversation_id in await db.read(search.list_matches, word[:end], 50)}
            assert name in found, word[:end]


async def test_every_word_that_was_said_is_found(db: Database, clock: FakeClock) -> None:
    """Random words of many scripts: what both engines find is what a plain comparison finds."""
    chance = random.Random(7)
    letters = "abcöß" + "कखगािी" + "তঅআিী" + "漢字仮名" + "かなカナ" + "абв" + "ابت" + "한글" + "🎈-'\"*"
    texts = [" ".join("".join(chance.choices(letters, k=chance.randint(1, 5))) for _ in range(6)) for _ in range(120)]
    told = [await tell(db, text) for text in texts]
    loop = Index(db, clock)
    while await loop.step() <= clock.now():
        pass
    for query in [word for text in texts[:40] for word in text.split()]:
        words = tokens(query)
        wanted = {conversation_id for conversation_id, text in zip(told, texts, strict=True) if words and _holds(tokens(text), words)}
        assert set(await db.read(search.list_matches, query, 500)) == wanted, query


def _holds(said: list[str], words: list[str]) -> bool:
    return set(words[:-1]) <= set(said) and any(word.startswith(words[-1]) for word in said)
