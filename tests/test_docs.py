"""The documents say what the program does: settings, tables, routes, commands and links are compared, examples are run."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
import types
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, cast, get_args, get_origin

import annotated_types
import click
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from channels import contract, registry
from channels.contract import Address, Broken, Later, Never, SendError, Tools, Unknown, Unreachable
from gateway.cli import main
from gateway.config import ChannelSettings, Limits, Routing, Rules, Settings, Site, load
from gateway.db.schema import metadata
from gateway.web import health, server
from gateway.web.context import Context
from gateway.web.metrics import Metrics
from tests.adapters.case import Case
from tests.adapters.suite import AdapterSuite
from tests.adapters.tools import Recorded

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
OURS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
_FENCE = re.compile(r"^```([a-z]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks in `language`."""
    return [body for kind, body in _FENCE.findall(text) if kind == language]


def cells(line: str) -> list[str]:
    """The cells of a table's row; a pipe in a cell is written with a backslash before it."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


# --- configuration --------------------------------------------------------------------------------------------------------------------

SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("", Settings),
    ("sites.<key>.", Site),
    ("channels.<id>.", ChannelSettings),
    ("routing.", Routing),
    ("rules.", Rules),
    ("limits.", Limits),
)


def setting_rows(prefix: str, model: type[BaseModel]) -> list[str]:
    """The rows that docs/configuration.md has for a section: name, environment, default, what is allowed, help line."""
    return [
        f"| `{prefix}{name}` | `THROUGHLINE_{(prefix + name).replace('.', '__').upper()}` | {_default(field)} | {_allowed(field)} | {field.description} |"
        for name, field in model.model_fields.items()
    ]


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required():
        return "required"
    if isinstance(value, BaseModel | dict):
        return "see below"
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return f"`{json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)}`"


def _allowed(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{word}`" for word in get_args(field.annotation))
    said = []
    for rule in field.metadata:
        match rule:
            case annotated_types.Ge():
                said.append(f"from {cast(float, rule.ge):,}")
            case annotated_types.Le():
                said.append(f"to {cast(float, rule.le):,}")
            case annotated_types.MaxLen():
                said.append(f"{rule.max_length} at most")
            case _:
                said.append("#rgb or #rrggbb")
    return " ".join(said)


@pytest.mark.parametrize(("prefix", "model"), SECTIONS)
def test_every_setting_is_documented_as_it_is(prefix: str, model: type[BaseModel]) -> None:
    told = [line for line in read("docs/configuration.md").splitlines() if re.match(rf"\| `{re.escape(prefix)}[a-z_]+` \|", line)]
    assert told == setting_rows(prefix, model)


def test_no_setting_is_documented_that_does_not_exist() -> None:
    known = {f"{prefix}{name}" for prefix, model in SECTIONS for name in model.model_fields}
    told = {match[1] for match in re.finditer(r"^\| `([^`]+)` \| `THROUGHLINE_", read("docs/configuration.md"), re.MULTILINE)}
    assert told == known


def test_every_environment_variable_in_the_documents_is_a_setting() -> None:
    known = {("THROUGHLINE_" + (prefix + name).replace(".", "__").upper()) for prefix, model in SECTIONS for name in model.model_fields}
    for path in OURS:
        for name in set(re.findall(r"THROUGHLINE_[A-Z_]+[A-Z](?:__<[A-Z]+>__[A-Z_]*[A-Z])?", path.read_text("utf-8"))):
            assert name in known | {"THROUGHLINE_CONFIG"} or re.fullmatch(r"THROUGHLINE_(SITES|CHANNELS)__[A-Z0-9_]+", name), (
                path.name,
                name,
            )


def test_the_example_file_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("THROUGHLINE_")]:
        monkeypatch.delenv(name)
    (example,) = blocks(read("docs/configuration.md"), "toml")
    monkeypatch.setenv("THROUGHLINE_CONFIG", str(tmp_path / "throughline.toml"))
    (tmp_path / "throughline.toml").write_text(example, "utf-8")
    settings = load()
    assert settings.public_url == "https://chat.example"
    assert settings.sites["shop"].channel in settings.channels
    assert settings.rules.reopen_days == 14


# --- the data model -------------------------------------------------------------------------------------------------------------------


def test_every_table_has_its_section_and_every_column_is_named_in_it() -> None:
    sections = dict(re.findall(r"^### `([a-z_]+)`\n(.*?)(?=^##|\Z)", read("docs/data-model.md"), re.MULTILINE | re.DOTALL))
    assert set(sections) == set(metadata.tables)
    for name, table in metadata.tables.items():
        told = {match[1] for match in re.finditer(r"^\| `([a-z_]+)` \|", sections[name], re.MULTILINE)}
        assert told == set(table.columns.keys()), name


# --- routes ---------------------------------------------------------------------------------------------------------------------------


def _spelt(path: str) -> str:
    """Every parameter reads the same: docs/api.md calls some of them by a friendlier name."""
    return re.sub(r"\{[^}]*\}", "{}", path.partition("?")[0])


def served() -> set[tuple[str, str]]:
    """(method, path) of everything the program answers."""
    bare = cast(Context, SimpleNamespace(sites={}))
    found = [
        *server.calls(), *server.pages(bare),
        *health.routes(health.Readiness({}, cast(Any, None)), Metrics()),
    ]  # fmt: skip
    return {(route.method, _spelt(route.path)) for route in found}


def documented() -> set[tuple[str, str]]:
    """(method, path) of every call that docs/api.md names. “`POST /a/accept` `/decline`” names two."""
    found = set()
    for line in read("docs/api.md").splitlines():
        call = cells(line)[0] if line.startswith("|") else line
        for method, path in re.findall(r"`(GET|POST|PUT|DELETE) (/[^\s`]*)", call):
            found.add((method, _spelt(path)))
            found |= {
                (method, _spelt(path.rpartition("/")[0] + other))
                for other in re.findall(r"`(/[a-z]+)(?: [^`]*)?`", call)
                if line.startswith("|")
            }
    return found


def test_every_route_is_documented_and_every_documented_route_exists() -> None:
    assert documented() == served()


# --- commands and links ---------------------------------------------------------------------------------------------------------------


def commands(text: str) -> Iterator[list[str]]:
    """What the shell blocks of a document call, as words."""
    for body in blocks(text, "sh"):
        for line in body.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            if words:
                yield words


def _complaint(words: list[str]) -> str | None:
    """What is wrong with a call of ours; None for a call of something else."""
    if words[0] == "make":
        targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
        wanted = [word for word in words[1:] if "=" not in word]
        return None if wanted and set(wanted) <= targets else f"no such target: {' '.join(words)}"
    if Path(words[0]).name != "throughline":
        return None
    try:
        _parse(main, words[1:], None)
    except click.ClickException as error:
        return f"{' '.join(words)}: {error.format_message()}"
    return None


def _parse(command: click.Command, arguments: list[str], parent: click.Context | None) -> None:
    """As click would before it calls anything."""
    try:
        context = command.make_context(command.name, list(arguments), parent=parent)
    except click.exceptions.Exit:
        return  # --help and --version
    if isinstance(command, click.Group):
        # Where click keeps the words after a group's own options: it has no public name for it.
        _, inner, left = command.resolve_command(context, [*context._protected_args, *context.args])
        assert inner is not None
        _parse(inner, left, context)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_exists(path: Path) -> None:
    assert [said for words in commands(path.read_text("utf-8")) if (said := _complaint(words))] == []


def test_a_wrong_command_is_noticed() -> None:
    for wrong in ("make sandwich", "throughline fly", "throughline agent add", "throughline run web --sideways", "throughline team add"):
        assert _complaint(shlex.split(wrong)), wrong
    for right in (
        "make run ARGS=x",
        "throughline run web worker --port 1",
        ".venv/bin/throughline agent add a@b.example --name A",
        "ls -l",
    ):
        assert _complaint(shlex.split(right)) is None, right


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", re.sub(_FENCE, "", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(_FENCE, "", path.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (path.parent / name).resolve() if name else path
        assert found.exists(), f"{path.name}: {target}"
        if anchor and found.suffix == ".md":
            assert anchor in _anchors(found.read_text("utf-8")), f"{path.name}: {target}"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_are_named_exist(path: Path) -> None:
    """`gateway/flow/receive.py` and the like, in backquotes. Names without a folder and with a placeholder are left alone."""
    named = re.findall(r"`((?:gateway|channels|router|widget|tests|tools|benchmarks|docs)/[\w./-]+\.\w+)`", path.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists() and name != EXAMPLE] == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_tests_that_are_named_exist(path: Path) -> None:
    """`tests/web/test_edges.py::test_name`."""
    for name, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", path.read_text("utf-8")):
        assert re.search(rf"^ *(async )?def {test}\(", read(name), re.MULTILINE), f"{name}::{test}"


def test_every_decision_is_numbered_and_listed() -> None:
    names = sorted(path.name for path in (DOCS / "decisions").glob("*.md"))
    assert [int(name[:3]) for name in names] == list(range(1, len(names) + 1))
    index = read("docs/architecture.md")
    assert [name for name in names if f"decisions/{name}" not in index] == []


# --- the example adapter --------------------------------------------------------------------------------------------------------------

EXAMPLE = "channels/postbox.py"
SECRET, TOKEN = "postbox-signing-secret", "postbox-api-token"
_STATUS: Mapping[type[SendError] | None, int] = {None: 200, Later: 503, Never: 422, Unreachable: 404, Broken: 401, Unknown: 504}


@pytest.fixture(scope="module")
def postbox() -> Iterator[types.ModuleType]:
    """The example of docs/adding-a-channel.md, imported as the file it says it is."""
    (source,) = [body for body in blocks(read("docs/adding-a-channel.md"), "python") if body.startswith('"""Postbox')]
    module = types.ModuleType("channels.postbox")
    sys.modules[module.__name__] = module
    exec(compile(source, EXAMPLE, "exec"), module.__dict__)
    yield module
    del sys.modules[module.__name__]


