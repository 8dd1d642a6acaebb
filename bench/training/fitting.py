"""Fits a judge of `bot.matching.logistic` to examples."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.matching.logistic import COLUMNS, columns


class Example(NamedTuple):
    """Features, whether what has them is one, and how much it counts."""

    features: Collection[str]
    holds: bool
    weight: float = 1.0


@dataclass(frozen=True)
class Lesson:
    """What a judge learns from, and what it is tried with; `strength` is how much its weights may grow."""

    examples: Sequence[Example]
    unseen: Sequence[Example]
    strength: float


class Fitted(NamedTuple):
    """The weights of all columns, and the bias."""

    weights: NDArray[np.float64]
    bias: float

    def chance(self, features: Collection[str]) -> float:
        return 1 / (1 + math.exp(-(self.bias + sum(self.weights[column] for column in columns(features)))))


def fit(examples: Sequence[Example], strength: float) -> Fitted:
    """The weights and the bias; `strength` is the inverse of the penalty."""
    found = [sorted(columns(example.features)) for example in examples]
    starts = np.cumsum([0, *map(len, found)])
    matrix = csr_matrix((np.ones(starts[-1]), np.concatenate(found), starts), (len(found), COLUMNS))
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(matrix, [example.holds for example in examples], [example.weight for example in examples])
    return Fitted(model.coef_[0], float(model.intercept_[0]))
