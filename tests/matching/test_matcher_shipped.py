"""No guide of the shipped content begins with a PIN that the text does not ask for."""

import pytest

from tests.shipped import shipped

MATCHER = shipped().matcher


@pytest.mark.parametrize(
    "text",
    [
        "両方忘れたと思ったら、ログインの4桁は出てきた。英数字だけ直したい",
        "両方忘れたと思っていましたが、利用者証明用は見つかりました。署名用だけ再設定したいです",
        "どっちもロックかと思ったけど署名用は使えた。だめなのはログインのほうだけ",
    ],
)
def test_both_are_not_answered_where_one_of_them_is_told_later(text: str) -> None:
    understanding = MATCHER.understand(text)
    assert "both-forgotten" not in understanding.answers
    assert understanding.understood.pin != "both"


@pytest.mark.parametrize("text", ["両方忘れました。署名用と利用者証明用です", "4桁も英数字も両方わからない"])
def test_both_are_answered_where_both_are_meant(text: str) -> None:
    assert MATCHER.understand(text).answers == ("both-forgotten",)
