"""The benchmark's published files are read as its documentation describes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.matching.localgov import content_of, hits, read_queries
from bot.matching.matcher import TrainedMatcher
from tests.matching.sample import content

QUESTIONS = [
    "粗大ごみはどう出しますか",
    "住民票の写しはどこで取れますか",
    "保育所の申込みはいつまでですか",
    "犬の登録はどうしますか",
    "図書館は何時までですか",
    "水道を止めたいときは",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qas").mkdir()
    for name in ("questions", "answers"):
        lines = (f"{number}\t{text}\n" for number, text in enumerate(QUESTIONS))
        (tmp_path / "qas" / f"{name}_in_Amagasaki.txt").write_text("".join(lines), "utf-8")
    (tmp_path / "testset.txt").write_text("粗大ごみの出し方\t0\t2 3\t\n犬を飼いはじめた、登録は\t1\t3\t\n", "utf-8")
    return tmp_path


def test_relevance_levels_are_counted_apart(folder: Path) -> None:
    queries = read_queries(folder / "testset.txt")
    matcher = TrainedMatcher(content_of(folder, content()))
    assert queries[0].relevant == {"2", "3"}
    assert hits(matcher, queries, 1) == 0.5
    assert hits(matcher, queries, 1, relevant=True) == 1.0
