"""Features of texts as 32-bit numbers, made for many texts at once: no string is kept for any of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Bags = tuple[NDArray[np.uint32], NDArray[np.int64]]
"""The hashed features of some texts one after another, repeats too, and how many each text has."""

_FACTOR = np.uint32(0x9E3779B1)
"""Odd, with bits everywhere: of a polynomial in it no two short strings of letters tend to meet."""


def hashed(words: Iterable[str], block: str = "") -> NDArray[np.uint32]:
    """A number for each word, the same in every process."""
    seed = crc32(block.encode())
    return np.array([crc32(word.encode("utf-8", "surrogatepass"), seed) for word in words], dtype=np.uint32)


def bags(texts: Sequence[Sequence[str]], block: str = "") -> Bags:
    """The words of each text."""
    lengths = np.array([len(words) for words in texts], dtype=np.int64)
    return hashed(chain.from_iterable(texts), block), lengths


def grams(texts: Sequence[str], shortest: int, longest: int, block: str) -> Bags:
    """All runs of letters of these sizes of each text."""
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    sizes = np.array([len(text) for text in texts], dtype=np.int64)
    text_of = np.repeat(np.arange(len(texts)), sizes)
    left = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(letters))
    runs = np.full(len(letters), crc32(block.encode()), dtype=np.uint32)
    found, whose = [], []
    for size in range(1, longest + 1):
        runs = runs[: len(letters) - size + 1] * _FACTOR + letters[size - 1 :]
        if size >= shortest:
            inside = left[: len(runs)] >= size
            found.append(runs[inside])
            whose.append(text_of[: len(runs)][inside])
    order = np.argsort(np.concatenate(whose), kind="stable")
    return np.concatenate(found)[order], np.bincount(np.concatenate(whose), minlength=len(texts))


def joined(parts: Iterable[Bags]) -> Bags:
    """The texts of the first part, then those of the next."""
    ids, lengths = zip(*parts, strict=True)
    return np.concatenate(ids), np.concatenate(lengths)


def first(texts: Bags, count: int) -> Bags:
    """Only so many of the texts."""
    ids, lengths = texts
    return ids[: lengths[:count].sum()], lengths[:count]
