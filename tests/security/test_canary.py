"""Nothing that people type is kept or told: a few hundred canaries; `bench/canary` sends 30,000."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from bench.canaries import WRITINGS, Canary, Searcher, canaries
from bench.mining import mine
from bench.troubled import PLANTED_PLACES, TROUBLES
from bot.content.words import IN_JAPANESE
from bot.dialogue.giving import ASK, press
from bot.dialogue.plain import plain
from bot.stores.given import GivenFile
from bot.stores.vault import Vault

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


def test_of_a_question_handed_to_the_office_no_number_is_shown_or_kept_and_no_word_is_readable(tmp_path: Path) -> None:
    """Even if it comes from a forged form: what is shown and kept is what the guard left, and kept it is unreadable."""
    file, numbers, at_rest = GivenFile(tmp_path / "given.sqlite", Vault(["0" * 43 + "="])), Searcher(), Searcher()
    for canary in SAMPLES:
        at_rest.add(canary.secret)
        if " word" not in canary.kind:
            numbers.add(canary.secret)
        asked = press(ASK, canary.text, IN_JAPANESE, collects=True).reply
        numbers.search(plain(asked).encode(), "the screen")
        given = press(asked.buttons[0].data, canary.text, IN_JAPANESE, collects=True).given
        assert given is not None
        file.keep(given)
    kept = file.read()
    for one in kept:
        numbers.search(one.text.encode(), "the opened file")
    at_rest.search((tmp_path / "given.sqlite").read_bytes(), "the file")
    assert numbers.found == at_rest.found == set()
    words = [one.secret for one in SAMPLES if " word" in one.kind]
    assert all(any(word in one.text for one in kept) for word in words), "else nothing was looked at"
