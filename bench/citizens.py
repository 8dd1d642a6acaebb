"""Simulated people who press and type, and the oracle that knows what each of them must be told.

The oracle is the assistant itself, called once per update and in order, with nothing between: no
store, no network, no crash. What people saw is then laid beside it, chat by chat.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from math import inf
from operator import itemgetter
from typing import Any

from bot.assistant import Assistant
from bot.channels.telegram.delivery import _once
from bot.channels.telegram.handing import Handing
from bot.channels.telegram.incoming import Incoming, read_update
from bot.channels.telegram.render import Keyboard
from bot.channels.telegram.steps import Edit, Send, Step, plan
from bot.content.model import Content
from bot.dialogue.replies import Pressed, Ticks
from bot.stores.store import Record, Ticked
from tests.telegram.fake_api import Call, FakeApi

Said = tuple[str, str]
"""One message as people see it: its HTML and its keyboard, written out."""

HANDING = Handing(username="kagi_bot")
"""As bench/lives.py runs the program: it prints no files, which takes seconds and is not what is judged here."""

PRESSES = 0.7
"""Share of presses among all that people do; the rest is typed."""


def questions(content: Content) -> list[str]:
    """Different typed questions, from the content's own wordings."""
    return sorted({text for entry in content.entries for text in (entry.question, *entry.also_asked)})


@dataclass
class Citizen:
    """One person in a chat of their own: acts, waits for the answers, acts again."""

    chat: int
    api: FakeApi
    assistant: Assistant
    typed: Sequence[str]
    chance: random.Random
    is_confirmed: Callable[[int], bool]
    handing: Handing = HANDING
    expected: list[Said] = field(default_factory=list)
    since: list[float] = field(default_factory=list)
    """When each of them was asked for, in seconds of the event loop."""
    acted: int = 0
    _record: Record = field(default_factory=Record)
    _waiting: list[int] = field(default_factory=list)

    async def live(self, stop: asyncio.Event, *, rest: float = 0.01) -> None:
        """Act until `stop`, then wait for what is owed."""
        while not stop.is_set():
            await self.act()
            await self.patience(rest)
        await self.patience(rest)

    async def act(self) -> None:
        """Press a button that is there, or type one or two texts in a row."""
        button = self._some_button()
        if button is not None and self.chance.random() < PRESSES:
            await self._did(await self.api.press(self.chat, *button))
            return
        for _ in range(self.chance.choice((1, 1, 2))):
            text = "/guide" if self.chance.random() < 0.3 else self.chance.choice(self.typed)
            await self._did(await self.api.type(self.chat, text))

    async def patience(self, rest: float) -> None:
        """Wait until everything done is confirmed."""
        while any(not self.is_confirmed(update) for update in self._waiting):  # noqa: ASYNC110 - another's state
            await asyncio.sleep(rest)
        self._waiting.clear()

    async def _did(self, update_id: int) -> None:
        raw = next(update for update in reversed(self.api.updates) if update["update_id"] == update_id)
        incoming = read_update(raw, "kagi_bot", time.time())
        assert isinstance(incoming, Incoming)
        for step in self._owed(incoming):
            if isinstance(step, Send | Edit):
                self.expected.append((step.message.html, _written(step.message.keyboard)))
                self.since.append(time.monotonic())
        self._waiting.append(update_id)
        self.acted += 1

    def _owed(self, incoming: Incoming) -> tuple[Step, ...]:
        """The oracle: what this update must lead to, with what is remembered of ticks and of what was asked."""
        record, event, shown = self._record, incoming.event, incoming.list_message
        if shown is not None and isinstance(event, Pressed):
            kept = record.ticked_on(shown)
            ticks = Ticks(kept.items, kept.on) if kept else incoming.pressed.ticks if incoming.pressed else None
            event = replace(event, ticks=ticks)
        turn, asked = _once(self.assistant.respond(record.token, event), record, incoming.at)
        if turn.ticks is not None and shown is not None:
            record = record.with_ticked(Ticked(shown, turn.ticks.items, turn.ticks.on))
        record = Record() if turn.forget else replace(record, token=turn.token)
        self._record = record.with_asked(asked) if asked else record
        return plan(turn, incoming, self.handing)

    def _some_button(self) -> tuple[int, str] | None:
        """A button of the newest message with one, sometimes of an older one; by message id and data."""
        mine = [
            (message_id, data)
            for (chat, message_id), message in self.api.messages.items()
            if chat == self.chat and (data := _data_of(message))
        ]
        if not mine:
            return None
        message_id, data = mine[-1] if self.chance.random() < 0.9 else self.chance.choice(mine[-8:])
        return message_id, self.chance.choice(data)


