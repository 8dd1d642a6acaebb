"""Sentences of several authors that give a secret or give none, and the guard's judges that learn from them.

An author is a pair of files, `harmless.tsv` (text, kind) and `secrets.tsv` (text, kind, value). What citizens
ask (the question sets and the wordings of the FAQ) gives no secret either.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.training import UNSEEN
from bench.training.fitting import Example, Lesson
from bot.content.loading import load
from bot.dialogue.guard import numbers, opinion, passwords
from bot.dialogue.guard.fold import fold
from bot.dialogue.guard.four import Four
from bot.dialogue.guard.groups import CHUNK, digits_of, groups_of, is_phone, is_published, shape_of
from bot.dialogue.guard.passwords import TOKEN
from bot.dialogue.guard.place import Place
from bot.dialogue.guard.said import NOTHING_ELSE
from bot.settings import PROJECT

TESTS = PROJECT / "tests"
AUTHORS = {
    file.parent.name: file.parent
    for folder in (TESTS / "security", Path(__file__).parent / "guard")
    for file in sorted(folder.glob("*/secrets.tsv"))
}

STRENGTH = 500.0
TURNED = ("1987", "2026", "1200", "0930", "1224", "1234", "3000", "0570", "1111", "0001")
"""Other digits for a PIN: people choose years, days and well-known ones, too."""
_FOUR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_ACCOUNT = re.compile(r"(?<![0-9-])[0-9]{7,8}(?![0-9-])")
_LETTER, _FIGURE = re.compile("[a-z]"), re.compile("[0-9]")


class Found(NamedTuple):
    """Digits, or letters and digits, in a sentence, whether they are a secret, and how much that counts."""

    place: Place
    secret: bool
    weight: float = 1.0


Find = Callable[[str], Iterator[Place]]


def lessons(without: frozenset[str]) -> Iterator[tuple[Path, Lesson]]:
    """The file of each judge, and what it learns from when some authors are left out."""
    known = [folder for author, folder in sorted(AUTHORS.items()) if author not in without.union(UNSEEN)]
    unseen = [AUTHORS[author] for author in sorted(without)]
    for name, find, features, columns in (
        ("pins", fours, _of_pin, 1 << 18),
        ("passwords", tokens, _of_password, 1 << 18),
        ("phones", phones, _of_phone, 1 << 16),
        ("accounts", accounts, _of_account, 1 << 16),
    ):
        learnt = [one for folder in known for one in of_author(folder, find)]
        learnt += [*_tables(find), *_questions(find)]
        if name == "pins":
            learnt = _turned(learnt)
        tried = [one for folder in unseen for one in of_author(folder, find)]
        examples, others = (
            [Example(set(features(one.place)), one.secret, one.weight) for one in found] for found in (learnt, tried)
        )
        yield Path(opinion.__file__).with_name(f"{name}.npz"), Lesson(examples, others, STRENGTH, columns)


def _of_pin(place: Place) -> Iterator[str]:
    bare = len(place.plain) <= 60 and NOTHING_ELSE.fullmatch(place.plain) is not None
    return opinion.features_of_pin(place, place.text, Four(place.text, place, bare).signs())


def _of_password(place: Place) -> Iterator[str]:
    return opinion.features_of_password(place, passwords.signs(place))


def _of_phone(place: Place) -> Iterator[str]:
    digits = digits_of(groups_of(place.plain, place.start, place.end))
    return opinion.features_of_number(place, numbers.phone_signs(place, digits))


def _of_account(place: Place) -> Iterator[str]:
    return opinion.features_of_number(place, numbers.account_signs(place))


def of_author(folder: Path, find: Find) -> Iterator[Found]:
    """What an author's sentences hold; of those with a secret only the secret, since the rest is not marked."""
    for text, _ in _rows(folder / "harmless.tsv"):
        yield from (Found(place, False) for place in find(fold(text).plain))
    for text, _, value in _rows(folder / "secrets.tsv"):
        given = fold(value).plain
        yield from (Found(place, True) for place in find(fold(text).plain) if place.text == given)


def fours(plain: str) -> Iterator[Place]:
    """Every four digits of a folded text."""
    yield from (Place(plain, *match.span()) for match in _FOUR.finditer(plain))


def tokens(plain: str) -> Iterator[Place]:
    """Everything of letters and digits of a folded text."""
    for match in TOKEN.finditer(plain):
        if 4 <= len(match.group()) <= 32 and _LETTER.search(match.group()) and _FIGURE.search(match.group()):
            yield Place(plain, *match.span())


def phones(plain: str) -> Iterator[Place]:
    """Every telephone number of a folded text but those that are published."""
    for chunk in CHUNK.finditer(plain):
        groups = groups_of(plain, *chunk.span())
        if is_phone(groups) and not is_published(digits_of(groups), shape_of(groups)):
            yield Place(plain, *chunk.span())


def accounts(plain: str) -> Iterator[Place]:
    """Every seven or eight digits of a folded text."""
    yield from (Place(plain, *match.span()) for match in _ACCOUNT.finditer(plain))


def _tables(find: Find) -> Iterator[Found]:
    """The tables of the guard's own tests."""
    tests = TESTS / "dialogue"
    for name in ("guard_harmless.tsv", "guard_blind_harmless.tsv"):
        for text, *_ in _rows(tests / name):
            yield from (Found(place, False) for place in find(fold(text).plain))
    for text, _, values in _rows(tests / "guard_blind_secrets.tsv"):
        given = {fold(value).plain for value in values.split("｜")}
        yield from (Found(place, True) for place in find(fold(text).plain) if place.text in given)
    for _, text, redacted in _rows(tests / "guard_secrets.tsv"):
        folded = fold(text)
        at = redacted.find("●")
        yield from (Found(place, True) for place in find(folded.plain) if folded.starts[place.start] == at)


def _questions(find: Find) -> Iterator[Found]:
    """What citizens ask, and the content's own texts."""
    content = load(PROJECT)
    texts = [text for entry in content.entries for text in (entry.question, *entry.also_asked)]
    texts += [text for situations in content.situations.values() for text in situations]
    texts += [text for file in sorted(TESTS.glob("questions*.tsv")) for text, *_ in _rows(file)]
    for text in texts:
        yield from (Found(place, False) for place in find(fold(text).plain))


def _turned(learnt: Sequence[Found]) -> list[Found]:
    """Each PIN also with other digits, which count little: more PINs are years and days than authors think of."""
    chance = random.Random(1)
    turned = list(learnt)
    for one in learnt:
        if one.secret:
            before, after = one.place.plain[: one.place.start], one.place.plain[one.place.end :]
            for digits in chance.sample(TURNED, 2):
                place = Place(f"{before}{digits}{after}", one.place.start, one.place.end)
                turned.append(Found(place, True, 0.2))
    return turned


def _rows(file: Path) -> Iterator[list[str]]:
    lines = file.read_text("utf-8").split("\n")[1:]
    return (line.split("\t") for line in lines if line and not line.startswith("# "))
