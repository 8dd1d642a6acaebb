"""The Telegram bot: registers itself, receives updates by polling or webhook, and stops cleanly.

How an update is answered is delivery.py's business, what it means incoming.py's.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from aiohttp import web
from telegram import BotCommand
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import metrics
from bot.channels.telegram.delivery import TRIES, Delivery, Respond
from bot.channels.telegram.files import Files
from bot.channels.telegram.handing import Handing
from bot.channels.telegram.incoming import KINDS, Elsewhere, Incoming, read_update
from bot.channels.telegram.polling import UNAUTHORIZED, Patience, Polling, TelegramRefused
from bot.channels.telegram.quiet import describe, quieten
from bot.channels.telegram.render import Message
from bot.channels.telegram.request import Api
from bot.channels.telegram.sender import UNLIMITED, Gone, Limits, Postponed, Sender, seconds_of
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.steps import Send
from bot.content.model import Content
from bot.content.words import IN_JAPANESE, JAPANESE_ID, Words
from bot.dialogue.replies import COMMANDS, Heard, Turn, as_it_is
from bot.dialogue.token import in_language_of
from bot.printing.printer import Printer
from bot.stores.enduring import Enduring
from bot.stores.store import Store, StoreError

T = TypeVar("T")

log = logging.getLogger(__name__)

WEBHOOK_REFUSED = (
    "Telegram が MAINAKAGI_WEBHOOK_URL を受け付けません。"
    "https で始まり、外から届く住所か、MAINAKAGI_WEBHOOK_SECRET が英数字と _ - だけかを確かめてください。"
)
HOUSEKEEPING_SECONDS = 60.0
TAKE_OVER_SECONDS = 10.0
"""So often it is looked for parked replies that nobody delivers: those of a worker that died."""
STAFF_SECONDS = 20.0
"""How long a message to the staff may wait for its turn."""
UPDATE_LIMIT = 1024 * 1024
"""Bytes of an update: 4,096 characters as \\uXXXX, in the message and in the one it replies to, are 100 kB."""


class TelegramBot:
    """One bot. `respond` is the assistant's; `store` stays open and is closed by the caller.

    `hear` is told once per conversation and day whether an answer or result helped. `give` keeps what a turn gives to
    the office, and says how that went.
    """

    def __init__(
        self,
        settings: TelegramSettings,
        respond: Respond,
        store: Store,
        *,
        limits: Limits | None = None,
        patience: Patience | None = None,
        printer: Printer | None = None,
        page: str = "",
        content_of: Callable[[], Content | None] = lambda: None,
        hear: Callable[[Heard], None] = lambda heard: None,
        give: Callable[[Turn], Awaitable[Turn]] = as_it_is,
    ) -> None:
        self.settings = settings
        self.username = settings.username
        """Without @; from the settings, else known once `ready` is set."""
        self.ready = asyncio.Event()
        """Set when the bot is registered and receives updates."""
        self._called: float | None = None
        self._content_of = content_of
        self._store, self._patience = Enduring(store), patience or Patience()
        self._api = Api(settings.token, settings.base_url)
        limits = limits or (Limits() if settings.limits else UNLIMITED)
        self._prints, self._page = printer is not None, page
        files = Files(printer, lambda token: self._handing().link(token))
        self._sender = Sender(self._api, limits, self._store.pace, bot_id=settings.bot_id, files=files)
        self._delivery = Delivery(
            respond,
            self._store,
            self._sender,
            settings.bot_id,
            budget=self._patience.budget,
            updates_per_minute=limits.updates_per_minute,
            handing=self._handing,
            words_of=self._words_of,
            hear=hear,
            give=give,
            is_store_down=lambda: self.is_store_down,
        )
        self._left: set[int] = set()
        self._answering: set[asyncio.Task[Any]] = set()
        self._receiving: set[asyncio.Task[Any]] = set()
        self._stopping = False

    def _handing(self) -> Handing:
        return Handing(self._prints, self._page, self.username)

    def _words_of(self, token: str | None, speaks: str) -> Words:
        content = self._content_of()
        if content and not token and (own := content.translations.get(speaks.partition("-")[0])):
            return own.words
        return in_language_of(content, token).words if content else IN_JAPANESE

    def _languages(self) -> dict[str, Words]:
        """The words of every language that there is, Japanese first."""
        content = self._content_of()
        return {one.language: one.words for one in content.languages} if content else {JAPANESE_ID: IN_JAPANESE}

    @property
    def last_contact(self) -> float | None:
        """Unix time when Telegram last answered a call or posted an update."""
        return max((at for at in (self._called, self._api.last_answer) if at is not None), default=None)

    @property
    def is_store_down(self) -> bool:
        """Whether answers go on without memory."""
        return self._store.is_down

    async def run(self, stop: asyncio.Event) -> None:
        """Register, then receive and answer until `stop` is set; finishes what is in hand within 5 seconds.

        Raises TelegramRefused if Telegram does not let this bot work.
        """
        quieten()
        await self._api.start()
        chores = {asyncio.create_task(work) for work in (self._keep_house(), self._take_over())}
        stopped = asyncio.create_task(_time_of(stop))
        try:
            if not await self._register(stop):
                return
            await self._resume()
            self.ready.set()
            if self.settings.webhook_url:
                await self._serve_webhook(stop)
            else:
                await Polling(self._api, self._answer_polled, self._patience).run(stop)
        finally:
            self._stopping = True
            for task in (stopped, *chores):
                task.cancel()
            now = asyncio.get_running_loop().time()
            until = (stopped.result() if stopped.done() else now) + self._patience.drain
            busy = self._receiving | self._answering
            await asyncio.wait({stopped, *chores, *busy}, timeout=max(0.0, until - now))
            await self._delivery.stop(until)
            await self._api.stop()

    async def tell_staff(self, html: str) -> bool:
        """Say something in the staff's chat, if there is one. Returns whether it went out, or never can."""
        chat = self.settings.staff_chat
        if chat is None:
            return True
        if not self.ready.is_set():
            return False
        try:
            await self._sender.do(chat, Send(Message(html)), asyncio.get_running_loop().time() + STAFF_SECONDS)
        except Postponed:
            return False
        except (Gone, BadRequest) as error:
            log.error("the staff's chat cannot be written to (%s): see MAINAKAGI_STAFF_CHAT", type(error).__name__)
        return True

    async def webhook_handler(self, request: web.Request) -> web.Response:
        """`POST` from Telegram: 200 once the replies are out or parked, 503 if Telegram shall try again."""
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(secret.encode(), self.settings.secret.encode()):
            return web.Response(status=403)
        if self._stopping or not self.ready.is_set():
            return web.Response(status=503, headers={"Retry-After": "1"})
        try:
            raw = json.loads(await _body(request))
            raw["update_id"] = int(raw["update_id"])
        except (ValueError, KeyError, TypeError):
            return web.Response(status=400)
        self._called = time.time()
        task = asyncio.create_task(self._answer(raw))  # goes on if the connection breaks
        self._receiving.add(task)
        task.add_done_callback(self._receiving.discard)
        return web.Response(status=200 if await asyncio.shield(task) else 503)

    async def _answer_polled(self, raw: dict[str, Any]) -> None:
        while True:
            if await self._answer(raw, tries=TRIES):
                return
            await asyncio.sleep(1.0)

    async def _answer(self, raw: dict[str, Any], *, tries: int = 1) -> bool:
        """Answer one raw update; True if it may be confirmed."""
        try:
            incoming = read_update(raw, self.username, time.time())
        except Exception as error:  # nobody can answer it, so it is confirmed
            log.error("update %s cannot be read: %s", raw["update_id"], describe(error))
            return True
        if query := raw.get("callback_query"):
            self._soon(self._sender.answer_press(str(query.get("id", ""))))
        if isinstance(incoming, Elsewhere) and incoming.what == "group":
            if incoming.chat_id == self.settings.staff_chat:  # here we only tell
                return True
            if incoming.chat_id not in self._left:
                self._left.add(incoming.chat_id)
                said = (words("telegram.private-only") for words in self._languages().values())
                await self._sender.leave(incoming.chat_id, "\n\n".join(said))
            return True
        if not _needs_delivery(incoming):
            return True
        began = time.monotonic()
        confirmed = await self._delivery.handle(incoming, tries=tries)
        metrics.SECONDS.observe(time.monotonic() - began)
        metrics.update(_kind(incoming), "answered" if confirmed else "left").inc()
        return confirmed

    async def _serve_webhook(self, stop: asyncio.Event) -> None:
        """Wait for `stop`, asking now and then what Telegram thinks of our webhook. Raises TelegramRefused."""
        while not stop.is_set():
            try:
                async with asyncio.timeout(HOUSEKEEPING_SECONDS):
                    await stop.wait()
            except TimeoutError:
                await self._look_at_webhook()

    async def _look_at_webhook(self) -> None:
        try:
            info = await self._api.get_webhook_info()
        except InvalidToken:
            raise TelegramRefused(UNAUTHORIZED) from None
        except TelegramError as error:
            log.warning("Telegram cannot be reached (%s)", type(error).__name__)
            return
        metrics.PENDING.set(info.pending_update_count)
        if info.url != self.settings.webhook_url:
            log.error("Telegram posts to another address than MAINAKAGI_WEBHOOK_URL, or to none")

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _register(self, stop: asyncio.Event) -> bool:
        """Tell Telegram who we are and how we receive; tries again until it works or `stop` is set."""
        me = await self._insist(self._api.get_me, stop)
        if me is None:
            return False
        self.username = self.username or me.username
        if not self.username:
            log.warning("Telegram does not tell the bot's name: set MAINAKAGI_BOT_USERNAME for links")
        for language, words in ((None, IN_JAPANESE), *self._languages().items()):
            if language is not None and len(language) != 2:
                continue  # Telegram knows languages of two letters
            commands = [BotCommand(name, words(f"command.{name}")) for name in COMMANDS]
            try:
                await self._api.set_my_commands(commands, language_code=language)
            except TelegramError as error:
                log.warning("the commands could not be registered: %s", type(error).__name__)
        url = self.settings.webhook_url
        if url is None:
            return await self._insist(self._api.delete_webhook, stop) is not None
        try:
            done = await self._insist(
                lambda: self._api.set_webhook(
                    url, secret_token=self.settings.secret, allowed_updates=KINDS, max_connections=40
                ),
                stop,
            )
        except BadRequest:
            raise TelegramRefused(WEBHOOK_REFUSED) from None
        return done is not None

    async def _insist(self, call: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
        """The call's result, however often it takes; None if `stop` came first."""
        pause = self._patience.first_pause
        while not stop.is_set():
            try:
                return await call()
            except InvalidToken:
                raise TelegramRefused(UNAUTHORIZED) from None
            except BadRequest:
                raise
            except RetryAfter as error:
                wait = seconds_of(error)
            except TelegramError as error:
                log.warning("Telegram cannot be reached (%s); trying again", type(error).__name__)
                wait = random.uniform(0.7, 1.0) * pause  # noqa: S311 - spreads retries
                pause = min(pause * 1.5, self._patience.longest_pause)
            try:
                async with asyncio.timeout(wait):
                    await stop.wait()
            except TimeoutError:
                continue
        return None

    async def _resume(self) -> None:
        try:
            await self._delivery.resume()
        except StoreError as error:
            log.error("parked replies cannot be read: %s", describe(error))

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(HOUSEKEEPING_SECONDS)
            self._sender.tidy()
            self._delivery.tidy()
            self._left.clear()
            try:
                await self._store.sweep()
            except StoreError as error:
                log.error("the store cannot be swept: %s", describe(error))

    async def _take_over(self) -> None:
        while True:
            await asyncio.sleep(TAKE_OVER_SECONDS)
            await self._resume()


async def _time_of(stop: asyncio.Event) -> float:
    """When it is set, on the event loop's clock."""
    await stop.wait()
    return asyncio.get_running_loop().time()


async def _body(request: web.Request) -> bytes:
    """The whole body, whatever the page allows for a form. Raises HTTPRequestEntityTooLarge."""
    body = b""
    async for chunk in request.content.iter_chunked(UPDATE_LIMIT):
        body += chunk
        if len(body) > UPDATE_LIMIT:
            raise web.HTTPRequestEntityTooLarge(UPDATE_LIMIT, len(body))
    return body


def _kind(incoming: Incoming | Elsewhere) -> str:
    return type(incoming.event).__name__.lower() if isinstance(incoming, Incoming) else incoming.what


def _needs_delivery(incoming: Incoming | Elsewhere) -> bool:
    return isinstance(incoming, Incoming) or incoming.what == "blocked"
