"""Agents' passwords: argon2id in a few threads of its own, equal work for known and unknown accounts, and a short policy."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.errors import Invalid, TooMany

__all__ = ["LONGEST", "SHORTEST", "Passwords", "check_policy"]

SHORTEST = 10
LONGEST = 128
"""Code points after normalisation. OWASP ASVS 5.0 6.2.1 and 6.2.9: at least 8, up to at least 64."""
_Result = TypeVar("_Result")

# Ten and more characters long (shorter ones are refused anyway), from the heads of published breach lists.
_WORDS = """
    1234567890 12345678910 0123456789 9876543210 0987654321 1234567891 123456789a a123456789 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop
    qwerty12345 qwerty123456 qwertyuiop123 asdfghjkl1 zxcvbnm123 password12 password123 password1234 password12345 passw0rd123
    passwordpassword mypassword mypassword1 letmein123 letmein1234 welcome123 welcome1234 iloveyou12 iloveyou123 administrator
    admin12345 admin123456 changeme123 changemenow football123 baseball123 basketball superman123 sunshine123 princess123 monkey12345
    abc1234567 abcd123456 abcdefghij abcdefghijk abc123456789 1111111111 0000000000 1111111111111 9999999999 1212121212 1122334455
    11223344556 5555555555 7777777777 qazwsxedcrfv q1w2e3r4t5 q1w2e3r4t5y6 trustno1234 starwars123 whatever123 throughline
    throughline1 throughline123 helpdesk123 support123 support1234 companyname1 spring2026! summer2026! autumn2026! winter2026!
"""
_COMMON = frozenset(_WORDS.split())


def check_policy(password: str, *about: str) -> None:
    """Raises Invalid (field "password") with what is wrong. `about` is what others know of the account: name, mail address."""
    text = _normal(password)
    if text is None:
        raise Invalid("The password holds characters that cannot be stored.", field="password")
    if len(text) < SHORTEST:
        raise Invalid(f"The password needs at least {SHORTEST} characters.", field="password")
    if len(text) > LONGEST:
        raise Invalid(f"The password may have at most {LONGEST} characters.", field="password")
    plain = text.casefold()
    if plain in _COMMON or len(set(plain)) < 4:
        raise Invalid("This password is among the first ones tried by attackers.", field="password")
    if any(plain == known.casefold().strip() for known in about if known):
        raise Invalid("The password must not be your name or mail address.", field="password")


class Passwords:
    """A bounded pool: `threads` hashes at once (64 MiB and about 0.1 s each with argon2's defaults), `waiting` more in line."""

    def __init__(self, hasher: PasswordHasher | None = None, threads: int = 2, waiting: int = 32) -> None:
        self._hasher = hasher or PasswordHasher()
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="passwords")
        self._most = threads + waiting
        self._busy = 0
        # Made with the same parameters as real ones, so that verifying against it takes the same time.
        self._dummy = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """The stored form. The policy is the caller's to check. Raises TooMany when the line is full, Invalid for lone surrogates."""
        text = _normal(password)
        if text is None:
            raise Invalid("The password holds characters that cannot be stored.", field="password")
        return await self._run(lambda: self._hasher.hash(text))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether it is the password. Without an account or a usable password the same work is done for nothing. Raises TooMany."""
        text = _normal(password[: LONGEST * 4])
        possible = stored is not None and text is not None and len(text) <= LONGEST
        against = stored if stored is not None and possible else self._dummy
        candidate = text if text is not None and possible else "no such account"
        return await self._run(lambda: self._matches(against, candidate)) and possible

    def is_outdated(self, stored: str) -> bool:
        """Whether it was made with weaker parameters than today's: hash again after the next right password."""
        try:
            return self._hasher.check_needs_rehash(stored)
        except InvalidHashError:
            return True

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        if self._busy >= self._most:
            raise TooMany("Too many people are signing in; please wait a moment.", retry_after=2)
        self._busy += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(self._settled)
        # Shielded: a caller who hangs up must not free a place that a thread still works on.
        return await asyncio.shield(future)

    def _settled(self, _: object) -> None:
        self._busy -= 1


def _normal(password: str) -> str | None:
    """NFKC (NIST SP 800-63B section 3.1.1.2), so that every keyboard gives the same bytes; None for what UTF-8 cannot carry."""
    text = unicodedata.normalize("NFKC", password)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return text
