"""A linear layer over character and word features, trained when content loads.

Kernel ridge regression in its dual form: one symmetric system of the size of the number of
examples, solved by a fixed number of block conjugate gradient steps, so training is deterministic.
Squared hinge and logistic loss were measured and are no better here; for that and for its time see
docs/matching.md. Prediction adds up one row of weights per feature of the text. Features are known
by a 32-bit hash, so what is learnt is a few arrays and no strings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.hashing import Bags, joined

Floats = NDArray[np.float32]
Places = NDArray[np.int32]
Arrays = dict[str, NDArray[Any]]

_SEEN = 2
"""Features of fewer examples are left out: more than half of all, and they help only their own example."""

_STEPS, _SOLVED = 8, 1e-5
"""Steps of the solution, fewer if nothing larger is left to do: with so many the figures of docs/matching.md are as
good as those of the exact solution, with two fewer a little worse."""

_STRONGEST = 3
"""Steps, the first, whose directions are the strongest."""

_GATHERED = 4096
"""Rows that are gathered for products at once: so many stay in the processor's cache."""

_THREADS = 2
"""Products at once; how many there are changes nothing in them."""


class Counted(NamedTuple):
    """The distinct features of each bag: whose, which, how often; and how many bags there are."""

    bag: Places
    feature: NDArray[np.uint32]
    times: NDArray[np.int64]
    bags: int


class Rows(NamedTuple):
    """The known features of some texts: whose, which, and with what value."""

    text: Places
    feature: Places
    value: Floats


