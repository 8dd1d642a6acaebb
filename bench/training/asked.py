"""Questions of which somebody said which PIN they ask for, and the judge that learns from them.

The authors are those of the older question sets and of `bench/training/asked_by/`, whose questions name two PINs more
often than people do. The newest sets, `tests/questions.tsv` and `tests/questions-pins.tsv`, are left out: they measure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bench.leaking import too_close
from bench.training.fitting import Example, Lesson, chances, fit
from bot.assistant import assemble
from bot.matching import asked, pins
from bot.matching.pins import Name, Named
from bot.review.evaluate import judge, read_questions
from bot.settings import PROJECT

AUTHORS = {
    file.stem: file
    for file in (
        *sorted((PROJECT / "tests").glob("questions-*[0-9].tsv")),
        *sorted((Path(__file__).parent / "asked_by").glob("*.tsv")),
    )
}


class Question(NamedTuple):
    """An evened text, what it names, and the PINs it asks for; none if it does not say which."""

    text: str
    things: tuple[Named, ...]
    asked: frozenset[str]

    def asks_for(self, name: Name) -> bool:
        """Whether this PIN is among those asked for; of `four`, whether one of four digits is."""
        asked = self.asked | ({"sign", "user"} if "both" in self.asked else set())
        return bool(asked & {"user", "kenmen", "juki"}) if name == "four" else name in asked


class Read(NamedTuple):
    """How the questions of an author were read: of those that ask for a PIN, and of the others."""

    right: int
    wrong: int
    silent: int
    read_of_others: int
    others: int


def lessons(without: frozenset[str]) -> Iterator[tuple[Path, Lesson]]:
    """The file of the judge, and what it learns from when some authors are left out."""
    examples = {author: list(_examples(questions)) for author, questions in _questions().items()}
    yield Path(asked.__file__).with_name("asked.npz"), _lesson(examples, without)


def read_by_others() -> Iterator[tuple[str, Read]]:
    """Each author, and how the questions are read by the grammar and a judge that has learnt from all other authors."""
    questions = _questions()
    examples = {author: list(_examples(of)) for author, of in questions.items()}
    for author, asking in questions.items():
        lesson = _lesson(examples, frozenset({author}))
        found = iter(chances(fit(lesson), lesson.unseen))
        count: Counter[str] = Counter()
        for one in asking:
            likely = {name: float(next(found)) for name in asked.JUDGED}
            grammar, conflict = pins.read(one.text, one.things)
            pin = None if conflict else asked.settled(one.text, one.things, grammar, likely)
            if one.asked:
                count["silent" if pin is None else "right" if pin in one.asked else "wrong"] += 1
            else:
                count["others"] += 1
                count["read_of_others"] += pin is not None
        yield author, Read(*(count[field] for field in Read._fields))


def read_far(file: Path) -> Read:
    """How the shipped matcher reads the PIN lines of a set that are close (`bench.leaking`) to none that was taught."""
    close = too_close([one.text for taught in AUTHORS.values() for one in read_questions(taught) if one.pin])
    far = [one for one in read_questions(file) if one.pin and not close(one.text)]
    found = [one.pins for one in judge(far, assemble(PROJECT))]
    wrong = sum(bool(pins_read - (one.pin or set())) for one, pins_read in zip(far, found, strict=True))
    silent = sum(not pins_read for pins_read in found)
    return Read(len(far) - wrong - silent, wrong, silent, 0, 0)


def _lesson(examples: Mapping[str, list[Example]], without: frozenset[str]) -> Lesson:
    learnt = [one for author, of in examples.items() if author not in without for one in of]
    tried = [one for author, of in examples.items() if author in without for one in of]
    return Lesson(learnt, tried, strength=300.0, columns=1 << 19, tolerance=1e-5)


def _examples(questions: Iterable[Question]) -> Iterator[Example]:
    for one in questions:
        told = asked.Told(one.text, one.things)
        for name in asked.JUDGED:
            yield Example(set(told.features(name)), one.asks_for(name))


def _questions() -> dict[str, list[Question]]:
    """By author; without those that are said to ask for one PIN of four digits and name none: 4桁 is any of three."""
    named = assemble(PROJECT).matcher.named
    read = {
        author: [Question(*named(line.text), line.pin or frozenset()) for line in read_questions(file)]
        for author, file in sorted(AUTHORS.items())
    }
    return {author: [one for one in questions if not _is_bare_four(one)] for author, questions in read.items()}


def _is_bare_four(one: Question) -> bool:
    names = {thing.name for thing in one.things}
    return "four" in names and bool(one.asked) and one.asked <= {"user", "kenmen", "juki"} and not one.asked & names
