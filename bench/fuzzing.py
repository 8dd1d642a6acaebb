"""Hostile updates and requests at the front doors of the real application, in this process.

The page and Telegram's webhook are served on one loopback port, as `run` does, with the shipped
content and a store on disk; only what goes out to Telegram ends here, after a check that Telegram
would take it. Updates are whole ones with one to three fields changed into something hostile;
requests are forged tokens, forms, addresses, headers and bytes that are no HTTP. CPU seconds of one
request count client, server and store, since all are this process; other work on the machine does
not count.
"""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import random
import time
from array import array
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from cryptography.fernet import Fernet

from bot.assistant import Assistant
from bot.channels.telegram.bot import TelegramBot
from bot.channels.telegram.request import Api
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.web.app import make_app, serve
from bot.channels.web.settings import WebSettings
from bot.counting import CountingLatest
from bot.dialogue.replies import Commanded
from bot.memory import keep_lean
from bot.stores.sqlite import SqliteStore
from bot.stores.vault import Vault
from tests.telegram.fake_api import TOKEN, FakeApi, check_message

HOOK = "/telegram/hook"

TEXTS = (
    "", " ", "\n", "\x00", "8512\x00", "\ud800", "\udfff\ud800", "暗証番号は\ud8008512", "\u202e0120\u202c", "\u200f" * 50,
    "😀" * 2048, "👨‍👩‍👧‍👦" * 500, "1" * 4096, "1-" * 2048, "１" * 4096, "一" * 4096, "〇" * 4096, "a@" * 2048, "a1" * 2048,
    "暗証番号" * 1024, "パスワード" * 819, "1234とか" * 682, "ﷺ" * 4096, "é̂̂" + "\u0301" * 4000, "ｶﾞ" * 2048, "。" * 4096,
    "<b>", "</b>&amp;<script>alert(1)</script>", "{{7*7}}${7*7}%s%n%x", "'; DROP TABLE conversation;--", "../../etc/passwd",
    "/start", "/start " + "A" * 4000, "/start@kagi_bot x", "/delete", "/help@other_bot", "/guide\x00", "/privacy", "/menu",
    "戻る", "はい", "1", "２", "③", "わからない", "ロックされた", "マイナンバーカードの暗証番号を忘れました", "母の代わりに行きたい",
    "番号は123456789018です", "https://t.me/" + "x" * 4000, "\u2028\u2029\x85\x0b\x0c", "\ufeff8512", "\U000e0001\U000e007f", "\U0010ffff",
    "0120-95-0178", "２０２６年１１月２８日", "−１" * 2000, "いちにさんし" * 600, "エービーシー123" * 400, "八千五百十二" * 600,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, -(2**63), 2**64, 10**30, 1.5, -0.0, 1e308, float("inf"), float("nan"),
    "", "0", "x", "private", "group", [], {}, [[]], [None], {"": None}, {"id": None}, [{}] * 40,
)  # fmt: skip


@dataclass
class Fuzzed:
    """What came of it."""

    statuses: Counter[str] = field(default_factory=Counter)
    """Answers, as `POST /said 200`."""
    wrong: list[str] = field(default_factory=list)
    """What must not be: a 500, an update that failed, an error nobody caught."""
    unread: int = 0
    """Updates that no one could have read; confirmed, and told in the log."""
    cpu: array[float] = field(default_factory=lambda: array("d"))
    """Milliseconds of CPU of each."""
    memory: list[tuple[int, int]] = field(default_factory=list)
    """Resident bytes, and those of files, after each hundredth part."""

    def percentile(self, share: float) -> float:
        """So many milliseconds or less took `share` of all."""
        return sorted(self.cpu)[int(share * (len(self.cpu) - 1))]


def resident() -> tuple[int, int]:
    """Bytes of this process in memory, and how many of them are pages of files.

    The system takes such pages back as it likes. The word list of the tokenizer is one of the files: every
    strange character brings another page of it.
    """
    pages, of_files = Path("/proc/self/statm").read_text().split()[1:3]
    return int(pages) * 4096, int(of_files) * 4096


class _Heard(logging.Handler):
    def __init__(self, fuzzed: Fuzzed) -> None:
        super().__init__(logging.WARNING)
        self._fuzzed = fuzzed

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if "cannot be read" in said:
            self._fuzzed.unread += 1
        elif record.name != "bot.channels.web.app.server" and record.levelno >= logging.ERROR:
            self._fuzzed.wrong.append(f"{record.name}: {said}")


