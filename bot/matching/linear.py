"""A linear layer over character and word features, trained when content loads.

Kernel ridge regression in its dual form: one symmetric system of the size of the number of
examples, solved by a fixed number of conjugate gradient steps, so training is deterministic (its time is in
docs/matching.md). Squared hinge and logistic loss were measured
and are no better here (docs/matching.md). Prediction adds up one row of weights per feature of
the text. Features are known by a 32-bit hash, so what is learnt is a few arrays and no strings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.hashing import Bags

Floats = NDArray[np.float32]
Arrays = dict[str, NDArray[Any]]

_SEEN = 2
"""Features of fewer examples are left out: more than half of all, and they help only their own example."""

_COMMON = 100
"""Features of more examples than this are columns of a matrix; of rarer ones the products are added pair by pair."""

_COMMONEST = 1_100
"""Columns that prepare a step: with more of them a step takes longer than it saves."""

_PANEL = 2048
"""Rows of a panel of a large matrix: fewer save no memory, more take longer when the processor is shared."""

_STEPS = 12
"""Steps of the solution: with so many the figures of docs/matching.md are those of the exact solution."""


class Rows(NamedTuple):
    """The known features of some texts, in the order of the texts: whose, which, and with what value."""

    text: NDArray[np.int64]
    feature: NDArray[np.int64]
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
        _, once, _ = _counted(_joined(features, blocks))
        keys, frequency = np.unique(once, return_counts=True)
        keys, frequency = keys[frequency >= _SEEN], frequency[frequency >= _SEEN]
        columns = sorted(set(labels))
        learnt: Arrays = {
            "keys": keys,
            "idf": (np.log((len(labels) + 1.0) / (frequency + 1.0)) + 1.0).astype(np.float32),
            "unseen": np.array([math.log(len(labels) + 1.0) + 1.0], dtype=np.float32),
            "weights": np.zeros((0, len(columns)), dtype=np.int8),
            "scale": np.zeros(0, dtype=np.float32),
        }
        rows = cls(columns, blocks, learnt)._rows(features)
        target = np.zeros((len(labels), len(columns)), dtype=np.float32)
        target[np.arange(len(labels)), np.searchsorted(columns, labels)] = 1.0
        dual = _solve(rows, len(keys), np.asarray(ridge, dtype=np.float32), target)
        weights, scale = _in_bytes(_primal(rows, dual, len(keys)))
        return learnt | {"weights": weights, "scale": scale}

    def scores(self, features: Mapping[str, Bags]) -> Floats:
        """One score per label, in the order of `labels`, for the features of one text."""
        rows = self._rows(features)
        value = rows.value * self._scale[rows.feature]
        found: Floats = value @ self._weights[rows.feature].astype(np.float32)
        return found

    def _rows(self, features: Mapping[str, Bags]) -> Rows:
        """Sublinear tf-idf, each block of unit length times its weight; unknown features count a quarter."""
        joined = _joined(features, self._blocks)
        bags = len(joined[1])
        bag, ids, times = _counted(joined)
        at = np.searchsorted(self._keys, ids)
        known = np.zeros(len(ids), dtype=bool)
        inside = at < len(self._keys)
        known[inside] = self._keys[at[inside]] == ids[inside]
        missing = np.bincount(bag[~known], minlength=bags)
        bag, at = bag[known], at[known]
        value = (1.0 + np.log(times[known].astype(np.float32))) * self._idf[at]
        squares = np.bincount(bag, value**2, minlength=bags) + 0.25 * missing * self._unseen**2
        block, text = np.divmod(bag, bags // len(self._blocks))
        value = value * np.array(list(self._blocks.values()))[block] / np.sqrt(squares[bag])
        order = np.argsort(text, kind="stable")
        return Rows(text[order], at[order], value[order].astype(np.float32))


def _joined(features: Mapping[str, Bags], blocks: Iterable[str]) -> Bags:
    """All bags of the first block, then all of the next."""
    ids, lengths = zip(*(features[block] for block in blocks), strict=True)
    return np.concatenate(ids), np.concatenate(lengths)


def _counted(bags: Bags) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64]]:
    """The distinct features of each bag: whose, which, and how often each is in it."""
    ids, lengths = bags
    bag = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
    pairs, times = np.unique(bag << np.uint64(32) | ids, return_counts=True)
    return (pairs >> np.uint64(32)).astype(np.int64), pairs.astype(np.uint32), times


def _solve(rows: Rows, size: int, ridge: Floats, target: Floats) -> Floats:
    """The dual solution: (all inner products of the rows + ridge) times it is the target.

    Conjugate gradients, for all labels at once. Each step is prepared by the exact solution of the
    same system with only the commonest features between the rows: without that it takes twice
    the steps. A Cholesky decomposition, which is exact, was measured to take about three times as long.
    """
    frequency = np.bincount(rows.feature, minlength=size)
    common = _common(rows, frequency, len(target))
    rare = _rare(rows, frequency, len(target))
    own = np.bincount(rows.text, rows.value**2, len(target)).astype(np.float32) + ridge
    commonest = common[:, :_COMMONEST]
    nearly = _nearly(commonest, own - np.einsum("ij,ij->i", commonest, commonest))
    own -= np.einsum("ij,ij->i", common, common)
    dual = np.zeros_like(target)
    left = target.copy()
    towards = step = nearly(left)
    length = np.sum(left * step, axis=0)
    for _ in range(_STEPS):
        moved = common @ (common.T @ towards) + rare.times(towards) + own[:, None] * towards
        far = _ratio(length, np.sum(towards * moved, axis=0))
        dual += far * towards
        left -= far * moved
        step = nearly(left)
        before, length = length, np.sum(left * step, axis=0)
        towards = step + _ratio(length, before) * towards
    return dual


def _ratio(above: Floats, below: Floats) -> Floats:
    """One by the other; 0 where nothing is left to do."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _nearly(common: Floats, own: Floats) -> Callable[[Floats], Floats]:
    """Solves the system of the common features' inner products plus `own` on the diagonal (Woodbury)."""
    scaled: Floats = common / own[:, None]
    inner: Floats = common.T @ scaled
    inner[np.diag_indices_from(inner)] += 1.0
    inverse = np.linalg.inv(inner)

    def solved(left: Floats) -> Floats:
        found: Floats = left / own[:, None] - scaled @ (inverse @ (scaled.T @ left))
        return found

    return solved


