"""No text asks a citizen for a secret: shown on the shipped texts, and on each of them with such a sentence put in."""

from __future__ import annotations

import itertools

import pytest

from bot.content.loading import load_languages
from bot.content.secrets import asked_for
from bot.settings import PROJECT

ASKING = (
    "暗証番号を教えてください。",
    "確認のため、4けたの番号をここに入れてください。",
    "カードの暗証番号を入力してください。",
    "署名用の番号を書いてください。",
    "12けたの番号を送ってください。",
    "パスワードは何ですか？",
    "マイナンバーをお知らせください。",
    "今の暗証番号（数字4けた）をこのチャットに打ってください。",
    "個人番号をご記入ください。",
    "利用者証明用の番号を教えていただけますか？",
)


@pytest.mark.parametrize("sentence", ASKING)
def test_a_sentence_that_asks_for_a_secret_is_found(sentence: str) -> None:
    assert list(asked_for(sentence)) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "暗証番号を人に教えないでください。",
        "このボットも職員も、暗証番号をたずねません。番号は書かないでください。",
        "新しい番号を、窓口の機械に入れてください。",
        "アプリに、わかる方の暗証番号を入力してください。",
        "困っていることを、番号を書かずに送ってください。",
        "次に使うときから、新しい番号を入れてください。",
        "受理番号を書いてください。",
        "電話番号を教えてください。",
        "暗証番号やロックのことを書いてください。",
    ],
)
def test_what_to_enter_where_it_belongs_and_warnings_are_no_such_sentence(sentence: str) -> None:
    assert not list(asked_for(sentence))


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    """Every Japanese text that citizens read: content, the program's sentences, and やさしい日本語."""
    originals, files = load_languages(PROJECT)
    texts = {one.id: one.text for one in originals.values() if one.id.rpartition("/")[2] not in ("question", "short")}
    easy = {f"ja-easy {name}": row.text or "" for name, row in files["ja-easy"].texts.items()}
    return {**texts, **{name: text for name, text in easy.items() if not name.endswith(("/question", "/short"))}}


def test_no_shown_text_asks_for_a_secret(shown: dict[str, str]) -> None:
    assert {name: found for name, text in shown.items() if (found := list(asked_for(text)))} == {}


def test_such_a_sentence_is_found_in_every_text_that_it_is_put_into(shown: dict[str, str]) -> None:
    asking = itertools.cycle(ASKING)
    missed = [
        name
        for name, text in shown.items()
        for mutant in (f"{text}\n{next(asking)}", f"{next(asking)}{text}")
        if not list(asked_for(mutant))
    ]
    assert len(shown) > 1000
    assert missed == []
