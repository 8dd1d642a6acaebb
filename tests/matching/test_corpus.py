"""Reading all texts that are learnt from."""

from __future__ import annotations

from bot.matching.corpus import read
from tests.matching.sample import VOCABULARY

TEXTS = ["暗証番号を忘れた", "ﾏﾄﾞｸﾞﾁ", "あんしょうばんごうは", "窓口に持っていく書類", "案所番号の手数料"]
WELL = [True, True, True, True, False]


def test_two_processes_read_what_one_reads() -> None:
    one, two = (read(VOCABULARY, TEXTS, WELL, processes) for processes in (1, 2))
    assert one[0].lines() == two[0].lines()
    assert one[1] == two[1]


def test_texts_are_read_by_the_words_of_those_that_are_spelled_well() -> None:
    _, prepared = read(VOCABULARY, TEXTS, WELL)
    assert prepared[2].text.startswith("暗証番号")
    assert prepared[4].text == "暗証番号の手数料"
