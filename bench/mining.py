"""Takes canaries through the whole program, over Telegram and the page, and looks for them in all it leaves.

The program is `bench.troubled`: the real one, in a process of its own, with every logger at DEBUG in
every third life, in which things go wrong on purpose. It is killed with SIGKILL and SIGABRT, ends by exceptions, and
starts again. Its state, home, temporary and working folders are its own; everything in them is
searched at each end, while the write-ahead log is full, as are its log, its metrics and health, the
values of the store opened with the key, and all that it said to Telegram and to browsers.
"""

from __future__ import annotations

import asyncio
import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import aiohttp

from bench.canaries import Canary, Searcher, canaries
from bench.troubled import TROUBLES
from bot.settings import PROJECT
from bot.stores.vault import load_vault
from tests.app.programs import environment, free_port
from tests.shipped import know_what_was_learnt
from tests.telegram.fake_api import TOKEN, FakeApi

CHATS = 40
IN_HAND = 90
"""Updates that wait at most: the bot sees 100 at once."""

TROUBLE_EVERY, PARKED_EVERY = 37, 400
"""So many messages, and one of them makes trouble, or meets a chat that Telegram limits."""

TALKATIVE_EVERY = 3
"""So many lives, and one of them logs all that any library says."""

AT_ONCE = 20
"""Messages sent without waiting for one another."""


@dataclass
class Mined:
    """What was sent, what went wrong on purpose, and what was found."""

    sent: Counter[str] = field(default_factory=Counter)
    """Messages by the way they went in."""
    kinds: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    """How lives ended."""
    troubles: int = 0
    at_rest: Searcher = field(default_factory=Searcher)
    """Knows every secret, and has seen everything that is left behind."""
    opened: Searcher = field(default_factory=Searcher)
    """Knows every typed secret; has seen the store's values opened, where a chat's id may be."""
    said: Searcher = field(default_factory=Searcher)
    """Knows what the guard must take out; has seen every answer."""
    planted: Searcher = field(default_factory=Searcher)
    """Knows the one text that is planted."""

    @property
    def found(self) -> set[tuple[str, str]]:
        return self.at_rest.found | self.opened.found | self.said.found

    @property
    def planted_places(self) -> set[str]:
        return {where for _, where in self.planted.found}


class Mine:
    """One program's place: folders, settings, and what is searched of them."""

    def __init__(self, folder: Path, api: FakeApi, **settings: str) -> None:
        self.folder, self.mined = folder, Mined()
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = folder / "log"
        for name in ("state", "home", "tmp", "work"):
            (folder / name).mkdir()
        know_what_was_learnt(folder / "state")
        self._settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": api.base_url,
            "MAINAKAGI_TELEGRAM_LIMITS": "off",
            "MAINAKAGI_BEHIND_PROXY": "1",
            "MAINAKAGI_STATE_DIR": str(folder / "state"),
            "MAINAKAGI_LISTEN": self.url.removeprefix("http://"),
            "MAINAKAGI_LOG": "json",
            "PYTHONPATH": str(PROJECT),
            "PYTHONFAULTHANDLER": "1",
            "PYTHONWARNINGS": "default",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            **settings,
        }
        self._searched_log = 0
        self._seen: set[bytes] = set()
        token = TOKEN.partition(":")[2]
        for searcher in (self.mined.at_rest, self.mined.opened, self.mined.said):
            searcher.add(token)

    @asynccontextmanager
    async def life(self, *, talkative: bool) -> AsyncIterator[asyncio.subprocess.Process]:
        """The program, ready, until the caller ends it; then everything is searched.

        `talkative`: every logger at DEBUG, and asyncio's debug mode, which tells what it runs with its arguments. It
        takes longer than all the rest, so not every life has it; the others log as in operation.
        """
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bench.troubled",
                "run",
                stdout=log,
                stderr=log,
                cwd=self.folder / "work",
                env=environment(**self._settings, PYTHONASYNCIODEBUG="1" if talkative else ""),
                preexec_fn=_allow_cores,
            )
        try:
            await self._until_ready(process)
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            self.search_files()

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(300), aiohttp.ClientSession() as session:
            while process.returncode is None:
                with suppress(aiohttp.ClientError):
                    async with session.get(f"{self.url}/readyz") as response:
                        if response.status == 200:
                            return
                await asyncio.sleep(0.05)
        raise AssertionError(self.log.read_text("utf-8", "replace")[-2000:])

    def search_files(self) -> None:
        """Search what has been written since the last time."""
        for path in sorted(self.folder.rglob("*")):
            if not path.is_file() or path == self.log or path.name == "secret.key":
                continue
            data = path.read_bytes()
            digest = blake2b(data).digest()
            if digest not in self._seen:
                self._seen.add(digest)
                parts = path.relative_to(self.folder).parts
                where = {"state": "state folder", "tmp": "temporary file in UTF-16"}.get(parts[0], parts[0])
                self._search(data, where, "/".join(parts))
        with self.log.open("rb") as log:
            log.seek(max(0, self._searched_log - 200))
            self._search(log.read(), "log", "log")
            self._searched_log = log.tell()
        for value in self._opened_values():
            self.mined.opened.search(value, "store, opened with the key")

    async def search_reports(self) -> None:
        """Search what the running program tells an operator."""
        async with aiohttp.ClientSession() as session:
            for path in ("/metrics", "/healthz", "/readyz"):
                async with session.get(self.url + path) as response:
                    self._search(await response.read(), "metric label", path)

    def _search(self, data: bytes, where: str, exactly: str) -> None:
        self.mined.at_rest.search(data, exactly)
        self.mined.planted.search(data, where)

    def _opened_values(self) -> Iterator[bytes]:
        """Every value of a copy of the store as it lies there, in clear."""
        store = self.folder / "state" / "conversations.sqlite"
        copy = self.folder.parent / f"{self.folder.name}-copy.sqlite"
        for suffix in ("", "-wal"):
            source = Path(f"{store}{suffix}")
            if source.exists():
                shutil.copy(source, f"{copy}{suffix}")
        vault = load_vault(None, self.folder / "state" / "secret.key")
        with closing(sqlite3.connect(copy)) as db:
            for table in ("conversation", "parcel"):
                for value, at in db.execute(f"SELECT value, at FROM {table}"):
                    yield vault.open(value, at, 99) or b""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{copy}{suffix}").unlink(missing_ok=True)


