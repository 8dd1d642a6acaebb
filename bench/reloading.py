"""The content is saved again and again while people use the program; no reply may mix two of its versions.

Each version bears a mark of its own in every text of the guide, and another in every answer; so a message
tells which versions it was made of. Half of the saves are broken, each in another way: their marks must
never be seen. Files are replaced in one step, as editors do it.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench.citizens import town
from bench.lives import Lives
from bot.assistant import Assistant
from tests.app.programs import free_port
from tests.telegram.fake_api import TOKEN, Call, FakeApi

STEMS = "甲乙丙"
"""Marks of good versions. Few, so that what is learnt from them is kept."""

BROKEN = "丁"
GUIDE, ANSWER = "▲", "△"
_MARKED = {GUIDE: ("flows/recover.yaml", ("暗証番号", "本人", "カード")), ANSWER: ("faq/ja.yaml", ("窓口", "カード"))}
_MARK = re.compile(f"([{GUIDE}{ANSWER}])(.)")

_SPOILT: tuple[Callable[[str], str], ...] = (
    lambda text: text[: len(text) // 2],
    lambda text: text.replace("id: ", "id ", 1),
    lambda text: text + "\n  - {id: more, wrong: [}\n",
    lambda text: text.replace("    when: {", "    when: {nobody: here, ", 1) + "\nfly: yes\n",
    lambda text: "",
)


@dataclass
class Reloaded:
    """What was saved and what people saw."""

    saved: Counter[str] = field(default_factory=Counter)
    """`good` and `broken` saves that the program has taken notice of."""
    messages: int = 0
    marked: int = 0
    """Messages that bear a mark."""
    mixed: list[str] = field(default_factory=list)
    """Messages with marks of two versions."""
    broken: list[str] = field(default_factory=list)
    """Messages with the mark of content that has mistakes."""
    versions: Counter[str] = field(default_factory=Counter)
    apologies: int = 0
    """Updates that were given up: some version of the content could not answer them."""
    unanswered: int = 0

    @property
    def holds(self) -> bool:
        return not (self.mixed or self.broken or self.apologies or self.unanswered)


async def reload(
    saves: int,
    folder: Path,
    assistant: Assistant,
    lives: Lives,
    chance: random.Random,
    *,
    people: int = 24,
    marks: str = GUIDE + ANSWER,
    progress: Callable[[int], None] = lambda _: None,
) -> Reloaded:
    """Save so many times while people use the program. Without ANSWER among `marks` nothing is learnt anew."""
    content = lives.folder / "content"
    shipped = {mark: (content / _MARKED[mark][0]).read_text(encoding="utf-8") for mark in marks}
    outcome = Reloaded()
    async with FakeApi() as api:
        address = f"127.0.0.1:{free_port()}"
        process = await lives.begin(
            {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_BASE_URL": api.base_url,
                "MAINAKAGI_TELEGRAM_LIMITS": "off",
                "MAINAKAGI_STATE_DIR": str(folder / "reload"),
                "MAINAKAGI_LISTEN": address,
            }
        )
        citizens, stop = town(api, assistant, people, seed=9), asyncio.Event()
        living = [asyncio.create_task(citizen.live(stop, rest=0.05)) for citizen in citizens]
        try:
            async with aiohttp.ClientSession() as session:
                seen = await _wait(session, address, lambda health: health.get("ready") is True)
                for number in range(saves):
                    mark = chance.choice(marks)
                    if number % 2:
                        text = chance.choice(_SPOILT)(_marked(shipped[mark], mark, BROKEN))
                        _replace(content / _MARKED[mark][0], text)
                        await _wait(session, address, lambda health: bool(health["content_problems"]))
                        outcome.saved["broken"] += 1
                    else:
                        for mark, text in shipped.items():  # what was broken before is whole again
                            _replace(content / _MARKED[mark][0], _marked(text, mark, STEMS[number // 2 % len(STEMS)]))
                        old = seen["content"]
                        seen = await _wait(
                            session, address, lambda now, old=old: not now["content_problems"] and now["content"] != old
                        )
                        outcome.saved["good"] += 1
                    progress(number + 1)
        finally:
            stop.set()
            await asyncio.wait(living, timeout=300)
            for mark, text in shipped.items():
                _replace(content / _MARKED[mark][0], text)
        outcome.unanswered = sum(not task.done() for task in living)
        os.kill(process, signal.SIGTERM)
        assert await lives.ended(process) == 0
        sorry = {one.words("telegram.apology") for one in assistant.content.languages}
        outcome.apologies = sum(call.text in sorry for call in api.calls)
        _judge(outcome, api.calls)
        return outcome


def _marked(text: str, kind: str, stem: str) -> str:
    for word in _MARKED[kind][1]:
        text = text.replace(word, f"{word}{kind}{stem}")
    return text


def _replace(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)


async def _wait(
    session: aiohttp.ClientSession, address: str, holds: Callable[[dict[str, object]], bool]
) -> dict[str, object]:
    """What /healthz says once that holds."""
    async with asyncio.timeout(180):
        while True:
            try:
                async with session.get(f"http://{address}/healthz") as response:
                    health: dict[str, object] = await response.json()
                if holds(health):
                    return health
            except aiohttp.ClientConnectionError:  # it is just starting
                pass
            await asyncio.sleep(0.05)


def _judge(outcome: Reloaded, calls: list[Call]) -> None:
    for call in calls:
        if call.method not in ("sendMessage", "editMessageText"):
            continue
        rows = call.fields.get("reply_markup", {}).get("inline_keyboard", [])
        shown = "\n".join([call.text, *(key["text"] for row in rows for key in row)])
        outcome.messages += 1
        stems = {kind: {stem for found, stem in _MARK.findall(shown) if found == kind} for kind in _MARKED}
        if not any(stems.values()):
            continue
        outcome.marked += 1
        outcome.versions.update({f"{kind}{stem}" for kind, found in stems.items() for stem in found})
        if any(len(found) > 1 for found in stems.values()):
            outcome.mixed.append(shown)
        if any(BROKEN in found for found in stems.values()):
            outcome.broken.append(shown)
