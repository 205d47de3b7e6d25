"""Which factory makes which kind of channel: imported on demand, so that an SDK that is switched off is never loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, cast

from channels.contract import Channel, Tools

Factory = Callable[[Mapping[str, Any], Tools], Channel]
"""make(settings, tools): `settings` holds "id" (the channel's id) and what the adapter documents; ValueError when they are wrong."""

_FACTORIES: dict[str, str | Factory] = {
    "webchat": "channels.webchat:make",
}


def kinds() -> tuple[str, ...]:
    """The kinds that can be configured, by name."""
    return tuple(sorted(_FACTORIES))


def make(kind: str, settings: Mapping[str, Any], tools: Tools) -> Channel:
    """Makes one configured channel. Raises ValueError with a sentence for an unknown kind, wrong settings or a missing package."""
    target = _FACTORIES.get(kind)
    if target is None:
        raise ValueError(f"There is no kind of channel called {kind!r}. Known kinds: {', '.join(kinds())}.")
    return (_imported(kind, target) if isinstance(target, str) else target)(settings, tools)


def register(kind: str, factory: str | Factory) -> Callable[[], None]:
    """Adds a kind ("module:factory", or the factory itself); call what is returned to take it out again. For tests and plug-ins."""
    before = _FACTORIES.get(kind)
    _FACTORIES[kind] = factory

    def undo() -> None:
        if before is None:
            _FACTORIES.pop(kind, None)
        else:
            _FACTORIES[kind] = before

    return undo


def _imported(kind: str, target: str) -> Factory:
    module, _, name = target.partition(":")
    try:
        return cast(Factory, getattr(import_module(module), name))
    except ModuleNotFoundError as error:
        raise ValueError(f"A channel of kind {kind!r} needs the package {error.name!r}, which is not installed.") from error