def _allow_cores() -> None:
    """As on a machine that writes core files: the program itself has to forbid it."""
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class Crowd:
    """People who type canaries, on Telegram and on the page."""

    def __init__(self, mine: Mine, api: FakeApi, seed: int, trouble_every: int) -> None:
        self._trouble_every = trouble_every
        self._mine, self._api, self._mined = mine, api, mine.mined
        self._chance = random.Random(seed)
        self._canaries = canaries(seed)
        self._chats = [self._chance.randrange(5_000_000_000, 9_999_999_999) for _ in range(CHATS)]
        for chat in self._chats:
            self._mined.at_rest.add(str(chat))
        self._names = {chat: next(self._canaries) for chat in self._chats}
        for name in self._names.values():
            self._note(name)

    @property
    def waiting(self) -> int:
        return len(self._api.updates)

    async def send(self, number: int) -> None:
        """One more message, by one of many ways."""
        canary = next(self._canaries)
        if number % self._trouble_every == 0:
            trouble = self._mined.troubles % len(TROUBLES)
            canary = Canary(f"{canary.text} 困{trouble}", canary.secret, canary.kind, canary.guarded)
            self._mined.troubles += 1
        self._note(canary)
        if number % PARKED_EVERY == 7:
            way = await self._parked(canary)
        elif self._chance.random() < 0.75:
            way = await self._on_telegram(canary)
        else:
            way = await self._on_the_page(canary)
        self._mined.sent[way] += 1
        self._mined.kinds[canary.kind] += 1

    async def plant(self) -> None:
        """Send the text that must be found."""
        canary = next(self._canaries)
        self._mined.planted.add(canary.secret)
        await self._api.type(self._chats[0], f"{canary.text} 植")

    def _note(self, canary: Canary) -> None:
        self._mined.at_rest.add(canary.secret)
        self._mined.opened.add(canary.secret)
        if canary.guarded:
            self._mined.said.add(canary.secret)

    async def _parked(self, canary: Canary) -> str:
        chat = self._chance.choice(self._chats)
        self._api.fail("sendMessage", 429, retry_after=20, chat=chat)
        await self._api.type(chat, canary.text)
        return "Telegram, answer parked"

    async def _on_telegram(self, canary: Canary) -> str:
        chat, text = self._chance.choice(self._chats), canary.text
        name = self._names[chat].secret
        sender = {"id": chat, "is_bot": False, "first_name": name, "last_name": name, "username": "u" + str(chat)}
        who = {"from": sender, "chat": {"id": chat, "type": "private", "first_name": name}}
        match self._chance.choices(_WAYS, _WEIGHTS)[0]:
            case "edited":
                edited = {**self._api.message_of(chat, text=text), **who}
                await self._api.arrive("edited_message", {**edited, "edit_date": edited["date"]})
                return "Telegram, edited"
            case "caption":
                photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
                await self._arrive(chat, who, photo=photo, caption=text)
                return "Telegram, caption of a photo"
            case "contact":
                await self._arrive(chat, who, contact={"phone_number": canary.secret, "first_name": text})
                return "Telegram, contact"
            case "start":
                await self._arrive(chat, who, text=f"/start {text}")
                return "Telegram, behind a command"
            case "press":
                message = {**self._api.message_of(chat, text=text), **who}
                query = {
                    "id": "1",
                    "from": sender,
                    "chat_instance": "1",
                    "data": canary.secret[:20],
                    "message": message,
                }
                await self._api.arrive("callback_query", query)
                return "Telegram, forged press"
            case "delete":
                await self._arrive(chat, who, text="/delete")
            case "guide":
                await self._arrive(chat, who, text="/guide")
        await self._arrive(chat, who, text=text)
        return "Telegram, text"

    async def _arrive(self, chat: int, who: dict[str, Any], **content: Any) -> None:
        await self._api.arrive("message", {**self._api.message_of(chat, **content), **who})

    async def _on_the_page(self, canary: Canary) -> str:
        headers = {"X-Forwarded-For": ".".join(str(self._chance.randrange(1, 255)) for _ in range(4))}
        way = self._chance.choice(["form", "form", "form", "script", "address", "headers", "pressed"])
        form: dict[str, str] | None = {"text": canary.text}
        path = "/said"
        match way:
            case "script":
                headers["X-Part"] = "turn"
            case "address":
                path, form = f"/k/{canary.text}?e={canary.text}", None
            case "headers":
                plain = canary.text.encode("ascii", "ignore").decode().replace("\n", " ").strip() or "x"
                headers |= {"User-Agent": plain, "Referer": plain, "Origin": plain}
            case "pressed":
                path, form = "/pressed", {"data": canary.text, "token": canary.text}
        with suppress(aiohttp.ClientError, TimeoutError):  # it may just be killed
            await self._fetch(path, form, headers)
        return f"page, {way}"

    async def _fetch(self, path: str, form: dict[str, str] | None, headers: dict[str, str]) -> None:
        data = aiohttp.FormData(form, default_to_multipart=True) if form else None
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
            session.request("POST" if form else "GET", self._mine.url + path, data=data, headers=headers) as response,
        ):
            self._mined.said.search(await response.read(), "page")


