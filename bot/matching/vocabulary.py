"""The vocabulary as plain values, which go to the process that learns as JSON.

That process imports nothing of the content's models: with Pydantic they take longer than NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.matching.understanding import PinName, Visitor

if TYPE_CHECKING:
    from bot.content import model


class Concept(NamedTuple):
    """A thing citizens call by many names."""

    id: str
    kind: str
    name: str
    words: Sequence[str]
    pin: PinName | None
    visitor: Visitor | None


class Vocabulary(NamedTuple):
    """What texts are read by, and the examples of what is not answered."""

    synonyms: Mapping[str, Sequence[str]]
    fillers: Sequence[str]
    concepts: Sequence[Concept]
    out_of_scope: Sequence[str]
    vague: Sequence[str]

    @classmethod
    def of(cls, written: model.Vocabulary) -> Vocabulary:
        """What of a content's vocabulary is learnt from."""
        concepts = [Concept(one.id, one.kind, one.name, one.words, one.pin, one.visitor) for one in written.concepts]
        return cls(written.synonyms, written.fillers, concepts, written.out_of_scope, written.vague)
