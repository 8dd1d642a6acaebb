"""One matcher on one variation of the content, asked every line of every set, in a process of its own.

So each has its own memory and load time, and two are measured at a time. Times are CPU time: another
program on the machine hardly changes them.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

from bench.matching.rivals import RIVALS, Rival
from bench.matching.variations import ALL, varied
from bench.matching.vectors import WithVectors
from bot.content.loading import load
from bot.content.model import Content
from bot.matching import decision
from bot.matching.learning import Cache, Source, learn
from bot.matching.matcher import TrainedMatcher
from bot.matching.understanding import Understanding
from bot.review.evaluate import Labelled, Outcome, judge, prefilled, read_questions

OURS, OURS_WITH_VECTORS = "ours", "ours + vectors"
WRONG_AT_MOST = 0.02
_OFFERED = 4


@dataclass(frozen=True)
class Job:
    """What is measured: a matcher by name, on a variation of the content, with each so-manieth line of the sets."""

    matcher: str
    variation: str = ALL
    every: int = 1

    @property
    def name(self) -> str:
        return self.matcher if self.variation == ALL else f"{self.matcher}, {self.variation}"


@dataclass(frozen=True)
class Measured:
    """What became of the lines, set by set, and what it took: CPU seconds, CPU milliseconds a line, MB."""

    outcomes: Mapping[str, Sequence[Outcome]]
    load: float
    memory: tuple[float, float]
    """Of the whole process, content and dictionary with it; and what of that is no file that others share."""
    learning: float = 0.0
    chances: Mapping[str, Sequence[tuple[float, bool]]] = field(default_factory=dict)
    """Of ours with all wordings, by line: the estimated chance that the first topic is right, and whether it is."""

    @property
    def spent(self) -> list[float]:
        return [outcome.ms for outcomes in self.outcomes.values() for outcome in outcomes]


def measure(job: Job, root: Path, sets: Sequence[Path]) -> Measured:
    """Builds the matcher of the job and asks it the sets."""
    content = varied(load(root), job.variation)
    lines = {path.name: read_questions(path)[:: job.every] for path in sets}
    if job.matcher in RIVALS:
        return _measure_rival(RIVALS[job.matcher], content, lines)
    with TemporaryDirectory(prefix="bench-matching-") as folder:
        learning = _learnt_elsewhere(root, job.variation, Path(folder))
        kind = WithVectors if job.matcher == OURS_WITH_VECTORS else TrainedMatcher
        begin = time.process_time()
        matcher = kind(content, Cache(Path(folder)))
        loaded = time.process_time() - begin
    outcomes = _outcomes(matcher, content, lines)
    resident = memory()
    wanted = lines.items() if job == Job(OURS) else ()
    chances = {name: [_chance(matcher, line) for line in asked] for name, asked in wanted}
    return Measured(outcomes, loaded, resident, learning, chances)


def _outcomes(
    matcher: TrainedMatcher, content: Content, lines: Mapping[str, Sequence[Labelled]]
) -> dict[str, list[Outcome]]:
    judged = SimpleNamespace(content=content, matcher=_Timed(matcher))
    outcomes: dict[str, list[Outcome]] = {}
    for name, asked in lines.items():
        judged.matcher.spent.clear()
        found = judge(asked, judged)
        outcomes[name] = [_with_time(one, ms) for one, ms in zip(found, judged.matcher.spent, strict=True)]
    return outcomes


def _learnt_elsewhere(root: Path, variation: str, folder: Path) -> float:
    """CPU seconds of learning in a process of its own, as `run` does: this one keeps the memory of one that serves."""
    context = multiprocessing.get_context("spawn")
    seconds = context.SimpleQueue()
    process = context.Process(target=_learn, args=(root, variation, folder, seconds))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"learning {variation} ended with {process.exitcode}")
    return float(seconds.get())


def _learn(root: Path, variation: str, folder: Path, seconds: multiprocessing.SimpleQueue[float]) -> None:
    content = varied(load(root), variation)
    begin = sum(os.times()[:4])  # its helping processes too
    Cache(folder).save(Source.of(content), learn(content).arrays)
    seconds.put(sum(os.times()[:4]) - begin)


class _Timed:
    """A matcher whose CPU time is taken, text by text."""

    def __init__(self, matcher: TrainedMatcher) -> None:
        self._matcher = matcher
        self.spent: list[float] = []

    def understand(self, text: str) -> Understanding:
        begin = time.process_time()
        try:
            return self._matcher.understand(text)
        finally:
            self.spent.append((time.process_time() - begin) * 1000)


def _with_time(outcome: Outcome, ms: float) -> Outcome:
    return Outcome(**{**vars(outcome), "ms": ms})


def _chance(matcher: TrainedMatcher, line: Labelled) -> tuple[float, bool]:
    signals, best = matcher.measure(line.text)
    return decision.RIGHT.of(signals), best in line.label


def _measure_rival(rival: Rival, content: Content, lines: Mapping[str, Sequence[Labelled]]) -> Measured:
    begin = time.process_time()
    rank = rival.build(content)
    loaded = time.process_time() - begin
    outcomes = {}
    for name, asked in lines.items():
        ranked, spent = [], []
        for line in asked:
            begin = time.process_time()
            ranked.append(rank(line.text)[:_OFFERED])
            spent.append((time.process_time() - begin) * 1000)
        scored = [(found[0][1], found[0][0] in line.label) for found, line in zip(ranked, asked, strict=True)]
        threshold = best_threshold(scored)
        outcomes[name] = [
            _outcome(line, [topic for topic, _ in found], found[0][1] >= threshold, ms, content)
            for line, found, ms in zip(asked, ranked, spent, strict=True)
        ]
    return Measured(outcomes, loaded, memory())


def best_threshold(scored: Sequence[tuple[float, bool]]) -> float:
    """The lowest score to answer from with at most `WRONG_AT_MOST` wrong answers of all lines."""
    best, wrong = math.inf, 0
    for score, tied in groupby(sorted(scored, reverse=True), key=lambda pair: pair[0]):
        wrong += sum(not right for _, right in tied)
        if wrong > WRONG_AT_MOST * len(scored):
            break
        best = score
    return best


def _outcome(line: Labelled, topics: Sequence[str], answered: bool, ms: float, content: Content) -> Outcome:
    """What a rival does with a line: it answers with the first topic, or always offers the first four."""
    return Outcome(
        line=line,
        decision="answer" if answered else "clarify",
        answers=(topics[0],) if answered else (),
        choices=() if answered else tuple(topics),
        ranked=tuple(topics),
        pins=frozenset(prefilled(topics[0], content)) if answered else frozenset(),
        visitor=None,
        ms=ms,
    )


def memory() -> tuple[float, float]:
    """The memory of this process in MB: all that is resident, and the part that is no mapped file (Linux)."""
    sizes = dict(re.findall(r"^(Vm|Rss)(?:RSS|Anon):\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE))
    return int(sizes["Vm"]) / 1024, int(sizes["Rss"]) / 1024
