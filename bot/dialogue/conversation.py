"""One conversation held in memory: what was said last decides which buttons can be pressed.

The terminal, recorded talks and the tests converse through it. The token is packed and
unpacked between turns, exactly as on Telegram and on the page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.dialogue.engine import Engine
from bot.dialogue.replies import COMMANDS, Button, Commanded, Event, Pressed, Said, Turn


class NoSuchButton(Exception):
    """No button with that label was shown last. `labels` are the ones that were."""

    def __init__(self, label: str, labels: tuple[str, ...]) -> None:
        super().__init__(f"「{label}」というボタンはありません：{'、'.join(labels)}")
        self.labels = labels


def typed(line: str) -> Event:
    """What a line typed by a person means: a command if it is one, else words."""
    name, _, argument = line.strip().removeprefix("/").partition(" ")
    return Commanded(name, argument) if line.strip().startswith("/") and name in COMMANDS else Said(line)


class Conversation:
    """A person and the engine, turn by turn."""

    def __init__(self, engine: Callable[[], Engine], now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self.token: str | None = None
        self.last: Turn | None = None

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons of the last turn."""
        return tuple(button for reply in self.last.replies for button in reply.buttons) if self.last else ()

    def do(self, event: Event) -> Turn:
        """The turn that `event` leads to."""
        self.last = self._engine().respond(self.token, event, self._now())
        self.token = self.last.token
        return self.last

    def say(self, line: str) -> Turn:
        """Type a line: words or a command."""
        return self.do(typed(line))

    def press(self, label: str) -> Turn:
        """Press the button with this label. Raises NoSuchButton."""
        button = self.button(label)
        if button is None:
            raise NoSuchButton(label, tuple(button.label for button in self.buttons))
        return self.do(Pressed(button.data))

    def button(self, label: str) -> Button | None:
        """The button of the last turn with this label, or None."""
        return next((button for button in reversed(self.buttons) if button.label == label), None)
