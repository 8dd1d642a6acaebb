"""Whether to answer, to offer choices, or to say that we do not know.

A wrong answer costs a citizen half a day, so answering needs a high estimated chance of being
right; offering up to four choices is cheap. The chances come from two small logistic models
over a handful of signals. Their coefficients are fixed here; `bench/matching/calibrate.py`
estimates them on texts that the matcher had not learnt: folds of the FAQ's own and, counting
most, question sets of other authors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from bot.matching.understanding import Decision

ANSWER_AT = 0.90
"""Chance of being right from which the best entry is given as the answer."""
SAID_AT, SAID_LEAD = 0.89, 0.05
"""A text that is so like a wording of the best entry, and so much less like any other's, is that wording."""
ASK_AT = 0.20
"""Chance of being in scope from which choices are offered."""
BOTH_AT = 0.94
"""Chance from which each of two questions in one message is answered."""


class Signals(NamedTuple):
    """What the chances are estimated from; all about 0 to 1."""

    linear: float
    """The best entry's score in the linear layer."""
    margin: float
    """Its distance to the next entry there."""
    lead: float
    """Its distance to the next entry in the sum of opinions."""
    written: float
    """Likeness of the text to the best entry's nearest wording."""
    sound: float
    """The same by sound."""
    lexical: float
    """Words shared with the nearest wording."""
    words: float
    """Share of the text's words that any wording of the best entry has."""
    concepts: float
    """The same for its concepts."""
    known: float
    """Share of the text's words that the FAQ knows."""
    outside: float
    """The linear layer's score for being out of scope."""
    vague: float
    """Its score for being too vague."""
    elsewhere: float
    """The larger of these two."""
    agreed: float
    """Share of the opinions that name the same entry."""
    short: float
    """1 for a one-word text, towards 0 for longer ones."""
    sentences: float
    """0 for one sentence, 1 for four and more: a story is never as near to a wording as a question is."""


@dataclass(frozen=True)
class Chance:
    """A logistic model: a chance from 0 to 1."""

    bias: float
    weights: tuple[float, ...]

    def of(self, signals: Signals) -> float:
        total = self.bias + sum(w * v for w, v in zip(self.weights, signals, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


RIGHT = Chance(-1.55, (1.93, 3.63, 1.78, 0.36, 2.34, -2.72, 2.42, -0.1, 0.09, -0.69, 0.44, -6.13, 0.3, -4.27, 0.6))
"""That the best entry is a right answer."""
IN_SCOPE = Chance(0.37, (3.51, 1.17, -0.22, 0.49, 0.59, -2.17, 2.82, 0.22, 0.98, -11.3, 2.7, 0.04, -0.27, 3.46, 0.65))
"""That the text is about what this FAQ is about, however vaguely."""


def decide(right: float, in_scope: float, *, conflict: bool, vague: bool, talk: bool, said: bool) -> Decision:
    """The decision from the two chances.

    `conflict`: the text names two PINs as one. `vague`: the linear layer takes it for too vague
    rather than for any entry. `talk`: the whole text is a greeting, thanks or the like. `said`: the
    text is a known wording of the best entry, but for a letter or two.
    """
    if talk:
        return "smalltalk"
    if conflict:
        return "clarify"
    if (right >= ANSWER_AT or said) and not vague:
        return "answer"
    if in_scope >= ASK_AT or vague:
        return "clarify"
    return "none"
