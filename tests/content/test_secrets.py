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


ASKING_IN_ENGLISH = (
    "Please tell us your PIN.",
    "To check it, enter the 4 digits here.",
    "Type your card's PIN in this chat.",
    "Write the signing password in your reply.",
    "Send the 12-digit number.",
    "What is your password?",
    "Please let us know your My Number.",
    "Could you tell me the PIN for login?",
    "Give the staff your new PIN.",
    "We need your PIN to help you.",
    "Don't worry, just send your PIN.",
    "If you like, share your passcode with us.",
)


@pytest.mark.parametrize("sentence", ASKING_IN_ENGLISH)
def test_an_english_sentence_that_asks_for_a_secret_is_found(sentence: str) -> None:
    assert list(asked_for(sentence, "en")) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Please don't send your PIN to this bot.",
        "Nobody can tell you your PIN, at the counter or by phone.",
        "Enter the new PIN on the counter's machine.",
        "Enter your PIN in the app.",
        "You give your My Number to your employer for taxes.",
        "You never have to tell the staff a PIN.",
        "Say that you don't know the PIN for login.",
        "Please write what you would like to know about PINs and locks.",
        "Send the PIN reset form back.",
        "Tell the staff which kind of PIN it is.",
    ],
)
def test_english_warnings_and_what_to_enter_elsewhere_are_no_such_sentence(sentence: str) -> None:
    assert not list(asked_for(sentence, "en"))


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    """Every English text that citizens read, without those in which they speak."""
    _, files = load_languages(PROJECT)
    texts = files["en"].texts
    return {name: row.text for name, row in texts.items() if row.text and not name.endswith(("/question", "/short"))}


def test_no_english_text_asks_for_a_secret(english: dict[str, str]) -> None:
    assert {name: found for name, text in english.items() if (found := list(asked_for(text, "en")))} == {}


def test_such_a_sentence_is_found_in_every_english_text_that_it_is_put_into(english: dict[str, str]) -> None:
    asking = itertools.cycle(ASKING_IN_ENGLISH)
    missed = [
        name
        for name, text in english.items()
        for mutant in (f"{text}\n{next(asking)}", f"{next(asking)} {text}")
        if not list(asked_for(mutant, "en"))
    ]
    assert len(english) > 1000
    assert missed == []


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
