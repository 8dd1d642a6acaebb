"""A real Chromium looking at a page that runs in this process: for tests and for `bench/screenshots`."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from bot.channels.web import WebSettings, make_app, serve
from bot.channels.web.app import Conversation
from bot.printing.press import Press

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, without its sandbox, since CI runs as root."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def site(
    assistant_of: Callable[[], Conversation], settings: WebSettings, press: Press | None = None, port: int = 0
) -> AsyncIterator[str]:
    """The page on this machine (port 0: any free one). Yields its address."""
    runner = await serve(make_app(assistant_of, settings=settings, press=press), "127.0.0.1", port)
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
