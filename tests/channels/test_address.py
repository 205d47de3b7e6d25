"""One handle, one address: spellings fold, other handles stay apart, nothing dangerous gets in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import address, phone


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("aino@example.fi", "mailto:aino@example.fi"),
        (" Aino@Example.FI ", "mailto:aino@example.fi"),
        ("aino+orders@example.fi", "mailto:aino+orders@example.fi"),
        ("Aino@BÜCHER.example", "mailto:aino@xn--bcher-kva.example"),
        ("aino@xn--bcher-kva.example", "mailto:aino@xn--bcher-kva.example"),
        ("aino@bu\u0308cher.example", "mailto:aino@xn--bcher-kva.example"),
        ("ДАРЬЯ@почта.рф", "mailto:дарья@xn--80a1acny.xn--p1ai"),
        ("e\u0301va@example.fi", "mailto:éva@example.fi"),
        ("aino@shop.test", "mailto:aino@shop.test"),
    ],
)
def test_mail_has_one_form(text: str, canonical: str) -> None:
    found = address.mail(text)
    assert found == canonical
    assert address.validate(canonical) == canonical
    assert address.kind(canonical) == "mail"


@pytest.mark.parametrize(
    "text",
    ["", "aino", "aino@", "@example.fi", "a@b@c.fi", "aino@example.fi\r\nBcc: x@example.fi", "aino@example.fi\n", "a\0@example.fi", "aino@localhost",
     "aino@[127.0.0.1]", "Aino <aino@example.fi>", '"a b"@example.fi', "aino@exa mple.fi", "aino@-x.fi", "x" * 255 + "@example.fi", "a@" + "x" * 300 + ".fi",
     "aino@example..fi", "\ud800@example.fi"],
)  # fmt: skip
def test_what_is_no_mail_address_is_none(text: str) -> None:
    assert address.mail(text) is None


@pytest.mark.parametrize(
    ("text", "region", "canonical"),
    [
        ("+358 40 123 4567", None, "tel:+358401234567"),
        ("+358-40-1234567", None, "tel:+358401234567"),
        ("00358 40 1234567", None, "tel:+358401234567"),
        ("040 123 4567", "FI", "tel:+358401234567"),
        ("(040) 1234567", "fi", "tel:+358401234567"),
        ("tel:+358401234567", None, "tel:+358401234567"),
        ("\u202a+358 40 1234567\u202c", None, "tel:+358401234567"),
        ("+९१ ९८७६५४३२१०", None, "tel:+919876543210"),
        ("＋358401234567", None, "tel:+358401234567"),
        ("+39 06 1234567", None, "tel:+39061234567"),
        ("+52 1 55 1234 5678", None, "tel:+525512345678"),
        ("+521 55 1234 5678", None, "tel:+525512345678"),
        ("+5215512345678", None, "tel:+525512345678"),
        ("+52 55 1234 5678", None, "tel:+525512345678"),
        ("011 15 1234 5678", "AR", "tel:+5491112345678"),
        ("+15005550006", None, "tel:+15005550006"),
    ],
)
def test_phones_have_one_form(text: str, region: str | None, canonical: str) -> None:
    assert phone.parse(text, region) == canonical
    assert address.parse(text, region) == canonical
    assert address.validate(canonical) == canonical


@pytest.mark.parametrize("text", ["", "12345", "040 123 4567", "call me at +358401234567", "+358 40 1234567 ext 4", "+1 800 FLOWERS", "+999 123456789", "+", "++358401234567", "+358401234567\r\nx", "9" * 5_000, "+358401234567;phone-context=x"])  # fmt: skip
def test_what_is_no_phone_number_is_none(text: str) -> None:
    assert phone.parse(text) is None


@given(st.one_of(st.text(max_size=80), st.text(st.sampled_from(list("+0123456789()- @.aäК\u200b\ud800")), max_size=40)))
def test_guessing_never_fails_and_settles(text: str) -> None:
    found = address.parse(text, "FI")
    if found is not None:
        assert address.validate(found) == found
        assert address.parse(found) == found
        assert address.label(found)


def test_what_people_type_is_understood() -> None:
    assert address.parse("aino＠example。fi") == "mailto:aino@example.fi"
    assert address.parse("mailto:Aino@example.fi") == "mailto:aino@example.fi"
    assert address.parse("\u2068aino@example.fi\u2069") == "mailto:aino@example.fi"
    assert address.parse("my order is late") is None


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("visitor:0191aaaa-bbbb-7ccc-8ddd-eeeeffff0000", "visitor", "Visitor ff0000"),
        ("user:demo/42", "user", "42"),
        ("mailto:aino@xn--bcher-kva.example", "mail", "aino@bücher.example"),
        ("mailto:aino@xn--j2bd4cyah0f.xn--h2brj9c", "mail", "aino@हिन्दी.भारत"),
        ("mailto:a@xn--pple-43d.com", "mail", "a@xn--pple-43d.com"),
        ("tel:+358401234567", "phone", "+358 40 1234567"),
        ("x:12345", "x", "X 12345"),
        ("messenger:111/222", "messenger", "Messenger 222"),
        ("instagram:111/222", "instagram", "Instagram 222"),
        ("slack:T0123/U0456", "slack", "Slack U0456"),
        ("pretend:aino", "other", "aino"),
    ],
)
def test_kinds_and_labels(text: str, kind: str, label: str) -> None:
    canonical = address.validate(text)
    assert (address.kind(canonical), address.label(canonical)) == (kind, label)


@pytest.mark.parametrize(
    "text",
    ["", "aino", "mailto:Aino@example.fi", "mailto:aino@bücher.example", "tel:0401234567", "tel:+358 40 1234567", "visitor:", "visitor:a b", "visitor:a/b",
     "user:demo", "user:demo/\n", "x:aino", "messenger:1", "slack:t1/u1", "pretend:a b", "Pretend:aino", "pretend:\u202e", ":x", "pretend:" + "x" * 300],
)  # fmt: skip
def test_other_forms_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        address.validate(text)
