"""A linear layer over character and word features, trained when content loads.

Kernel ridge regression in its dual form: one symmetric system of the size of the number of
examples, solved exactly, so training is deterministic and takes well under a second for a few
thousand examples. Squared hinge and logistic loss were measured and are no better here
(docs/matching.md). Prediction adds up one row of weights per feature of the text.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Features = dict[str, tuple[str, ...]]
"""The features of a text by block (`written`, `sound`, `words` …); repeats count."""

Floats = NDArray[np.float32]
Row = tuple[NDArray[np.int32], Floats]
"""Places and values of the features of one text."""

_SEEN = 2
"""Features of fewer examples are left out: more than half of all, and they help only their own example."""

_DENSE = 100
"""Features in more examples than this go through one dense product, rarer ones pair by pair."""

_BLOCK = 256


class Linear:
    """Scores of a text for every label, about 1 for the right one and 0 for the others."""

    def __init__(
        self,
        examples: Iterable[Features],
        labels: Sequence[str],
        blocks: dict[str, float],
        ridge: Sequence[float],
    ) -> None:
        """`ridge` is the penalty of each example: a larger one lets it be missed by more."""
        self.labels = tuple(sorted(set(labels)))
        self._blocks = blocks
        self._index, self._idf, rows = self._read(examples, len(labels))
        kernel = _gram(rows, len(self._idf))
        target = np.zeros((len(rows), len(self.labels)), dtype=np.float32)
        column = {label: position for position, label in enumerate(self.labels)}
        target[np.arange(len(rows)), [column[label] for label in labels]] = 1.0
        kernel[np.diag_indices_from(kernel)] += np.asarray(ridge, dtype=np.float32)
        dual = _solve(kernel, target)
        self._weights = _primal(rows, dual, len(self._idf))

    def scores(self, features: Features) -> Floats:
        """One score per label, in the order of `labels`."""
        index, values = self._row(features)
        if not len(index):
            return np.zeros(len(self.labels), dtype=np.float32)
        found: Floats = values @ self._weights[index]
        return found

    def _read(self, examples: Iterable[Features], total: int) -> tuple[dict[str, dict[str, int]], Floats, list[Row]]:
        """Numbers the features of at least _SEEN examples; their rarity; the examples as rows.

        The examples are read one at a time and kept as numbers only: their strings would be
        most of the memory of the process.
        """
        numbers: dict[str, dict[str, int]] = {block: {} for block in self._blocks}
        size = 0
        read: list[dict[str, tuple[NDArray[np.int32], NDArray[np.int64]]]] = []
        for example in examples:
            counted = {}
            for block, number in numbers.items():
                for feature in example[block]:
                    if feature not in number:
                        number[feature] = size
                        size += 1
                ids = np.fromiter(map(number.__getitem__, example[block]), dtype=np.int32, count=len(example[block]))
                counted[block] = np.unique(ids, return_counts=True)
            read.append(counted)
        frequency = np.bincount(np.concatenate([ids for one in read for ids, _ in one.values()]), minlength=size)
        kept = frequency >= _SEEN
        place = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
        index = {
            block: {feature: int(place[old]) for feature, old in number.items() if kept[old]}
            for block, number in numbers.items()
        }
        self._unseen = math.log(total + 1.0) + 1.0
        idf: Floats = (np.log((total + 1.0) / (frequency[kept] + 1.0)) + 1.0).astype(np.float32)
        rows = []
        for counted in read:
            parts = []
            for block, (ids, counts) in counted.items():
                at = place[ids]
                parts.append(self._weighed(block, at[at >= 0], counts[at >= 0], int(np.sum(at < 0)), idf))
            rows.append(_joined(parts))
        return index, idf, rows

    def _row(self, features: Features) -> Row:
        parts = []
        for block, index in self._index.items():
            counts = Counter(features[block])
            known = [(index[feature], count) for feature, count in counts.items() if feature in index]
            at = np.fromiter((position for position, _ in known), dtype=np.int32, count=len(known))
            times = np.fromiter((count for _, count in known), dtype=np.int64, count=len(known))
            parts.append(self._weighed(block, at, times, len(counts) - len(known), self._idf))
        return _joined(parts)

    def _weighed(self, block: str, at: NDArray[np.int32], times: NDArray[np.int64], missing: int, idf: Floats) -> Row:
        """Sublinear tf-idf of unit length, times the block's weight; unknown features count a quarter."""
        values = (1.0 + np.log(times.astype(np.float32))) * idf[at]
        length = math.sqrt(float(values @ values) + 0.25 * missing * self._unseen**2)
        return at, (values * np.float32(self._blocks[block] / length if length else 0.0)).astype(np.float32)


def _joined(parts: Sequence[Row]) -> Row:
    return np.concatenate([at for at, _ in parts]), np.concatenate([values for _, values in parts])


def _gram(rows: Sequence[Row], size: int) -> Floats:
    """All inner products of the rows."""
    count = len(rows)
    lengths = np.array([len(index) for index, _ in rows])
    row_of = np.repeat(np.arange(count, dtype=np.int32), lengths)
    feature_of = np.concatenate([index for index, _ in rows])
    value_of = np.concatenate([values for _, values in rows])
    frequency = np.bincount(feature_of, minlength=size)
    common = np.flatnonzero(frequency > _DENSE)
    place = np.full(size, -1, dtype=np.int32)
    place[common] = np.arange(len(common), dtype=np.int32)
    dense = np.zeros((count, len(common)), dtype=np.float32)
    inside = place[feature_of] >= 0
    dense[row_of[inside], place[feature_of[inside]]] = value_of[inside]
    gram: Floats = dense @ dense.T
    del dense
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


def _solve(matrix: Floats, target: Floats) -> Floats:
    """Solves a symmetric positive definite system; `matrix` is overwritten.

    Cholesky by blocks in place: half the work of `numpy.linalg.solve` and none of its copies,
    which would be most of the peak memory at start.
    """
    size = len(matrix)
    blocks = [(begin, min(begin + _BLOCK, size)) for begin in range(0, size, _BLOCK)]
    corners = []
    for begin, end in blocks:
        corner = np.linalg.inv(np.linalg.cholesky(matrix[begin:end, begin:end]))
        corners.append(corner)
        panel = matrix[end:, begin:end] @ corner.T
        matrix[end:, begin:end] = panel
        for low in range(0, size - end, 4 * _BLOCK):
            high = min(low + 4 * _BLOCK, size - end)
            matrix[end + low : end + high, end : end + high] -= panel[low:high] @ panel[:high].T
    solution = target.copy()
    for (begin, end), corner in zip(blocks, corners, strict=True):
        solution[begin:end] = corner @ (solution[begin:end] - matrix[begin:end, :begin] @ solution[:begin])
    for (begin, end), corner in zip(reversed(blocks), reversed(corners), strict=True):
        solution[begin:end] = corner.T @ (solution[begin:end] - matrix[end:, begin:end].T @ solution[end:])
    return solution


def _primal(rows: Sequence[Row], dual: Floats, size: int) -> Floats:
    weights = np.zeros((size, dual.shape[1]), dtype=np.float32)
    for (index, values), row in zip(rows, dual, strict=True):
        weights[index] += values[:, None] * row[None, :]
    return weights