class Hostile:
    """Makes hostile updates and requests; the same for the same seed."""

    def __init__(self, assistant: Assistant, seed: int) -> None:
        self._chance = random.Random(seed)
        self._update_id = 10
        start = assistant.respond(None, Commanded("start"))
        guide = assistant.respond(None, Commanded("guide"))
        self._data = [button.data for turn in (start, guide) for reply in turn.replies for button in reply.buttons]
        self._tokens = [turn.token for turn in (start, guide) if turn.token]

    def text(self) -> str:
        chance = self._chance
        match chance.randrange(5):
            case 0 | 1:
                return chance.choice(TEXTS)
            case 2:
                return "".join(chance.choice(TEXTS)[:40] for _ in range(chance.randrange(1, 8)))
            case 3:
                return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(1, 200)))
            case _:
                return "".join(
                    chance.choice("0123456789０１８一二①-ー 　のはです番号暗証桁円年")
                    for _ in range(chance.randrange(1, 60))
                )

    def token(self) -> str:
        """A token of ours with some characters changed, or none of ours."""
        chance, letters = self._chance, "ABCxyz019_-"
        if chance.random() < 0.2:
            return self.text()[: chance.randrange(1, 80)]
        token = list(chance.choice(self._tokens))
        for _ in range(chance.randrange(4)):
            at = chance.randrange(len(token) + 1)
            token[at : at + chance.randrange(2)] = chance.choice(letters) * chance.randrange(3)
        return "".join(token)

    def data(self) -> str:
        """Callback data: ours, ours with another token, or never sent by us."""
        chance = self._chance
        match chance.randrange(4):
            case 0:
                return chance.choice(self._data)
            case 1:
                return chance.choice(self._data)[: chance.randrange(0, 9)] + self.token()
            case 2:
                return chance.choice("gbefkmlhpsxdctvZ0 ") + self.token()
            case _:
                return self.text()[:64]

    def update(self) -> str:
        """An update as JSON, up to three of its fields hostile."""
        self._update_id += 1
        update = {"update_id": self._update_id, **copy.deepcopy(self._content())}
        for _ in range(self._chance.choice([0, 1, 1, 1, 2, 3])):
            self._spoil(update)
        return json.dumps(update)  # lone surrogates as \ud800, NaN as NaN

    def _content(self) -> dict[str, Any]:
        chance = self._chance
        chat_id = chance.randrange(1, 60)
        person = {"id": chat_id, "is_bot": False, "first_name": self.text()[:64] or "x", "language_code": "ja"}
        chat = {"id": chat_id, "type": "private", "first_name": "x"}
        message = {"message_id": chance.randrange(1, 10**6), "date": int(time.time()), "chat": chat, "from": person}
        photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 1}]
        document = {"file_id": "f", "file_unique_id": "u", "file_name": self.text()[:40]}
        shown = {
            **message,
            "text": "x",
            "reply_markup": {"inline_keyboard": [[{"text": "1", "callback_data": self.data()}]]},
        }
        query = {"id": "1", "from": person, "chat_instance": "1", "message": shown, "data": self.data()}
        member = {
            "user": {"id": 7, "is_bot": True, "first_name": "x"},
            "status": chance.choice(["member", "kicked", "left"]),
            "until_date": 0,
        }
        entities = [
            {"type": chance.choice(["bot_command", "url", "text_link", "x"]), "offset": -1, "length": 10**9, "url": "x"}
        ]
        kinds: tuple[tuple[int, Callable[[], dict[str, Any]]], ...] = (
            (40, lambda: {"message": {**message, "text": self.text()}}),
            (5, lambda: {"message": {**message, "text": self.text(), "entities": entities, "forward_origin": {"type": "user"}}}),
            (8, lambda: {"edited_message": {**message, "edit_date": int(time.time()), "text": self.text()}}),
            (20, lambda: {"callback_query": query}),
            (2, lambda: {"callback_query": {**query, "inline_message_id": "x", "message": None}}),
            (3, lambda: {"message": {**message, "photo": photo, "caption": self.text(), "media_group_id": "1"}}),
            (2, lambda: {"message": {**message, "document": document}}),
            (2, lambda: {"message": {**message, "voice": {**document, "duration": 1}}}),
            (2, lambda: {"message": {**message, "location": {"latitude": 1e9, "longitude": -1e9}}}),
            (2, lambda: {"message": {**message, "contact": {"phone_number": "0", "first_name": self.text()}}}),
            (2, lambda: {"message": {**message, "sticker": {**document, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "x"}}}),
            (2, lambda: {"message": {**message, "chat": {"id": -chat_id, "type": "group", "title": self.text()}, "text": self.text()}}),
            (2, lambda: {"my_chat_member": {"chat": chat, "from": person, "date": 1, "old_chat_member": member, "new_chat_member": member}}),
            (1, lambda: {"channel_post": {**message, "text": self.text()}}),
            (1, lambda: {"inline_query": {"id": "1", "from": person, "query": self.text(), "offset": ""}}),
            (1, lambda: {"message": {**message, "poll": {"id": "1", "question": self.text(), "options": []}}}),
            (1, lambda: {"message": {**message, "successful_payment": {}, "users_shared": {}, "web_app_data": {}}}),
            (1, lambda: {self.text()[:20] or "x": self.text()}),
        )  # fmt: skip
        return chance.choices([make for _, make in kinds], [weight for weight, _ in kinds])[0]()

    def _spoil(self, update: dict[str, Any]) -> None:
        """Change, delete or add one field anywhere but the update's number."""
        places: list[tuple[Any, Any]] = []

        def walk(node: Any) -> None:
            pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            for key, value in pairs:
                if key != "update_id":
                    places.append((node, key))
                walk(value)

        walk(update)
        if not places:
            return
        node, key = self._chance.choice(places)
        match self._chance.randrange(6):
            case 0 if isinstance(node, dict):
                del node[key]
            case 1:
                node[key] = self.text()
            case 2 if isinstance(node, dict):
                node[self.text()[:10]] = node[key]
            case 3:
                node[key] = {"id": node[key], "type": node[key]}
            case _:
                node[key] = copy.deepcopy(self._chance.choice(VALUES))

    def request(self) -> bytes:
        """A request to the page as bytes on the wire."""
        chance = self._chance
        match chance.randrange(10):
            case 0 | 1 | 2:
                return self._form("/said", {"text": self.text(), "token": self.token()})
            case 3 | 4:
                return self._form(
                    chance.choice(["/pressed", "/calendar"]), {"data": self.data(), "token": self.token()}
                )
            case 5:
                entries = chance.choice(["unlock-counter", "x", self.text()[:40], ",".join("a" * 9), "../x"])
                return self._get("/a?" + urlencode({"e": _clean(entries), "t": _clean(self.token())}))
            case 6:
                tail = chance.choice(["", "", "/checklist.pdf", "/x"])
                return self._get(f"/k/{quote(_clean(self.token()), safe='')}{tail}")
            case 7:
                path = chance.choice(
                    [
                        "/",
                        "/help",
                        "/privacy",
                        "/menu",
                        "/guide",
                        "/static/page.css",
                        "/static/../app.py",
                        "/%00",
                        "/" + "a" * 3000,
                    ]
                )
                return self._get(path, method=chance.choice(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "X"]))
            case 8:
                body = self.text().encode("utf-8", "surrogatepass")[:4000]
                kind = chance.choice(
                    [
                        "text/plain",
                        "application/json",
                        "multipart/form-data",
                        "multipart/form-data; boundary=x",
                        "application/x-www-form-urlencoded; charset=utf-7",
                        "application/x-www-form-urlencoded; charset=nope",
                        "",
                        "x/" * 200,
                    ]
                )
                return self._raw("POST", "/said", body, kind)
            case _:
                return chance.choice([b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n\r\n", b"\x00" * 64 + b"\r\n\r\n", b"POST /said HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"POST /said HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nx", b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 9000 + b"\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n"])  # fmt: skip

    def _form(self, path: str, fields: dict[str, str]) -> bytes:
        if self._chance.random() < 0.5:
            body = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}).encode()
            return self._raw("POST", path, body, "application/x-www-form-urlencoded")
        parts = [
            b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
            % (name.encode(), value.encode("utf-8", "surrogatepass"))
            for name, value in fields.items()
        ]
        end = self._chance.choice([b"--x--\r\n", b"--x--\r\n", b"", b"--y--"])
        return self._raw("POST", path, b"".join(parts) + end, "multipart/form-data; boundary=x")

    def _get(self, path: str, method: str = "GET") -> bytes:
        return self._raw(method, path, b"", "")

    def _raw(self, method: str, path: str, body: bytes, kind: str) -> bytes:
        chance = self._chance
        address = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
        head = [f"{method} {path} HTTP/1.1", f"Host: {chance.choice(['127.0.0.1', 'x', '', 'a:b:c'])}", f"X-Forwarded-For: {address}", "Connection: close"]  # fmt: skip
        if kind:
            head.append(f"Content-Type: {kind}")
        if body or method == "POST":
            head.append(f"Content-Length: {len(body)}")
        if chance.random() < 0.1:
            head.append(f"Cookie: {quote(_clean(self.text()))[:2000]}")
        if chance.random() < 0.1:
            head.append(f"Origin: {chance.choice(['null', 'http://evil', '', 'x'])}")
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@asynccontextmanager
async def _doors(assistant: Assistant, folder: Path) -> AsyncIterator[tuple[FakeApi, str, int]]:
    """The application with page and webhook on a loopback port."""
    async with FakeApi() as api:
        settings = TelegramSettings(TOKEN, api.base_url, webhook_url=f"http://127.0.0.1{HOOK}", limits=False)
        latest = CountingLatest(lambda: assistant)
        store = SqliteStore(folder / "store.sqlite", Vault([Fernet.generate_key().decode()]))
        bot = TelegramBot(settings, lambda token, event: latest().respond(token, event), store)
        app = make_app(latest, settings=WebSettings(behind_proxy=True))
        app.router.add_post(HOOK, bot.webhook_handler)
        runner = await serve(app, "127.0.0.1", 0)
        stop = asyncio.Event()
        running = [asyncio.create_task(bot.run(stop)), asyncio.create_task(keep_lean(stop))]
        await bot.ready.wait()
        try:
            yield api, settings.secret, runner.addresses[0][1]
        finally:
            stop.set()
            await asyncio.gather(*running)
            await runner.cleanup()
            await store.close()


