"""Fits a judge of `bot.matching.logistic` to examples."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.matching.logistic import COLUMNS, columns


class Example(NamedTuple):
    """Features, whether it is one, and how much it counts."""

    features: Collection[str]
    holds: bool
    counts: float = 1.0


def fit(examples: Sequence[Example], strength: float) -> tuple[np.ndarray, float]:
    """The weights and the bias; `strength` is how much the weights may grow (the inverse of the penalty)."""
    found = [sorted(columns(example.features)) for example in examples]
    starts = np.cumsum([0, *map(len, found)])
    matrix = csr_matrix((np.ones(starts[-1]), np.concatenate(found), starts), (len(found), COLUMNS))
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(matrix, [one.holds for one in examples], [one.counts for one in examples])
    return model.coef_[0], float(model.intercept_[0])
