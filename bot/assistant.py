"""Content, matcher and engine together: what a channel talks to.

An Assistant belongs to one Content and is never changed; new content makes a new one, and
the holder swaps them in one assignment. It does no I/O and may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.content.loading import load
from bot.content.model import Content, Notice
from bot.content.problems import BrokenContent
from bot.dialogue.dates import TOKYO
from bot.dialogue.engine import Engine
from bot.dialogue.presenting import NOBODY, Operator
from bot.dialogue.replies import Event, Turn
from bot.dialogue.token import collisions
from bot.matching.bilingual import matchers_of
from bot.matching.learning import Cache
from bot.matching.matcher import TrainedMatcher
from bot.matching.understanding import ForeignMatcher, Matcher


def tokyo_now() -> datetime:
    """Now, in Asia/Tokyo whatever the host's zone."""
    return datetime.now(TOKYO)


@dataclass(frozen=True)
class Speaking:
    """The content in one language, and the matcher that understands it."""

    content: Content
    matcher: Matcher


class Assistant:
    """Answers events for one Content."""

    def __init__(
        self,
        content: Content,
        operator: Operator = NOBODY,
        clock: Callable[[], datetime] = tokyo_now,
        matcher: Matcher | None = None,
        matchers: Mapping[str, ForeignMatcher] | None = None,
    ) -> None:
        self.content = content
        self.operator = operator
        self.matcher = matcher or TrainedMatcher(content)
        self._matchers = matchers_of(content, self.matcher) if matchers is None else matchers
        self.engine = Engine(content, self.matcher, operator, self._matchers)
        self.clock = clock
        self.since = clock()

    def respond(self, token: str | None, event: Event) -> Turn:
        """The turn that `event` leads to from the position in `token`. Never raises on odd input."""
        return self.engine.respond(token, event, self.clock())

    def show(self, entry_ids: tuple[str, ...], token: str | None) -> Turn:
        """The turn that answers with these entries."""
        return self.engine.show(entry_ids, token, self.clock())

    def speaking(self, language: str) -> Speaking:
        """What answers in a language: its content, and who reads its texts. Raises KeyError if there is none."""
        if language == self.content.language:
            return Speaking(self.content, self.matcher)
        return Speaking(self.content.translations[language], self._matchers.get(language, self.matcher))

    def with_notices(self, notices: tuple[Notice, ...]) -> Assistant:
        """The same content with other urgent notices."""
        translations = {
            language: one.model_copy(update={"notices": notices}) for language, one in self.content.translations.items()
        }
        return self.with_content(self.content.model_copy(update={"notices": notices, "translations": translations}))

    def with_content(self, content: Content) -> Assistant:
        """Other content, read with what was learnt from this one: its entries and small talk must have the same ids."""
        return Assistant(content, self.operator, self.clock, self.matcher, self._matchers)

    def understands(self, content: Content) -> bool:
        """Whether `with_content` will do."""
        here, there = self.content, content
        return [one.id for one in here.entries] == [one.id for one in there.entries] and (
            [one.id for one in here.vocabulary.smalltalk] == [one.id for one in there.vocabulary.smalltalk]
        )


def assemble(
    root: Path, municipality: Path | None = None, operator: Operator = NOBODY, learnt: Path | None = None
) -> Assistant:
    """The Assistant for the content under `root`. Raises BrokenContent.

    `learnt` is a folder that keeps what the matcher learns from the content, for the next start.
    """
    return taught(read(root, municipality), operator, learnt)


def read(root: Path, municipality: Path | None = None) -> Content:
    """The content under `root`, fit to serve. Raises BrokenContent."""
    content = load(root, municipality)
    if problems := collisions(content):
        raise BrokenContent(problems)
    return content


def taught(content: Content, operator: Operator = NOBODY, learnt: Path | None = None) -> Assistant:
    """The Assistant of a content, once its matchers have learnt from it: seconds, unless `learnt` keeps it."""
    cache = Cache(learnt) if learnt else None
    matcher = TrainedMatcher(content, cache)
    return Assistant(content, operator, matcher=matcher, matchers=matchers_of(content, matcher, cache))