class PostboxProvider:
    """The other side of the example, on loopback."""

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.script: list[type[SendError] | None] = []

    async def take(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        outcome = self.script.pop(0) if self.script else None
        body = await request.json()
        if outcome is None:
            self.arrived.append(body["text"])
        return web.json_response({"id": f"m-{len(self.arrived)}"}, status=_STATUS[outcome])


@pytest.fixture
async def provider() -> AsyncIterator[tuple[PostboxProvider, str, ClientSession]]:
    made = PostboxProvider()
    app = web.Application()
    app.router.add_post("/messages", made.take)
    async with TestServer(app) as running, ClientSession() as session:
        yield made, str(running.make_url("/")).rstrip("/"), session


class TestPostbox(AdapterSuite):
    @pytest.fixture
    async def case(self, postbox: types.ModuleType, provider: tuple[PostboxProvider, str, ClientSession]) -> Case:
        played, url, session = provider
        tools: Tools = Recorded(session=session).tools
        sign: Callable[..., Any] = postbox.signed

        def make() -> Any:
            return postbox.make({"id": "postbox", "secret": SECRET, "token": TOKEN, "url": url}, tools)

        def says(text: str) -> bytes:
            return json.dumps({"id": "e-1", "from": "aino", "text": text}, ensure_ascii=False).encode()

        return Case(
            channel=make(),
            make=make,
            to=Address("postbox:aino"),
            authentic=lambda body: sign(body, SECRET),
            says=says,
            arrived=lambda: list(played.arrived),
            script=played.script.append,
            stranger=sign(says("Hello"), "the-secret-of-another-postbox"),
            signed_by=("postbox-signature",),
            secrets=(SECRET, TOKEN),
        )


async def test_the_example_can_be_registered(postbox: types.ModuleType) -> None:
    undo = registry.register("postbox", postbox.make)
    try:
        made = registry.make("postbox", {"id": "box", "secret": SECRET, "token": TOKEN, "url": "https://postbox.example"}, Recorded().tools)
        assert made.id == "box"
        with pytest.raises(ValueError, match="secret"):
            registry.make("postbox", {"id": "box"}, Recorded().tools)
    finally:
        undo()


def test_the_contract_is_told_whole() -> None:
    """Every fact, outcome, ability and protocol of the contract is named in docs/adding-a-channel.md."""
    told = read("docs/adding-a-channel.md")
    small = {
        "Address",
        "ChannelId",
        "Clock",
        "Cursor",
        "Deliver",
        "DeliveryId",
        "Fact",
        "Fetch",
        "Micros",
        "Push",
        "SendError",
        "IntakeError",
    }
    assert [name for name in contract.__all__ if name not in small and f"`{name}" not in told] == []
    assert [can.name for can in contract.Can if f"`{can.name}`" not in told] == []
