"""The public localgovFAQ benchmark (Sakata et al., SIGIR 2019), if its folder is supplied.

    python -m bench.matching.localgov FOLDER

FOLDER holds `qas/questions_in_Amagasaki.txt`, `qas/answers_in_Amagasaki.txt` (an id and a text a
line, tab-separated) and `testset.txt` (a query, then the ids of relevance A, B and C, each column
with its ids separated by spaces). One question an entry, so this measures a matcher of very few
wordings. Prints hit@1 and hit@3 of relevance A, and of A or B, as the paper does with P@1.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content.loading import load
from bot.content.model import Content, Entry, Source
from bot.matching.matcher import TrainedMatcher


@dataclass(frozen=True)
class Query:
    """A citizen's query and the ids that answer it (A) or are relevant (B)."""

    text: str
    correct: frozenset[str]
    relevant: frozenset[str]


def read_queries(path: Path) -> list[Query]:
    """The lines of `testset.txt`. Raises ValueError for one without a tab."""
    queries = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        text, tab, rest = line.partition("\t")
        if not tab:
            raise ValueError(f"{path}:{number}: no tab")
        columns = [frozenset(column.split()) for column in rest.split("\t")] + [frozenset()] * 2
        queries.append(Query(text, columns[0], columns[1]))
    return queries


def read_texts(folder: Path, name: str) -> dict[str, str]:
    """The texts by id of `qas/NAME_in_Amagasaki.txt`; the documentation also spells it without `in_`."""
    path = folder / "qas" / f"{name}_in_Amagasaki.txt"
    path = path if path.exists() else folder / "qas" / f"{name}_Amagasaki.txt"
    pairs = (line.split("\t", 1) for line in path.read_text("utf-8").splitlines() if "\t" in line)
    return {key.strip(): text.strip() for key, text in pairs}


def content_of(folder: Path, like: Content) -> Content:
    """The benchmark's pairs as a Content, with the vocabulary's synonyms but none of our examples."""
    questions, answers = read_texts(folder, "questions"), read_texts(folder, "answers")
    entries = tuple(
        Entry(id=f"q{key}", question=text, also_asked=(), answer=answers.get(key) or text, sources=("city",))
        for key, text in questions.items()
    )
    vocabulary = like.vocabulary.model_copy(update={"out_of_scope": (), "vague": (), "vague_choices": ()})
    source = Source(name="localgovFAQ", url="https://example.jp/", read_on=date(2019, 7, 21))
    return Content(
        entries=entries,
        facts={},
        sources={"city": source},
        vocabulary=vocabulary,
        flows={},
        municipality=like.municipality,
        digest="localgov",
    )


def hits(matcher: TrainedMatcher, queries: Sequence[Query], within: int, *, relevant: bool = False) -> float:
    """The share of the queries with a fitting id among the first ranked."""
    found = 0
    for query in queries:
        wanted = query.correct | query.relevant if relevant else query.correct
        found += any(match.id.removeprefix("q") in wanted for match in matcher.understand(query.text).ranked[:within])
    return found / len(queries)


def main() -> None:
    """Print the four figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--content", type=Path, default=Path("."))
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    queries = read_queries(chosen.folder / "testset.txt")
    matcher = TrainedMatcher(content_of(chosen.folder, load(chosen.content)))
    print(f"{len(queries)} queries")
    for within in (1, 3):
        print(f"hit@{within}: A {hits(matcher, queries, within):.3f}, A or B", end=" ")
        print(f"{hits(matcher, queries, within, relevant=True):.3f}")


if __name__ == "__main__":
    main()