def town(api: FakeApi, assistant: Assistant, people: int, seed: int, handing: Handing = HANDING) -> list[Citizen]:
    """So many citizens, each with habits of their own; `handing` is what the program hands out."""
    typed = questions(assistant.content)

    def is_confirmed(update_id: int) -> bool:
        return all(update["update_id"] != update_id for update in api.updates)

    return [
        Citizen(1000 + number, api, assistant, typed, random.Random(f"{seed}.{number}"), is_confirmed, handing)
        for number in range(people)
    ]


def _data_of(message: dict[str, Any]) -> list[str]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [key["callback_data"] for row in rows for key in row if "callback_data" in key]


def _written(keyboard: Keyboard) -> str:
    return repr([[(key.label, key.data or key.url) for key in row] for row in keyboard])


def _seen(call: Call) -> Said:
    rows = call.fields.get("reply_markup", {}).get("inline_keyboard", [])
    return call.text, repr([[(key["text"], key.get("callback_data") or key.get("url")) for key in row] for row in rows])


@dataclass
class Verdict:
    """What people saw, laid beside the oracle. Times are the event loop's seconds."""

    updates: int = 0
    replies: int = 0
    lost: int = 0
    differing: int = 0
    """Replies that the oracle does not have at this place: other words, or out of order."""
    repeated: list[tuple[int, float]] = field(default_factory=list)
    """Chat and time of each reply that came once more, at once after itself."""
    first_differing: list[tuple[int, Said, Said]] = field(default_factory=list)
    """Chat, what was seen and what should have been, of the first differing reply of each chat."""

    @property
    def is_clean(self) -> bool:
        return not self.lost and not self.differing

    def repeats_after(self, kills: Sequence[float]) -> Counter[int]:
        """How many replies one chat got again after one kill: occurrences by number."""
        where = Counter((chat, sum(kill < at for kill in kills)) for chat, at in self.repeated)
        return Counter(where.values())

    def crowded_after(self, kills: Sequence[float]) -> list[str]:
        """Chats that got more than one reply again after one kill, and when."""
        when: dict[tuple[int, float], list[float]] = {}
        for chat, at in self.repeated:
            kill = max((kill for kill in kills if kill < at), default=0.0)
            when.setdefault((chat, kill), []).append(round(at - kill, 3))
        return [f"chat {chat}: {times} s after the kill" for (chat, _), times in when.items() if len(times) > 1]


def judge(citizens: Sequence[Citizen], calls: Sequence[Call], kills: Sequence[float] = ()) -> Verdict:
    """Compare run by run: the same replies in the same order, each at least as often as expected.

    `kills` are the times at which the bot was ended.
    """
    verdict = Verdict()
    by_chat: dict[int, list[Call]] = {citizen.chat: [] for citizen in citizens}
    for call in calls:
        if call.method in ("sendMessage", "editMessageText") and call.chat in by_chat:
            by_chat[call.chat].append(call)
    for citizen in citizens:
        verdict.updates += citizen.acted
        verdict.replies += len(citizen.expected)
        seen = [(said, list(group)) for said, group in groupby(by_chat[citizen.chat], key=_seen)]
        asked = zip(citizen.expected, citizen.since, strict=True)
        expected = [(said, [at for _, at in group]) for said, group in groupby(asked, key=itemgetter(0))]
        for (said, group), (wanted, since) in zip(seen, expected, strict=False):
            if said != wanted:
                verdict.differing += 1
                verdict.first_differing.append((citizen.chat, said, wanted))
                break
            verdict.lost += max(0, len(since) - len(group))
            verdict.repeated += [(citizen.chat, at) for at in repeats([call.at for call in group], since, kills)]
        else:
            verdict.lost += sum(len(since) for _, since in expected[len(seen) :])
            verdict.differing += len(seen[len(expected) :])
    return verdict


def repeats(seen: Sequence[float], since: Sequence[float], kills: Sequence[float] = ()) -> list[float]:
    """When the same reply was seen that was asked for at each of `since`: the times at which it came once more.

    Who gets the same reply to one act and to the next has not seen it again because of the first: what is seen
    belongs to the act before it. Of two acts without a pause the second one's own answer is one that follows another
    without a kill between them, or else the soonest: what comes again comes after a kill and a new start.
    """

    def distance(one: float, other: float) -> tuple[bool, float]:
        return any(one < kill < other for kill in kills), other - one

    found: list[float] = []
    owed = 0
    for at, until in pairwise((*since, inf)):
        owed += 1
        here = [one for one in seen if at <= one < until]
        own = min(owed, len(here))
        owed -= own
        soonest = sorted(range(1, len(here)), key=lambda place: distance(here[place - 1], here[place]))
        found += [here[place] for place in sorted(soonest[max(0, own - 1) :])]
    return found
