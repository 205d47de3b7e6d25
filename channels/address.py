"""Addresses in canonical form: two spellings of one handle never make two people."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from channels import phone
from channels.contract import Address

_KINDS = {
    "visitor": "visitor",
    "user": "user",
    "mailto": "mail",
    "tel": "phone",
    "x": "x",
    "messenger": "messenger",
    "instagram": "instagram",
    "slack": "slack",
}
_NAMES = {"visitor": "Visitor", "x": "X", "messenger": "Messenger", "instagram": "Instagram", "slack": "Slack"}
_SHAPES = {
    "visitor": re.compile(r"[A-Za-z0-9_-]{1,64}"),
    "user": re.compile(r"[A-Za-z0-9_.-]{1,64}/[!-~\u00a1-\U0010fffd]{1,1536}"),
    "x": re.compile(r"[0-9]{1,24}"),
    "messenger": re.compile(r"[0-9]{1,24}/[0-9]{1,24}"),
    "instagram": re.compile(r"[0-9]{1,24}/[0-9]{1,24}"),
    "slack": re.compile(r"[A-Z0-9]{1,24}/[A-Z0-9]{1,24}"),
    "other": re.compile(r"[!-~\u00a1-\U0010fffd]{1,256}"),
}
_SCHEME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_MAIL_LONGEST = 320
_TYPED = str.maketrans({"\uff20": "@", "\uff0e": ".", "\u3002": "."})


def mail(text: str) -> Address | None:
    """ "Aino@BÜCHER.example" → "mailto:aino@xn--bcher-kva.example"; None when it is no mail address.

    The domain is lower case and in its ASCII form, the local part lower case and NFC: mail systems that tell "A@" from "a@"
    are a theory (RFC 5321 section 2.4), people who write both are not. No DNS is asked, so reserved test domains pass.
    """
    checked = _checked(text.strip(" \t"))
    if checked is None:
        return None
    local = unicodedata.normalize("NFC", checked.local_part.lower())
    return Address(f"mailto:{local}@{checked.ascii_domain.lower()}")


def parse(text: str, region: str | None = None) -> Address | None:
    """Guesses a mail address or a phone number from what a person typed; `region` (ISO 3166) reads national numbers."""
    if len(text) > _MAIL_LONGEST:
        return None
    text = "".join(char for char in text.translate(_TYPED) if unicodedata.category(char) != "Cf").strip()
    if "@" in text:
        return mail(text.removeprefix("mailto:"))
    return phone.parse(text, region)


def kind(address: str) -> str:
    """visitor | user | mail | phone | x | messenger | instagram | slack | other"""
    return _KINDS.get(address.partition(":")[0], "other")


def label(address: Address) -> str:
    """The handle as people write it: "aino@bücher.example", "+358 40 1234567", "Slack U0123"."""
    what = kind(address)
    rest = address.partition(":")[2]
    if what == "mail":
        return _readable(rest)
    if what == "phone":
        return phone.display(address)
    last = rest.rpartition("/")[2]
    if what == "user":
        return unquote(last) or address
    if what == "visitor":
        return f"Visitor {last[-6:]}"
    return f"{_NAMES[what]} {last}" if what in _NAMES else last or address


def validate(address: str) -> Address:
    """`address` itself when it is in canonical form. Raises ValueError with a sentence otherwise."""
    what = kind(address)
    scheme, _, rest = address.partition(":")
    if what == "mail":
        good = mail(rest) == address
    elif what == "phone":
        good = phone.parse(rest) == address
    else:
        good = bool(_SCHEME.fullmatch(scheme) and _SHAPES[what].fullmatch(rest) and rest.isprintable())
    if not good:
        raise ValueError(f"{address[:80]!r} is not an address in canonical form.")
    return Address(address)


def _checked(text: str) -> ValidatedEmail | None:
    if len(text) > _MAIL_LONGEST:
        return None
    try:
        return validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None


def _readable(bare: str) -> str:
    """An international domain in its own script, unless a label mixes Latin with another one, which is how look-alikes are made."""
    checked = _checked(bare)
    if checked is None or checked.ascii_domain == checked.domain or any(map(_mixed, checked.domain.split("."))):
        return bare
    return f"{bare.rpartition('@')[0]}@{checked.domain}"


def _mixed(part: str) -> bool:
    scripts = {unicodedata.name(char, "?").partition(" ")[0] for char in part if unicodedata.category(char)[0] == "L"}
    return "LATIN" in scripts and len(scripts) > 1
