"""Placeholders in texts that agents keep: which there are, what becomes of them, and the check that none leaves the house."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gateway.errors import Invalid

PLACEHOLDERS: Final[Mapping[str, str]] = {
    "first_name": "The customer's first name",
    "last_name": "The customer's last name",
    "name": "The customer's whole name",
    "number": "The number of the conversation",
    "subject": "Its subject",
    "status": "Its state, in the customer's language",
    "agent_name": "Your name",
    "agent_first_name": "Your first name",
}
"""A closed list: nothing a customer writes is ever looked up, and nothing is evaluated."""

_MARK = re.compile(r"\{([a-z][a-z0-9_]{0,39})(?::[^{}\s]{0,80})?\}")
_BLANK_LEAD = re.compile(r"(?m)^[ \t]*[,;:][ \t]*(\w?)")
_GAP = "\ue000"
"""Stands for an empty value until the text around it is mended. A private character: values are freed of it."""
_BEFORE_MARK = re.compile(rf"[,،、]?(?:[ \t]*{_GAP})+(?=[ \t]*(?:[.,;:!?…।؟،]|$))")
_WITHIN = re.compile(rf"[ \t]*{_GAP}")

STATUS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"open": "open", "snoozed": "waiting", "resolved": "resolved", "closed": "closed"},
    "fi": {"open": "avoin", "snoozed": "odottaa", "resolved": "ratkaistu", "closed": "suljettu"},
    "hi": {"open": "खुला", "snoozed": "प्रतीक्षा में", "resolved": "हल हो गया", "closed": "बंद"},
    "te": {"open": "తెరిచి ఉంది", "snoozed": "వేచి ఉంది", "resolved": "పరిష్కరించబడింది", "closed": "మూసివేయబడింది"},
    "bn": {"open": "খোলা", "snoozed": "অপেক্ষমাণ", "resolved": "সমাধান হয়েছে", "closed": "বন্ধ"},
    "ar": {"open": "مفتوحة", "snoozed": "قيد الانتظار", "resolved": "تم الحل", "closed": "مغلقة"},
}


def status(state: str, locale: str | None) -> str:
    """A conversation's state as its customer reads it; English where the language has no table."""
    words = STATUS.get((locale or "en").replace("_", "-").partition("-")[0].lower(), STATUS["en"])
    return words.get(state, STATUS["en"].get(state, state))


def require_known(text: str) -> None:
    """Before a text is kept. Raises Invalid that names the first placeholder nobody knows."""
    for found in _MARK.finditer(text):
        if found[1] not in PLACEHOLDERS or found[0] != f"{{{found[1]}}}":
            raise Invalid(
                f"There is no placeholder {found[0]}. These exist: {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}.", field="text"
            )


def require_none(text: str) -> None:
    """Before a text goes to a customer. Raises Invalid (field `placeholder`) for the first that was not filled."""
    found = _MARK.search(text)
    if found is not None:
        raise Invalid(
            f"{found[0]} looks like a placeholder that was not filled. Put the words there, or send it as it stands.", field="placeholder"
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every known placeholder replaced.

    Where a value is empty the space before it goes too, and a comma that would begin a line or stand before another mark:
    “Hello {first_name},” becomes “Hello,”, and “Thank you, {first_name}!” becomes “Thank you!”.
    A value is never looked at for further placeholders.
    """

    def put(found: re.Match[str]) -> str:
        return values.get(found[1], found[0]).replace(_GAP, "").strip() or _GAP

    filled = _MARK.sub(put, text)
    if _GAP not in filled:
        return filled
    lines = []
    for line in filled.split("\n"):
        if _GAP in line:
            line = _closed(line) if not line.lstrip().startswith(_GAP) else _begun(line.replace(_GAP, ""))
        lines.append(line)
    return "\n".join(lines)


def _closed(line: str) -> str:
    """A line that lost a word further on."""
    return _WITHIN.sub("", _BEFORE_MARK.sub("", line))


def _begun(line: str) -> str:
    """A line whose first word is gone begins with the next one, in a capital."""
    return _BLANK_LEAD.sub(lambda found: found[1].upper(), line.lstrip(), count=1)
