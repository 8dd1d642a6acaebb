"""The page by keyboard alone: Tab to what is wanted, then Enter, or Space for a choice that is switched."""

from __future__ import annotations

from playwright.async_api import Page, expect

MOST_TABS = 60

_FOCUSED = """() => {
    const one = document.activeElement;
    return one.matches("button, a, summary")
        ? (one.querySelector(".label") ?? one).textContent.trim() : one.tagName;
}"""


async def tab_to(page: Page, label: str) -> int:
    """Press Tab until the button or link with this label has the focus, and see that it shows. Returns how often."""
    passed: list[str] = []
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        passed.append(await page.evaluate(_FOCUSED))
        if passed[-1] == label:
            width = await page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
            assert width >= 2, f"no focus to be seen on {label}"
            return len(passed)
    raise AssertionError(f"{label} is not reached: {passed}")


async def press(page: Page, label: str) -> int:
    """Press the button with this label and wait for what it leads to. Returns the number of keys."""
    keys = await tab_to(page, label) + 1
    switched = await page.evaluate("document.activeElement.getAttribute('aria-pressed')")
    if switched is not None:
        await page.keyboard.press("Space")
        chosen = page.locator(".turn").last.locator('button[aria-pressed="true"]', has_text=label)
        await expect(chosen).to_be_focused()
        return keys
    turns = await page.locator(".turn").count()
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn")).to_have_count(turns + 1)
    await expect(page.locator(".turn").last.locator("h2").first).to_be_focused()
    return keys
