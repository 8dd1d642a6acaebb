"""Would it help to learn generated wordings too? Measures it for every way of generating them.

    python -m bench.matching.generate [--kinds KIND …] SET.tsv …

From every wording of the FAQ one more is made, if the way fits it: with another word of the same concept of
the vocabulary, with a slip of typing, without its particles, with a word converted to wrong kanji or not at
all, all in kana. They are learnt as the situations are (so they are never shown, nor compared with), and
asked are the sets and, by folds, wordings of the FAQ itself that were not learnt and from which nothing was
generated. Random choices are drawn with a fixed seed. Prints top-1, right at once and wrong
of all without them, and by how many points each way changes these.

The synonyms of the vocabulary are not swapped: every text is folded to the same one of them before anything
is learnt, so the outcome would be the same example again. docs/matching.md has what came out.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zlib import crc32

from sudachipy import Dictionary, SplitMode

from bot.content.loading import load
from bot.content.model import Content
from bot.matching.kana import hiragana
from bot.matching.matcher import TrainedMatcher
from bot.review.evaluate import Labelled, Outcome, figures, judge, read_questions

FOLDS = 4
FAQ = "FAQ, held out"
LOW = ("kana", "halfwidth", "typo", "voice")
"""The styles that such examples are to help."""
_KANJI = re.compile(r"[一-鿿々]")
_NOUN = re.compile(r"[一-鿿々]+|[ァ-ヶー]+")
_PARTICLE = re.compile(r"(?<=[一-鿿ァ-ヶー])(?:は|が|を|に|の|で)(?=[一-鿿ァ-ヶ])")


@dataclass(frozen=True)
class Word:
    """One word of a text, and its reading in hiragana."""

    written: str
    reading: str


class Generator:
    """Makes other wordings of one, each way by itself. None where the way does not fit the wording."""

    def __init__(self, content: Content) -> None:
        self._tokenizer = Dictionary(dict="small").tokenizer(mode=SplitMode.C)
        nouns = (
            tuple(word for word in concept.words if _NOUN.fullmatch(word))
            for concept in content.vocabulary.concepts
            if concept.kind != "pin"
        )
        self._concepts = [words for words in nouns if len(words) > 1]
        self._texts = [
            *(text for entry in content.entries for text in (entry.question, *entry.also_asked, entry.answer)),
            *(text for texts in content.situations.values() for text in texts),
            *content.vocabulary.out_of_scope,
        ]

    def concept(self, text: str, rng: random.Random) -> str | None:
        """Another noun of the same concept in place of a whole one."""
        fitting = [(word, words) for words in self._concepts for word in words if word in _NOUN.findall(text)]
        if not fitting:
            return None
        word, words = rng.choice(fitting)
        return text.replace(word, rng.choice([other for other in words if other != word]), 1)

    def slip(self, text: str, rng: random.Random) -> str | None:
        """Two neighbours swapped, a character left out, or one typed twice."""
        if len(text) < 6:
            return None
        at = rng.randrange(1, len(text) - 2)
        return rng.choice(
            [
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
                text[:at] + text[at + 1 :],
                text[:at] + text[at] + text[at:],
            ]
        )

    def particles(self, text: str, rng: random.Random) -> str | None:
        """No particles between words in kanji or katakana, as in a hurry."""
        return _changed(_PARTICLE.sub("", text), text)

    def conversion(self, text: str, rng: random.Random) -> str | None:
        """One word in kanji as another that sounds the same, or left in kana."""
        words = self._words(text)
        places = [place for place, word in enumerate(words) if _KANJI.search(word.written) and len(word.reading) > 2]
        if not places:
            return None
        place = rng.choice(places)
        others = sorted(self._sounding.get(words[place].reading, set()) - {words[place].written})
        instead = rng.choice(others) if others else words[place].reading
        return "".join(instead if at == place else word.written for at, word in enumerate(words))

    def kana(self, text: str, rng: random.Random) -> str | None:
        """The whole text in hiragana."""
        return _changed("".join(word.reading for word in self._words(text)), text)

    def nothing(self, text: str, rng: random.Random) -> str | None:
        """Nothing: what the others are compared with."""
        return None

    def all(self, text: str, rng: random.Random) -> str | None:
        """One of the ways, drawn."""
        return getattr(self, rng.choice(KINDS[:-1]))(text, rng)  # type: ignore[no-any-return]

    @cached_property
    def _sounding(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for text in self._texts:
            for word in self._words(text):
                if _KANJI.search(word.written):
                    found.setdefault(word.reading, set()).add(word.written)
        return found

    def _words(self, text: str) -> list[Word]:
        return [
            Word(
                one.surface(), hiragana(one.reading_form()) if _KANJI.search(one.surface()) else hiragana(one.surface())
            )
            for one in self._tokenizer.tokenize(text)
        ]


NOTHING = "nothing"
KINDS = ("concept", "slip", "particles", "conversion", "kana", "all")
"""The names of the ways; the last draws among the others."""


@dataclass(frozen=True)
class Measured:
    """How many examples were generated from the whole FAQ, and the figures of `evaluate` by set or style."""

    more: int
    figures: Mapping[str, dict[str, Any]]


def _changed(made: str, text: str) -> str | None:
    return made if made != text else None


def with_generated(content: Content, kind: str) -> Content:
    """The content with what was generated among its situations."""
    make: Callable[[str, random.Random], str | None] = getattr(Generator(content), kind)
    made: dict[str, tuple[str, ...]] = {}
    for entry in content.entries:
        own = (entry.question, *entry.also_asked)
        others = [make(text, random.Random(crc32(text.encode()))) for text in own]
        made[entry.id] = (*content.situations.get(entry.id, ()), *(text for text in others if text))
    return content.model_copy(update={"situations": made})


def folds(content: Content) -> Iterator[tuple[Content, list[Labelled]]]:
    """The content without a part of its wordings, and these as questions; each wording once."""
    rng = random.Random(1)
    drawn = {text: rng.randrange(FOLDS) for entry in content.entries for text in entry.also_asked}
    for fold in range(FOLDS):
        entries, asked = [], []
        for entry in content.entries:
            kept = tuple(text for text in entry.also_asked if drawn[text] != fold)
            entries.append(entry.model_copy(update={"also_asked": kept}))
            asked += [Labelled(t, frozenset([entry.id]), FAQ) for t in entry.also_asked if drawn[t] == fold]
        yield content.model_copy(update={"entries": tuple(entries)}), asked


def measure(kind: str, root: Path, sets: Sequence[Path]) -> Measured:
    """Asks the sets of a matcher that learnt what was generated too, and the FAQ's own by folds."""
    content = load(root)
    learnt = with_generated(content, kind)
    matcher = TrainedMatcher(learnt)
    found = {path.name: _judged(matcher, learnt, read_questions(path)) for path in sets}
    styles = [one for outcomes in found.values() for one in outcomes]
    found |= {style: [one for one in styles if one.line.style == style] for style in LOW}
    found[FAQ] = []
    for fewer, asked in folds(content):
        found[FAQ] += _judged(TrainedMatcher(with_generated(fewer, kind)), fewer, asked)
    more = sum(map(len, learnt.situations.values())) - sum(map(len, content.situations.values()))
    return Measured(more, {name: figures(outcomes) for name, outcomes in found.items() if outcomes})


