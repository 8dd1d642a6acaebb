"""Questions of which somebody said which PIN they ask for, and the judges that learn from them.

The authors are those of the older question sets and of `bench/training/asked_by/`, whose questions name two PINs more
often than people do. The newest set, `tests/questions.tsv`, is left out: it measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bench.training.fitting import Example, Lesson
from bot.assistant import assemble
from bot.matching import asked
from bot.matching.pins import Name, Named
from bot.review.evaluate import read_questions
from bot.settings import PROJECT

AUTHORS = {
    file.stem: file
    for file in (
        *sorted((PROJECT / "tests").glob("questions-*[0-9].tsv")),
        *sorted((Path(__file__).parent / "asked_by").glob("*.tsv")),
    )
}


class Told(NamedTuple):
    """An evened text, what it names, and the PINs it asks for."""

    text: str
    things: tuple[Named, ...]
    asked: frozenset[str]

    def asks_for(self, name: Name) -> bool:
        return name in self.asked or (name in ("sign", "user") and "both" in self.asked)


def lessons(without: frozenset[str]) -> Iterator[tuple[Path, Lesson]]:
    """The file of each judge, and what it learns from when some authors are left out."""
    named = assemble(PROJECT).matcher.named
    told = {author: list(_told(file, named)) for author, file in sorted(AUTHORS.items())}
    learnt = [one for author, all_told in told.items() if author not in without for one in all_told]
    tried = [one for author, all_told in told.items() if author in without for one in all_told]
    for name, examples, strength, columns in (
        ("asked-beside", _beside, 200.0, 1 << 16),
        ("asked-whole", _whole, 300.0, 1 << 18),
    ):
        yield (
            Path(asked.__file__).with_name(f"{name}.npz"),
            Lesson(list(examples(learnt)), list(examples(tried)), strength, columns, tolerance=1e-4),
        )


def _beside(told: Iterable[Told]) -> Iterator[Example]:
    for one in told:
        names = asked.named_in(one.things)
        for name in names if len(names) > 1 else ():
            yield Example(set(asked.features_beside(one.text, one.things, name)), one.asks_for(name))


def _whole(told: Iterable[Told]) -> Iterator[Example]:
    for one in told:
        for name in asked.PINS:
            yield Example(set(asked.features_of_whole(one.text, one.things, name)), one.asks_for(name))


def _told(file: Path, named: Callable[[str], tuple[str, tuple[Named, ...]]]) -> Iterator[Told]:
    for line in read_questions(file):
        if line.pin:
            yield Told(*named(line.text), line.pin)
