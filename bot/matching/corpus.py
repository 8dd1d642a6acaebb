"""Reading many texts at once. Most of the time of learning goes here, so two processes share it.

Each reads its part twice: for the words that the lexicon is made of, and, once the lexicon of
all parts is known, in all the forms in which texts are compared. Of these only what is learnt from goes on, so that
little has to be passed between processes. The result does not depend on their number.
"""

from __future__ import annotations

import multiprocessing
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, compress
from multiprocessing.connection import Connection
from typing import NamedTuple

from bot.matching.forms import Forms, features, is_by_sound
from bot.matching.hashing import Bags, bags, joined
from bot.matching.reading import Lexicon, is_katakana, tokens, words_of
from bot.matching.vocabulary import Vocabulary


class Text(NamedTuple):
    """A text to read: whether the lexicon is made of its words too, and whether the linear layer is trained on it."""

    text: str
    spelled_well: bool = True
    trained_on: bool = True


class Read(NamedTuple):
    """What is learnt from of some texts, in their order."""

    written: list[str]
    heard: list[str]
    words: Bags
    concepts: Bags
    features: dict[str, Bags]
    """Of those that the linear layer is trained on, by block."""


Words = Counter[tuple[str, str]]
"""Words of the FAQ with their sounds, and how often each is there."""


class _Part:
    """Some of the texts, by one process; each is split into words only once."""

    def __init__(self, vocabulary: Vocabulary, texts: Sequence[Text]) -> None:
        self._forms = Forms(vocabulary)
        self._by_sound = [is_by_sound(one.text) for one in texts]
        each = zip(texts, self._by_sound, strict=True)
        self._in_lexicon = [one.spelled_well and not (by_sound or is_katakana(one.text)) for one, by_sound in each]
        self._trained_on = [one.trained_on for one in texts]
        self._texts = [self._forms.normalise(one.text) for one in texts]
        self._words = [tokens(text) for text in self._texts]

    def words(self) -> Words:
        return Counter(word for found in compress(self._words, self._in_lexicon) for word in words_of(found))

    def read(self, lexicon: Lexicon) -> Read:
        self._forms.lexicon = lexicon
        each = zip(self._texts, self._words, self._by_sound, strict=True)
        restored = (self._forms.restore(text, words, by_sound=by_sound) for text, words, by_sound in each)
        prepared = [self._forms.prepare(spelled) for spelled in restored]
        return Read(
            [one.key for one in prepared],
            [one.heard for one in prepared],
            bags([one.words for one in prepared]),
            bags([one.concepts for one in prepared]),
            features(list(compress(prepared, self._trained_on))),
        )


def read(vocabulary: Vocabulary, texts: Sequence[Text], processes: int = 1) -> tuple[Lexicon, Read]:
    """All the texts, read by the lexicon that is made of those that are `spelled_well` and of the vocabulary.

    Another process is a fork: only for a process that has no other threads.
    """
    middle = len(texts) if processes == 1 else _middle(texts)
    ours, theirs = multiprocessing.Pipe()
    other = None
    if middle < len(texts):
        other = multiprocessing.get_context("fork").Process(
            target=_serve, args=(theirs, ours, vocabulary, texts[middle:]), daemon=True
        )
        other.start()
    theirs.close()  # so that we notice if the other process ends early
    part = _Part(vocabulary, texts[:middle])
    words = part.words()
    names = Counter(word for name in _names(vocabulary) for word in words_of(tokens(name)))
    words.update(ours.recv() if other else ())
    words.update(names)
    if other:
        ours.send(words)
    lexicon = Lexicon(words)
    found = part.read(lexicon)
    if other:
        found = _together(found, ours.recv())
        other.join()
    return lexicon, found


def _together(left: Read, right: Read) -> Read:
    return Read(
        left.written + right.written,
        left.heard + right.heard,
        joined((left.words, right.words)),
        joined((left.concepts, right.concepts)),
        {block: joined((found, right.features[block])) for block, found in left.features.items()},
    )


def _serve(pipe: Connection, ours: Connection, vocabulary: Vocabulary, texts: Sequence[Text]) -> None:
    ours.close()
    part = _Part(vocabulary, texts)
    pipe.send(part.words())
    pipe.send(part.read(Lexicon(pipe.recv())))


def _middle(texts: Sequence[Text]) -> int:
    """How many of the texts have half of the letters."""
    ends = list(accumulate((len(one.text) for one in texts), initial=0))
    return bisect_left(ends, ends[-1] / 2)


def _names(vocabulary: Vocabulary) -> list[str]:
    return [text for concept in vocabulary.concepts for text in (concept.name, *concept.words)] + list(
        vocabulary.synonyms
    )
