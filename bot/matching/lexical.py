"""Words shared between a text and the wordings: BM25, and how much of the text a label accounts for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.matching.hashing import hashed

Floats = NDArray[np.float32]

_K1, _B = 1.2, 0.5


class Lexical:
    """Scores documents (BM25) and labels (coverage) by the words they share with a text."""

    def __init__(
        self, words: NDArray[np.uint32], lengths: NDArray[np.int32], columns: NDArray[np.int64], width: int
    ) -> None:
        """`words` are the hashed words of all documents one after another, `lengths` how many each has.

        `columns` is the label of each document, as a number below `width`.
        """
        self._count = len(lengths)
        document = np.repeat(np.arange(self._count), lengths)
        self._keys, row = np.unique(words, return_inverse=True)
        pairs, times = np.unique(row.astype(np.int64) * max(1, self._count) + document, return_counts=True)
        row, self._document = np.divmod(pairs, max(1, self._count))
        frequency = np.bincount(row, minlength=len(self._keys))
        self._bounds = np.concatenate([[0], np.cumsum(frequency)])
        self._rarity = self._rare(frequency)
        self._unknown = float(self._rare(np.zeros(1))[0])
        share = lengths[self._document] / (float(np.mean(lengths)) if len(words) else 1.0)
        weight = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * share))
        self._weight: Floats = (weight * self._rarity[row]).astype(np.float32)
        self._has = np.zeros((len(self._keys), width), dtype=bool)
        self._has[row, columns[self._document]] = True

    def _rare(self, count: NDArray[np.int64] | NDArray[np.float64]) -> Floats:
        return np.log(1 + (self._count - count + 0.5) / (count + 0.5)).astype(np.float32)

    def _rows(self, words: Sequence[str]) -> tuple[NDArray[np.int64], float]:
        """The places of the known words, and the rarity of all the words together."""
        ids = hashed(dict.fromkeys(words))
        at = np.searchsorted(self._keys, ids)
        inside = at < len(self._keys)
        rows = at[inside][self._keys[at[inside]] == ids[inside]]
        return rows, float(np.sum(self._rarity[rows])) + (len(ids) - len(rows)) * self._unknown

    def scores(self, words: Sequence[str]) -> Floats:
        """One score per document, as a share of what an exact match would reach: about 0 to 1."""
        rows, best = self._rows(words)
        total = np.zeros(self._count, dtype=np.float32)
        for row in rows:
            inside = slice(self._bounds[row], self._bounds[row + 1])
            total[self._document[inside]] += self._weight[inside]
        return total / np.float32(best) if best else total

    def covered(self, words: Sequence[str]) -> Floats:
        """One share per label: how much of the text's words, by rarity, any of its documents has: 0 to 1."""
        rows, total = self._rows(words)
        found: Floats = self._rarity[rows] @ self._has[rows].astype(np.float32)
        return found / np.float32(total) if total else found

    def known(self, words: Sequence[str]) -> float:
        """The share of the words, weighted by rarity, that any document has: 0 to 1."""
        rows, total = self._rows(words)
        return float(np.sum(self._rarity[rows])) / total if total else 0.0