class Linear:
    """Scores of a text for every label, about 1 for the right one and 0 for the others."""

    def __init__(self, labels: Sequence[str], blocks: Mapping[str, float], learnt: Mapping[str, NDArray[Any]]) -> None:
        """`learnt` is what `train` returned for the same labels and blocks."""
        self.labels = tuple(labels)
        self._blocks = blocks
        self._keys, self._idf = learnt["keys"], learnt["idf"]
        self._weights, self._scale = learnt["weights"], learnt["scale"]
        self._unseen = float(learnt["unseen"][0])

    @classmethod
    def train(
        cls, features: Mapping[str, Bags], labels: Sequence[str], blocks: Mapping[str, float], ridge: Sequence[float]
    ) -> Arrays:
        """What is learnt from the examples: arrays to be kept and given back to the constructor.

        `features`: those of all examples, by block. `ridge` is the penalty of each example: a larger
        one lets it be missed by more.
        """
        counted = _counted(features, blocks)
        keys, frequency = np.unique(counted.feature, return_counts=True)
        keys, frequency = keys[frequency >= _SEEN], frequency[frequency >= _SEEN]
        columns = sorted(set(labels))
        learnt: Arrays = {
            "keys": keys,
            "idf": (np.log((len(labels) + 1.0) / (frequency + 1.0)) + 1.0).astype(np.float32),
            "unseen": np.array([math.log(len(labels) + 1.0) + 1.0], dtype=np.float32),
            "weights": np.zeros((0, len(columns)), dtype=np.int8),
            "scale": np.zeros(0, dtype=np.float32),
        }
        rows = cls(columns, blocks, learnt)._rows(counted)
        del counted  # as large as all that follows
        target = np.zeros((len(labels), len(columns)), dtype=np.float32)
        target[np.arange(len(labels)), np.searchsorted(columns, labels)] = 1.0
        weights, scale = _in_bytes(_solve(rows, len(keys), np.asarray(ridge, dtype=np.float32), target))
        return learnt | {"weights": weights, "scale": scale}

    def scores(self, features: Mapping[str, Bags]) -> Floats:
        """One score per label, in the order of `labels`, for the features of one text."""
        rows = self._rows(_counted(features, self._blocks))
        value = rows.value * self._scale[rows.feature]
        found: Floats = value @ self._weights[rows.feature].astype(np.float32)
        return found

    def _rows(self, counted: Counted) -> Rows:
        """Sublinear tf-idf, each block of unit length times its weight; unknown features count a quarter."""
        at = np.searchsorted(self._keys, counted.feature)
        known = np.zeros(len(at), dtype=bool)
        inside = at < len(self._keys)
        known[inside] = self._keys[at[inside]] == counted.feature[inside]
        missing = np.bincount(counted.bag[~known], minlength=counted.bags)
        bag, at = counted.bag[known], at[known]
        value = (1.0 + np.log(counted.times[known].astype(np.float32))) * self._idf[at]
        squares = np.bincount(bag, value**2, minlength=counted.bags) + 0.25 * missing * self._unseen**2
        block, text = np.divmod(bag, counted.bags // len(self._blocks))
        value = value * np.array(list(self._blocks.values()))[block] / np.sqrt(squares[bag])
        return Rows(text, at.astype(np.int32), value.astype(np.float32))


def _counted(features: Mapping[str, Bags], blocks: Iterable[str]) -> Counted:
    """The features of all texts in the first block, then of all in the next; sorted by feature."""
    ids, lengths = joined(features[block] for block in blocks)
    pairs = ids.astype(np.uint64) << 32 | np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
    pairs.sort()
    first = np.flatnonzero(np.diff(pairs, prepend=~pairs[:1]))
    feature, bag = (pairs[first] >> 32).astype(np.uint32), pairs[first].astype(np.uint32).astype(np.int32)
    return Counted(bag, feature, np.diff(first, append=len(ids)), len(lengths))


def _order(numbers: NDArray[Any]) -> NDArray[np.int64]:
    """What sorts numbers below 2 ** 32, equal ones as they stand: by halves, which NumPy sorts in linear time."""
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    high = (numbers >> 16).astype(np.uint16)
    return order[np.argsort(high[order], kind="stable")]


def _solve(rows: Rows, size: int, ridge: Floats, target: Floats) -> Floats:
    """The weight of each feature for each label.

    They are the features' sums of the dual solution: (all inner products of the rows + ridge) times it is the
    target. Block conjugate gradients: each step finds the best solution in the directions of all labels together,
    these and all before, so it takes far fewer steps than label by label. A direction is made conjugate not only to
    the last one but to the strongest too: in single precision these creep back, and whole steps are lost on them.
    """
    by_length, text = _most_first(rows.text, len(target))
    by_frequency, feature = _most_first(rows.feature, size)
    of_texts = _Sparse(text, feature, rows.value, len(target))
    of_features = _Sparse(feature, text, rows.value, size)
    ridge, left = ridge[by_length, None], target[by_length]
    dual, towards = np.zeros_like(left), left
    tried: list[tuple[Floats, Floats, Floats]] = []
    for _ in range(_STEPS):
        if np.abs(left).max() < _SOLVED:
            break
        for before, moved, inverse in tried:
            towards = towards - before @ (inverse @ (moved.T @ towards))
        moved = of_texts @ (of_features @ towards) + ridge * towards
        inverse = np.linalg.pinv(towards.T @ moved, rcond=1e-5, hermitian=True)
        tried = [*tried[:_STRONGEST], (towards, moved, inverse)]
        far = inverse @ (towards.T @ left)
        dual = dual + towards @ far
        towards = left = left - moved @ far
    weights = np.empty((size, dual.shape[1]), dtype=np.float32)
    weights[by_frequency] = of_features @ dual
    return weights


def _in_bytes(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """The weights in 255 steps of a size of each feature's own, and that size: half the memory of 16-bit floats.

    Of 3,225 labelled questions not one was decided or answered otherwise.
    """
    scale = np.max(np.abs(weights), axis=1, initial=0.0).astype(np.float32) / 127
    steps = np.divide(weights, scale[:, None], out=np.zeros_like(weights), where=scale[:, None] > 0)
    return np.round(steps).astype(np.int8), scale


def _most_first(ids: Places, count: int) -> tuple[NDArray[np.int64], Places]:
    """The numbers below `count`, those that come most often among the ids first; and the place of each id there."""
    order = np.argsort(-np.bincount(ids, minlength=count), kind="stable")
    place = np.empty(count, dtype=np.int32)
    place[order] = np.arange(count)
    return order, place[ids]


class _Sparse:
    """A sparse matrix, to multiply dense ones with. No row has more values than the one before it."""

    def __init__(self, row: Places, column: Places, value: Floats, height: int) -> None:
        order = _order(row)
        column, value = column[order], value[order]
        lengths = np.bincount(row, minlength=height)
        begins = np.cumsum(lengths) - lengths
        self._height = height
        self._parts: list[tuple[int, Places, Floats]] = []
        top, full = 0, np.count_nonzero(lengths)
        while top < full:
            longest = lengths[top]
            some = slice(top, min(full, top + max(1, _GATHERED // longest)))
            within = np.arange(longest)
            inside = within < lengths[some, None]
            places = np.where(inside, begins[some, None] + within, 0)
            self._parts.append((top, column[places], np.where(inside, value[places], np.float32(0))[:, None]))
            top += len(places)

    def __matmul__(self, other: Floats) -> Floats:
        product = np.zeros((self._height, 1, other.shape[1]), dtype=np.float32)

        def multiply(parts: Iterable[tuple[int, Places, Floats]]) -> None:
            for top, columns, values in parts:
                np.matmul(values, other.take(columns, axis=0), out=product[top : top + len(columns)])

        with ThreadPoolExecutor(_THREADS) as threads:
            list(threads.map(multiply, (self._parts[first::_THREADS] for first in range(_THREADS))))
        return product[:, 0]
