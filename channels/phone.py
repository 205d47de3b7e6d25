"""Phone numbers in one spelling (E.164), so that two ways to write a number never make two people."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat

from channels.contract import Address

_LONGEST = 40
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069]")
_WRITTEN = re.compile("[+\uff0b]?[\\d\\s()\\[\\]./\u2010-\u2015\uff0d-]+")
_MEXICO = 52
_OLD_MEXICAN_MOBILE = 10_000_000_000
"""Mobiles had a 1 before their ten digits until 2019, and providers still send it: the same telephone."""


def parse(text: str, region: str | None = None) -> Address | None:
    """ "040 123 4567" with region "FI" → "tel:+358401234567"; None when it is no number, or when the country is not known.

    A number with its country code has to be of a possible length, one without has to be valid in `region` (ISO 3166): new
    number ranges reach us before the tables do, guesses do not deserve that trust. Extensions and letters are refused.
    """
    text = _INVISIBLE.sub("", text[: 2 * _LONGEST]).strip().removeprefix("tel:")
    if len(text) > _LONGEST or not _WRITTEN.fullmatch(text):
        return None
    if region is None and text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, region.upper() if region else None, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == _MEXICO and _OLD_MEXICAN_MOBILE <= (number.national_number or 0) < 2 * _OLD_MEXICAN_MOBILE:
        number.national_number = (number.national_number or 0) - _OLD_MEXICAN_MOBILE
    guessed = number.country_code_source == phonenumbers.CountryCodeSource.FROM_DEFAULT_COUNTRY
    if not (phonenumbers.is_valid_number(number) if guessed else phonenumbers.is_possible_number(number)):
        return None
    return Address("tel:" + phonenumbers.format_number(number, PhoneNumberFormat.E164))


def display(address: Address) -> str:
    """ "tel:+358401234567" → "+358 40 1234567"; the bare text where it is not a number we can read."""
    bare = address.removeprefix("tel:")
    try:
        return phonenumbers.format_number(phonenumbers.parse(bare), PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return bare
