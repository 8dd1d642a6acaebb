"""Counts what the assistant decides, whatever the channel: no text, no entry, no choice.

A guide counts as started when its first question is shown, with nothing answered on screen yet,
and as finished when its result is. Which answer was given is not counted: in a small town a
single number can point at a person.
"""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import Counter, Histogram

from bot.assistant import Assistant
from bot.content.model import Content
from bot.dialogue.answers import Position
from bot.dialogue.replies import Event, Said, Turn
from bot.dialogue.token import BadToken, Codes

DECISIONS = Counter("mainakagi_decisions", "Typed texts by what was decided.", ["decision"])
STARTED = Counter("mainakagi_guides_started", "Guides whose first question was shown.", ["guide"])
FINISHED = Counter("mainakagi_guides_finished", "Guides whose result was shown.", ["guide"])
SECONDS = Histogram(
    "mainakagi_turn_seconds",
    "Seconds of thinking about one event.",
    ["event"],
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5),
)

_DECIDED = ("answer", "clarify", "none", "smalltalk")


class Counting:
    """An Assistant whose turns are counted; everything else is the Assistant's own."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.since = assistant.since
        self._codes = Codes(assistant.content)

    @property
    def content(self) -> Content:
        return self.assistant.content

    def respond(self, token: str | None, event: Event) -> Turn:
        """As Assistant.respond."""
        with SECONDS.labels(type(event).__name__.lower()).time():
            turn = self.assistant.respond(token, event)
        if isinstance(event, Said):
            decided = next((reply.kind for reply in turn.replies if reply.kind in _DECIDED), "guide")
            DECISIONS.labels(decided).inc()
        if turn.token and turn.token != token:
            self._count_guide(turn)
        return turn

    def show(self, entry_ids: tuple[str, ...], token: str | None) -> Turn:
        """As Assistant.show; a page shown again is no new decision."""
        return self.assistant.show(entry_ids, token)

    def _count_guide(self, turn: Turn) -> None:
        position = self._position(turn.token or "")
        if position.flow is None:
            return
        if any(reply.route for reply in turn.replies):
            FINISHED.labels(position.flow).inc()
        elif any(reply.question for reply in turn.replies) and all(a.prefilled for a in position.answers):
            STARTED.labels(position.flow).inc()

    def _position(self, token: str) -> Position:
        try:
            return self._codes.unpack(token).position
        except BadToken:
            return Position()


class CountingLatest:
    """Calling it gives the Assistant that serves now, counted."""

    def __init__(self, assistant_of: Callable[[], Assistant]) -> None:
        self._assistant_of = assistant_of
        self._counting = Counting(assistant_of())

    def __call__(self) -> Counting:
        assistant = self._assistant_of()
        if self._counting.assistant is not assistant:
            self._counting = Counting(assistant)
        return self._counting
