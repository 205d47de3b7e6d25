"""Who may import whom, and what the house says of its files and names: the rules, and what finds a breach of them."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("gateway", "channels", "router", "widget")

CONTRACT = ("channels.contract", "channels.facts")
SHARED = ("channels.http", "channels.payload", "channels.text", "channels.phone", "channels.address")
FLOOR = ("gateway.errors", "gateway.clock", "gateway.log", "gateway.json")

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "channels.facts": (),
    "channels.contract": ("channels.facts",),
    **dict.fromkeys(SHARED, (*CONTRACT, *SHARED)),
    "channels.registry": ("channels",),
    "channels": (*CONTRACT, *SHARED),
    "router": ("router",),
    "widget": ("widget",),
    "gateway.log": (),
    "gateway.json": (),
    "gateway.errors": CONTRACT,
    "gateway.clock": CONTRACT,
    "gateway.model": CONTRACT,
    "gateway.config": ("gateway.errors", "gateway.clock", *CONTRACT),
    "gateway.db": ("gateway.model", *FLOOR),
    "gateway.blobs": ("gateway.db", *FLOOR),
    "gateway.store": ("gateway.model", "gateway.db", *FLOOR),
    "gateway.store.search": ("gateway.model", "gateway.db", *FLOOR, "channels.text"),
    "gateway.live": FLOOR,
    "gateway.flow": (
        "gateway.store", "gateway.db", "gateway.model", "gateway.live", "gateway.blobs", *FLOOR,
        "router", *CONTRACT, "channels.text", "channels.phone", "channels.address",
    ),
    "gateway.desk": ("gateway.flow", "gateway.store", "gateway.db", "gateway.model", *FLOOR, *CONTRACT),
    "gateway.web": (
        "gateway.flow", "gateway.desk", "gateway.store", "gateway.db", "gateway.model", "gateway.live", "gateway.blobs", "gateway.console", *FLOOR,
        "widget", *CONTRACT,
    ),
    "gateway.console": (),
    "gateway.sandbox": (*FLOOR, *CONTRACT, *SHARED),
    "gateway.demo": ("gateway.flow", "gateway.store", "gateway.db", "gateway.model", "gateway.live", "gateway.blobs", *FLOOR, *CONTRACT),
    "gateway.app": ("gateway.flow", "gateway.desk", "gateway.store", "gateway.db", "gateway.model", "gateway.live", "gateway.blobs", "gateway.web",
                    "gateway.config", "gateway.front", "gateway.folder", *FLOOR, "router", "channels", "widget"),
    "gateway.folder": FLOOR,
    "gateway.front": ("gateway.web", "gateway.config", *FLOOR),
    "gateway.cli": ("gateway", "router", "channels", "widget"),
    "gateway.commands": ("gateway", "channels", "widget"),
    "gateway": (),
}  # fmt: skip
"""By the longest name that fits. A name stands for the module and all below it; a package's own files may always import each other,
except in `channels`, where every adapter stands alone. gateway.app may import everything but the sandbox, which is for `demo` and tests."""

NOT_FOR_LEAVES = {
    "channels": ("aiohttp.web", "socketio", "sqlalchemy", "alembic", "sqlite3", "psycopg", "psycopg_pool"),
    "router": ("aiohttp", "asyncio", "socketio", "sqlalchemy", "sqlite3", "psycopg", "redis"),
}
"""An adapter only translates and the router only decides: neither sees the web framework or the database."""

MAX_LINES = 300
LONG_FILES = {
    "gateway.db.schema": "one table after the other; what refers to what is seen best in one place",
    "gateway.model": "one record after the other, as the tables they stand for",
}
"""module → why it may be longer."""

FORBIDDEN_WORDS = {"manager", "handler", "helper", "service", "util", "base"}

Sources = Mapping[str, str]


def read_tree() -> dict[str, str]:
    """Module name → source; a package is named without `.__init__`."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not {"node_modules", "dist"} & set(path.parts):
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found[name.removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


def within(module: str, names: Iterable[str]) -> bool:
    return any(module == name or module.startswith(name + ".") for name in names)


def imports(module: str, sources: Sources, packages: Iterable[str] = ()) -> Iterator[str]:
    """Every module that `module` names in an import, anywhere in it: also in a function, under TYPE_CHECKING and by importlib."""
    for node in ast.walk(ast.parse(sources[module])):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                parts = module.split(".")
                parents = parts[: len(parts) - node.level + (module in packages)]
                start = ".".join([*parents, *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{start}.{alias.name}"
                yield inner if inner in sources or inner == "aiohttp.web" else start
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__"):
                yield node.args[0].value


def rule_of(module: str) -> str:
    return max((name for name in MAY_IMPORT if within(module, [name])), key=len)


def own_files(module: str) -> str:
    """The part of the tree whose files belong together: an adapter with its files, or what has a row in the table."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] in ("channels", "gateway") else parts[0]


def broken_pairs(sources: Sources, packages: Iterable[str] = ()) -> list[str]:
    """ "importer → imported" for each pair that the table does not allow."""
    broken = []
    for module in sources:
        allowed = MAY_IMPORT[rule_of(module)]
        for target in imports(module, sources, packages):
            ours = within(target, PACKAGES)
            if ours and not within(target, allowed) and own_files(target) != own_files(module):
                broken.append(f"{module} → {target}")
            if within(module, CONTRACT) and not ours and target.split(".")[0] not in sys.stdlib_module_names:
                broken.append(f"{module} → {target}")
            if within(target, NOT_FOR_LEAVES.get(module.split(".")[0], ())):
                broken.append(f"{module} → {target}")
    return sorted(set(broken))


def circles(sources: Sources, packages: Iterable[str] = ()) -> list[str]:
    """ "a → b → a" for each circle found. Importing a module runs the packages above it, so these count."""
    edges: dict[str, set[str]] = {}
    for module in sources:
        named = set(imports(module, sources, packages))
        above = {".".join(target.split(".")[:end]) for target in named for end in range(1, target.count(".") + 1)}
        edges[module] = {name for name in named | {name for name in above if not within(module, [name])} if name in sources}
    found: list[str] = []
    done: set[str] = set()

    def visit(module: str, path: list[str]) -> None:
        if module in path:
            found.append(" → ".join([*path[path.index(module) :], module]))
        elif module not in done:
            for target in sorted(edges[module]):
                visit(target, [*path, module])
            done.add(module)

    for module in sorted(edges):
        visit(module, [])
    return found


def too_long(sources: Sources, long_files: Mapping[str, str]) -> list[str]:
    """Files past the limit without a reason, and reasons that are no longer needed."""
    complaints = []
    for module, source in sources.items():
        lines = len(source.splitlines())
        limit = 249 if module == "channels.contract" else MAX_LINES
        if lines > limit and module not in long_files:
            complaints.append(f"{module} has {lines} lines, at most {limit} are allowed")
        if module in long_files and lines <= limit:
            complaints.append(f"{module} has {lines} lines and needs no exception any more")
    return complaints + [f"{module} does not exist" for module in long_files if module not in sources]


def words(name: str) -> set[str]:
    """The words of CamelCase or snake_case, in lower case and in the singular."""
    return {word.lower().removesuffix("s") for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def empty_names(sources: Sources) -> list[str]:
    """Modules and classes named by a word that says nothing of what they are."""
    named = [(module, module.split(".")[-1]) for module in sources]
    for module, source in sources.items():
        named += [(f"{module}.{node.name}", node.name) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    return [full for full, name in named if words(name) & FORBIDDEN_WORDS]


def without_docstring(sources: Sources) -> list[str]:
    parsed = {module: ast.parse(source) for module, source in sources.items()}
    return [module for module, tree in parsed.items() if tree.body and not ast.get_docstring(tree)]
