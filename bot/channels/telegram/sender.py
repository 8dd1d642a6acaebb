"""Carrying out steps over the Bot API: pace, retries, and what each refusal means.

A chat that must wait (`retry_after`, its own pace) waits alone; only the overall limit is shared.
A call that may have succeeded is repeated: a reply twice is better than none.
"""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass
from html import escape
from typing import Any

from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import metrics
from bot.channels.telegram.files import Files
from bot.channels.telegram.quiet import describe
from bot.channels.telegram.render import Key, Keyboard, Message
from bot.channels.telegram.request import Api, Upload
from bot.channels.telegram.steps import Delete, Edit, Mark, Send, SendFile, SendVenue, Step
from bot.printing.printer import TooBusy
from bot.stores.pace import Bucket, Pace

log = logging.getLogger(__name__)

_NO_PREVIEW = {"is_disabled": True}


class Postponed(Exception):
    """The step cannot be done by its deadline; it was not done, or may have been without our knowing."""


class Gone(Exception):
    """The chat cannot be written to any more: blocked, deleted, or never existed."""


@dataclass(frozen=True)
class Limits:
    """Telegram's limits: messages per second over all chats, and per chat after a short burst.

    `updates_per_minute` is ours: what one chat may send us before it is asked to wait.
    """

    overall_per_second: float = 28.0
    overall_burst: float = 28.0
    chat_per_second: float = 1.0
    chat_burst: float = 5.0
    updates_per_minute: float = 20


UNLIMITED = Limits(1e9, 1e9, 1e9, 1e9, 1e9)
"""For measuring throughput against a server on loopback: nothing is paced, only `retry_after` is honoured."""


