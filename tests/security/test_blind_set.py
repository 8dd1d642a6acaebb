"""The third set of sentences by an author who had never seen the guard: `blind-3/`, of November 2026.

At first sight the guard warned about 32 of the 1,136 harmless sentences and missed 31 of the 546 secrets
(docs/security-figures.tsv). Its kinds were mended after that: from now on the set only guards what was reached.
"""

from __future__ import annotations

import re
from pathlib import Path

from bot.dialogue.guard import guard

HERE = Path(__file__).parent / "blind-3"
FAQ = Path(__file__).parent.parent.parent / "faq"
KINDS = {"pin": {"pin4"}, "password": {"signature"}, "card": {"card", "account"}}


def rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (HERE / name).read_text(encoding="utf-8").splitlines()[1:]]


def test_hardly_any_harmless_sentence_is_warned_about() -> None:
    harmless = [text for text, _ in rows("harmless.tsv")]
    warned = [text for text in harmless if guard(text).findings]
    assert len(harmless) >= 1000
    assert len(warned) <= len(harmless) / 500, warned


def test_no_secret_stays_in_the_text_and_hardly_any_is_called_something_else() -> None:
    secrets = rows("secrets.tsv")
    read = [(guard(text), kind, value) for text, kind, value in secrets]
    missed = [value for found, _, value in read if value in found.text]
    other = [value for found, kind, value in read if not set(found.kinds) <= KINDS.get(kind, {kind})]
    assert missed == []
    assert len(other) <= len(secrets) / 100, other


def test_a_pin_stays_in_no_text_because_it_looks_like_a_year_or_a_sum_or_is_well_known() -> None:
    """The sentences of the set with other digits: 1987 is a year of birth more often than a year."""
    texts = [(text, value) for text, kind, value in rows("secrets.tsv") if kind == "pin" and value.isascii()]
    texts = [(text, value) for text, value in texts if len(value) == 4 and value.isdecimal() and text.count(value) == 1]
    missed = [
        text.replace(value, other)
        for text, value in texts
        for other in ("1987", "2026", "1200", "0930", "1234", "1111")
        if other in guard(text.replace(value, other)).text
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