async def _take(self: Api, method: str, fields: dict[str, Any], **_: object) -> None:
    if method in ("sendMessage", "editMessageText"):
        check_message(fields)


async def fuzz(
    assistant: Assistant, folder: Path, updates: int, requests: int, seed: int = 1, told: Callable[[int], None] = id
) -> Fuzzed:
    """Send so many hostile updates and requests, mixed. `told` hears how many are done."""
    fuzzed, hostile = Fuzzed(), Hostile(assistant, seed)
    chance, total = random.Random(seed), updates + requests
    heard, taken = _Heard(fuzzed), Api.call
    logging.getLogger().addHandler(heard)
    Api.call = _take  # type: ignore[method-assign]
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: fuzzed.wrong.append(f"nobody caught: {context.get('exception')!r}"))
    try:
        async with _doors(assistant, folder) as (api, secret, port):
            for number in range(total):
                is_update = chance.random() < updates / total
                wire = hostile.update().encode() if is_update else hostile.request()
                began = time.process_time()
                if is_update:
                    await _post(fuzzed, port, secret, wire)
                else:
                    await _request(fuzzed, port, wire)
                fuzzed.cpu.append((time.process_time() - began) * 1000)
                if number % max(1, total // 100) == 0:
                    api.calls.clear()  # what Telegram would remember is not ours
                    api.messages.clear()
                    fuzzed.memory.append(resident())
                told(number + 1)
    finally:
        logging.getLogger().removeHandler(heard)
        Api.call = taken  # type: ignore[method-assign]
        loop.set_exception_handler(None)
    return fuzzed


async def _post(fuzzed: Fuzzed, port: int, secret: str, body: bytes) -> None:
    head = (
        f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    status = await _exchange(port, head.encode() + body)
    fuzzed.statuses[f"update {status}"] += 1
    if status not in (200, 400, 413):
        fuzzed.wrong.append(f"{status} for {body[:300]!r}")


async def _request(fuzzed: Fuzzed, port: int, wire: bytes) -> None:
    status = await _exchange(port, wire)
    fuzzed.statuses[f"page {status}"] += 1
    if status >= 500:
        fuzzed.wrong.append(f"{status} for {wire[:300]!r}")


async def _exchange(port: int, wire: bytes) -> int:
    """The status of the answer; 0 if the connection was closed without one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(wire)
        if b"\r\n\r\n" not in wire or b"chunked" in wire:  # else the server waits for the rest
            writer.write_eof()
        answer = await asyncio.wait_for(reader.read(512), 60)
    except ConnectionError:
        return 0
    finally:
        writer.close()
    return int(answer[9:12]) if answer.startswith(b"HTTP/1") else 0
