"""Text of any script: cleaned without loss, shown short and safe, found again."""

from __future__ import annotations

import unicodedata
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.text import MAX_FILENAME_CHARS, MAX_TOKEN_CHARS, check, clean, filename, fold_subject, preview, tokens

WHOLE = st.text(st.characters(exclude_categories=["Cs"]))
NASTY = st.text(st.sampled_from(list("a ./\\:\u200b\u200d\u202e\u0301\u0300\ufe0f😀👨👩🏽🇫🇮न्त\u0e01\u0e35漢ー\0\r\n\u2028")), max_size=400)
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(WHOLE)
def test_clean_changes_nothing_but_nul_and_line_ends(text: str) -> None:
    assert clean(text) == text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("text", ["\ud800", "abc\udfffdef", "😀\ud83d"])
def test_half_a_character_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^The text is not valid Unicode.*\.$"):
        clean(text)


def test_limits_count_code_points_and_bytes() -> None:
    check("😀" * 10, max_chars=10, max_bytes=40)
    with pytest.raises(ValueError, match="11 characters"):
        check("x" * 11, max_chars=10)
    with pytest.raises(ValueError, match="40 bytes"):
        check("😀" * 10, max_chars=10, max_bytes=39)


@given(st.one_of(WHOLE, NASTY), st.integers(1, 200))
@example("a" + "\u0301" * 1_000, 20)
@example("👨\u200d" * 500, 20)
def test_a_preview_is_one_short_harmless_line(text: str, length: int) -> None:
    line = preview(text, length)
    assert len(line) <= length
    assert not BIDI & set(line)
    assert not [char for char in line if unicodedata.category(char) in ("Cc", "Zl", "Zp")]
    assert "  " not in line
    assert "\u0301" * 7 not in line


@pytest.mark.parametrize(
    ("text", "length", "shown"),
    [
        ("Hello\n\n  there\t!", 140, "Hello there !"),
        ("x" * 140, 140, "x" * 140),
        ("x" * 141, 140, "x" * 139 + "…"),
        ("  " * 5_000 + "x", 140, "x"),
        ("ne\u0301e", 3, "n…"),
        ("ab👍🏽c", 4, "ab…"),
        ("👨\u200d👩\u200d👧👨\u200d👩\u200d👧", 6, "👨\u200d👩\u200d👧…"),
        ("🇫🇮🇸🇪🇳🇴", 4, "🇫🇮…"),
        ("हिन्दी है", 5, "हिन्…"),
        ("a\u202egnp.exe", 140, "agnp.exe"),
        ("❤\ufe0f❤\ufe0f", 2, "…"),
        ("", 140, ""),
    ],
)
def test_a_preview_is_cut_between_signs(text: str, length: int, shown: str) -> None:
    assert preview(text, length) == shown


@pytest.mark.parametrize(
    "bomb",
    ["a" + "\u0301" * 100_000, "\u202e" * 100_000, "👨\u200d" * 65_536, "\u200b" * 100_000, " " * 1_000_000, "🇫" * 100_000, "क्" * 50_000],
)
def test_unicode_bombs_cost_little(bomb: str) -> None:
    before = perf_counter()
    assert len(preview(bomb)) <= 140
    assert len(filename(bomb)) <= MAX_FILENAME_CHARS
    assert len(fold_subject(bomb)) <= 4_000
    tokens(bomb)
    assert clean(bomb) == bomb
    assert perf_counter() - before < 1


