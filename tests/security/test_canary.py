"""Nothing that people type is kept or told: a few hundred canaries; `bench/canary` sends 30,000."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from bench.canaries import WRITINGS, Canary, Searcher, canaries
from bench.mining import mine
from bench.troubled import PLANTED_PLACES, TROUBLES

SAMPLES = list(islice(canaries(seed=7), 27))


def test_canaries_come_in_every_writing_and_once_each() -> None:
    assert len(WRITINGS) >= 12
    assert len({one.kind for one in SAMPLES}) == 27
    many = [one.secret for one in islice(canaries(seed=1), 5000)]
    assert len(set(many)) == len(many)


@pytest.mark.parametrize("canary", SAMPLES, ids=lambda one: one.kind)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_leak_in_any_writing_is_found(canary: Canary, encoding: str) -> None:
    searcher = Searcher()
    for one in SAMPLES:
        searcher.add(one.secret)
    searcher.search(b"x" + f"before {canary.text} after".encode(encoding), "a file")
    assert searcher.found == {(canary.secret, "a file")}


def test_a_leak_is_found_as_digits_alone_and_escaped() -> None:
    searcher = Searcher()
    searcher.add("１２３４－５６７８－９０１８")
    for leak in (
        b'{"t": "123456789018"}',
        b"1234-5678-9018",
        rb"\uff11\uff12\uff13\uff14\uff0d\uff15\uff16\uff17\uff18",
    ):
        searcher.search(leak, leak.decode())
    searcher.search(b"1234 5678 9012", "another number")
    assert {where for _, where in searcher.found} == {'{"t": "123456789018"}', "1234-5678-9018"}


async def test_of_what_people_type_nothing_is_left_after_kills_and_errors(tmp_path: Path) -> None:
    mined = await mine(tmp_path, messages=120, lives=2, trouble_every=120 // len(TROUBLES))
    assert mined.found == set()
    assert mined.planted_places == set(PLANTED_PLACES), "else the search does not look"
    assert mined.ends == {"kill": 1, "exception": 1}
    assert mined.troubles >= len(TROUBLES)
    assert mined.opened.searched, "the store held something"
