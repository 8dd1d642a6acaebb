"""Features as numbers: the same for the same letters, others for others."""

from __future__ import annotations

from bot.matching.hashing import bags, grams


def test_each_run_of_letters_is_one_number_and_equal_ones_are_equal() -> None:
    texts = ["^鍵を開ける$", "", "^鍵$", "^開鍵$", "^𠮟る$"]
    ids, lengths = grams(texts, 1, 3, "written")
    runs = [[text[b : b + n] for n in (1, 2, 3) for b in range(len(text) - n + 1)] for text in texts]
    assert lengths.tolist() == [len(each) for each in runs]
    number_of = dict(zip([run for each in runs for run in each], ids.tolist(), strict=True))
    assert len(set(number_of.values())) == len(number_of)
    assert [number_of[run] for each in runs for run in each] == ids.tolist()


def test_a_text_has_the_same_numbers_alone_and_among_others() -> None:
    ids, lengths = grams(["鍵", "雨が降る"], 2, 3, "sound")
    alone, _ = grams(["雨が降る"], 2, 3, "sound")
    assert ids[lengths[0] :].tolist() == alone.tolist()


def test_blocks_do_not_share_numbers() -> None:
    assert not set(grams(["鍵を"], 1, 2, "written")[0].tolist()) & set(grams(["鍵を"], 1, 2, "sound")[0].tolist())
    assert not set(bags([("鍵",)], "words")[0].tolist()) & set(bags([("鍵",)], "concepts")[0].tolist())
