"""The page with the shipped content in Chromium: accessible, and walked by keyboard alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.assistant import Assistant
from bot.channels.web import WebSettings
from bot.printing.press import open_press
from tests.needs import needs
from tests.web.axe import look
from tests.web.browser import site
from tests.web.keyboard import press, tab_to
from tests.web.states import SHORT, State, labels, questions, results, walks

pytestmark = [needs("chromium"), pytest.mark.asyncio(loop_scope="session")]

REPRESENTATIVE = (
    "start",
    "near ties",
    "typed PIN",
    "not found",
    "question recover.visitor",
    "question recover.papers",
    "result recover.kiosk",
    "entry pin-types",
)


@pytest_asyncio.fixture(loop_scope="session")
async def address(shipped: Assistant) -> AsyncIterator[str]:
    async with site(lambda: shipped, WebSettings(burst=10_000), press=open_press()) as address:
        yield address


async def test_axe_finds_nothing_on_one_page_of_each_kind(browser: Browser, address: str, shipped: Assistant) -> None:
    """All of them: bench/axe."""
    content = shipped.content
    known = {state.name: state for state in (*SHORT, *questions(content), *results(content))}
    known["entry pin-types"] = State("entry pin-types", "/a?e=pin-types")
    context = await browser.new_context(viewport={"width": 320, "height": 640}, color_scheme="light", locale="ja-JP")
    page = await context.new_page()
    for number, name in enumerate(REPRESENTATIVE):
        await page.emulate_media(color_scheme="dark" if number % 2 else "light")
        assert (await look(page, address, known[name])).wrong == (), name


async def test_axe_would_find_a_low_contrast(browser: Browser, address: str) -> None:
    page = await browser.new_page()
    await page.route("**/page.*.css", lambda route: route.fulfill(body="p { color: #666 }", content_type="text/css"))
    found = await look(page, address, State("start", "/"))
    assert any(line.startswith("color-contrast-enhanced") for line in found.wrong)


@pytest.mark.parametrize("flow", ["is-it-a-lock", "recover", "which-pin"])
async def test_a_guide_is_walked_by_keyboard_alone(
    browser: Browser, address: str, shipped: Assistant, flow: str
) -> None:
    """Every route: bench/keyboard."""
    content = shipped.content
    answers = max(walks(content, flow).values(), key=lambda answers: len(answers.given))
    page = await browser.new_page()
    await page.goto(address)
    await press(page, content.flows[flow].start)
    for chosen in labels(content, flow, answers):
        for label in chosen:
            await press(page, label)


async def test_the_checklist_is_ticked_and_the_skip_link_taken_by_keyboard(browser: Browser, address: str) -> None:
    page = await browser.new_page()
    await page.goto(address)
    await tab_to(page, "本文へ進む")
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
