"""Who has read what: docs/review.tsv, one row per entry, question, route and item.

A row holds the facts it rests on, the verdict and the correction of a second, independent
reader, and a digest of the text as it was read. A changed text has another digest, so the
test that compares them asks for another reading.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel

from bot.content.model import Content

HEADER = "what\tfacts\tverdict\tcorrection\tdigest"
VERDICTS = ("ok", "corrected", "doubt")


@dataclass(frozen=True)
class Row:
    """One reading. `what` is an entry's id, or a flow, `question`, `route` or `item`, and an id."""

    what: str
    facts: str
    verdict: str
    correction: str
    digest: str = ""

    def __str__(self) -> str:
        return "\t".join((self.what, self.facts, self.verdict, self.correction, self.digest))


def texts(content: Content) -> dict[str, str]:
    """The digest of everything that must have been read, by its name in the ledger.

    Wordings of citizens are left out: they are matched, never shown.
    """
    named: dict[str, str] = {entry.id: _digest(entry, {"also_asked", "concepts"}) for entry in content.entries}
    for flow in content.flows.values():
        named.update(
            (f"{flow.id} question {part.id}", _digest(part, {"choices": {"__all__": {"also"}}}))
            for part in flow.questions
        )
        named.update((f"{flow.id} route {part.id}", _digest(part)) for part in flow.routes)
        named.update((f"{flow.id} item {part.id}", _digest(part)) for part in flow.items)
    return named


def read(path: Path) -> tuple[Row, ...]:
    """The rows of a ledger. Raises ValueError with the line of a row that is not one."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = line.split("\t")
        if number == 1 and cells[0] == "what":
            continue
        cells += [""] * (5 - len(cells))
        if len(cells) != 5 or cells[2] not in VERDICTS:
            raise ValueError(f"{path.name}:{number}: {line[:60]}")
        rows.append(Row(*cells))
    return tuple(rows)


def stamped(rows: Iterable[Row], content: Content) -> Iterator[Row]:
    """The rows with today's digests, without those whose text is gone."""
    named = texts(content)
    return (replace(row, digest=named[row.what]) for row in rows if row.what in named)


def _digest(part: BaseModel, without: object = None) -> str:
    # repr of a frozenset depends on the process, so conditions are written in a sorted form
    written = repr(part.model_dump(exclude=without))  # type: ignore[arg-type]
    ordered = re.sub(
        r"frozenset\(\{([^}]*)\}\)", lambda found: f"{{{', '.join(sorted(found[1].split(', ')))}}}", written
    )
    return hashlib.sha256(ordered.encode()).hexdigest()[:12]
