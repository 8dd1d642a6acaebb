"""Logistic regression over hashed features: judges that are learnt once, from sentences, and kept as a file.

A feature counts as much as it is rare (its inverse document frequency), and all that something has together as
much as any other's (length one): so a long sentence says no more than a short one. `python -m bench.training`
learns the judges and writes the files; here they are only asked. Features are strings; each is one of a fixed
number of columns by its hash, so that a judge is two arrays and no strings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray


def columns(features: Iterable[str], among: int) -> set[int]:
    """The columns of the features `among` so many, the same in every process; two features may share one."""
    return {crc32(feature.encode("utf-8", "surrogatepass")) % among for feature in features}


def columns_under(prefix: str, features: Iterable[bytes], among: int) -> set[int]:
    """The columns of UTF-8 features that all begin with a prefix, which is not written before each of them."""
    begun = crc32(prefix.encode())
    return {crc32(feature, begun) % among for feature in features}


class Logistic:
    """A judge: the chance that what has certain features is what it was taught to find."""

    def __init__(self, path: Path) -> None:
        """Reads what `save` wrote; raises what NumPy raises if that cannot be read."""
        with np.load(path) as learnt:
            self._weights, self._rarities = learnt["weights"], learnt["rarities"]
            self._bias = float(learnt["bias"])

        self.size = len(self._weights)

    def chance(self, features: Iterable[str]) -> float:
        """Between 0 and 1."""
        return self.chance_of(columns(features, self.size))

    def chance_of(self, found: set[int]) -> float:
        """Between 0 and 1, of what has features in these columns."""
        return 1 / (1 + math.exp(-self._score(found)))

    def _score(self, found: set[int]) -> float:
        """The logarithm of the odds: 0 for even ones."""
        if not found:
            return self._bias
        places = list(found)
        rarities = self._rarities[places].astype(np.float32)
        together = rarities @ self._weights[places].astype(np.float32)
        return self._bias + float(together / np.sqrt(rarities @ rarities))


def save(path: Path, weights: NDArray[Any], rarities: NDArray[Any], bias: float) -> None:
    """Write a judge: a weight and a rarity for every column, rounded to half precision."""
    np.savez_compressed(
        path, weights=weights.astype(np.float16), rarities=rarities.astype(np.float16), bias=np.float32(bias)
    )
