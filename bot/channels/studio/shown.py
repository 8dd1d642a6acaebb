"""What the studio's pages show, worked out from the content: lists, problems with their lines, reasons of a match."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.content.fixing import WHOLE_FILE
from bot.content.model import FRESH_DAYS, WARN_DAYS, Content, Source
from bot.content.problems import Problem
from bot.content.report import SEVERITIES
from bot.review.asking import DECISIONS, PARTS


@dataclass(frozen=True)
class Freshness:
    """How old what an answer rests on is. `state` is fresh, soon, old or confirmed."""

    state: str
    read_on: date | None
    source_date: str
    confirmed_on: date | None

    @property
    def words(self) -> str:
        if self.confirmed_on:
            return f"市が確認 {self.confirmed_on}"
        if self.read_on is None:
            return "出典なし"
        return {"old": "古い可能性 ", "soon": "まもなく1年 "}.get(self.state, "閲覧 ") + str(self.read_on)


def freshness(sources: Iterable[Source], today: date) -> Freshness:
    """The oldest reading of all sources; confirmed only if the city confirmed each."""
    known = list(sources)
    if not known:
        return Freshness("none", None, "", None)
    oldest = min(known, key=lambda source: source.confirmed_by_city_on or source.read_on)
    confirmed = [source.confirmed_by_city_on for source in known]
    since = oldest.confirmed_by_city_on or oldest.read_on
    age = (today - since).days
    state = "old" if age > FRESH_DAYS else "soon" if age > FRESH_DAYS - WARN_DAYS else "fresh"
    all_confirmed = min((day for day in confirmed if day), default=None) if all(confirmed) else None
    dates = sorted({source.source_date for source in known})
    if all_confirmed and state == "fresh":
        state = "confirmed"
    return Freshness(state, oldest.read_on, "、".join(dates), all_confirmed)


@dataclass(frozen=True)
class Row:
    """An entry in the list."""

    id: str
    question: str
    group: str
    wordings: int
    freshness: Freshness
    problems: int


def rows(content: Content, problems: Sequence[Problem], lines: dict[str, tuple[int, int]], today: date) -> list[Row]:
    """The entries in the order of the topic list. `lines` are where each stands in ja.yaml (from 1)."""
    found = []
    for entry in content.entries:
        start, end = lines.get(entry.id, (0, 0))
        own = sum(start <= one.line <= end for one in problems if one.file == "faq/ja.yaml")
        group = next((group.title for group in content.groups if entry.id in group.entries), "（一覧に出ない）")
        sources = [content.sources[name] for name in entry.sources if name in content.sources]
        found.append(Row(entry.id, entry.question, group, len(entry.also_asked), freshness(sources, today), own))
    order = {group.title: number for number, group in enumerate(content.groups)}
    return sorted(found, key=lambda row: order.get(row.group, len(order)))


def matches(text: str, *parts: str) -> bool:
    """Whether the parts hold every word of a search, whatever their width and case."""
    hay = _plain("\n".join(parts))
    return all(word in hay for word in _plain(text).split())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


# --- problems ------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A Problem as the page shows it: its line with the mistake set off, and the field it belongs to."""

    problem: Problem
    before: str
    wrong: str
    after: str
    field: str = ""

    @property
    def severity(self) -> str:
        return SEVERITIES[self.problem.severity]

    @property
    def fix(self) -> str | None:
        """The line as it should read, if that is certain."""
        return self.problem.fix

    @property
    def whole_file(self) -> bool:
        return self.problem.rule in WHOLE_FILE


def shown(problem: Problem, lines: Sequence[str], field: str = "") -> Shown:
    """`lines` are those of its file."""
    line = lines[problem.line - 1] if problem.line <= len(lines) else ""
    at = min(problem.column - 1, len(line))
    visible = str.maketrans({"\t": "→", "\u00a0": "·", "　": "□"})
    return Shown(
        problem,
        line[:at].translate(visible),
        (line[at : at + 1] or " ").translate(visible),
        line[at + 1 :].translate(visible),
        field,
    )


# --- why a text matched ----------------------------------------------------------


@dataclass(frozen=True)
class Rival:
    """An entry with its score, its nearest wording and the parts of the score."""

    id: str
    question: str
    score: float
    wording: str
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Reasons:
    """What was decided on a text, and why."""

    text: str
    decision: str
    chosen: tuple[str, ...]
    rivals: tuple[Rival, ...]
    lead: float
    understood: str
    hidden: tuple[str, ...]


def reasons(answer: dict[str, Any], content: Content) -> Reasons:
    """From the object of `review.asking.ask`."""
    rivals = tuple(
        Rival(
            match["id"],
            entry.question if (entry := content.entry(match["id"])) else match["id"],
            match["score"],
            match["wording"],
            tuple((PARTS.get(name, name), value) for name, value in match["parts"].items()),
        )
        for match in answer["ranked"][:5]
    )
    known = answer["understood"]
    concepts = {concept.id: concept.name for concept in content.vocabulary.concepts}
    told = [concepts.get(name, name) for name in known["concepts"]]
    return Reasons(
        text=answer["text"],
        decision=DECISIONS[answer["decision"]],
        chosen=tuple(answer["answers"] or answer["choices"]),
        rivals=rivals,
        lead=rivals[0].score - rivals[1].score if len(rivals) > 1 else 0.0,
        understood="、".join(told) or "なし",
        hidden=tuple(found["kind"] for found in answer["guard"]),
    )
