"""Fits a judge of `bot.matching.logistic` to examples."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from bot.matching.logistic import columns


class Example(NamedTuple):
    """Features, whether what has them is one, and how much it counts."""

    features: Collection[str]
    holds: bool
    weight: float = 1.0


@dataclass(frozen=True)
class Lesson:
    """What a judge learns from, and what it is tried with."""

    examples: Sequence[Example]
    unseen: Sequence[Example]
    strength: float
    """The inverse of the penalty: how much the weights may grow."""
    columns: int
    """How many: with fewer, more features share one."""
    tolerance: float = 1e-6
    """How small the gradient has to be at the end; a large one stops before all examples are learnt by heart."""


class Fitted(NamedTuple):
    """The weights and the rarities of all columns, and the bias: what `bot.matching.logistic.save` takes."""

    weights: NDArray[np.float64]
    rarities: NDArray[np.float64]
    bias: float


def fit(lesson: Lesson) -> Fitted:
    """What the examples of a lesson teach."""
    examples = lesson.examples
    has = _matrix(examples, lesson.columns)
    rarities = np.log((1 + len(examples)) / (1 + np.bincount(has.indices, minlength=lesson.columns))) + 1
    model = LogisticRegression(C=lesson.strength, max_iter=2000, tol=lesson.tolerance)
    model.fit(_scaled(has, rarities), [example.holds for example in examples], [one.weight for one in examples])
    return Fitted(model.coef_[0], rarities, float(model.intercept_[0]))


def chances(learnt: Fitted, examples: Sequence[Example]) -> NDArray[np.float64]:
    """What a judge that was fitted says of each example, as `Logistic.chance` does."""
    scores = _scaled(_matrix(examples, len(learnt.weights)), learnt.rarities) @ learnt.weights + learnt.bias
    return np.asarray(1 / (1 + np.exp(-scores)))


def _matrix(examples: Sequence[Example], among: int) -> csr_matrix:
    """Which columns each example has."""
    found = [sorted(columns(example.features, among)) for example in examples]
    starts = np.cumsum([0, *map(len, found)])
    return csr_matrix((np.ones(starts[-1]), np.concatenate(found), starts), (len(found), among))


def _scaled(has: csr_matrix, rarities: NDArray[np.float64]) -> csr_matrix:
    """Each row as rare as its columns are, and of length one."""
    rare = has @ diags(rarities)
    lengths = np.sqrt(np.asarray(rare.multiply(rare).sum(axis=1)).ravel())
    return csr_matrix(diags(1 / lengths) @ rare)
