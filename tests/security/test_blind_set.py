"""The third and the fourth set of sentences by authors who had never seen the guard, of November 2026.

At first sight the guard warned about 32 of the 1,136 harmless sentences of `blind-3/` and missed 31 of its 546
secrets; of `blind-4/`, 15 of 1,121 and 22 of 539 (docs/security-figures.tsv). Its kinds were mended after that:
from now on the sets only guard what was reached.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.dialogue.guard import guard

HERE = Path(__file__).parent
FAQ = Path(__file__).parent.parent.parent / "faq"
KINDS = {"pin": {"pin4"}, "password": {"signature"}, "card": {"card", "account"}}


each_set = pytest.mark.parametrize("blind", ["blind-3", "blind-4"])


def rows(blind: str, name: str) -> list[list[str]]:
    return [line.split("\t") for line in (HERE / blind / name).read_text(encoding="utf-8").splitlines()[1:]]


@each_set
def test_hardly_any_harmless_sentence_is_warned_about(blind: str) -> None:
    harmless = [text for text, _ in rows(blind, "harmless.tsv")]
    warned = [text for text in harmless if guard(text).findings]
    assert len(harmless) >= 1000
    assert len(warned) <= len(harmless) / 500, warned


@each_set
def test_no_secret_stays_in_the_text_and_hardly_any_is_called_something_else(blind: str) -> None:
    secrets = rows(blind, "secrets.tsv")
    read = [(guard(text), kind, value) for text, kind, value in secrets]
    missed = [value for found, _, value in read if value in found.text]
    other = [value for found, kind, value in read if not set(found.kinds) <= KINDS.get(kind, {kind})]
    assert missed == []
    assert len(other) <= len(secrets) / 100, other


@each_set
def test_a_pin_stays_in_no_text_because_it_looks_like_a_year_or_a_sum_or_is_well_known(blind: str) -> None:
    """The sentences of the set with other digits: 1987 is a year of birth more often than a year."""
    texts = [(text, value) for text, kind, value in rows(blind, "secrets.tsv") if kind == "pin" and value.isascii()]
    texts = [(text, value) for text, value in texts if len(value) == 4 and value.isdecimal() and text.count(value) == 1]
    missed = [
        text.replace(value, other)
        for text, value in texts
        for other in ("1987", "2026", "1200", "0930", "1234", "1111")
        if guard(text.replace(value, other)).text.count(other) > text.count(other)  # 往復1200円 stays
    ]
    assert len(texts) > 100
    assert len(missed) <= len(texts) * 6 / 500, missed


def test_no_question_of_the_shipped_content_is_warned_about() -> None:
    """What people ask in digits, as the content lists it: a warning there would meet everyone who asks so."""
    lines = [
        line.strip() for path in sorted(FAQ.rglob("*.yaml")) for line in path.read_text(encoding="utf-8").split("\n")
    ]
    questions = [line[2:].strip('"') for line in lines if line.startswith("- ") and ": " not in line]
    with_digits = [question for question in questions if re.search("[0-9]", question)]
    assert len(with_digits) > 500
    assert [question for question in with_digits if guard(question).findings] == []
