"""Logistic regression over hashed features: judges that are learnt once, from sentences, and kept as a file.

`python -m bench.training` learns them and writes the files; here they are only asked. Features are
strings; each is one of a fixed number of columns by its hash, so that a judge is an array and no strings.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

COLUMNS = 1 << 16


def columns(features: Iterable[str]) -> set[int]:
    """The columns of the features, the same in every process; two features may share one."""
    return {crc32(feature.encode("utf-8", "surrogatepass")) % COLUMNS for feature in features}


class Logistic:
    """A judge: the chance that what has certain features is what it was taught to find."""

    def __init__(self, path: Path) -> None:
        """Reads what `save` wrote; raises what NumPy raises if that cannot be read."""
        with np.load(path) as learnt:
            self._weights = array("f", learnt["weights"].astype(np.float32).tobytes())
            self._bias = float(learnt["bias"])

    def chance(self, features: Iterable[str]) -> float:
        """Between 0 and 1."""
        weights = self._weights
        return 1 / (1 + math.exp(-(self._bias + sum([weights[column] for column in columns(features)]))))


def save(path: Path, weights: NDArray[Any], bias: float) -> None:
    """Write a judge: a weight for every column, rounded to half precision."""
    np.savez_compressed(path, weights=weights.astype(np.float16), bias=np.float32(bias))
