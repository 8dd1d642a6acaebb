"""Questions of which somebody said which PIN they ask for, and the judges that learn from them.

The authors are those of the older question sets and of `bench/training/pins/`, whose questions name two PINs more
often than people do. The newest question sets are left out: they measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.training.fitting import Example, fit
from bot.assistant import assemble
from bot.matching import asked
from bot.matching.logistic import save
from bot.matching.pins import Name, Named
from bot.review.evaluate import read_questions
from bot.settings import PROJECT

AUTHORS = {
    file.stem: file
    for file in (
        *sorted((PROJECT / "tests").glob("questions-[3-8].tsv")),
        *sorted((Path(__file__).parent / "pins").glob("*.tsv")),
    )
}


class Told(NamedTuple):
    """An evened text, what it names, and the PINs it asks for."""

    text: str
    things: tuple[Named, ...]
    asked: frozenset[str]

    def asks_for(self, name: Name) -> bool:
        return name in self.asked or (name in ("sign", "user") and "both" in self.asked)


def teach(without: frozenset[str]) -> None:
    """Fit both judges and write their files, to `var` if some author is left out."""
    told = [one for author in AUTHORS.keys() - without for one in _told(AUTHORS[author])]
    beside = [(one, asked.named_in(one.things)) for one in told]
    judges = {
        "asked-beside": [
            Example(set(asked.features_beside(one.text, one.things, name)), one.asks_for(name))
            for one, names in beside
            if len(names) > 1
            for name in names
        ],
        "asked-whole": [
            Example(set(asked.features_of_whole(one.text, one.things, name)), one.asks_for(name))
            for one in told
            for name in asked.PINS
        ],
    }
    folder = Path("var") if without else Path(asked.__file__).parent
    for judge, examples in judges.items():
        weights, bias = fit(examples, STRENGTHS[judge])
        print(f"{judge}: {len(examples)} examples, {sum(one.holds for one in examples)} of them asked for")
        save(folder / f"{judge}.npz", weights, bias)


STRENGTHS = {"asked-beside": 0.3, "asked-whole": 1.0}


def _told(file: Path) -> Iterator[Told]:
    for line in read_questions(file):
        if line.pin:
            yield Told(*_MATCHER.named(line.text), line.pin)


_MATCHER = assemble(PROJECT).matcher
