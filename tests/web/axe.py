"""axe-core over one page: WCAG 2.2 A and AA, best practices, and text contrast of 7:1."""

from __future__ import annotations

from dataclasses import dataclass

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.web.states import State

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"color-contrast-enhanced": {"enabled": True}},
    "resultTypes": ["violations", "incomplete"],
}


@dataclass(frozen=True)
class Findings:
    """What axe-core says about one page, a line each: what is wrong, and what it could not decide."""

    wrong: tuple[str, ...]
    undecided: tuple[str, ...]


async def look(page: Page, base: str, state: State) -> Findings:
    """Open a state, unfold everything that is folded, and check it."""
    await page.goto(base + state.address)
    if state.typed is not None:
        await page.get_by_role("textbox").fill(state.typed)
        await page.get_by_role("button", name="送る").click()
        await page.locator(".said").last.wait_for()
    await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = (await Axe().run(page, options=RULES)).response
    return Findings(_lines(found["violations"]), _lines(found["incomplete"]))


def _lines(rules: list[dict]) -> tuple[str, ...]:
    return tuple(f"{rule['id']}: {node['html'][:160]}" for rule in rules for node in rule["nodes"])
