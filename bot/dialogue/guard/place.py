"""A stretch of a folded text, and what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bot.dialogue.guard.said import CALLED_BEHIND, GIVEN_WORD, SENTENCE_END

_BEFORE = 28
_AFTER = 16
_SENTENCE = 40


@dataclass(frozen=True)
class Place:
    """`plain[start:end]`; `list_before` is what stands before the list that it is a part of, if it is one."""

    plain: str
    start: int
    end: int
    list_before: str | None = None

    @property
    def text(self) -> str:
        return self.plain[self.start : self.end]

    @cached_property
    def before(self) -> str:
        """A little of what stands before it."""
        return self.plain[max(0, self.start - _BEFORE) : self.start] if self.list_before is None else self.list_before

    @cached_property
    def after(self) -> str:
        """A little of what follows it."""
        return self.plain[self.end : self.end + _AFTER]

    @cached_property
    def named(self) -> re.Match[str] | None:
        """The word for a PIN or a password that stands right before it."""
        return GIVEN_WORD.search(self.before)

    @cached_property
    def called_behind(self) -> bool:
        """Whether it is called a PIN or a password soon after it."""
        return CALLED_BEHIND.search(self.plain, self.end, self.end + _SENTENCE) is not None

    @cached_property
    def rest(self) -> str:
        """The rest of its sentence, with the end."""
        right = self.plain[self.end : self.end + _SENTENCE]
        stop = SENTENCE_END.search(right)
        return right[: stop.end()] if stop else right

    @cached_property
    def around(self) -> str:
        """Its sentence without it: taro@example.com says nothing of itself."""
        return f"{self.left}\x01{self.rest}"

    @cached_property
    def sentence(self) -> str:
        """Its sentence, as far as forty characters on either side."""
        return f"{self.left}{self.text}{self.rest}"

    @cached_property
    def left(self) -> str:
        """The beginning of its sentence."""
        return SENTENCE_END.split(self.plain[max(0, self.start - _SENTENCE) : self.start])[-1]