def _judged(matcher: TrainedMatcher, content: Content, lines: Sequence[Labelled]) -> list[Outcome]:
    return judge(lines, SimpleNamespace(content=content, matcher=matcher))


def report(results: Mapping[str, Measured]) -> Iterator[str]:
    """A table: what is without them, then the difference each way makes, in points."""
    without = results[NOTHING].figures
    yield f"| | 足した例 | {' | '.join(without)} |"
    yield f"|---|---|{'---|' * len(without)}"
    for kind, measured in results.items():
        cells = []
        for name, found in measured.figures.items():
            shares = [(found[key], without[name][key]) for key in ("top1", "right_at_once", "wrong_of_all")]
            if kind == NOTHING:
                cells.append(" / ".join(f"{now:.3f}" for now, _ in shares))
            else:
                cells.append(" / ".join(f"{(now - before) * 100:+.1f}" for now, before in shares))
        yield f"| {kind} | {measured.more} | {' | '.join(cells)} |"


def main() -> int:
    """Measure, two ways at a time, and print. Returns 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", type=Path, nargs="+", metavar="SET.tsv")
    parser.add_argument("--content", type=Path, default=Path("."))
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    options = parser.parse_args()
    kinds = (NOTHING, *options.kinds)
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    results = {}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(measure, kind, options.content, options.sets): kind for kind in kinds}
        for future in as_completed(running):
            results[running[future]] = future.result()
            print(f"[{len(results)}/{len(kinds)}] {running[future]}", file=sys.stderr, flush=True)
    for line in report({kind: results[kind] for kind in kinds}):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
