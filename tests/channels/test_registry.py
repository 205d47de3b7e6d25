"""Channels are made by kind, and what is not configured is not imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from channels import registry
from tests.adapters.tools import Recorded


def test_an_unknown_kind_is_told_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'fax'.*webchat.*\.$"):
        registry.make("fax", {}, Recorded().tools)


def test_every_kind_can_be_found() -> None:
    assert "webchat" in registry.kinds()
    assert list(registry.kinds()) == sorted(registry.kinds())


def test_a_missing_package_is_named() -> None:
    undo = registry.register("odd", "no_such_package_here:make")
    try:
        with pytest.raises(ValueError, match="no_such_package_here"):
            registry.make("odd", {}, Recorded().tools)
    finally:
        undo()


def test_undoing_brings_back_what_was_there() -> None:
    undo = registry.register("webchat", "no_such_package_here:make")
    undo()
    assert registry.make("webchat", {}, Recorded().tools).id == "webchat"


def test_asking_for_the_registry_imports_no_adapter_and_no_sdk() -> None:
    code = "import sys, channels.registry; print(sorted(m for m in sys.modules if m.startswith(('channels.', 'aiohttp', 'slack', 'twilio', 'tweepy'))))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "['channels.contract', 'channels.facts', 'channels.registry']"
