"""What a person has answered so far: the whole state of a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Answer:
    """The choices taken for one question.

    `prefilled`: read from what the person wrote or handed over by another guide, not pressed.
    `finished`: False while choices of a `many` question are still being switched on and off.
    """

    question: str
    choices: tuple[str, ...]
    prefilled: bool = False
    finished: bool = True


@dataclass(frozen=True)
class Answers:
    """Answers by question id, in the order they were given. Never changed, only replaced."""

    given: tuple[Answer, ...] = ()

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.given)

    def __bool__(self) -> bool:
        return bool(self.given)

    def get(self, question: str) -> Answer | None:
        for answer in self.given:  # a plain loop: asked twenty times for a screen
            if answer.question == question:
                return answer
        return None

    def set(self, answer: Answer) -> Answers:
        """These answers with `answer` in place of an earlier one to the same question, or at the end."""
        if self.get(answer.question) is None:
            return Answers((*self.given, answer))
        return Answers(tuple(answer if old.question == answer.question else old for old in self.given))

    def drop(self, question: str) -> Answers:
        return Answers(tuple(answer for answer in self.given if answer.question != question))


@dataclass(frozen=True)
class Position:
    """Where a conversation stands: all that a button, a link or the store has to remember.

    `offered`: ids of entries and flows shown as a numbered list in the last turn, so that a
    typed 「2」 means the second one. Buttons never carry it.
    """

    flow: str | None = None
    answers: Answers = Answers()
    offered: tuple[str, ...] = ()

    def without_offer(self) -> Position:
        return replace(self, offered=()) if self.offered else self
