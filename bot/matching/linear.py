"""A linear layer over character and word features, trained when content loads.

Kernel ridge regression in its dual form: one symmetric system of the size of the number of
examples, solved exactly, so training is deterministic and takes well under a second for a few
thousand examples. Squared hinge and logistic loss were measured and are no better here
(docs/matching.md). Prediction adds up one row of weights per feature of the text.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Features = dict[str, tuple[str, ...]]
"""The features of a text by block (`written`, `sound`, `words` …); repeats count."""

Floats = NDArray[np.float32]

_SEEN = 2
"""Features of fewer examples are left out: three quarters of all, and they help only their own example."""

_DENSE = 24
"""Features in more examples than this go through one dense product, rarer ones pair by pair."""


class Linear:
    """Scores of a text for every label, about 1 for the right one and 0 for the others."""

    def __init__(
        self,
        examples: Sequence[Features],
        labels: Sequence[str],
        blocks: dict[str, float],
        ridge: float = 0.3,
    ) -> None:
        self.labels = tuple(sorted(set(labels)))
        self._blocks = blocks
        self._index: dict[str, dict[str, int]] = {block: {} for block in blocks}
        self._idf = self._count(examples)
        rows = [self._row(example) for example in examples]
        kernel = _gram(rows, len(self._idf))
        target = np.zeros((len(rows), len(self.labels)), dtype=np.float32)
        column = {label: position for position, label in enumerate(self.labels)}
        target[np.arange(len(rows)), [column[label] for label in labels]] = 1.0
        kernel[np.diag_indices_from(kernel)] += np.float32(ridge)
        dual = np.linalg.solve(kernel, target)
        self._weights = _primal(rows, dual, len(self._idf))

    def scores(self, features: Features) -> Floats:
        """One score per label, in the order of `labels`."""
        index, values = self._row(features)
        if not len(index):
            return np.zeros(len(self.labels), dtype=np.float32)
        found: Floats = values @ self._weights[index]
        return found

    def known(self, features: Features, block: str) -> float:
        """The share of a block's features, weighted by rarity, that the examples have: 0 to 1."""
        index = self._index[block]
        known = unknown = 0.0
        for feature in set(features[block]):
            position = index.get(feature)
            if position is None:
                unknown += self._unseen
            else:
                known += float(self._idf[position])
        return known / (known + unknown) if known + unknown else 0.0

    def _count(self, examples: Sequence[Features]) -> Floats:
        """Numbers the features of at least _SEEN examples and returns their rarity."""
        total = len(examples)
        self._unseen = math.log(total + 1.0) + 1.0
        rarity: list[float] = []
        for block, index in self._index.items():
            frequency: Counter[str] = Counter()
            for example in examples:
                frequency.update(set(example[block]))
            for feature, count in sorted(frequency.items()):
                if count >= _SEEN:
                    index[feature] = len(rarity)
                    rarity.append(math.log((total + 1.0) / (count + 1.0)) + 1.0)
        return np.array(rarity, dtype=np.float32)

    def _row(self, features: Features) -> tuple[NDArray[np.int32], Floats]:
        """Indices and weights: in each block sublinear tf-idf of unit length, times the block's weight."""
        indices: list[NDArray[np.int32]] = []
        values: list[Floats] = []
        for block, weight in self._blocks.items():
            index = self._index[block]
            counts = Counter(features[block])
            missing = sum(1 for feature in counts if feature not in index)
            known = [(index[feature], count) for feature, count in counts.items() if feature in index]
            if not known:
                continue
            at = np.fromiter((position for position, _ in known), dtype=np.int32, count=len(known))
            tf = 1.0 + np.log(np.fromiter((count for _, count in known), dtype=np.float32, count=len(known)))
            value = tf * self._idf[at]
            length = math.sqrt(float(value @ value) + 0.25 * missing * self._unseen**2)
            indices.append(at)
            values.append((value * (weight / length)).astype(np.float32))
        if not indices:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        return np.concatenate(indices), np.concatenate(values)


Row = tuple[NDArray[np.int32], Floats]


def _gram(rows: Sequence[Row], size: int) -> Floats:
    """All inner products of the rows."""
    count = len(rows)
    lengths = np.array([len(index) for index, _ in rows])
    row_of = np.repeat(np.arange(count, dtype=np.int32), lengths)
    feature_of = np.concatenate([index for index, _ in rows])
    value_of = np.concatenate([values for _, values in rows])
    frequency = np.bincount(feature_of, minlength=size)
    gram = np.zeros((count, count), dtype=np.float32)
    common = np.flatnonzero(frequency > _DENSE)
    place = np.full(size, -1, dtype=np.int32)
    place[common] = np.arange(len(common), dtype=np.int32)
    chosen = place[feature_of]
    for begin in range(0, len(common), 1024):
        inside = (chosen >= begin) & (chosen < begin + 1024)
        block = np.zeros((count, min(1024, len(common) - begin)), dtype=np.float32)
        block[row_of[inside], chosen[inside] - begin] = value_of[inside]
        gram += block @ block.T
    rare = np.flatnonzero(frequency[feature_of] <= _DENSE)
    order = rare[np.argsort(feature_of[rare], kind="stable")]
    feature, row, value = feature_of[order], row_of[order].astype(np.int64), value_of[order]
    flat = gram.reshape(-1)
    for shift in range(_DENSE):
        left = np.flatnonzero(feature[: len(feature) - shift] == feature[shift:])
        if not len(left):
            break
        right = left + shift
        products = value[left] * value[right]
        np.add.at(flat, row[left] * count + row[right], products)
        if shift:
            np.add.at(flat, row[right] * count + row[left], products)
    return gram


def _primal(rows: Sequence[Row], dual: Floats, size: int) -> Floats:
    weights = np.zeros((size, dual.shape[1]), dtype=np.float32)
    for (index, values), row in zip(rows, dual, strict=True):
        weights[index] += values[:, None] * row[None, :]
    return weights
