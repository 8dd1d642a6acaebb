"""Counts what the assistant decides, whatever the channel: never a text, a chat, or which choice was taken.

Everything is counted in one place, twice: for /metrics, and per day for the report (stores/counts.py).
The kinds of the daily counts:

    answer, clarify, none, smalltalk   a typed text by what was decided, with the nearest entry and its band of scores
    steered                            a typed text that was a command, a number, a label of a choice
    started, finished                  a guide (id) whose first question, or a result (FLOW/ROUTE) that was shown
    asked, answered, left              a guide's question (FLOW/QUESTION) was shown anew, answered, or left for
                                       another guide or none; who just stays away leaves asked without answered
    understood, not-yet                what people say about an answer (entry) or a result (FLOW/ROUTE)

A guide counts as started when its first question is shown, with nothing answered on screen yet. Which answer was
given is not counted: in a small town a single number can point at a person.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter as Numbers
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache

from prometheus_client import Counter, Histogram

from bot.assistant import Assistant
from bot.content.model import Content, Question
from bot.dialogue.answers import Position
from bot.dialogue.dates import TOKYO
from bot.dialogue.replies import Event, Heard, Said, Turn
from bot.dialogue.token import TOKENS_KEPT, BadToken, Codes
from bot.dialogue.walk import open_question, settle
from bot.stores.counts import Counted, CountsError, CountsFile

log = logging.getLogger(__name__)

DECISIONS = Counter("mainakagi_decisions", "Typed texts by what was decided.", ["decision"])
STARTED = Counter("mainakagi_guides_started", "Guides whose first question was shown.", ["guide"])
FINISHED = Counter("mainakagi_guides_finished", "Guides whose result was shown.", ["guide"])
QUESTIONS = Counter("mainakagi_questions", "Questions of guides that were shown, answered, left.", ["question", "what"])
UNANSWERED = Counter(
    "mainakagi_unanswered", "Texts without an answer, by nearest entry and band of scores.", ["entry", "band"]
)
FEEDBACK = Counter("mainakagi_feedback", "Whether an answer or a result helped.", ["about", "said"])
UNWRITTEN = Counter("mainakagi_counts_unwritten", "Times that the daily counts could not be written.")
SECONDS = Histogram(
    "mainakagi_turn_seconds",
    "Seconds of thinking about one event.",
    ["event"],
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5),
)

_seconds, _questions = cache(SECONDS.labels), cache(QUESTIONS.labels)
"""What counts these labels, looked up once for each: that takes longer than counting."""

WRITE_SECONDS = 60.0
"""How often the daily counts are written; a kill loses no more than that."""

_BANDS = 5
"""Bands of scores, each 0.2 wide and named by where it begins."""


class Tally:
    """Counts that wait to be written to `file`; without one they are only for /metrics."""

    def __init__(self, file: CountsFile | None = None) -> None:
        self._file = file
        self._waiting = Numbers[Counted]()

    def count(self, day: date, kind: str, name: str, detail: str = "") -> None:
        """One more."""
        if self._file is not None:
            self._waiting[Counted(day, kind, name, detail)] += 1

    async def keep(self, stop: asyncio.Event) -> None:
        """Write every minute, and once more when `stop` is set."""
        while not stop.is_set():
            try:
                async with asyncio.timeout(WRITE_SECONDS):
                    await stop.wait()
            except TimeoutError:
                pass
            await self.write()

    async def write(self) -> None:
        """Write what has been counted; what cannot be written now is written with the next."""
        counts, self._waiting = self._waiting, Numbers()
        if self._file is None or not counts:
            return
        try:
            await asyncio.to_thread(self._file.add, counts)
        except CountsError as error:
            UNWRITTEN.inc()
            log.error("the counts are not written: %s", error)
            self._waiting.update(counts)


class Counting:
    """An Assistant whose turns are counted; everything else is the Assistant's own."""

    def __init__(self, assistant: Assistant, tally: Tally) -> None:
        self.assistant = assistant
        self.since = assistant.since
        self._codes = Codes(assistant.content)
        self._stand = lru_cache(TOKENS_KEPT)(self._found)
        self._tally = tally

    @property
    def content(self) -> Content:
        return self.assistant.content

    def respond(self, token: str | None, event: Event) -> Turn:
        """As Assistant.respond."""
        with _seconds(type(event).__name__.lower()).time():
            turn = self.assistant.respond(token, event)
        if isinstance(event, Said):
            self._count_text(turn)
        self._count_guide(token, turn)
        return turn

    def show(self, entry_ids: tuple[str, ...], token: str | None) -> Turn:
        """As Assistant.show; a page shown again is no new decision."""
        return self.assistant.show(entry_ids, token)

    def hear(self, heard: Heard) -> None:
        """Count what someone said about an answer or result. Channels call this once per conversation and day."""
        kind = "understood" if heard.understood else "not-yet"
        FEEDBACK.labels(heard.name, kind).inc()
        self._count(kind, heard.name)

    def _count_text(self, turn: Turn) -> None:
        found = turn.understanding
        kind = next((r.kind for r in turn.replies if r.kind in ("answer", "clarify", "none", "smalltalk")), "guide")
        DECISIONS.labels(kind).inc()
        if found is None:
            self._count("steered", "")
            return
        nearest, detail = (found.ranked[0].id, band(found.ranked[0].score)) if found.ranked else ("", "")
        self._count(found.decision, nearest, detail)
        if found.decision == "none":
            UNANSWERED.labels(nearest, detail).inc()

    def _count_guide(self, token: str | None, turn: Turn) -> None:
        before, was = self._stand(token)
        now, asked = self._stand(turn.token)
        concluded = next((reply.route for reply in turn.replies if reply.route), None)
        if was is not None:
            answer = now.answers.get(was.id)
            if now.flow != before.flow:  # one guide may go on in another: then its own last question was answered
                self._count_question(before, was, "answered" if concluded else "left")
            elif answer is not None and answer.finished:
                self._count_question(before, was, "answered")
        if concluded and turn.token != token:
            flow = (now if asked is None else before).flow
            FINISHED.labels(flow).inc()
            self._count("finished", f"{flow}/{concluded}")
        if now.flow is None:
            return
        shown = asked is not None and any(reply.question == asked.id for reply in turn.replies)
        if asked is not None and shown and (now.flow, asked.id) != (before.flow, was and was.id):
            if all(answer.prefilled for answer in now.answers):
                STARTED.labels(now.flow).inc()
                self._count("started", now.flow)
            self._count_question(now, asked, "asked")

    def _count_question(self, position: Position, question: Question, what: str) -> None:
        name = f"{position.flow}/{question.id}"
        _questions(name, what).inc()
        self._count(what, name)

    def _count(self, kind: str, name: str, detail: str = "") -> None:
        self._tally.count(self.assistant.clock().astimezone(TOKYO).date(), kind, name, detail)

    def _found(self, token: str | None) -> tuple[Position, Question | None]:
        """Where a token stands, and the question that is open there; called through `_stand`, which keeps it."""
        try:
            position = self._codes.unpack(token).position if token else Position()
        except BadToken:
            position = Position()
        return position, self._open(position)

    def _open(self, position: Position) -> Question | None:
        flow = self.content.flows.get(position.flow or "")
        if flow is None:
            return None
        city = self.content.municipality
        return open_question(flow, settle(flow, position.answers, city), city)


def band(score: float) -> str:
    """The band of a score from 0 to 1: 0.0, 0.2, 0.4, 0.6 or 0.8, where it begins."""
    return f"{min(int(score * _BANDS), _BANDS - 1) / _BANDS:.1f}"


class CountingLatest:
    """Calling it gives the Assistant that serves now, counted."""

    def __init__(self, assistant_of: Callable[[], Assistant], tally: Tally | None = None) -> None:
        self._assistant_of = assistant_of
        self._tally = tally or Tally()
        self._counting = Counting(assistant_of(), self._tally)

    def __call__(self) -> Counting:
        assistant = self._assistant_of()
        if self._counting.assistant is not assistant:
            self._counting = Counting(assistant, self._tally)
        return self._counting
