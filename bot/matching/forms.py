"""One text in all the forms in which it is compared: as written, as heard, its words, its concepts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple

from bot.matching.aside import put_aside
from bot.matching.concepts import Concepts, Mention
from bot.matching.hashing import Bags, bags, grams
from bot.matching.kana import hiragana, sound
from bot.matching.normalise import Spelling, asks, bare, clauses, clean, plain, sentences
from bot.matching.reading import Lexicon, Token, tokens
from bot.matching.vocabulary import Vocabulary

BLOCKS = {"written": 1.0, "sound": 0.8, "words": 0.9, "concepts": 0.5}
"""The blocks of features and their weights in the linear layer."""

_HALF_WIDTH = re.compile(r"[ｦ-ﾟ]+")
"""People type so by the sound, whole sentences or parts: ﾅｶﾞｲﾎｳ, 署名用をﾏﾁｶﾞｴﾏｼﾀ."""
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


class Spelled(NamedTuple):
    """A text in the FAQ's own spelling, and its words."""

    text: str
    words: list[Token]


class Forms:
    """Prepares texts by one vocabulary and the lexicon of the FAQ."""

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon | None = None) -> None:
        """Without a lexicon nothing is corrected by sound: so the FAQ's own texts are read to make one."""
        self.spelling = Spelling(vocabulary.synonyms, vocabulary.fillers)
        self.concepts = Concepts(vocabulary.concepts, self.spelling)
        self.lexicon = lexicon or Lexicon({})

    def spell(self, text: str) -> Spelled:
        """The text in the FAQ's own spelling."""
        return self.restore(self.normalise(text), by_sound=is_by_sound(text))

    def normalise(self, text: str) -> str:
        """The text cleaned, with the vocabulary's synonyms; its words may still be in other letters."""
        full = _HALF_WIDTH.sub(lambda run: hiragana(unicodedata.normalize("NFKC", run.group())), text)
        return self.spelling.apply(clean(full))

    def restore(self, normal: str, words: list[Token] | None = None, *, by_sound: bool = False) -> Spelled:
        """A normalised text with its words as the FAQ writes them.

        `words`: those of the text, if they are known. `by_sound`: whether its kana may be words of other letters
        although it has kanji.
        """
        restored = self.lexicon.restore(normal, anyway=by_sound)
        if restored == normal:
            words = tokens(normal) if words is None else words
            restored = self.lexicon.correct(normal, words)
            if restored == normal:
                return Spelled(normal, words)
        spelled = self.spelling.apply(restored)
        return Spelled(spelled, tokens(spelled))

    def prepare(self, spelled: Spelled) -> Prepared:
        """All forms of a spelled text."""
        mentions = self.concepts.find(spelled.text)
        key = plain(bare(spelled.text))
        heard = sound(bare("".join(token.sound for token in spelled.words)))
        words = tuple(token.base for token in spelled.words if token.is_content)
        concepts = tuple(dict.fromkeys(("~" if m.standing in ("denied", "fine") else "") + m.concept for m in mentions))
        return Prepared(spelled.text, key, heard, words, concepts, mentions)

    def without_pins(self, whole: Prepared) -> Prepared | None:
        """The text with the names of its PINs put aside; None if it names none."""
        other = put_aside(whole.text)
        return self._prepared(other) if other != whole.text else None

    def read(self, text: str) -> tuple[Prepared, tuple[Prepared, ...]]:
        """A whole message, and its sentences if it has several."""
        spelled = self.spell(_shortened(text))
        parts = [part for part in dict.fromkeys(clauses(spelled.text)) if len(bare(part)) >= 4]
        telling = sorted(parts, key=lambda part: (not asks(part), -len(part)))[:_SENTENCES]
        units = tuple(self._prepared(part) for part in parts if part in telling) if len(parts) > 1 else ()
        return self.prepare(spelled), units

    def _prepared(self, text: str) -> Prepared:
        return self.prepare(Spelled(text, tokens(text)))


def is_by_sound(text: str) -> bool:
    """Whether a message has parts that are typed by their sound."""
    return _HALF_WIDTH.search(text) is not None


def _shortened(text: str) -> str:
    """The text, or of a very long one the questions, else the first sentences, in order."""
    cleaned = clean(text)  # ﷺ is 18 characters then
    if len(cleaned) <= _LONG:
        return text
    parts = list(dict.fromkeys(sentences(cleaned)))
    kept: set[str] = set()
    left = _LONG
    for part in sorted(parts, key=lambda part: not asks(part)):
        if len(part) <= left:
            kept.add(part)
            left -= len(part)
    return "。".join(part for part in parts if part in kept) or cleaned[:_LONG]


def features(texts: Sequence[Prepared]) -> dict[str, Bags]:
    """The features of the texts for the linear layer, by block."""
    return {
        "written": grams([f"^{one.key}$" for one in texts], 1, 3, "written"),
        "sound": grams([f"^{one.heard}$" for one in texts], 2, 3, "sound"),
        "words": bags([(*one.words, *map(" ".join, pairwise(one.words))) for one in texts], "words"),
        "concepts": bags(
            [(*one.concepts, *map("+".join, combinations(one.concepts[:8], 2))) for one in texts], "concepts"
        ),
    }


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
