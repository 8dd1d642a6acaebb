"""BM25 over the words of all wordings: the best wording of each topic by shared rare words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_K1, _B = 1.2, 0.5


class Lexical:
    """Scores wordings by the words they share with a text."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        postings: dict[str, list[tuple[int, float]]] = {}
        mean = sum(len(words) for words in documents) / max(1, len(documents))
        self._count = len(documents)
        for number, words in enumerate(documents):
            for word, times in Counter(words).items():
                weight = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * len(words) / mean))
                postings.setdefault(word, []).append((number, weight))
        self._idf = {word: self._rarity(len(found)) for word, found in postings.items()}
        self._postings = {
            word: (
                np.array([number for number, _ in found], dtype=np.int32),
                np.array([weight for _, weight in found], dtype=np.float32) * np.float32(self._idf[word]),
            )
            for word, found in postings.items()
        }

    def _rarity(self, count: int) -> float:
        return math.log(1 + (self._count - count + 0.5) / (count + 0.5))

    def scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        """One score per document, as a share of what an exact match would reach: about 0 to 1."""
        total = np.zeros(self._count, dtype=np.float32)
        for word in dict.fromkeys(words):
            found = self._postings.get(word)
            if found is not None:
                total[found[0]] += found[1]
        best = sum(self._idf.get(word, self._rarity(0)) for word in dict.fromkeys(words))
        return total / np.float32(best) if best else total

    def known(self, words: Sequence[str]) -> float:
        """The share of the words, weighted by rarity, that any document has: 0 to 1."""
        distinct = set(words)
        total = sum(self._idf.get(word, self._rarity(0)) for word in distinct)
        return sum(self._idf.get(word, 0.0) for word in distinct) / total if total else 0.0
