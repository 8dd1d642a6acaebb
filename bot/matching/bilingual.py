"""Understanding in a further language: a matcher of its own wordings for its texts, the Japanese one for Japanese.

The matcher of the further language is of the same class, built from the translated content, so its
wordings change nothing for Japanese. Which of the two reads a text is decided by its script.
"""

from __future__ import annotations

import re

from bot.content.model import Content, Question
from bot.content.words import is_japanese
from bot.matching.kana import from_romaji
from bot.matching.learning import Cache
from bot.matching.matcher import TrainedMatcher
from bot.matching.understanding import ChoiceMatch, ForeignMatcher, Matcher, Understanding

_DENIED = re.compile(r"\b(?:not|no|never|none|nothing|without|cannot|\w+n['’]t)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_STRANGE = 0.34
"""Share of its words that a text may have besides those of the language's wordings."""

_ASKS = re.compile(
    r"\?|^\s*(?:what|where|when|who|whose|which|why|how|is|are|do|does|did|can|could|should|may|must|will|am)\b",
    re.IGNORECASE,
)


class Bilingual:
    """Understands texts in a further language, and Japanese ones as the Japanese matcher does."""

    def __init__(self, own: Matcher, japanese: Matcher, words: frozenset[str]) -> None:
        """`words`: every word of the language's own wordings, lower case."""
        self._own, self._japanese, self._words = own, japanese, words

    def is_own(self, text: str) -> bool:
        """Whether a text is clearly written in this language."""
        return is_written_in(text, self._words)

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


def matchers_of(content: Content, japanese: Matcher, cache: Cache | None = None) -> dict[str, ForeignMatcher]:
    """A matcher for each further language that has wordings of its own; the others are read as Japanese."""
    return {
        language: Bilingual(TrainedMatcher(one, cache), japanese, words_of(one))
        for language, one in content.translations.items()
        if one.typed.own_questions
    }


def is_written_in(text: str, words: frozenset[str]) -> bool:
    """Two words or more, most of them of the language with these words, and none that could be romaji instead."""
    said = _WORD.findall(text.lower())
    strange = [word for word in said if word not in words]
    return (
        not is_japanese(text)
        and len(said) > 1
        and len(strange) <= _STRANGE * len(said)
        and not any(len(word) > 2 and from_romaji(word) for word in strange)
    )


def words_of(content: Content) -> frozenset[str]:
    """The words of a language's wordings."""
    asked = (text for entry in content.entries for text in (entry.question, *entry.also_asked))
    named = (
        text
        for flow in content.flows.values()
        for question in flow.questions
        for choice in question.choices
        for text in (choice.label, *choice.also)
    )
    return frozenset(word for text in (*asked, *named) if not is_japanese(text) for word in _WORD.findall(text.lower()))