def _common(rows: Rows, frequency: NDArray[np.int64], count: int) -> Floats:
    """The common features of the rows, as a matrix, commonest first."""
    features = np.argsort(-frequency, kind="stable")[: np.count_nonzero(frequency > _COMMON)]
    place = np.full(len(frequency), -1)
    place[features] = np.arange(len(features))
    inside = place[rows.feature] >= 0
    matrix = np.zeros((count, len(features)), dtype=np.float32)
    matrix[rows.text[inside], place[rows.feature[inside]]] = rows.value[inside]
    return matrix


class _Symmetric:
    """A symmetric matrix with an empty diagonal, of which only what is right of it is kept, in panels of rows."""

    def __init__(self, size: int) -> None:
        tops = np.arange(0, size, _PANEL)
        begins = np.concatenate([[0], np.cumsum(np.minimum(_PANEL, size - tops) * (size - tops))])
        self._values = np.zeros(begins[-1], dtype=np.float32)
        self._panels = [
            (top, self._values[begin:end].reshape(-1, size - top))
            for top, begin, end in zip(tops, begins, begins[1:], strict=False)
        ]
        panel, within = np.divmod(np.arange(size), _PANEL)
        self._rows = begins[panel] + within * (size - tops[panel]) - tops[panel]
        """Where each row would begin if it were whole."""

    def add(self, row: NDArray[np.int64], column: NDArray[np.int64], value: Floats) -> None:
        """Adds values at places with `row` < `column`; a place may come more than once."""
        np.add.at(self._values, self._rows[row] + column, value)

    def times(self, columns: Floats) -> Floats:
        """The matrix times others."""
        product = np.zeros_like(columns)
        for top, panel in self._panels:
            bottom = top + len(panel)
            product[top:bottom] += panel @ columns[top:]
            product[top:] += panel.T @ columns[top:bottom]
        return product


def _rare(rows: Rows, frequency: NDArray[np.int64], count: int) -> _Symmetric:
    """What each pair of rows has in common of the features that are not common."""
    products = _Symmetric(count)
    times = frequency[rows.feature]
    rare = np.flatnonzero(times <= _COMMON)
    order = rare[np.lexsort((rows.feature[rare], -times[rare]))]  # those of the most rows first
    times, feature, text, value = times[order], rows.feature[order], rows.text[order], rows.value[order]
    for shift in range(1, _COMMON):
        longer = int(np.searchsorted(-times, -shift))  # features of more rows than that
        left = np.flatnonzero(feature[: max(0, longer - shift)] == feature[shift:longer])
        if not len(left):
            break
        products.add(text[left], text[left + shift], value[left] * value[left + shift])
    return products


def _primal(rows: Rows, dual: Floats, size: int) -> Floats:
    """The weight of each feature for each label."""
    weights = np.zeros((size, dual.shape[1]), dtype=np.float32)
    bounds = np.searchsorted(rows.text, np.arange(len(dual) + 1))
    for begin, end, row in zip(bounds, bounds[1:], dual, strict=False):
        weights[rows.feature[begin:end]] += rows.value[begin:end, None] * row
    return weights


def _in_bytes(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """The weights in 255 steps of a size of each feature's own, and that size: half the memory of 16-bit floats.

    Of 3,225 labelled questions not one was decided or answered otherwise.
    """
    scale = np.max(np.abs(weights), axis=1, initial=0.0).astype(np.float32) / 127
    steps = np.divide(weights, scale[:, None], out=np.zeros_like(weights), where=scale[:, None] > 0)
    return np.round(steps).astype(np.int8), scale
