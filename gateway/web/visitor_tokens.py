"""Who a visitor or signed-in customer is, without a lookup: a signed token the widget keeps. Every visitors' call reads one, so it has to be quick."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from channels.contract import Address, Clock, Micros
from gateway.clock import DAY, MINUTE, SECOND
from gateway.errors import ConfigError

__all__ = ["CustomerToken", "VisitorToken", "VisitorTokens", "new_visitor_id"]

MAX_AGE = 400 * DAY
"""What browsers keep a cookie for at most (RFC 6265bis section 5.5); every visit renews the token."""
_DOMAIN = b"throughline visitor token v1\0"
"""Separates this use of a key from every other: a MAC made elsewhere with the same key is no token."""
_SKEW = 5 * MINUTE
_LONGEST = 2048
"""A customer's id of 128 characters takes up to 1,536 when it is percent-encoded."""
_VISITOR = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SITE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CUSTOMER = re.compile(r"[A-Za-z0-9._%-]{1,1536}")


@dataclass(frozen=True, slots=True)
class VisitorToken:
    """Somebody of whom nothing is known but that they come back."""

    visitor_id: str
    site: str
    issued_at: Micros

    @property
    def address(self) -> Address:
        return Address(f"visitor:{self.visitor_id}")

    @property
    def expires_at(self) -> None:
        """It is renewed with every visit."""
        return None


@dataclass(frozen=True, slots=True)
class CustomerToken:
    """Somebody whom the site has vouched for; `customer` is the site's own id of them, percent-encoded."""

    customer: str
    site: str
    expires_at: Micros

    @property
    def address(self) -> Address:
        return Address(f"user:{self.site}/{self.customer}")


def new_visitor_id(clock: Clock) -> str:
    """144 random bits as text; 128 would do."""
    return clock.token(18)


class VisitorTokens:
    """`v1~visitor~site~issued~MAC`, or `u1~customer~site~expires~MAC`; times in seconds, in hex.

    The first key signs, all verify: put a new one in front and drop the old one after MAX_AGE.
    """

    def __init__(self, keys: Sequence[bytes], max_age: Micros = MAX_AGE) -> None:
        if not keys or any(len(key) < 32 for key in keys):
            raise ConfigError("Visitor tokens need at least one key of 32 bytes or more.")
        # A prepared object per key: copying it skips two of the four SHA-256 blocks.
        self._prepared = [hmac.new(key, _DOMAIN, "sha256") for key in keys]
        self._max_age = max_age

    def issue(self, visitor_id: str, site: str, now: Micros) -> str:
        """A token for the visitor. Raises ValueError for an id or a site that would not fit the format."""
        if not _VISITOR.fullmatch(visitor_id) or not _SITE.fullmatch(site):
            raise ValueError("a visitor id or site outside the token's alphabet")
        return self._signed(f"v1~{visitor_id}~{site}~{now // SECOND:x}")

    def issue_customer(self, customer: str, site: str, expires_at: Micros) -> str:
        """A token for a signed-in customer, good until `expires_at`. Raises ValueError as `issue` does."""
        if not _CUSTOMER.fullmatch(customer) or not _SITE.fullmatch(site):
            raise ValueError("a customer's id or a site outside the token's alphabet")
        return self._signed(f"u1~{customer}~{site}~{expires_at // SECOND:x}")

    def read(self, token: str, now: Micros) -> VisitorToken | CustomerToken | None:
        """Whom we issued it to, or None: tampered with, of another key, too old, from the future, or no token at all."""
        if len(token) > _LONGEST or not token.isascii():
            return None
        payload, _, mac = token.rpartition("~")
        signed, given = payload.encode("ascii"), mac.encode("ascii")
        if not any(hmac.compare_digest(_mac(prepared, signed), given) for prepared in self._prepared):
            return None
        version, who, site, seconds = payload.split("~")
        at = int(seconds, 16) * SECOND
        if version == "u1":
            return CustomerToken(who, site, at) if now < at else None
        if version != "v1" or not now - self._max_age <= at <= now + _SKEW:
            return None
        return VisitorToken(who, site, at)

    def _signed(self, payload: str) -> str:
        return f"{payload}~{_mac(self._prepared[0], payload.encode('ascii')).decode('ascii')}"


def _mac(prepared: hmac.HMAC, payload: bytes) -> bytes:
    # Compared as text, not as bytes: base64 has several spellings of one value, and a token shall have one.
    mac = prepared.copy()
    mac.update(payload)
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=")
