"""The page, and the Telegram bot if there is a token, in one process until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace

from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.polling import TelegramRefused
from bot.channels.telegram.settings import read_settings
from bot.channels.telegram.staff import StaffNews
from bot.channels.web.app import make_app, serve
from bot.channels.web.settings import WebSettings
from bot.collecting import Collecting
from bot.counting import CountingLatest, Tally
from bot.dialogue.replies import Heard, as_it_is
from bot.health import Health
from bot.live import Live
from bot.matching.learning import end_learning
from bot.memory import keep_lean
from bot.printing.press import open_press
from bot.printing.printer import Printer
from bot.settings import ConfigurationError, Settings
from bot.stores.counts import CountsFile
from bot.stores.given import GivenFile
from bot.stores.opening import open_store
from bot.stores.store import StoreError
from bot.stores.vault import KeyProblem, load_vault
from bot.systemd import keep_alive, notify


async def serve_all(settings: Settings, live: Live) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit code; raises ConfigurationError."""
    _allow_many_connections()
    collecting = _collecting(settings)
    tally = Tally(CountsFile(settings.counts))
    assistant_of = CountingLatest(lambda: live.assistant, tally)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # only now: a stop while content loads needs no care
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        bot = await _telegram(settings, assistant_of, collecting, stack)
        health = Health(live, bot)
        stack.enter_context(health.in_metrics())
        app = make_app(
            assistant_of,
            settings=_web_settings(settings),
            report=health.report,
            press=open_press(),
            hear=_hear(assistant_of),
            give=collecting or as_it_is,
        )
        if bot is not None and (path := bot.settings.webhook_path):
            app.router.add_post(path, bot.webhook_handler)
        try:
            runner = await serve(app, settings.host, settings.port)
        except OSError as error:
            raise ConfigurationError(
                f"{settings.host}:{settings.port} で待ち受けられません（{error.strerror}）。"
                "ほかで使われているときは MAINAKAGI_LISTEN を変えてください。"
            ) from error
        stack.push_async_callback(runner.cleanup)
        listening = replace(settings, port=runner.addresses[0][1])  # for port 0: the one that was free
        print(f"ready {listening.url}", file=sys.stderr, flush=True)
        notify("READY=1")
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_tell_stopping(stop))
                tasks.create_task(keep_alive(stop))
                tasks.create_task(keep_lean(stop))
                tasks.create_task(live.watch(stop))
                tasks.create_task(tally.keep(stop))
                if collecting is not None:
                    tasks.create_task(collecting.sweep(stop))
                if bot is not None:
                    tasks.create_task(bot.run(stop))
                    tasks.create_task(StaffNews(lambda: live.problems, bot.tell_staff).watch(stop))
        except* TelegramRefused as refused:
            raise ConfigurationError(str(refused.exceptions[0])) from None
        finally:
            await tally.write()
    return 0


def _allow_many_connections() -> None:
    """Raise the limit of open files as far as the host allows: each waiting browser takes one (bench/idle)."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS calls its limit infinite and refuses it
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _hear(assistant_of: CountingLatest) -> Callable[[Heard], None]:
    return lambda heard: assistant_of().hear(heard)


async def _tell_stopping(stop: asyncio.Event) -> None:
    await stop.wait()
    end_learning()
    notify("STOPPING=1")


def _collecting(settings: Settings) -> Collecting | None:
    """What keeps questions for the office: if they are collected, or some are still there to be let go."""
    if not settings.collect and not settings.given.exists():
        return None
    try:
        vault = load_vault(settings.key or None, settings.key_file or settings.state_dir / "secret.key")
    except KeyProblem as error:
        raise ConfigurationError(str(error)) from error
    return Collecting(GivenFile(settings.given, vault))


async def _telegram(
    settings: Settings, assistant_of: CountingLatest, collecting: Collecting | None, stack: AsyncExitStack
) -> TelegramBot | None:
    try:
        telegram = read_settings(os.environ)
    except ValueError as error:
        raise ConfigurationError(f"{error}。") from error
    if telegram is None:
        return None
    try:
        store = await open_store(
            settings.store or None, settings.state_dir, key=settings.key or None, key_file=settings.key_file
        )
    except (StoreError, KeyProblem) as error:
        raise ConfigurationError(str(error)) from error
    stack.push_async_callback(store.close)
    press = open_press()
    printer = Printer(assistant_of, press) if press else None
    return TelegramBot(
        telegram,
        lambda token, event: assistant_of().respond(token, event),
        store,
        printer=printer,
        page=settings.public_url,
        content_of=lambda: assistant_of().content,
        hear=_hear(assistant_of),
        give=collecting or as_it_is,
    )


def _web_settings(settings: Settings) -> WebSettings:
    try:
        return WebSettings(
            public_url=settings.public_url,
            operator=settings.operator,
            contact=settings.contact,
            frame_ancestors=settings.frame_ancestors,
            behind_proxy=settings.behind_proxy,
        )
    except ValueError as error:
        raise ConfigurationError(f"{error}。") from error
