"""The matcher: a question to ranked entries, a decision, and what was understood.

Four opinions are added up for each entry: a linear layer trained on the FAQ's own wordings
(characters, sounds, words and concepts), the words shared with the nearest wording (BM25), and
the likeness to the nearest wording as written and as heard (rapidfuzz `ratio`). A long message
is also read sentence by sentence. `decision.py` then says whether that is enough to answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.content.model import Content, Question
from bot.matching import decision
from bot.matching.choosing import choose
from bot.matching.concepts import Concepts, Mention
from bot.matching.kana import sound
from bot.matching.lexical import Lexical
from bot.matching.linear import Features, Linear
from bot.matching.normalise import Spelling, bare, clean, plain, sentences
from bot.matching.reading import Lexicon, tokens
from bot.matching.understanding import ChoiceMatch, Match, Understanding

Floats = NDArray[np.float32]

OUT_OF_SCOPE, VAGUE, SMALLTALK = "none", "clarify", "smalltalk"
"""Labels of the vocabulary's examples in the linear layer; no entry can have these ids... """

_BLOCKS = {"written": 1.0, "sound": 0.8, "words": 0.9, "concepts": 0.5}
_WEIGHTS = {"linear": 1.0, "lexical": 0.35, "written": 0.25, "sound": 0.2}


@dataclass(frozen=True)
class Prepared:
    """One text in all the forms in which it is compared."""

    text: str
    key: str
    heard: str
    words: tuple[str, ...]
    mentions: tuple[Mention, ...]
    features: Features


@dataclass(frozen=True)
class Evidence:
    """What speaks for each label: one row of opinions per label, and what is known about the text."""

    total: Floats
    parts: dict[str, Floats]
    nearest: NDArray[np.int64]
    known: float
    length: int


class TrainedMatcher:
    """Understands texts by one Content. Deterministic; built in about a second."""

    def __init__(self, content: Content) -> None:
        vocabulary = content.vocabulary
        self._content = content
        self._spelling = Spelling(vocabulary.synonyms, vocabulary.fillers)
        self._concepts = Concepts(vocabulary.concepts, self._spelling)
        wordings = [(entry.id, text) for entry in content.entries for text in (entry.question, *entry.also_asked)]
        examples = [
            *wordings,
            *((OUT_OF_SCOPE, text) for text in vocabulary.out_of_scope),
            *((VAGUE, text) for text in vocabulary.vague),
            *((SMALLTALK, text) for talk in vocabulary.smalltalk for text in talk.words),
        ]
        self._lexicon = Lexicon([self._spelling.apply(clean(text)) for _, text in wordings] + _names(content))
        self._wordings = tuple(text for _, text in examples)
        prepared = [self._prepare(self._spell(text)) for text in self._wordings]
        labels = [label for label, _ in examples]
        self._linear = Linear([one.features for one in prepared], labels, _BLOCKS)
        self._lexical = Lexical([one.words for one in prepared])
        self._keys = [one.key for one in prepared]
        self._heard = [one.heard for one in prepared]
        column = {label: position for position, label in enumerate(self._linear.labels)}
        self._column_of = np.array([column[label] for label in labels])
        order = np.argsort(self._column_of, kind="stable")
        self._order, self._starts = order, np.searchsorted(self._column_of[order], np.arange(len(column)))
        self._talk_of = {text: talk.id for talk in vocabulary.smalltalk for text in talk.words}
        self.labels = self._linear.labels

    def understand(self, text: str) -> Understanding:
        return decision.decide(self, text)

    def choose(self, text: str, question: Question) -> ChoiceMatch:
        return choose(text, question)

    # --- a text in its forms ------------------------------------------------------------

    def _spell(self, text: str) -> str:
        spelled = self._spelling.apply(clean(text))
        restored = self._lexicon.restore(spelled)
        if restored == spelled:
            restored = self._lexicon.correct(spelled)
        return spelled if restored == spelled else self._spelling.apply(restored)

    def _prepare(self, spelled: str) -> Prepared:
        mentions = self._concepts.find(spelled)
        found = tokens(spelled)
        written = bare(spelled)
        key = plain(written)
        heard = sound("".join(token.sound for token in found if token.sound[0] not in _MARKS))
        words = tuple(token.base for token in found if token.is_content)
        concepts = tuple(dict.fromkeys(("~" if m.standing in ("denied", "fine") else "") + m.concept for m in mentions))
        features = {
            "written": _grams(f"^{key}$", 1, 4),
            "sound": _grams(f"^{heard}$", 2, 4),
            "words": words + tuple(f"{a} {b}" for a, b in zip(words, words[1:], strict=False)),
            "concepts": concepts + tuple(f"{a}+{b}" for i, a in enumerate(concepts[:8]) for b in concepts[i + 1 : 8]),
        }
        return Prepared(spelled, key, heard, words, mentions, features)

    # --- opinions -----------------------------------------------------------------------

    def evidence(self, one: Prepared) -> Evidence:
        lexical = self._lexical.scores(one.words)
        written = process.cdist([one.key], self._keys, scorer=fuzz.ratio, dtype=np.float32)[0] / 100
        heard = process.cdist([one.heard], self._heard, scorer=fuzz.ratio, dtype=np.float32)[0] / 100
        parts = {
            "linear": self._linear.scores(one.features),
            "lexical": self._best(lexical),
            "written": self._best(written),
            "sound": self._best(heard),
        }
        total = sum((parts[name] * np.float32(weight) for name, weight in _WEIGHTS.items()), np.float32(0))
        together = written + heard + lexical
        nearest = np.array(
            [chunk[int(np.argmax(together[chunk]))] for chunk in np.split(self._order, self._starts[1:])]
        )
        return Evidence(np.asarray(total), parts, nearest, self._lexical.known(one.words), len(one.key))

    def _best(self, scores: Floats) -> Floats:
        best: Floats = np.maximum.reduceat(scores[self._order], self._starts)
        return best


_MARKS = frozenset("、。・,.!?「」『』()[] \n-~/:;")


def _grams(text: str, shortest: int, longest: int) -> tuple[str, ...]:
    return tuple(
        text[begin : begin + size] for size in range(shortest, longest + 1) for begin in range(len(text) - size + 1)
    )


def _names(content: Content) -> list[str]:
    return [
        text for concept in content.vocabulary.concepts for text in (concept.name, *concept.words)
    ] + list(content.vocabulary.synonyms)
