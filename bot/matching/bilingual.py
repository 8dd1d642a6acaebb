"""Understanding in a further language: a matcher of its own wordings for its texts, the Japanese one for Japanese.

The matcher of the further language is of the same class, built from the translated content, so its
wordings change nothing for Japanese. Which of the two reads a text is decided by its script.
"""

from __future__ import annotations

import re

from bot.content.model import Content, Question
from bot.content.words import is_japanese
from bot.matching.learning import Cache
from bot.matching.matcher import TrainedMatcher
from bot.matching.understanding import ChoiceMatch, Matcher, Understanding

_DENIED = re.compile(r"\b(?:not|no|never|none|nothing|without|cannot|\w+n['’]t)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\?|^\s*(?:what|where|when|who|whose|which|why|how|is|are|do|does|did|can|could|should|may|must|will|am)\b",
    re.IGNORECASE,
)


class Bilingual:
    """Understands texts in a further language, and Japanese ones as the Japanese matcher does."""

    def __init__(self, own: Matcher, japanese: Matcher) -> None:
        self._own, self._japanese = own, japanese

    def understand(self, text: str) -> Understanding:
        return (self._japanese if is_japanese(text) else self._own).understand(text)

    def choose(self, text: str, question: Question) -> ChoiceMatch:
        if is_japanese(text):
            return self._japanese.choose(text, question)
        match = self._own.choose(text, question)
        denied = _DENIED.search(text) is not None
        near = tuple(
            choice.id
            for choice in question.choices
            if choice.id in match.near and denied == (_DENIED.search(choice.label) is not None)
        )
        return ChoiceMatch(match.exact, near, match.is_question or _ASKS.search(text) is not None)


def matchers_of(content: Content, japanese: Matcher, cache: Cache | None = None) -> dict[str, Matcher]:
    """A matcher for each further language that has wordings of its own; the others are read as Japanese."""
    return {
        language: Bilingual(TrainedMatcher(one, cache), japanese)
        for language, one in content.translations.items()
        if one.typed.own_questions
    }
