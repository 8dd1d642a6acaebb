"""Whether anybody would notice a mutant: `prove`, a recorded talk, or nobody.

`prove` is asked through `bench/columns.py`, the talks are held again as `talk` does. A mutant
that changes no result of any path under any profile is the same flow in other words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.columns import Mask, Outcome, Table, broken, changed, conclude_all, never_matter
from bench.mutants import Mutant
from bot.content.loading import load
from bot.content.model import Content
from bot.content.municipality import Municipality
from bot.dialogue.engine import Engine
from bot.matching.matcher import TrainedMatcher
from bot.review.prove import Profile, describe, samples
from bot.review.talk import Coverage, Talk, read, replay

SHIPPED = "市の設定なし"


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    `prove` and `talk` name the first that caught it; `path` and `profile` the shortest path whose
    result it changes, empty for a mutant that changes none.
    """

    mutant: Mutant
    prove: str | None = None
    talk: str | None = None
    path: str | None = None
    profile: str | None = None

    @property
    def same(self) -> bool:
        return self.path is None and not self.caught

    @property
    def caught(self) -> bool:
        return self.prove is not None or self.talk is not None


@dataclass(frozen=True)
class _Told:
    """A talk that holds, and the names of what it reached (see `Coverage`)."""

    talk: Talk
    reached: frozenset[str]


class Judge:
    """The unchanged content under `root`, and what it leads to."""

    def __init__(self, root: Path, progress: Callable[[str], None] = lambda line: None) -> None:
        self.content = load(root)
        self._cities: dict[str | None, Content] = {None: self.content}
        profiles = [Profile(SHIPPED, Municipality())]
        for path in samples(root):
            self._cities[path.stem] = load(root, path)
            profiles.append(Profile(path.stem, self._cities[path.stem].municipality))
        self.profiles = tuple(profiles)
        self._base: dict[str, Outcome] = {}
        self._broken: dict[str, frozenset[str]] = {}
        for flow in self.content.flows.values():
            base = self._base[flow.id] = conclude_all(flow, self.profiles)
            found = {one.rule for one in broken(self.content, base)} | set(never_matter(base))
            self._broken[flow.id] = frozenset(found)
            progress(f"{flow.id}: {len(base.paths.table)} 通り" + (f"、もともとの問題 {found}" if found else ""))
        self._matcher = TrainedMatcher(self.content)
        self._told = tuple(self._holding(root, progress))
        progress(f"会話 {len(self._told)}")

    def _holding(self, root: Path, progress: Callable[[str], None]) -> list[_Told]:
        engines = {name: Engine(content, self._matcher) for name, content in self._cities.items()}
        told = []
        for file in sorted((root / "flows" / "talks").glob("*.txt")):
            for talk in read(file):
                coverage = Coverage()
                wrong = next(replay(talk, engines[talk.sample], coverage), None)
                if wrong is None:
                    told.append(_Told(talk, frozenset(coverage.reached)))
                else:
                    progress(f"この会話は、もともと合わないので使わない：{wrong}")
        return told

    def judge(self, mutant: Mutant) -> Verdict:
        """Who catches `mutant` first, `prove` being asked before the talks."""
        base = self._base[mutant.flow]
        outcome = conclude_all(mutant.of(base.flow), self.profiles, base)
        before, after = changed(base, outcome)
        known = self._broken[mutant.flow]
        by_prove = next((one.rule for one in broken(self.content, outcome) if one.rule not in known), None)
        if not before.any() and not after.any():
            return Verdict(mutant, by_prove)
        if by_prove is None:
            by_prove = next((f"never-matter {name}" for name in never_matter(outcome) if name not in known), None)
        by_talk = None if by_prove else self._heard(mutant, base, outcome, before, after)
        return Verdict(mutant, by_prove, by_talk, *self._example(base, outcome, before, after))

    def _example(self, base: Outcome, outcome: Outcome, before: Mask, after: Mask) -> tuple[str, str]:
        """The shortest path whose result changes, and its profile."""
        table, rows = (
            (outcome.paths.table, np.flatnonzero(after))
            if after.any()
            else (
                base.paths.table,
                np.flatnonzero(before),
            )
        )
        row = int(rows[np.argmin(table.answered[rows])])
        return describe(table.answers(row)) or "-", self.profiles[table.city[row]].name

    def _heard(self, mutant: Mutant, base: Outcome, outcome: Outcome, before: Mask, after: Mask) -> str | None:
        """The first line of a talk that does not hold any more."""
        engines: dict[str | None, Engine] = {}
        for told in self._told:
            if not (_concerns(told, base, before) or _concerns(told, outcome, after)):
                continue
            sample = told.talk.sample
            if sample not in engines:
                content = self._cities[sample]
                flows = {**content.flows, mutant.flow: mutant.of(content.flows[mutant.flow])}
                engines[sample] = Engine(content.model_copy(update={"flows": flows}), self._matcher)
            wrong = next(replay(told.talk, engines[sample], Coverage()), None)
            if wrong is not None:
                return f"{told.talk.file.name}:{wrong.line.number}"
        return None


def _concerns(told: _Told, outcome: Outcome, different: Mask) -> bool:
    """Whether the talk could meet a path that is different: all answers of one are among its own."""
    table, name = outcome.paths.table, outcome.flow.id
    if not any(one.startswith(f"{name} ") for one in told.reached):
        return False
    profile = told.talk.sample or SHIPPED
    rows = np.flatnonzero(different & (np.array([one.name == profile for one in table.profiles])[table.city]))
    return bool(_within(table, rows, name, told.reached))


def _within(table: Table, rows: np.ndarray, flow: str, reached: frozenset[str]) -> int:
    """How many of the rows give only answers that were reached."""
    for question in table.questions:
        if not len(rows):
            break
        elsewhere = [choice.id for choice in question.choices if f"{flow} {question.id}.{choice.id}" not in reached]
        for choice in elsewhere:
            rows = rows[~table.has(question.id, choice)[rows]]
    return len(rows)
