"""What the matcher says about a text: the contract between matching and dialogue."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from bot.content.model import Question

Decision = Literal["answer", "clarify", "none", "smalltalk"]
PinName = Literal["sign", "user", "kenmen", "juki", "both", "phone"]
Visitor = Literal["self", "parent_of_child", "guardian", "proxy"]


@dataclass(frozen=True)
class Match:
    """An Entry and its score from 0 to 1; `parts` explains it, `wording` is the nearest one."""

    id: str
    score: float
    wording: str = ""
    parts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Understood:
    """Which PIN and which visitor the text is about; None if it does not say."""

    pin: PinName | None = None
    visitor: Visitor | None = None
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understanding:
    """The decision on one text, and why.

    `answers` has one entry id (two for two questions in one text) with `answer`, else none;
    `choices` 2 to 4 entry ids with `clarify`, else none; `ranked` at least 5, best first, always.
    """

    decision: Decision
    answers: tuple[str, ...]
    choices: tuple[str, ...]
    ranked: tuple[Match, ...]
    understood: Understood
    smalltalk: str | None = None


@dataclass(frozen=True)
class ChoiceMatch:
    """How a typed text fits the open question's choices.

    `exact` choice ids come from a number, a label or an alias; `near` from fuzzy matching
    (one: likely meant; several: a near tie, to be asked). `is_question` says that the text
    asks something (か, ？, 何, どこ), so that a merely near choice goes to the FAQ first.
    """

    exact: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    is_question: bool = False


class Matcher(Protocol):
    """Reads redacted texts. Built from a Content, deterministic, no I/O."""

    def understand(self, text: str) -> Understanding: ...

    def choose(self, text: str, question: Question) -> ChoiceMatch: ...


class ForeignMatcher(Matcher, Protocol):
    """A Matcher of a further language."""

    def is_own(self, text: str) -> bool:
        """Whether a text is clearly written in that language."""
        ...
