"""A small strict Bot API on loopback, for what lo-bot-api-emulator lacks.

It keeps unconfirmed updates and gives them again, ends the older of two pollers with 409, checks
HTML and keyboards, knows which messages exist, and fails on request with any status.
"""

from __future__ import annotations

import asyncio
import copy
import html.parser
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

LARGEST = 50 * 1024**2
"""Bytes of a request; Telegram takes files of 50 MB."""

TOKEN = "7:fake-token-for-tests"


@dataclass
class Call:
    """One call as it arrived."""

    method: str
    fields: dict[str, Any]
    at: float

    @property
    def chat(self) -> int:
        return int(self.fields.get("chat_id", 0))

    @property
    def text(self) -> str:
        return str(self.fields.get("text", ""))


@dataclass
class Fault:
    """What goes wrong with the next `times` calls of a method (of one chat, if given)."""

    method: str
    status: int
    description: str = "fault"
    retry_after: int | None = None
    times: int = 1
    chat: int | None = None
    done_first: bool = False
    body: bytes | None = None
    delay: float = 0.0
    hold: asyncio.Event | None = None
    """Nothing is answered, and nothing done, before this is set."""


@dataclass
class FakeApi:
    """Use as `async with FakeApi() as api`; `base_url` is what TELEGRAM_API_BASE_URL takes."""

    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    messages: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    uploads: dict[tuple[int, int], list[tuple[str, str, str, bytes]]] = field(default_factory=dict)
    written: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    """What people wrote; a test may delete it, as they can."""
    updates: list[dict[str, Any]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    given: list[tuple[int | None, list[int]]] = field(default_factory=list)
    _next_update: int = 100
    _next_message: int = 0
    _polls: int = 0

    async def __aenter__(self) -> Self:
        self.changed = asyncio.Condition()
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/bot"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    # --- what a test does -----------------------------------------------------

    async def type(self, chat: int, text: str, **more: Any) -> int:
        """A person types a text; returns the update's id."""
        return await self.arrive("message", self.message_of(chat, text=text, **more))

    async def press(self, chat: int, message_id: int, data: str) -> int:
        """A person presses a button of a message that the bot sent."""
        message = copy.deepcopy(self.messages[chat, message_id])  # as it looks at this moment
        question = message.pop("reply_to_message", None)
        if question and (now := self.written.get((chat, question["message_id"]))):
            message["reply_to_message"] = copy.deepcopy(now)
        query = {"id": f"q{self._next_update}", "from": person(chat), "chat_instance": "1", "data": data}
        return await self.arrive("callback_query", {**query, "message": message})

    async def arrive(self, kind: str, content: dict[str, Any]) -> int:
        async with self.changed:
            update_id, self._next_update = self._next_update, self._next_update + 1
            self.updates.append({"update_id": update_id, kind: content})
            self.changed.notify_all()
        return update_id

    def message_of(self, chat: int, **content: Any) -> dict[str, Any]:
        """A message from the person in the private chat `chat`."""
        self._next_message += 1
        private = {"id": chat, "type": "private"}
        message = {
            "message_id": self._next_message,
            "date": int(time.time()),
            "chat": private,
            "from": person(chat),
            **content,
        }
        self.written[chat, self._next_message] = message
        return message

    def fail(self, method: str, status: int, **more: Any) -> None:
        """Let calls fail; the fields are those of Fault."""
        self.faults.append(Fault(method, status, **more))

    def texts(self, chat: int | None = None) -> list[str]:
        """The texts that people see, in order of sending; edits show as they are now."""
        return [
            message["text"]
            for (where, _), message in self.messages.items()
            if chat in (None, where) and message["from"]["is_bot"]
        ]

    def of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def until(self, holds: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until something is true. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(f"still not so after {seconds} s; people see {self.texts()}")
            await asyncio.sleep(0.01)

    # --- what the bot meets -----------------------------------------------------

    async def _handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        form = await request.json() if request.content_type == "application/json" else await request.post()
        fields = {name: value if name == "text" else _decoded(value) for name, value in form.items()}
        if request.match_info["token"] != TOKEN:
            return _error(401, "Unauthorized")
        call = Call(method, fields, time.monotonic())
        self.calls.append(call)
        fault = next((f for f in self.faults if f.method == method and f.chat in (None, call.chat)), None)
        if fault:
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
            if fault.done_first:
                await self._do(method, fields)
            await asyncio.sleep(fault.delay)
            if fault.hold:
                await fault.hold.wait()
            if fault.body is not None:
                return web.Response(status=fault.status, body=fault.body)
            if fault.status != 200:
                return _error(fault.status, fault.description, fault.retry_after)
        try:
            return web.json_response({"ok": True, "result": await self._do(method, fields)})
        except Refusal as error:
            return _error(error.status, str(error))

    async def _do(self, method: str, fields: dict[str, Any]) -> Any:
        match method:
            case "getMe":
                return {"id": 7, "is_bot": True, "first_name": "かぎ", "username": "kagi_bot"}
            case "getUpdates":
                return await self._get_updates(fields)
            case "setMyCommands" | "answerCallbackQuery" | "leaveChat":
                return True
            case "getWebhookInfo":
                waiting = {"has_custom_certificate": False, "pending_update_count": len(self.updates)}
                return {"url": self.webhook.get("url", ""), **waiting}
            case "setWebhook":
                self.webhook = fields
                return True
            case "deleteWebhook":
                self.webhook = {}
                return True
            case "sendMessage":
                return self._send(fields)
            case "sendVenue":
                if not (-90 <= fields["latitude"] <= 90 and -180 <= fields["longitude"] <= 180 and fields["address"]):
                    raise Refusal(400, "Bad Request: wrong venue")
                return self._send({"chat_id": fields["chat_id"], "text": f"地図：{fields['title']}"})
            case "sendDocument" | "sendPhoto" | "sendMediaGroup":
                return self._send_files(method, fields)
            case "editMessageText" | "editMessageReplyMarkup":
                return self._edit(method, fields)
            case "deleteMessage":
                self.written.pop((int(fields["chat_id"]), int(fields["message_id"])), None)
                return True
        raise Refusal(404, "Not Found")

    async def _get_updates(self, fields: dict[str, Any]) -> list[dict[str, Any]]:
        offset = fields.get("offset")
        self._polls += 1
        mine = self._polls
        end = time.monotonic() + float(fields.get("timeout", 0))
        async with self.changed:
            self.changed.notify_all()
            if offset is not None:
                self.updates = [update for update in self.updates if update["update_id"] >= offset]
            while not self.updates and (left := end - time.monotonic()) > 0:
                try:
                    async with asyncio.timeout(left):
                        await self.changed.wait()
                except TimeoutError:
                    break
                if self._polls != mine:
                    raise Refusal(409, "Conflict: terminated by other getUpdates request")
            given = self.updates[:100]
            self.given.append((offset, [update["update_id"] for update in given]))
            return list(given)

    def _send(self, fields: dict[str, Any]) -> dict[str, Any]:
        check_message(fields)
        self._next_message += 1
        chat = int(fields["chat_id"])
        message = {
            "message_id": self._next_message,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private" if chat > 0 else "group"},
            "from": {"id": 7, "is_bot": True, "first_name": "かぎ"},
            "text": fields["text"],
            **({"reply_markup": fields["reply_markup"]} if "reply_markup" in fields else {}),
        }
        if reply := fields.get("reply_parameters"):
            question = self.written.get((chat, reply["message_id"]))
            if question is None and not reply.get("allow_sending_without_reply"):
                raise Refusal(400, "Bad Request: message to be replied not found")
            message |= {"reply_to_message": question} if question else {}
        self.messages[chat, self._next_message] = message
        return message

    def _send_files(self, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        kind = {"sendDocument": "document", "sendPhoto": "photo"}.get(method)
        media = (
            [{"type": kind, "media": fields[kind], "caption": fields.get("caption", "")}] if kind else fields["media"]
        )
        if len(media) not in ((1,) if kind else range(2, 11)):
            raise Refusal(400, "Bad Request: wrong number of media")
        files = []
        for one in media:
            part = fields.get(one["media"].removeprefix("attach://"))
            if not isinstance(part, web.FileField) or len(one.get("caption", "").encode("utf-16-le")) // 2 > 1024:
                raise Refusal(400, "Bad Request: wrong file or caption")
            files.append((one["type"], part.filename, part.content_type, part.file.read()))
        self._next_message += 1
        chat = int(fields["chat_id"])
        message = {
            "message_id": self._next_message,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private"},
            "from": {"id": 7, "is_bot": True, "first_name": "かぎ"},
            "text": media[0].get("caption", ""),
        }
        self.messages[chat, self._next_message] = message
        self.uploads[chat, self._next_message] = files
        return message

    def files(self, chat: int) -> list[tuple[str, str, str, bytes]]:
        """The files that people get: kind, name, content type, bytes."""
        return [file for (where, _), files in self.uploads.items() if where == chat for file in files]

    def _edit(self, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        message = self.messages.get((int(fields["chat_id"]), int(fields["message_id"])))
        if message is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        changed = {"reply_markup": fields.get("reply_markup")}
        if method == "editMessageText":
            check_message(fields)
            changed["text"] = fields["text"]
        if all(message.get(name) == value for name, value in changed.items()):
            raise Refusal(400, "Bad Request: message is not modified: specified new message content is the same")
        message.update({name: value for name, value in changed.items() if value is not None})
        return message


class Refusal(Exception):
    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


class _Tags(html.parser.HTMLParser):
    ALLOWED = ("b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.ALLOWED:
            raise Refusal(400, f"Bad Request: can't parse entities: unsupported start tag {tag}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refusal(400, "Bad Request: can't parse entities: unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


def check_message(fields: dict[str, Any]) -> None:
    """Refuse what Telegram refuses: bad HTML, empty or too long texts, malformed keyboards."""
    text = fields["text"]
    if fields.get("parse_mode") == "HTML":
        tags = _Tags()
        tags.feed(text)
        tags.close()
        if tags.open:
            raise Refusal(400, "Bad Request: can't parse entities: can't find end tag")
        text = tags.text
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Refusal(400, "Bad Request: message is too long")
    for row in fields.get("reply_markup", {}).get("inline_keyboard", []):
        for key in row:
            if not key["text"].strip() or len(key.keys() - {"style"}) != 2:
                raise Refusal(400, "Bad Request: BUTTON_INVALID")
            if key.get("style", "primary") not in ("primary", "danger", "success"):
                raise Refusal(400, "Bad Request: BUTTON_STYLE_INVALID")
            if not 1 <= len(key.get("copy_text", {"text": "x"})["text"]) <= 256:
                raise Refusal(400, "Bad Request: BUTTON_COPY_TEXT_INVALID")
            if not 1 <= len(key.get("callback_data", "x").encode()) <= 64:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")


def person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "はなこ"}


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _error(status: int, description: str, retry_after: int | None = None) -> web.Response:
    more = {"parameters": {"retry_after": retry_after}} if retry_after is not None else {}
    return web.json_response({"ok": False, "error_code": status, "description": description, **more}, status=status)
