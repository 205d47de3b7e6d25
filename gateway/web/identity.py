"""What a website signs about its customer (a JWT of RFC 7519, HS256 only), read with suspicion: who they are, on this site, until when."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import jwt

from channels.contract import Address, Micros
from gateway.clock import HOUR, MINUTE, SECOND
from gateway.errors import Forbidden, Invalid
from gateway.flow import people
from gateway.flow.identify import Vouched
from gateway.web.context import Site

__all__ = ["SignedIn", "verify"]

LONGEST = 4_096
"""Characters of a token: a name and two addresses take a few hundred."""
AT_MOST: Micros = 24 * HOUR
"""How far ahead a token may end, and how long a session that it opens lasts."""
_SKEW: Micros = 1 * MINUTE
"""How far the site's clock may be from ours."""
_SUB_CHARS, _NAME_CHARS, _ADDRESS_CHARS = 128, 200, 320
_OPTIONS: Any = dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss", "verify_jti"), False)
"""The signature is the library's to check, times and audience are ours: it asks its own clock, and knows no optional audience."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`customer` is the site's id of them, percent-encoded: one spelling for one person."""

    customer: str
    vouched: Vouched
    expires_at: Micros


def verify(token: str, site: Site, now: Micros) -> SignedIn:
    """Raises Forbidden with a sentence for the site's developer."""
    claims = _claims(token, site)
    _check_audience(claims, site)
    expires_at = _check_times(claims, now)
    customer = _customer(claims.get("sub"))
    vouched = Vouched(
        address=Address(f"user:{site.key}/{customer}"),
        name=_text(claims, "name", _NAME_CHARS),
        email=_address(claims, "email", "mail"),
        email_verified=claims.get("email_verified") is True,
        phone=_address(claims, "phone", "phone"),
    )
    return SignedIn(customer, vouched, min(expires_at, now + AT_MOST))


def _claims(token: str, site: Site) -> Mapping[str, Any]:
    if not site.identity_keys:
        raise Forbidden("This site has no identity keys: sites.<key>.identity_keys in the configuration.")
    if len(token) > LONGEST or not token.isascii():
        raise Forbidden(f"An identity is a JWT of at most {LONGEST:,} characters.")
    for key in site.identity_keys:
        try:
            claims: Mapping[str, Any] = jwt.decode(token, key, algorithms=["HS256"], options=_OPTIONS)
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise Forbidden("The identity is not a JWT signed with HS256 whose “sub” is a text.") from None
        return claims
    raise Forbidden("The identity is signed with none of this site's keys.")


def _check_audience(claims: Mapping[str, Any], site: Site) -> None:
    if "aud" in claims and claims["aud"] not in (site.key, [site.key]):
        raise Forbidden("The identity is meant for somebody else: “aud” has to be the key of this site.")


def _check_times(claims: Mapping[str, Any], now: Micros) -> Micros:
    """When it ends."""
    expires_at = _time(claims, "exp")
    if expires_at is None:
        raise Forbidden("The identity needs “exp”, the second since 1970 at which it ends.")
    if expires_at <= now:
        raise Forbidden("The identity has ended: “exp” is past. Make a new one for each page.")
    if expires_at > now + AT_MOST + _SKEW:
        raise Forbidden("The identity ends too late: “exp” may be 24 hours ahead at most.")
    for name in ("nbf", "iat"):
        if (_time(claims, name) or 0) > now + _SKEW:
            raise Forbidden(f"The identity is not good yet: “{name}” is in the future.")
    return expires_at


def _time(claims: Mapping[str, Any], name: str) -> Micros | None:
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1 << 40:
        raise Forbidden(f"“{name}” of the identity is not a number of seconds since 1970.")
    return int(value * SECOND)


def _customer(sub: Any) -> str:
    # Normalising can make a text longer. What is too long then is refused and not cut: two customers' ids could begin alike.
    one = unicodedata.normalize("NFC", sub) if isinstance(sub, str) and len(sub) <= _SUB_CHARS and sub.isprintable() else ""
    if not 0 < len(one) <= _SUB_CHARS or one != one.strip():
        raise Forbidden(f"“sub” of the identity has to be your id of the customer: 1 to {_SUB_CHARS} printable characters.")
    return quote(one, safe="").replace("~", "%7E")


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    """What the site adds is never worth refusing its customer: odd values are left out."""
    value = claims.get(name)
    return " ".join(value.split())[:longest] if isinstance(value, str) and value.isprintable() else ""


def _address(claims: Mapping[str, Any], name: str, kind: str) -> Address | None:
    text = _text(claims, name, _ADDRESS_CHARS)
    try:
        found = people.parse_address(text) if text else None
    except Invalid:
        return None
    return found if found is not None and people.kind_of(found) == kind else None
