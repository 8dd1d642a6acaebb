"""The content with other wordings: fewer, without those of one style, or as many as wanted.

A variation is known by its name, so that a process of its own can make it. What goes is taken from
`also_asked` and from the situations alike; the vocabulary stays.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.leaking import leaks
from bot.content.model import Content
from bot.review.evaluate import read_questions

ALL = "all"
SHARES = {"half": 0.5, "a quarter": 0.25}
STYLES: dict[str, Callable[[str], bool]] = {
    "kana": lambda text: re.fullmatch(r"[ぁ-ヿー\s、。？！?!]+", text) is not None,
    "romaji": lambda text: text.isascii(),
    "halfwidth": lambda text: re.search(r"[ｦ-ﾟ]", text) is not None,
    "mixed-english": lambda text: re.search(r"[a-zA-Z]{3,}", text) is not None and not text.isascii(),
    "keywords": lambda text: re.search(r"\S[ 　]\S", text) is not None and not text.isascii(),
    "polite-long": lambda text: len(text) > 60,
    "emoji": lambda text: re.search(r"[\u2600-\u27bf\U0001f300-\U0001faff]", text) is not None,
    "dialect": lambda text: (
        re.search(r"へん|やろ|ねん|さかい|ばい|じゃろ|けん|だべ|っちゃ(?!う|っ)|とよ|やんか", text) is not None
    ),
    "voice": lambda text: re.search(r"え[ーぇ]?っと|あの[ーう]|えー|うーん", text) is not None,
}
"""The styles of the question sets that letters show (others, like typos, they do not)."""


def varied(content: Content, name: str) -> Content:
    """The content of a variation: `all`, a name of `SHARES`, `without STYLE`, `unlike SET.tsv`, or `N wordings`."""
    if name in SHARES:
        rng = random.Random(7)
        return with_wordings(content, lambda _: rng.random() < SHARES[name])
    if name.startswith("without "):
        is_so = STYLES[name.removeprefix("without ")]
        return with_wordings(content, lambda text: not is_so(text))
    if name.startswith("unlike "):
        return unlike(content, [line.text for line in read_questions(Path(name.removeprefix("unlike ")))])
    if name.endswith(" wordings"):
        return scaled(content, int(name.removesuffix(" wordings")))
    return content


def written_in(content: Content, style: str) -> int:
    """How many wordings are written in a style."""
    return sum(map(STYLES[style], _wordings(content)))


def with_wordings(content: Content, kept: Callable[[str], bool]) -> Content:
    """The content with only the wordings that are kept; an entry's own question always is."""
    entries = tuple(e.model_copy(update={"also_asked": tuple(filter(kept, e.also_asked))}) for e in content.entries)
    situations = {entry: tuple(filter(kept, texts)) for entry, texts in content.situations.items()}
    return content.model_copy(update={"entries": entries, "situations": situations})


def unlike(content: Content, lines: Sequence[str]) -> Content:
    """The content without the wordings and examples that are too close to a line (`bench/leaking.py`)."""
    near = {leak.wording.text for leak in leaks(content, lines)}
    vocabulary = content.vocabulary
    kept = {
        "out_of_scope": tuple(text for text in vocabulary.out_of_scope if text not in near),
        "vague": tuple(text for text in vocabulary.vague if text not in near),
    }
    fewer = with_wordings(content, lambda text: text not in near)
    return fewer.model_copy(update={"vocabulary": vocabulary.model_copy(update=kept)})


def scaled(content: Content, count: int) -> Content:
    """The content with so many wordings: drawn from the `also_asked`, or two of one topic joined; no situations."""
    rng = random.Random(count)
    total = sum(1 + len(entry.also_asked) for entry in content.entries)
    entries = []
    for entry in content.entries:
        wanted = max(1, round(count * (1 + len(entry.also_asked)) / total)) - 1
        own = list(entry.also_asked)
        rng.shuffle(own)
        made = own[:wanted]
        while len(made) < wanted:
            first, second = rng.choice(own), rng.choice(own)
            made.append(first[: rng.randrange(3, len(first) + 1)] + second[rng.randrange(len(second)) :])
        entries.append(entry.model_copy(update={"also_asked": tuple(made)}))
    return content.model_copy(update={"entries": tuple(entries), "situations": {}})


def _wordings(content: Content) -> list[str]:
    asked = [text for entry in content.entries for text in entry.also_asked]
    return asked + [text for texts in content.situations.values() for text in texts]
