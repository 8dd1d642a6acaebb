"""Estimates the coefficients of `bot/matching/decision.py` by cross-validation.

    python -m bench.matching.calibrate [CONTENT_ROOT]

Every wording of the FAQ, every out-of-scope and every vague example is asked of a matcher that
was built without it (folds), so the signals are those of unseen texts. On these two logistic
models are fitted: that the best entry is right, and that the text is in scope. Prints the
coefficients to paste, and what each threshold would do on the held-out texts. The evaluation
sets play no part in this.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.content.loading import load
from bot.content.model import Content, Entry
from bot.matching.decision import Chance, Signals
from bot.matching.matcher import TrainedMatcher

FOLDS = 5
NONE, VAGUE = "none", "clarify"


@dataclass(frozen=True)
class Sample:
    """The signals of one held-out text."""

    text: str
    label: str
    best: str
    signals: Signals

    @property
    def right(self) -> bool:
        return self.best == self.label

    @property
    def in_scope(self) -> bool:
        return self.label != NONE


def held_out(content: Content, seeds: Sequence[int] = (1,)) -> Iterator[Sample]:
    """Every example once per seed, read by a matcher that has not seen it."""
    for seed in seeds:
        rng = random.Random(seed)
        draw = {text: rng.randrange(FOLDS) for _, text in _examples(content)}
        for fold in range(FOLDS):
            matcher = TrainedMatcher(_without(content, {text for text, drawn in draw.items() if drawn == fold}))
            for label, text in _examples(content):
                if draw[text] == fold:
                    signals, best = matcher.measure(text)
                    yield Sample(text, label, best, signals)


def _examples(content: Content) -> list[tuple[str, str]]:
    return [
        *((entry.id, text) for entry in content.entries for text in (entry.question, *entry.also_asked)),
        *((NONE, text) for text in content.vocabulary.out_of_scope),
        *((VAGUE, text) for text in content.vocabulary.vague),
    ]


def _without(content: Content, texts: set[str]) -> Content:
    vocabulary = content.vocabulary.model_copy(
        update={
            "out_of_scope": tuple(text for text in content.vocabulary.out_of_scope if text not in texts),
            "vague": tuple(text for text in content.vocabulary.vague if text not in texts),
        }
    )
    entries = tuple(_entry_without(entry, texts) for entry in content.entries)
    return content.model_copy(update={"entries": entries, "vocabulary": vocabulary})


def _entry_without(entry: Entry, texts: set[str]) -> Entry:
    kept = [text for text in (entry.question, *entry.also_asked) if text not in texts]
    return entry.model_copy(update={"question": kept[0], "also_asked": tuple(kept[1:])})


def fit(samples: Sequence[Sample], wanted: Sequence[bool], penalty: float = 0.5) -> Chance:
    """The logistic model of `wanted` (Newton's method, coefficients kept small)."""
    rows = np.array([[1.0, *astuple(sample.signals)] for sample in samples])
    target = np.array(wanted, dtype=float)
    coefficients: NDArray[np.float64] = np.zeros(rows.shape[1])
    shrink = penalty * np.eye(rows.shape[1])
    shrink[0, 0] = 0.0
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(rows @ coefficients, -30, 30)))
        gradient = rows.T @ (chance - target) + shrink @ coefficients
        curvature = (rows * (chance * (1 - chance))[:, None]).T @ rows + shrink
        coefficients -= np.linalg.solve(curvature, gradient)
    return Chance(round(float(coefficients[0]), 2), tuple(round(float(c), 2) for c in coefficients[1:]))


def report(samples: Sequence[Sample]) -> str:
    """The fitted coefficients and the effect of thresholds, estimated on other folds than fitted on."""
    right = fit(samples, [sample.right for sample in samples])
    in_scope = fit(samples, [sample.in_scope for sample in samples])
    out = [f"signals: {', '.join(field.name for field in fields(Signals))}"]
    out += [f"RIGHT = Chance({right.bias}, {right.weights})", f"IN_SCOPE = Chance({in_scope.bias}, {in_scope.weights})"]
    chances = _crossed(samples)
    entries = [s.label not in (NONE, VAGUE) for s in samples]
    out.append("answer at  answered  right of in scope  wrong of all  none answered  vague answered")
    for threshold in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        answered = [r >= threshold for r, _ in chances]
        pairs = list(zip(samples, answered, entries, strict=True))
        right_now = sum(a and s.right for s, a, _ in pairs) / max(1, sum(entries))
        wrong = sum(a and not s.right for s, a, _ in pairs) / len(samples)
        none = _mean([a for s, a, _ in pairs if s.label == NONE])
        vague = _mean([a for s, a, _ in pairs if s.label == VAGUE])
        out.append(f"{threshold:9} {_mean(answered):9.3f} {right_now:18.3f} {wrong:13.3f} {none:14.3f} {vague:15.3f}")
    out.append("ask at  in scope silent  none silent")
    for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        silent = [i < threshold for _, i in chances]
        scope = _mean([q for s, q in zip(samples, silent, strict=True) if s.label not in (NONE, VAGUE)])
        none = _mean([q for s, q in zip(samples, silent, strict=True) if s.label == NONE])
        out.append(f"{threshold:6} {scope:16.3f} {none:12.3f}")
    out.append("calibration of RIGHT: chance said, chance found, texts")
    for low in np.arange(0, 1, 0.1):
        inside = [s.right for s, (r, _) in zip(samples, chances, strict=True) if low <= r < low + 0.1]
        out.append(f"{low:.1f}-{low + 0.1:.1f} {_mean(inside):6.3f} {len(inside):6}")
    return "\n".join(out)


def _crossed(samples: Sequence[Sample]) -> list[tuple[float, float]]:
    """Both chances of each sample from models fitted on the other half of the texts."""
    halves = [hash_free(sample.text) % 2 for sample in samples]
    models = {}
    for half in (0, 1):
        others = [sample for sample, own in zip(samples, halves, strict=True) if own != half]
        models[half] = (fit(others, [s.right for s in others]), fit(others, [s.in_scope for s in others]))
    return [
        (models[half][0].of(sample.signals), models[half][1].of(sample.signals))
        for sample, half in zip(samples, halves, strict=True)
    ]


def hash_free(text: str) -> int:
    """A number from a text that is the same in every run."""
    return sum(map(ord, text))


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")


if __name__ == "__main__":
    print(report(list(held_out(load(Path(sys.argv[1] if len(sys.argv) > 1 else "."))))))
