"""The gateway's own error family: what a caller did wrong or what is not there now."""

from __future__ import annotations


class GatewayError(Exception):
    """A sentence a person understands. The edge turns it into problem+json with `status` and `code`."""

    status = 500
    code = "internal"

    def __init__(self, message: str, **detail: object) -> None:
        super().__init__(message)
        self.detail = detail


class Invalid(GatewayError):
    """The input is not acceptable; `detail["field"]` names what is wrong."""

    status = 400
    code = "invalid"


class Unauthorised(GatewayError):
    """Nobody is signed in."""

    status = 401
    code = "unauthorised"


class Forbidden(GatewayError):
    """Signed in, but not allowed."""

    status = 403
    code = "forbidden"


class NotFound(GatewayError):
    """It does not exist, or not for this caller."""

    status = 404
    code = "not_found"


class Gone(GatewayError):
    """It existed once and was removed."""

    status = 410
    code = "not_found"


class Conflict(GatewayError):
    """Somebody else was faster, or the thing is not in the state that was assumed."""

    status = 409
    code = "conflict"


class TooLarge(GatewayError):
    status = 413
    code = "too_large"


class TooMany(GatewayError):
    """A rate or count limit; `detail["retry_after"]` in seconds."""

    status = 429
    code = "too_many"


class Unavailable(GatewayError):
    """The store does not take writes now (locked, full, read-only, away). Nothing was stored; try again."""

    status = 503
    code = "unavailable"


class UnknownOutcome(Unavailable):
    """The connection broke during COMMIT: the unit may or may not have been stored."""

    code = "unknown_outcome"


class ConfigError(GatewayError):
    """The installation cannot start like this; the sentence says what to change."""

    code = "config"
