"""From the daily counts (bot/counting.py) and the content to the figures of a report.

Everything is a number by the id of something of ours: an entry, a guide's question, a result, a source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.content.model import FRESH_DAYS, WARN_DAYS, Content, Source
from bot.stores.counts import Counted

BANDS = ("0.0", "0.2", "0.4", "0.6", "0.8")
"""Where the bands of scores begin, as bot/counting.py names them."""

DECISIONS = ("answer", "clarify", "none", "smalltalk", "steered")
"""What was decided on a typed text."""


@dataclass(frozen=True)
class Unanswered:
    """How many texts without an answer had this entry nearest, by band of scores; `entry` is "" if none was near."""

    entry: str
    by_band: tuple[int, ...]

    @property
    def number(self) -> int:
        return sum(self.by_band)


@dataclass(frozen=True)
class Said:
    """What people said about an answer (`about` is its entry) or a result (FLOW/ROUTE)."""

    about: str
    understood: int
    not_yet: int


@dataclass(frozen=True)
class Walked:
    """How often a guide was started, and how often one of its results was shown."""

    flow: str
    started: int
    finished: int


@dataclass(frozen=True)
class Asked:
    """A guide's question: how often shown, answered, left for something else."""

    flow: str
    question: str
    asked: int
    answered: int
    left: int

    @property
    def dropped(self) -> int:
        """How many did not answer it: those who left, and those who just stayed away."""
        return max(0, self.asked - self.answered)


@dataclass(frozen=True)
class Freshness:
    """The sources by age: `old` and `soon` with the oldest first, and how many others there are."""

    old: tuple[Source, ...]
    soon: tuple[Source, ...]
    fresh: int
    city: date | None = None
    """When the city last confirmed its own settings."""
    city_is_old: bool = False


@dataclass(frozen=True)
class Figures:
    """The numbers of the days `first` to `last`, both included; the most important ones first in each list."""

    first: date
    last: date
    decisions: Mapping[str, int]
    unanswered: tuple[Unanswered, ...]
    feedback: tuple[Said, ...]
    guides: tuple[Walked, ...]
    questions: tuple[Asked, ...]
    freshness: Freshness

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted in these days."""
        return not (any(self.decisions.values()) or self.feedback or self.guides or self.questions)


def figures(counts: Mapping[Counted, int], content: Content, first: date, last: date) -> Figures:
    """The figures of `counts`, which are of the days `first` to `last`; sources are as old as they are on `last`."""
    by_kind: dict[str, Counter[str]] = {}
    none: dict[str, Counter[str]] = {}
    for counted, number in counts.items():
        by_kind.setdefault(counted.kind, Counter())[counted.name] += number
        if counted.kind == "none":
            none.setdefault(counted.name, Counter())[counted.detail or BANDS[0]] += number

    def of(kind: str) -> Counter[str]:
        return by_kind.get(kind, Counter())

    unanswered = [Unanswered(entry, tuple(bands[band] for band in BANDS)) for entry, bands in none.items()]
    said = [Said(name, of("understood")[name], of("not-yet")[name]) for name in of("understood") | of("not-yet")]
    finished = Counter[str]()
    for route, number in of("finished").items():
        finished[route.partition("/")[0]] += number
    walked = [Walked(flow, of("started")[flow], finished[flow]) for flow in of("started") | finished]
    asked = [
        Asked(*_halves(name), of("asked")[name], of("answered")[name], of("left")[name])
        for name in of("asked") | of("answered") | of("left")
    ]
    return Figures(
        first,
        last,
        {kind: of(kind).total() for kind in DECISIONS},
        tuple(sorted(unanswered, key=lambda one: (-one.number, one.entry))),
        tuple(sorted(said, key=lambda one: (-one.not_yet, -one.understood, one.about))),
        tuple(sorted(walked, key=lambda one: (-one.started, one.flow))),
        tuple(sorted(asked, key=lambda one: (-one.dropped, -one.asked, one.flow, one.question))),
        freshness(content, last),
    )


def freshness(content: Content, today: date) -> Freshness:
    """The sources by the days since somebody last read or confirmed them (counter rule 11)."""
    sources = sorted(content.sources.values(), key=lambda source: (source.checked_on, source.name))
    ages = [(source, (today - source.checked_on).days) for source in sources]
    old = tuple(source for source, age in ages if age > FRESH_DAYS)
    soon = tuple(source for source, age in ages if FRESH_DAYS - WARN_DAYS <= age <= FRESH_DAYS)
    city = content.municipality
    return Freshness(old, soon, len(sources) - len(old) - len(soon), city.verified_on, city.is_old(today))


def _halves(name: str) -> tuple[str, str]:
    flow, _, question = name.partition("/")
    return flow, question
