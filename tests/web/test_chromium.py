"""The page in a real Chromium: with the script and without it, narrow and dark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.channels.web import WebSettings
from tests.needs import needs
from tests.web.browser import site
from tests.web.canned import HOSTILE, CannedAssistant

pytestmark = [needs("chromium"), pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def address(assistant: CannedAssistant, settings: WebSettings) -> AsyncIterator[str]:
    async with site(lambda: assistant, settings) as address:
        yield address


@asynccontextmanager
async def city_page(framed: str) -> AsyncIterator[str]:
    """A page of another site, with `framed` in a frame. Yields its origin."""

    async def serve(request: web.Request) -> web.Response:
        html = f'<!doctype html><title>city</title><iframe src="{framed}" title="annai"></iframe>'
        return web.Response(text=html, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def opened(browser: Browser, address: str, **options: object) -> tuple[BrowserContext, Page, list[str]]:
    """A page at `address`, and what its console complains about (a broken content policy says so there)."""
    context = await browser.new_context(locale="ja-JP", **options)  # type: ignore[arg-type]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    return context, page, complaints


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
async def test_a_guide_is_walked_to_its_checklist(browser: Browser, address: str, script: bool) -> None:
    context, page, complaints = await opened(browser, address, java_script_enabled=script)
    for label in ("持ち物を調べる", "本人が行く", "運転免許証", "パスポート", "これで決める"):
        await page.locator("button", has_text=label).last.click()
    await expect(page.get_by_role("heading", name="市区町村の窓口で、1回で終わります")).to_be_visible()
    await page.get_by_label("マイナンバーカード").check()
    assert "?" not in page.url
    if script:
        await expect(page.get_by_text("あと1つです")).to_be_visible()
        # The two toggles changed the question in place: start, question, papers, result.
        await expect(page.locator(".turn")).to_have_count(4)
    else:
        await expect(page.locator(".turn")).to_have_count(1)
    assert complaints == []
    assert await context.cookies() == []


async def test_the_script_appends_turns_and_moves_the_focus_to_the_new_heading(browser: Browser, address: str) -> None:
    _, page, complaints = await opened(browser, address)
    await page.locator("button", has_text="持ち物を調べる").click()
    heading = page.get_by_role("heading", name="どなたが行きますか？")
    await expect(heading).to_be_focused()
    await expect(page.get_by_role("log")).to_contain_text("持ち物を調べる")
    await page.get_by_role("textbox").fill(HOSTILE + " 無料？ 1234")
    await page.get_by_role("button", name="送る").click()
    await expect(page.locator(".said").last).to_have_text("あなた：" + HOSTILE + " 無料？ ［消しました］")
    await expect(page.get_by_role("textbox")).to_have_value("")
    await expect(page.locator(".turn").last.get_by_role("heading").first).to_be_focused()
    await expect(page.locator(".said")).to_have_count(2)
    assert complaints == []


async def test_an_old_button_still_works(browser: Browser, address: str) -> None:
    _, page, _ = await opened(browser, address)
    await page.locator("button", has_text="持ち物を調べる").click()
    await page.locator("button", has_text="本人が行く").click()
    await expect(page.get_by_role("heading", name="お持ちの書類は？")).to_be_visible()
    await page.get_by_text("ほかの答えを見る").click()
    await page.locator("button", has_text="本人は行けない").click()
    await expect(page.get_by_role("heading", name="市区町村の窓口で、1回で終わります")).to_be_focused()


async def test_without_the_script_the_heading_of_the_answer_has_the_focus(browser: Browser, address: str) -> None:
    _, page, _ = await opened(browser, address, java_script_enabled=False)
    await page.get_by_role("textbox").fill("無料ですか")
    await page.get_by_role("button", name="送る").click()
    await expect(page.get_by_text("手数料はかかりません。")).to_be_visible()
    assert page.url.endswith("/a?e=cost")
    await expect(page.locator("h2").first).to_be_focused()


async def test_a_failed_request_keeps_the_text_and_says_so(
    browser: Browser, address: str, assistant: CannedAssistant
) -> None:
    _, page, _ = await opened(browser, address)
    await page.get_by_role("textbox").fill("こわれた")
    await page.get_by_role("button", name="送る").click()
    await expect(page.get_by_role("alert")).to_contain_text("こちらの不具合です")
    await expect(page.get_by_role("textbox")).to_have_value("こわれた")


@pytest.mark.parametrize("path", ["/", "/guide", "/k/result", "/a?e=cost", "/privacy", "/nowhere"])
@pytest.mark.parametrize("zoom", ["112.5%", "225%"], ids=["text-as-set", "text-at-200-percent"])
async def test_nothing_runs_out_of_a_narrow_screen_and_every_target_is_large(
    browser: Browser, address: str, path: str, zoom: str
) -> None:
    _, page, _ = await opened(browser, address + path, viewport={"width": 320, "height": 640})
    await page.evaluate("size => document.documentElement.style.fontSize = size", zoom)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    small = await page.evaluate(
        """() => [...document.querySelectorAll("button, summary, textarea, label:has(input), header a, footer li a")]
            .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
            .map(one => one.textContent)"""
    )
    assert small == []


async def test_the_printed_result_is_the_checklist_alone(browser: Browser, address: str) -> None:
    _, page, _ = await opened(browser, address + "/k/result")
    await page.emulate_media(media="print")
    await expect(page.get_by_role("checkbox").first).to_be_visible()
    for hidden in (".ask", ".buttons", "header nav", ".print"):
        await expect(page.locator(hidden).first).to_be_hidden()
    assert len(await page.pdf(format="A4")) > 1000


async def test_a_site_that_is_allowed_shows_the_page_in_a_frame_and_it_works_there(
    browser: Browser, assistant: CannedAssistant, unused_tcp_port: int
) -> None:
    ours = f"http://127.0.0.1:{unused_tcp_port}"
    async with city_page(ours) as city:
        settings = WebSettings(frame_ancestors=city, burst=1000)
        async with site(lambda: assistant, settings, port=unused_tcp_port):
            for script in (True, False):
                _, page, _ = await opened(browser, city, java_script_enabled=script)
                frame = page.frame_locator("iframe")
                for label in ("持ち物を調べる", "本人が行く"):
                    await frame.locator("button", has_text=label).last.click()
                await expect(frame.get_by_role("heading", name="お持ちの書類は？")).to_be_visible()


@pytest.mark.parametrize("allowed", ["'none'", "https://www.city.example.jp"])
async def test_a_site_that_is_not_allowed_gets_no_frame(
    browser: Browser, assistant: CannedAssistant, allowed: str
) -> None:
    async with (
        site(lambda: assistant, WebSettings(frame_ancestors=allowed, burst=1000)) as ours,
        city_page(ours) as city,
    ):
        _, page, complaints = await opened(browser, city)
        await expect(page.frame_locator("iframe").get_by_text("マイナかぎ案内")).to_have_count(0)
    assert any("frame-ancestors" in complaint or "X-Frame-Options" in complaint for complaint in complaints)
