"""Signed thread references: what we put into outgoing mail so that an answer finds its conversation and nobody can guess one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from gateway.model import ConversationId

_DOMAIN = b"throughline thread reference v1:"
_LENGTH = 40


class References:
    """The first key signs, all verify, so that keys can be changed while old mails are still answered."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("A thread reference needs at least one key.")
        self._keys = tuple(keys)

    def sign(self, conversation_id: ConversationId) -> str:
        """`<id>.<160 bits of HMAC-SHA256 in hex>`; letters and digits only, since mail programs change case and cut."""
        return f"{conversation_id}.{self._mac(self._keys[0], conversation_id)}"

    def read(self, reference: str) -> ConversationId | None:
        """None for everything that we did not sign, letter for letter but for case."""
        name, _, mac = reference.strip().lower().partition(".")
        if not name or not mac or not mac.isascii():
            return None
        if any(hmac.compare_digest(self._mac(key, name), mac) for key in self._keys):
            return ConversationId(name)
        return None

    def _mac(self, key: bytes, conversation_id: str) -> str:
        return hmac.new(key, _DOMAIN + conversation_id.encode(), hashlib.sha256).hexdigest()[:_LENGTH]
