"""A linear layer over character and word features, trained when content loads.

Kernel ridge regression in its dual form: one symmetric system of the size of the number of
examples, solved exactly, so training is deterministic and takes about a second for a few
thousand examples. Squared hinge and logistic loss were measured and are no better here
(docs/matching.md). Prediction adds up one row of weights per feature of the text. Features are
known by a 32-bit hash, so what is learnt is three arrays and no strings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Features = dict[str, tuple[str, ...]]
"""The features of a text by block (`written`, `sound`, `words` …); repeats count."""

Floats = NDArray[np.float32]
Arrays = dict[str, NDArray[Any]]
Row = tuple[NDArray[np.int32], Floats]
"""Places and values of the features of one text."""
Counted = dict[str, tuple[NDArray[np.uint32], NDArray[np.int64]]]
"""The distinct features of a text by block, as hashes, and how often each stands in it."""

_SEEN = 2
"""Features of fewer examples are left out: more than half of all, and they help only their own example."""

_DENSE = 100
"""Features in more examples than this go through one dense product, rarer ones pair by pair."""

_BLOCK = 256


def hashed(words: Iterable[str], block: str = "") -> NDArray[np.uint32]:
    """A number for each word, the same in every process."""
    seed = crc32(block.encode())
    return np.array([crc32(word.encode("utf-8", "surrogatepass"), seed) for word in words], dtype=np.uint32)


class Linear:
    """Scores of a text for every label, about 1 for the right one and 0 for the others."""

    def __init__(self, labels: Sequence[str], blocks: Mapping[str, float], learnt: Mapping[str, NDArray[Any]]) -> None:
        """`learnt` is what `train` returned for the same labels and blocks."""
        self.labels = tuple(labels)
        self._blocks = blocks
        self._keys, self._idf, self._weights = learnt["keys"], learnt["idf"], learnt["weights"]
        self._unseen = float(learnt["unseen"][0])

    @classmethod
    def train(
        cls, examples: Iterable[Features], labels: Sequence[str], blocks: Mapping[str, float], ridge: Sequence[float]
    ) -> Arrays:
        """What is learnt from the examples: arrays to be kept and given back to the constructor.

        `ridge` is the penalty of each example: a larger one lets it be missed by more. The
        examples are read one at a time and kept as numbers only: their strings would be most
        of the memory of the process.
        """
        counted = [_counted(example, blocks) for example in examples]
        keys, frequency = np.unique(
            np.concatenate([ids for one in counted for ids, _ in one.values()]), return_counts=True
        )
        keys, frequency = keys[frequency >= _SEEN], frequency[frequency >= _SEEN]
        columns = sorted(set(labels))
        learnt: Arrays = {
            "keys": keys,
            "idf": (np.log((len(labels) + 1.0) / (frequency + 1.0)) + 1.0).astype(np.float32),
            "unseen": np.array([math.log(len(labels) + 1.0) + 1.0], dtype=np.float32),
            "weights": np.zeros((0, len(columns)), dtype=np.float16),
        }
        reader = cls(columns, blocks, learnt)
        rows = [reader._row(one) for one in counted]
        del counted
        kernel = _gram(rows, len(keys))
        target = np.zeros((len(rows), len(columns)), dtype=np.float32)
        column = {label: position for position, label in enumerate(columns)}
        target[np.arange(len(rows)), [column[label] for label in labels]] = 1.0
        kernel[np.diag_indices_from(kernel)] += np.asarray(ridge, dtype=np.float32)
        dual = _solve(kernel, target)
        del kernel
        return learnt | {"weights": _primal(rows, dual, len(keys)).astype(np.float16)}

    def scores(self, features: Features) -> Floats:
        """One score per label, in the order of `labels`."""
        index, values = self._row(_counted(features, self._blocks))
        found: Floats = values @ self._weights[index].astype(np.float32)
        return found

    def _row(self, counted: Counted) -> Row:
        parts = list(self._weighed(counted))
        return np.concatenate([at for at, _ in parts]), np.concatenate([values for _, values in parts])

    def _weighed(self, counted: Counted) -> Iterator[Row]:
        """Sublinear tf-idf of unit length, times the block's weight; unknown features count a quarter."""
        for block, (ids, times) in counted.items():
            at = np.searchsorted(self._keys, ids).astype(np.int32)
            known = np.zeros(len(ids), dtype=bool)
            inside = at < len(self._keys)
            known[inside] = self._keys[at[inside]] == ids[inside]
            at = at[known]
            values = (1.0 + np.log(times[known].astype(np.float32))) * self._idf[at]
            missing = len(ids) - len(at)
            length = math.sqrt(float(values @ values) + 0.25 * missing * self._unseen**2)
            yield at, (values * np.float32(self._blocks[block] / length if length else 0.0)).astype(np.float32)


def _counted(features: Features, blocks: Iterable[str]) -> Counted:
    found = {}
    for block in blocks:
        ids, times = np.unique(hashed(features[block], block), return_counts=True)
        found[block] = (ids, times)
    return found


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