@given(st.one_of(WHOLE, NASTY, st.text(st.sampled_from(list("COMNULcon1. /\\\u00b9\u200b")))))
@example("CON\u200b.txt")
@example("a" * 119 + ". b")
def test_a_filename_is_harmless_and_settled(name: str) -> None:
    safe = filename(name)
    assert 1 <= len(safe) <= MAX_FILENAME_CHARS
    assert not set(safe) & set('/\\:*?"<>|')
    assert not [char for char in safe if unicodedata.category(char) in ("Cc", "Cf", "Cs")]
    assert safe not in (".", "..")
    assert not safe.startswith(".")
    assert safe.partition(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}
    assert filename(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("lasku – äö.pdf", "lasku – äö.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system.ini", "system.ini"),
        ("／etc／shadow", "shadow"),
        (".htaccess", "htaccess"),
        (".\u200bhtaccess", "htaccess"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie_ x"),
        ("nul", "_nul"),
        ("COM\u00b9.txt", "_COM1.txt"),
        ("x" * 300 + ".tar", "x" * 116 + ".tar"),
        ("x" * 300, "x" * 120),
        ("...", "file"),
        ("", "file"),
        ("a\0.png", "a.png"),
        ("हिन्दी.txt", "हिन्दी.txt"),
    ],
)
def test_filenames(name: str, safe: str) -> None:
    assert filename(name) == safe


@pytest.mark.parametrize("prefix", ["", "Re: ", "RE:", "Fwd: ", "Re[2]: ", "Re(3): ", "Aw: WG: ", "Sv: ", "Vs: ", "VL: ", "回复：", "答复: ", "Odp: ", "Ответ: ", "İLT: ", "YNT: ", "Antw.: "[:4] + ": ", "Re: Fwd: Re: ", "השב: ", "رد: ", "ตอบ: ", "Trả lời: ", "TR : "])  # fmt: skip
def test_answers_have_the_same_subject(prefix: str) -> None:
    assert fold_subject(f"{prefix}Where is  my\tORDER?") == "where is my order?"


@pytest.mark.parametrize("subject", ["Regarding my order", "Resend: order", "Order: Re", "Refund", "123: order", "Invoice"])
def test_other_words_stay(subject: str) -> None:
    assert fold_subject(subject) == subject.casefold()


@given(WHOLE)
def test_folding_a_subject_is_settled_under_more_prefixes(subject: str) -> None:
    assert fold_subject("Re: " + fold_subject(subject)) == fold_subject(subject) or ":" in subject


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Tilaukseni ei ole SAAPUNUT", "saapunut"),
        ("मेरा ऑर्डर हिन्दी में", "हिन्दी"),
        ("নমস্কার, আমার অর্ডার", "অর্ডার"),
        ("నా ఆర్డర్ ఇంకా", "ఆర్డర్"),
        ("注文が届きません", "届き"),
        ("李さんの注文", "李"),
        ("ของยังไม่มาเลย", "ยังไม่"),
        ("ສະບາຍດີ", "ບາຍ"),
        ("ជំរាបសួរ", "សួរ"),
        ("주문이 아직", "주문이"),
        ("İstanbul'a kargo", "istanbul"),
        ("ＡＢＣ１２３", "abc123"),
        ("Straße", "STRASSE"),
        ("e\u0301cole", "École"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("aino.virtanen@example.fi", "Virtanen"),
        ("iPhoneを買う", "iphone"),
        ("नमस्\u200dते", "नमस्ते"),
    ],
)
def test_a_query_finds_its_text(text: str, query: str) -> None:
    assert tokens(query)
    assert set(tokens(query)) <= set(tokens(text))


@pytest.mark.parametrize("word", ["हिन्दी", "অর্ডার", "తెలుగు", "français", "ഇംഗ്ലീഷ്", "தமிழ்"])
def test_marks_stay_inside_the_word(word: str) -> None:
    assert len(tokens(f"  {word}, ")) == 1


@given(st.one_of(WHOLE, NASTY))
def test_tokens_are_bounded_unique_and_found_again(text: str) -> None:
    found = tokens(text)
    assert len(found) == len(set(found))
    assert all(0 < len(token) <= MAX_TOKEN_CHARS for token in found)
    assert not [token for token in found if any(map(str.isspace, token))]
    assert tokens(text, limit=3) == found[:3]


def test_the_number_of_tokens_is_bounded() -> None:
    assert len(tokens(" ".join(map(str, range(10_000))), limit=100)) == 100
    assert len(tokens("漢" * 5 + "字" * 5)) == 5


def test_queries_of_spaces_and_signs_have_no_tokens() -> None:
    assert tokens(" \n!?– …\u200b😀") == []
