"""The judge of the crash bench: what counts as a reply that came again, and after which kill."""

from __future__ import annotations

from bench.citizens import Verdict, repeats

KILLS = (10.0, 20.0, 30.0)


def test_a_reply_that_came_once_for_each_act_was_not_repeated() -> None:
    assert repeats([1.5, 2.5, 3.5], [1.0, 2.0, 3.0]) == []


def test_the_same_reply_to_the_next_act_is_no_repeat_of_the_first() -> None:
    asked, seen = [1.0, 22.0], [9.0, 15.0, 21.0, 23.0]  # killed twice after it was sent; then asked once more
    assert repeats(seen, asked) == [15.0, 21.0]
    assert Verdict(repeated=[(7, at) for at in repeats(seen, asked)]).repeats_after(KILLS) == {1: 2}


def test_a_reply_that_came_twice_more_after_one_kill_is_told() -> None:
    found = Verdict(repeated=[(7, at) for at in repeats([9.0, 15.0, 16.0], [1.0])])
    assert found.repeats_after(KILLS) == {2: 1}
    assert found.crowded_after(KILLS) == ["chat 7: [5.0, 6.0] s after the kill"]


def test_of_two_texts_without_a_pause_each_has_an_answer_of_its_own() -> None:
    asked, seen = [1.0, 1.001], [9.0, 15.0, 15.02, 21.0]  # the first one's, again; the second one's, again
    assert repeats(seen, asked) == [15.0, 21.0]
    assert Verdict(repeated=[(7, at) for at in repeats(seen, asked)]).repeats_after(KILLS) == {1: 2}
    assert repeats([9.0, 9.02], asked) == []
    assert repeats([9.0, 15.0, 15.02, 15.05], asked) == [15.0, 15.05]


def test_of_two_texts_without_a_pause_what_comes_without_a_kill_is_each_ones_own() -> None:
    asked, seen = [1.0, 1.001], [9.0, 9.8, 10.2]  # the second one's own came late; then a kill, and that again
    assert repeats(seen, asked, KILLS) == [10.2]
    assert repeats([9.0, 9.8, 9.9], asked, KILLS) == [9.8]
