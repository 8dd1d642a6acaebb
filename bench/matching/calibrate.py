"""Estimates the coefficients of `bot/matching/decision.py` by cross-validation.

    python -m bench.matching.calibrate [--content ROOT] [SET.tsv …]

Every wording of the FAQ, every situation, out-of-scope and vague example is asked of a matcher
that was built without it (folds). The FAQ's wordings were written to be unlike each other, and
situations resemble those of the same author, so the lines of question sets by other authors
count most: each set given is asked of a matcher that has learnt none of its lines, whole authors
held out. On these signals two logistic models are fitted: that the best entry is right, and that
the text is in scope. Prints the coefficients to paste, and for each set what the thresholds
would do to it with coefficients that were fitted without that set. Never give it dev.tsv.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.content.loading import load
from bot.content.model import Content, Entry
from bot.matching.decision import Chance, Signals
from bot.matching.matcher import TrainedMatcher
from bot.review.evaluate import read_questions

FOLDS = 4
NONE, VAGUE = "none", "clarify"
FAQ, SITUATION, NOT_OURS = "faq", "situations", "vocabulary"
_WEIGHT = {FAQ: 0.5, SITUATION: 0.3, NOT_OURS: 1.0}
_SET_WEIGHT = 4.0
_LARGE, _LARGE_WEIGHT = 1000, 1.0
"""What a text counts in the fit, by where it comes from; lines of a large set count less."""


@dataclass(frozen=True)
class Sample:
    """The signals of one held-out text."""

    source: str
    label: frozenset[str]
    best: str
    signals: Signals
    weight: float

    @property
    def right(self) -> bool:
        return self.best in self.label

    @property
    def in_scope(self) -> bool:
        return NONE not in self.label

    @property
    def is_entry(self) -> bool:
        return not self.label & {NONE, VAGUE}


def held_out(content: Content) -> Iterator[Sample]:
    """Every example once, read by a matcher that has not seen it."""
    rng = random.Random(1)
    draw = {text: rng.randrange(FOLDS) for _, _, text in _examples(content)}
    for fold in range(FOLDS):
        matcher = TrainedMatcher(_without(content, {text for text, drawn in draw.items() if drawn == fold}))
        for source, label, text in _examples(content):
            if draw[text] == fold:
                signals, best = matcher.measure(text)
                yield Sample(source, frozenset([label]), best, signals, _WEIGHT[source])


def of_set(content: Content, path: Path) -> Iterator[Sample]:
    """The lines of a set, read by a matcher that has learnt none of them."""
    lines = read_questions(path)
    matcher = TrainedMatcher(_without(content, {line.text for line in lines}))
    for line in lines:
        signals, best = matcher.measure(line.text)
        yield Sample(path.name, line.label, best, signals, _LARGE_WEIGHT if len(lines) > _LARGE else _SET_WEIGHT)


def _examples(content: Content) -> list[tuple[str, str, str]]:
    return [
        *((FAQ, entry.id, text) for entry in content.entries for text in (entry.question, *entry.also_asked)),
        *((SITUATION, entry, text) for entry, texts in content.situations.items() for text in texts),
        *((NOT_OURS, NONE, text) for text in content.vocabulary.out_of_scope),
        *((NOT_OURS, VAGUE, text) for text in content.vocabulary.vague),
    ]


def _without(content: Content, texts: set[str]) -> Content:
    vocabulary = content.vocabulary.model_copy(
        update={
            "out_of_scope": tuple(text for text in content.vocabulary.out_of_scope if text not in texts),
            "vague": tuple(text for text in content.vocabulary.vague if text not in texts),
        }
    )
    entries = tuple(_entry_without(entry, texts) for entry in content.entries)
    situations = {
        entry: tuple(text for text in told if text not in texts) for entry, told in content.situations.items()
    }
    return content.model_copy(update={"entries": entries, "vocabulary": vocabulary, "situations": situations})


def _entry_without(entry: Entry, texts: set[str]) -> Entry:
    kept = [text for text in (entry.question, *entry.also_asked) if text not in texts]
    return entry.model_copy(update={"question": kept[0], "also_asked": tuple(kept[1:])})


def fit(samples: Sequence[Sample], wanted: Sequence[bool], penalty: float = 0.5) -> Chance:
    """The logistic model of `wanted` (Newton's method, coefficients kept small)."""
    rows = np.array([[1.0, *sample.signals] for sample in samples])
    target = np.array(wanted, dtype=float)
    counts = np.array([sample.weight for sample in samples])
    coefficients: NDArray[np.float64] = np.zeros(rows.shape[1])
    shrink = penalty * np.eye(rows.shape[1])
    shrink[0, 0] = 0.0
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(rows @ coefficients, -30, 30)))
        gradient = rows.T @ (counts * (chance - target)) + shrink @ coefficients
        curvature = (rows * (counts * chance * (1 - chance))[:, None]).T @ rows + shrink
        coefficients -= np.linalg.solve(curvature, gradient)
    return Chance(round(float(coefficients[0]), 2), tuple(round(float(c), 2) for c in coefficients[1:]))


def report(samples: Sequence[Sample]) -> Iterator[str]:
    """The fitted coefficients, and the effect of thresholds on each source fitted without it."""
    right = fit(samples, [sample.right for sample in samples])
    in_scope = fit(samples, [sample.in_scope for sample in samples])
    yield f"signals: {', '.join(Signals._fields)}"
    yield f"RIGHT = Chance({right.bias}, {right.weights})"
    yield f"IN_SCOPE = Chance({in_scope.bias}, {in_scope.weights})"
    for source in dict.fromkeys(sample.source for sample in samples):
        own = [sample for sample in samples if sample.source == source]
        others = [sample for sample in samples if sample.source != source]
        model = fit(others, [sample.right for sample in others])
        yield f"\n{source}: {len(own)} texts, fitted without them"
        yield from _effect(own, [model.of(sample.signals) for sample in own])


def _effect(samples: Sequence[Sample], chances: Sequence[float]) -> Iterator[str]:
    yield "answer at  right of in scope  wrong of all  none answered  vague answered"
    pairs = list(zip(samples, chances, strict=True))
    for threshold in (0.7, 0.75, 0.8, 0.85, 0.88, 0.9, 0.95):
        right = _mean([c >= threshold and s.right for s, c in pairs if s.is_entry])
        wrong = _mean([c >= threshold and not s.right for s, c in pairs])
        none, vague = (_mean([c >= threshold for s, c in pairs if kind in s.label]) for kind in (NONE, VAGUE))
        yield f"{threshold:9} {right:18.3f} {wrong:13.3f} {none:14.3f} {vague:15.3f}"
    found = []
    for low in np.arange(0, 1, 0.1):
        inside = [s.right for s, c in pairs if low <= c < low + 0.1]
        found.append(f"{low:.1f}-: {_mean(inside):.2f} ({len(inside)})")
    yield f"chance said: found right (texts)  {', '.join(found)}"


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--content", type=Path, default=Path("."))
    parser.add_argument("sets", type=Path, nargs="*")
    chosen = parser.parse_args()
    content = load(chosen.content)
    samples = list(held_out(content))
    for path in chosen.sets:
        samples += of_set(content, path)
    for line in report(samples):
        print(line)


if __name__ == "__main__":
    main()
