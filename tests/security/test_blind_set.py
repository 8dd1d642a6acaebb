"""Sets of sentences by authors who had never seen the guard, of November 2026; what it did at first sight is in
docs/security-figures.tsv.

Of `blind-3/` to `blind-11/` and of the last two the mistakes were read, and the judges learn from them: they only
guard what was reached. Nobody has read the mistakes of the authors in UNSEEN, and no judge learns from them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.training import UNSEEN
from bot.dialogue.guard import guard

HERE = Path(__file__).parent
FAQ = Path(__file__).parent.parent.parent / "faq"
KINDS = {"pin": {"pin4"}, "password": {"signature"}, "card": {"card", "account"}}


SEEN = [f"blind-{number}" for number in (*range(3, 12), 13, 14)]
each_set = pytest.mark.parametrize("blind", SEEN)


def rows(blind: str, name: str) -> list[list[str]]:
    return [line.split("\t") for line in (HERE / blind / name).read_text(encoding="utf-8").splitlines()[1:]]


@each_set
def test_hardly_any_harmless_sentence_is_warned_about(blind: str) -> None:
    harmless = [text for text, _ in rows(blind, "harmless.tsv")]
    warned = [text for text in harmless if guard(text).findings]
    assert len(harmless) >= 1000
    assert len(warned) <= len(harmless) / 500, warned


@pytest.mark.parametrize("blind", UNSEEN)
def test_hardly_any_harmless_sentence_of_an_author_who_was_never_read_is_warned_about(blind: str) -> None:
    harmless = rows(blind, "harmless.tsv")
    warned = sum(guard(text).findings != () for text, _ in harmless)
    assert len(harmless) >= 1000
    assert warned <= len(harmless) / 500  # their texts are not shown, so that nobody mends them one by one


@each_set
def test_hardly_any_secret_stays_in_the_text_or_is_called_something_else(blind: str) -> None:
    secrets = rows(blind, "secrets.tsv")
    read = [(guard(text), kind, value) for text, kind, value in secrets]
    missed = [value for found, _, value in read if value in found.text]
    other = [value for found, kind, value in read if found.kinds and not set(found.kinds) & KINDS.get(kind, {kind})]
    assert len(missed) <= len(secrets) / 100, missed
    assert len(other) <= len(secrets) / 100, other


@pytest.mark.parametrize("blind", UNSEEN)
def test_few_secrets_of_an_author_who_was_never_read_stay_in_the_text(blind: str) -> None:
    """At first sight it were 20 and 21 of 520 of the twelfth and the thirteenth author, 10 of 500 of the fourteenth."""
    secrets = rows(blind, "secrets.tsv")
    missed = sum(value in guard(text).text for text, _, value in secrets)
    assert len(secrets) >= 500
    assert missed <= len(secrets) / 20


@each_set
def test_a_pin_stays_in_no_text_because_it_looks_like_a_year_or_a_sum_or_is_well_known(blind: str) -> None:
    """The sentences whose PIN is found, with other digits: 1987 is a year of birth more often than a year."""
    texts = [(text, value) for text, kind, value in rows(blind, "secrets.tsv") if kind == "pin" and value.isascii()]
    texts = [(text, value) for text, value in texts if len(value) == 4 and value.isdecimal() and text.count(value) == 1]
    texts = [(text, value) for text, value in texts if value not in guard(text).text]
    missed = [
        text.replace(value, other)
        for text, value in texts
        for other in ("1987", "2026", "1200", "0930", "1234", "1111")
        if guard(text.replace(value, other)).text.count(other) > text.count(other)  # 往復1200円 stays
    ]
    assert len(texts) > 100
    assert len(missed) <= len(texts) / 20, missed  # 1234にしてもいいですか stays


def test_no_question_of_the_shipped_content_is_warned_about() -> None:
    """What people ask in digits, as the content lists it: a warning there would meet everyone who asks so."""
    lines = [
        line.strip() for path in sorted(FAQ.rglob("*.yaml")) for line in path.read_text(encoding="utf-8").split("\n")
    ]
    questions = [line[2:].strip('"') for line in lines if line.startswith("- ") and ": " not in line]
    with_digits = [question for question in questions if re.search("[0-9]", question)]
    assert len(with_digits) > 500
    assert [question for question in with_digits if guard(question).findings] == []
