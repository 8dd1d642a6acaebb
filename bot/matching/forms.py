"""One text in all the forms in which it is compared: as written, as heard, its words, its concepts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.content.model import Vocabulary
from bot.matching.aside import put_aside
from bot.matching.concepts import Concepts, Mention
from bot.matching.kana import hiragana, sound
from bot.matching.linear import Features
from bot.matching.normalise import Spelling, asks, bare, clauses, clean, plain, sentences
from bot.matching.reading import Lexicon, is_katakana, tokens

BLOCKS = {"written": 1.0, "sound": 0.8, "words": 0.9, "concepts": 0.5}
"""The blocks of features and their weights in the linear layer."""

_HALF_WIDTH = re.compile(r"[ｦ-ﾟ]")
_LONG = 400
"""Characters that are read of one message: its questions first."""
_SENTENCES = 4
"""Sentences of a message that are read by themselves: its questions first, then the longest."""


@dataclass(frozen=True)
class Prepared:
    """One text in all the forms in which it is compared."""

    text: str
    key: str
    heard: str
    words: tuple[str, ...]
    concepts: tuple[str, ...]
    mentions: tuple[Mention, ...]
    features: Features


class Forms:
    """Prepares texts by one vocabulary and the lexicon of the FAQ."""

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon | None = None) -> None:
        """Without a lexicon nothing is corrected by sound: so the FAQ's own texts are read to make one."""
        self.spelling = Spelling(vocabulary.synonyms, vocabulary.fillers)
        self.concepts = Concepts(vocabulary.concepts, self.spelling)
        self.lexicon = lexicon or Lexicon(())

    def spell(self, text: str) -> str:
        """The text in the FAQ's own spelling."""
        cleaned = clean(text)
        if _HALF_WIDTH.search(text) and is_katakana(cleaned):
            cleaned = hiragana(cleaned)
        spelled = self.spelling.apply(cleaned)
        restored = self.lexicon.restore(spelled)
        if restored == spelled:
            restored = self.lexicon.correct(spelled)
        return spelled if restored == spelled else self.spelling.apply(restored)

    def prepare(self, spelled: str) -> Prepared:
        """All forms of a spelled text."""
        mentions = self.concepts.find(spelled)
        found = tokens(spelled)
        written = bare(spelled)
        key = plain(written)
        heard = sound(bare("".join(token.sound for token in found)))
        words = tuple(token.base for token in found if token.is_content)
        concepts = tuple(dict.fromkeys(("~" if m.standing in ("denied", "fine") else "") + m.concept for m in mentions))
        features = {
            "written": _grams(f"^{key}$", 1, 3),
            "sound": _grams(f"^{heard}$", 2, 3),
            "words": words + tuple(f"{a} {b}" for a, b in pairwise(words)),
            "concepts": concepts + tuple(f"{a}+{b}" for i, a in enumerate(concepts[:8]) for b in concepts[i + 1 : 8]),
        }
        return Prepared(spelled, key, heard, words, concepts, mentions, features)

    def without_pins(self, whole: Prepared) -> Prepared | None:
        """The text with the names of its PINs put aside; None if it names none."""
        other = put_aside(whole.text)
        return self.prepare(other) if other != whole.text else None

    def read(self, text: str) -> tuple[Prepared, tuple[Prepared, ...]]:
        """A whole message, and its sentences if it has several."""
        spelled = self.spell(_shortened(text))
        parts = [part for part in dict.fromkeys(clauses(spelled)) if len(bare(part)) >= 4]
        telling = sorted(parts, key=lambda part: (not asks(part), -len(part)))[:_SENTENCES]
        units = tuple(self.prepare(part) for part in parts if part in telling) if len(parts) > 1 else ()
        return self.prepare(spelled), units


def _shortened(text: str) -> str:
    """The text, or of a very long one the questions, else the first sentences, in order."""
    if len(text) <= _LONG:
        return text
    parts = list(dict.fromkeys(sentences(clean(text))))
    kept: set[str] = set()
    left = _LONG
    for part in sorted(parts, key=lambda part: not asks(part)):
        if len(part) <= left:
            kept.add(part)
            left -= len(part)
    return "。".join(part for part in parts if part in kept) or text[:_LONG]


def _grams(text: str, shortest: int, longest: int) -> tuple[str, ...]:
    return tuple(
        text[begin : begin + size] for size in range(shortest, longest + 1) for begin in range(len(text) - size + 1)
    )


def weights(units: Sequence[Prepared]) -> list[float]:
    """What each sentence of a message counts: questions fully, background and mere words less."""
    asking = [unit for unit in units if asks(unit.text)]
    longest = max((len(unit.key) for unit in asking), default=0)
    return [
        (_FRAGMENT if len(unit.key) < min(_WORD_LONG, longest) else 1.0) if unit in asking else _BACKGROUND
        for unit in units
    ]


_BACKGROUND = 0.5
"""What a sentence counts that asks nothing."""
_FRAGMENT, _WORD_LONG = 0.6, 7
"""What a question of fewer characters (「個人情報？」) counts beside a longer one."""
