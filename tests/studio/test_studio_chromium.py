"""A clerk's way through the studio in a real Chromium, with the script and without it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.channels.studio.app import Studio
from bot.channels.web.app import serve
from tests.needs import needs
from tests.web.browser import chromium

pytestmark = needs("chromium")


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture
async def address(studio_of: Callable[..., Studio]) -> AsyncIterator[str]:
    runner = await serve(studio_of().app(), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def opened(browser: Browser, address: str, **options: object) -> tuple[Page, list[str]]:
    """A page at `address`, and what its console complains about (a broken content policy says so there)."""
    context = await browser.new_context(locale="ja-JP", **options)  # type: ignore[arg-type]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    return page, complaints


@pytest.mark.parametrize("script", [True, False])
async def test_a_clerk_changes_an_answer_and_the_file_has_exactly_that_change(
    browser: Browser, address: str, root: Path, script: bool
) -> None:
    path = root / "faq" / "ja.yaml"
    path.write_text("# 職員のメモ\n" + path.read_text("utf-8"), "utf-8")
    before = path.read_text("utf-8")
    page, complaints = await opened(browser, address, java_script_enabled=script)
    await page.get_by_role("searchbox").fill("電話")
    await page.get_by_role("button", name="さがす").click()
    await page.get_by_role("link", name="どこに電話すればいいですか").click()
    await page.get_by_label("答え", exact=True).fill("{city.phone}へお電話ください。\n夜は{help-line}です。")
    await page.get_by_role("button", name="次へ").click()
    await expect(page.locator(".preview")).to_contain_text("夜は0120-95-0178です。")
    await expect(page.locator("tr.old")).to_have_text("42前      急ぐときは{help-line}です。")
    await expect(page.locator("#effects[data-done=yes]")).to_contain_text("変わる答え", timeout=30_000)
    await page.get_by_role("button", name="保存する", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("保存しました")
    assert path.read_text("utf-8") == before.replace("急ぐときは", "夜は")
    assert complaints == []


async def test_a_mistake_shows_at_its_line_while_one_types_and_is_not_saved(
    browser: Browser, address: str, root: Path
) -> None:
    before = (root / "faq" / "ja.yaml").read_text("utf-8")
    page, complaints = await opened(browser, f"{address}/edit/entry/phone?as=yaml")
    area = page.locator("textarea.yaml")
    good = await area.input_value()
    await area.fill(good.replace("question: ", "question："))
    await expect(page.locator("#found .place")).to_have_text("25行目・13文字目")
    await expect(page.locator("#found mark").first).to_have_text("：")
    await page.get_by_role("button", name="次へ").click()
    await expect(page.locator("#found")).to_contain_text("まだ保存できません")
    assert "question：" in await area.input_value()
    assert (root / "faq" / "ja.yaml").read_text("utf-8") == before
    await page.get_by_role("button", name="このとおり直す").click()
    await expect(area).to_have_value(good)
    assert complaints == ["Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"]


async def test_a_guide_is_walked_with_the_open_question_in_sight(browser: Browser, address: str) -> None:
    page, complaints = await opened(browser, f"{address}/guides", viewport={"width": 1280, "height": 900})
    await page.get_by_role("button", name="図を見ながら歩く").click()
    await page.get_by_role("button", name="本人が行く").click()
    await expect(page.locator(".talk h2")).to_contain_text("どの書類がありますか？")
    await expect(page.locator(".sheet .here")).to_be_in_viewport()
    await expect(page.locator(".sheet .passed")).to_have_count(1)
    assert complaints == []
