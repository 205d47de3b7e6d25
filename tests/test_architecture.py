"""Holds the tree to tests/architecture.py; planted breaches show that each rule can fail."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.architecture import (
    LONG_FILES,
    PACKAGES,
    ROOT,
    broken_pairs,
    circles,
    empty_names,
    own_files,
    read_tree,
    rule_of,
    too_long,
    without_docstring,
)

TREE = read_tree()
PACKAGE_NAMES = {".".join(path.parent.relative_to(ROOT).parts) for name in PACKAGES for path in (ROOT / name).rglob("__init__.py")}


def test_only_allowed_pairs() -> None:
    assert not (broken := broken_pairs(TREE, PACKAGE_NAMES)), "\n".join(broken)


def test_no_circles() -> None:
    assert not (found := circles(TREE, PACKAGE_NAMES)), "\n".join(found)


def test_files_are_short() -> None:
    assert not (complaints := too_long(TREE, LONG_FILES)), "\n".join(complaints)


def test_names_say_something() -> None:
    assert not (named := empty_names(TREE)), "\n".join(named)


def test_every_module_says_why_it_exists() -> None:
    assert not (silent := without_docstring(TREE)), "\n".join(silent)


def test_every_part_has_a_row_of_its_own() -> None:
    nameless = {own_files(module) for module in TREE if rule_of(module) == "gateway"} - {"gateway"}
    assert nameless == set(), "add these to MAY_IMPORT"


def test_channels_is_ours_and_not_the_package_of_that_name() -> None:
    spec = importlib.util.find_spec("channels.contract")
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin) == ROOT / "channels" / "contract.py"


# The checks themselves, on planted sources: a test that cannot fail holds nothing.


@pytest.mark.parametrize(
    ("module", "source", "target"),
    [
        ("channels.sms", "from gateway.store import messages", "gateway.store.messages"),
        ("channels.sms", "from channels import mail", "channels.mail"),
        ("channels.sms", "def f():\n    import channels.mail.parse", "channels.mail.parse"),
        ("channels.sms", "from .mail import parse", "channels.mail.parse"),
        ("channels.sms", "from channels.registry import make", "channels.registry"),
        ("channels.sms", "import sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.postgresql"),
        ("channels.sms", "from aiohttp import ClientSession, web", "aiohttp.web"),
        ("channels.text", "import channels.mail", "channels.mail"),
        ("channels.contract", "import aiohttp", "aiohttp"),
        ("channels.contract", "from channels.text import clean", "channels.text"),
        ("router.pick", "from channels.contract import Address", "channels.contract"),
        ("router.pick", "import importlib\nimportlib.import_module('gateway.model')", "gateway.model"),
        ("gateway.model", "from gateway.errors import Invalid", "gateway.errors"),
        ("gateway.db.sqlite", "from gateway.store import messages", "gateway.store.messages"),
        ("gateway.store.messages", "from gateway.flow.receive import accept", "gateway.flow.receive"),
        ("gateway.store.messages", "from gateway.blobs import Blobs", "gateway.blobs"),
        (
            "gateway.live.bus",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from gateway.flow.receive import accept",
            "gateway.flow.receive",
        ),
        ("gateway.flow.receive", "from channels.sms import Sms", "channels.sms"),
        ("gateway.flow.receive", "import gateway.web.app", "gateway.web.app"),
        ("gateway.web.hooks", "from channels import sms", "channels.sms"),
        ("gateway.web.hooks", "from gateway.app import start", "gateway.app"),
        ("gateway.app", "from gateway.sandbox import mail", "gateway.sandbox"),
    ],
)
def test_a_forbidden_pair_is_named(module: str, source: str, target: str) -> None:
    tree = {module: source, "channels.mail": "", "channels.mail.parse": "", "channels.sms": "", "gateway.store.messages": ""} | {
        module: source
    }
    assert broken_pairs(tree, {"channels.mail"}) == [f"{module} → {target}"]


def test_allowed_pairs_pass() -> None:
    tree = {
        "channels.mail": "from .parse import parse\nfrom channels.text import clean\nimport aiohttp",
        "channels.mail.parse": "from channels.contract import Request",
        "channels.contract": "import json\nfrom channels.facts import Fact",
        "gateway.flow.receive": "from gateway.store import messages\nfrom gateway.flow.people import who\nfrom router.pick import pick",
        "gateway.cli": "from gateway.sandbox import demo",
    }
    assert broken_pairs(tree, {"channels.mail"}) == []


def test_a_circle_is_found() -> None:
    two = {"gateway.flow.a": "from gateway.flow import b", "gateway.flow.b": "def f():\n    from gateway.flow.a import x"}
    assert circles(two) == ["gateway.flow.a → gateway.flow.b → gateway.flow.a"]
    over_its_package = {"router": "from router.pick import pick\nRULES = 1", "router.pick": "from router import RULES"}
    assert circles(over_its_package, {"router"}) == ["router → router.pick → router"]
    beside_it = {"router": "from router.pick import pick", "router.pick": "from router import types", "router.types": ""}
    assert circles(beside_it, {"router"}) == []
    assert circles({"channels.x": "from channels.y import y", "channels.y": "from channels.z import z", "channels.z": ""}) == []


def test_a_long_file_is_found() -> None:
    assert too_long({"router.pick": "x\n" * 301}, {}) == ["router.pick has 301 lines, at most 300 are allowed"]
    assert too_long({"channels.contract": "x\n" * 250}, {}) == ["channels.contract has 250 lines, at most 249 are allowed"]
    assert too_long({"router.pick": "x\n" * 301}, {"router.pick": "a table"}) == []
    assert too_long({"router.pick": "x\n"}, {"router.pick": "a table"}) == ["router.pick has 1 lines and needs no exception any more"]


def test_an_empty_name_is_found() -> None:
    planted = {
        "gateway.flow.utils": "",
        "gateway.flow.a": "class RouteManager: ...\nclass BaseChannel: ...\nclass Database: ...\nclass HTTPHandlers: ...",
    }
    assert empty_names(planted) == [
        "gateway.flow.utils",
        "gateway.flow.a.RouteManager",
        "gateway.flow.a.BaseChannel",
        "gateway.flow.a.HTTPHandlers",
    ]


def test_a_missing_docstring_is_found() -> None:
    assert without_docstring({"router.a": "x = 1", "router.b": "'''Why.'''", "router": ""}) == ["router.a"]
