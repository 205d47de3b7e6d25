"""axe-core over a page as it stands: https://github.com/dequelabs/axe-core."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Frame, Page

from tests.gateway import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
EVERY = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast",)
_RUN = """async ([part, rules]) => {
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)));
  const shown = part ? [...document.querySelectorAll(part)].filter((one) => one.checkVisibility()).at(-1) : null;
  const found = await axe.run(shown ?? document, { resultTypes: ["violations"], runOnly: rules });
  return found.violations.map((one) => [one.id, one.help, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]);
}"""


async def findings(where: Page | Frame, part: str = "", rules: tuple[str, ...] = EVERY) -> list[str]:
    """What axe objects to, one line each; empty for a page without findings.

    `part` selects what alone is looked at where it is shown, such as a dialog; `rules` are axe's tags or, to be quick, names of rules.

    The script is put in by the debugger's protocol, which a page's Content-Security-Policy does not stop.
    """
    if not await where.evaluate("typeof axe === 'object'"):
        await where.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[list[Any]] = await where.evaluate(_RUN, [part, list(rules)])
    return [f"{rule}: {why} {nodes}" for rule, why, nodes in found]
