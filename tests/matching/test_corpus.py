"""Reading all texts that are learnt from."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching.corpus import Read, Text, read
from tests.matching.sample import VOCABULARY

TEXTS = [
    Text("暗証番号を忘れた"),
    Text("ﾏﾄﾞｸﾞﾁ"),
    Text("あんしょうばんごうは", trained_on=False),
    Text("窓口に持っていく書類"),
    Text("案所番号の手数料", spelled_well=False),
]


def test_two_processes_read_what_one_reads() -> None:
    one, two = (read(VOCABULARY, TEXTS, processes) for processes in (1, 2))
    assert one[0].lines() == two[0].lines()
    assert (one[1].written, one[1].heard) == (two[1].written, two[1].heard)
    for alone, together in zip(_arrays(one[1]), _arrays(two[1]), strict=True):
        assert np.array_equal(alone, together)


def test_texts_are_read_by_the_words_of_those_that_are_spelled_well() -> None:
    _, found = read(VOCABULARY, TEXTS)
    assert found.written[2].startswith("暗証番号")
    assert found.written[4] == "暗証番号の手数料"


def _arrays(found: Read) -> list[NDArray[Any]]:
    return [*found.words, *found.concepts, *chain(*found.features.values())]