class Sender:
    """Does steps in chats. Steps of one chat must come one after another; chats are independent."""

    def __init__(
        self,
        api: Api,
        limits: Limits,
        pace: Pace,
        *,
        bot_id: str = "",
        first_pause: float = 0.3,
        files: Files | None = None,
    ) -> None:
        self._files = files
        self._api, self._pace, self._bot_id, self._first_pause = api, pace, bot_id, first_pause
        self._limits = None if limits is UNLIMITED else limits
        self._closed_until: dict[int, float] = {}

    def wait_for(self, chat_id: int) -> float:
        """Seconds until this process will write to this chat again, after a refusal."""
        return max(0.0, self._closed_until.get(chat_id, 0.0) - asyncio.get_running_loop().time())

    def was_answered_since(self, began: float) -> bool:
        """Whether Telegram has answered any call since then (Unix time): what fails now may be a step's own fault."""
        return (self._api.last_answer or 0.0) >= began

    async def do(self, chat_id: int, step: Step, deadline: float) -> None:
        """Do one step before `deadline` (of the event loop's clock, in seconds).

        Raises Postponed, Gone, or BadRequest for a message that Telegram will never accept.
        """
        match step:
            case Send(message, reply_to):
                await self._send(chat_id, message, deadline, reply_to)
            case SendFile():
                await self._send_file(chat_id, step, deadline)
            case Edit(message_id, message):
                await self._edit(chat_id, message_id, message, deadline)
            case SendVenue(place):
                fields = {"latitude": place.latitude, "longitude": place.longitude}
                named = {"title": place.name, "address": place.address or place.name}
                await self._paced(chat_id, deadline, "sendVenue", {**fields, **named})
            case Mark(message_id, keyboard):
                await self._mark(chat_id, message_id, keyboard, deadline)
            case Delete(message_id):
                await self._delete(chat_id, message_id, deadline)

    async def answer_press(self, query_id: str) -> None:
        """Stop the button's spinner. A failure only leaves it spinning."""
        try:
            await self._api.call("answerCallbackQuery", {"callback_query_id": query_id})
        except TelegramError as error:
            log.debug("a press was not answered: %s", type(error).__name__)

    async def leave(self, chat_id: int, sentence: str) -> None:
        """Say a sentence in a group and leave it. Failures are ignored: we may be out already."""
        for call in (lambda: self._api.send_message(chat_id, sentence), lambda: self._api.leave_chat(chat_id)):
            try:
                await call()
            except TelegramError as error:
                log.debug("a group was not left properly: %s", type(error).__name__)

    def tidy(self) -> None:
        """Drop what is known of chats that may be written to again."""
        now = asyncio.get_running_loop().time()
        self._closed_until = {chat: until for chat, until in self._closed_until.items() if until > now}

    async def _send(self, chat_id: int, message: Message, deadline: float, reply_to: int | None = None) -> None:
        fields = _fields(message)
        if reply_to is not None:
            fields["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
        await self._paced(chat_id, deadline, "sendMessage", fields)

    async def _send_file(self, chat_id: int, step: SendFile, deadline: float) -> None:
        """One document or photo, or an album; a sentence if it cannot be made or sent. Raises Postponed if busy."""
        try:
            async with asyncio.timeout_at(deadline):
                files = await self._files.make(step) if self._files else ()
        except (TooBusy, TimeoutError):
            raise Postponed from None
        if files:
            try:
                await self._upload(chat_id, step, files, deadline)
                return
            except BadRequest as error:
                log.error("a file was refused: %s", describe(error))
        await self._send(chat_id, Message(instead_of(step)), deadline)

    async def _upload(self, chat_id: int, step: SendFile, files: tuple[Upload, ...], deadline: float) -> None:
        first = files[0]
        if len(files) > 1:
            media: list[dict[str, str]] = [{"type": first.kind, "media": f"attach://{file.name}"} for file in files]
            media[0]["caption"] = step.caption
            method = "sendMediaGroup"
            fields: dict[str, Any] = {"media": media}
        else:
            method = "sendPhoto" if first.kind == "photo" else "sendDocument"
            fields = {first.kind: f"attach://{first.name}", "caption": step.caption}
        await self._paced(chat_id, deadline, method, fields, files=files)

    async def _edit(self, chat_id: int, message_id: int, message: Message, deadline: float) -> None:
        try:
            await self._paced(chat_id, deadline, "editMessageText", {"message_id": message_id, **_fields(message)})
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                await self._send(chat_id, message, deadline)

    async def _mark(self, chat_id: int, message_id: int, keyboard: Keyboard, deadline: float) -> None:
        """Show which button was pressed, if that takes nothing from an answer: left out while sends must wait."""
        if self.wait_for(chat_id) > 0:
            return
        if self._limits and await self._pace.take(self._buckets(self._limits, chat_id, counts=False), 0.0) is None:
            return
        fields = {"chat_id": chat_id, "message_id": message_id, "reply_markup": _markup(keyboard)}
        within = deadline - asyncio.get_running_loop().time()
        try:
            await self._api.call("editMessageReplyMarkup", fields, within=within)
        except RetryAfter as error:
            metrics.RETRIES.labels("limit").inc()
            await self._close(chat_id, seconds_of(error) + 0.1)
        except TelegramError as error:
            log.debug("a button was not marked: %s", type(error).__name__)

    async def _delete(self, chat_id: int, message_id: int, deadline: float) -> None:
        """A refusal (too old, gone) changes nothing."""
        try:
            await self._paced(chat_id, deadline, "deleteMessage", {"message_id": message_id}, counts=False)
        except BadRequest as error:
            log.debug("a message was not deleted: %s", type(error).__name__)

    async def _paced(
        self,
        chat_id: int,
        deadline: float,
        method: str,
        fields: dict[str, Any],
        *,
        files: tuple[Upload, ...] = (),
        counts: bool = True,
    ) -> None:
        """One call about a chat when its turn comes, again after a failure. Raises Postponed, Gone or BadRequest."""
        loop = asyncio.get_running_loop()
        fields = {"chat_id": chat_id, **fields}
        pause = self._first_pause
        while True:
            await self._wait_turn(chat_id, deadline, counts=counts)
            try:
                await self._api.call(method, fields, within=deadline - loop.time(), files=files)
            except RetryAfter as error:
                metrics.RETRIES.labels("limit").inc()
                await self._close(chat_id, seconds_of(error) + 0.1)
            except (Forbidden, ChatMigrated):
                raise Gone from None
            except BadRequest as error:
                if "chat not found" in error.message.lower() or "deactivated" in error.message.lower():
                    raise Gone from None
                raise
            except InvalidToken:
                raise Postponed from None  # the receiving side ends the process; the reply waits for a good token
            except TelegramError:  # no connection, time-out, 5xx, an answer that is no JSON
                metrics.RETRIES.labels("failure").inc()
                self._closed_until[chat_id] = loop.time() + random.uniform(0.5, 1.0) * pause  # noqa: S311
                pause = min(pause * 2, 10.0)
            else:
                return

    async def _close(self, chat_id: int, seconds: float) -> None:
        self._closed_until[chat_id] = asyncio.get_running_loop().time() + seconds
        if self._limits:  # other workers must not find out by a refusal of their own
            await self._pace.shut(self._name(chat_id), seconds)

    async def _wait_turn(self, chat_id: int, deadline: float, *, counts: bool) -> None:
        loop = asyncio.get_running_loop()
        while (closed := self.wait_for(chat_id)) > 0:
            if loop.time() + closed >= deadline:
                raise Postponed
            await asyncio.sleep(closed)
        if self._limits is None:
            return
        wait = await self._pace.take(self._buckets(self._limits, chat_id, counts=counts), deadline - loop.time())
        if wait is None:
            raise Postponed
        await asyncio.sleep(wait)

    def _buckets(self, limits: Limits, chat_id: int, *, counts: bool) -> tuple[Bucket, ...]:
        overall = Bucket(self._name("all"), limits.overall_per_second, limits.overall_burst)
        chat = Bucket(self._name(chat_id), limits.chat_per_second, limits.chat_burst)
        return (overall, chat) if counts else (overall,)

    def _name(self, of: object) -> str:
        return f"telegram:{self._bot_id}:{of}"


def instead_of(step: SendFile) -> str:
    """The sentence in the place of a file that cannot be sent; of an explaining picture, what it would have shown."""
    return escape(step.caption) if step.what == "explain" else step.otherwise


def seconds_of(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after) if isinstance(after, int | float) else after.total_seconds()


def _fields(message: Message) -> dict[str, Any]:
    fields = {"text": message.html, "parse_mode": ParseMode.HTML, "link_preview_options": _NO_PREVIEW}
    return {**fields, "reply_markup": _markup(message.keyboard)} if message.keyboard else fields


def _markup(keyboard: Keyboard) -> dict[str, Any]:
    return {"inline_keyboard": [[_key(key) for key in row] for row in keyboard]}


def _key(key: Key) -> dict[str, Any]:
    action: dict[str, Any] = {"callback_data": key.data} if key.data else {"url": key.url or ""}
    if key.copy:
        action = {"copy_text": {"text": key.copy}}
    return {"text": key.label, **action, **({"style": key.style} if key.style else {})}