_WAYS = ("plain", "edited", "caption", "contact", "start", "press", "delete", "guide")
_WEIGHTS = (62, 8, 6, 3, 4, 4, 5, 8)


async def mine(
    folder: Path,
    messages: int,
    lives: int,
    seed: int = 1,
    trouble_every: int = TROUBLE_EVERY,
    told: Callable[[int], object] = id,
    **settings: str,
) -> Mined:
    """Send so many messages over so many lives of the program and search everything. `told` hears how many are sent.

    The last life ends by an exception that holds a text, the third and each fourth after it by SIGABRT,
    the others by SIGKILL.
    """
    async with FakeApi() as api:
        place = Mine(folder, api, **settings)
        crowd, mined, number = Crowd(place, api, seed, trouble_every), place.mined, 0
        for life in range(lives):
            until = messages * (life + 1) // lives
            async with place.life(talkative=life % TALKATIVE_EVERY == 0) as process:
                while number < until:
                    following = min(number + AT_ONCE, until)
                    await asyncio.gather(*map(crowd.send, range(number, following)))
                    number = following
                    told(number)
                    await api.until(lambda: crowd.waiting <= IN_HAND, 60)
                last = life == lives - 1
                if last:
                    await crowd.plant()
                    await api.until(lambda: not api.updates, 120)
                await place.search_reports()
                mined.ends[await _end(process, "exception" if last else "abort" if life % 4 == 2 else "kill")] += 1
            for call in api.calls:
                mined.said.search(repr(call.fields).encode(), "Telegram")
            api.calls.clear()
            api.messages.clear()
        return mined


async def _end(process: asyncio.subprocess.Process, how: str) -> str:
    number = {"kill": signal.SIGKILL, "abort": signal.SIGABRT, "exception": signal.SIGTERM}[how]
    os.kill(process.pid, number)
    status = await asyncio.wait_for(process.wait(), 20)
    assert status == (1 if how == "exception" else -number), f"{how} ended with {status}"
    return how
