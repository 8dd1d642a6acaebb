"""No regular expression of the program is slow on 4,096 hostile characters; `bench/patterns.py` says how slow.

5 ms is what the bench asks of a quiet machine. Here a pattern fails that takes long however often it is
tried: a quadratic one takes 50 ms and more.
"""

from __future__ import annotations

import re

import pytest

from bench.patterns import FINDS, GUARD_LIMIT_MS, LIMIT_MS, Use, guarding, hostile, milliseconds, uses

USES = list(uses())
TEXTS = list(hostile())[1::2]  # those whose end fits nothing


def test_all_patterns_are_found() -> None:
    modules = {use.module for use in USES}
    assert {"bot.dialogue.guard.four", "bot.matching.pins", "bot.content.checks", "bot.channels.web.app"} <= modules
    assert len(USES) > 200


@pytest.mark.parametrize("module", sorted({use.module for use in USES}))
def test_no_pattern_is_slow_on_hostile_characters(module: str) -> None:
    slow = [
        (use.pattern.pattern[:60], text[:6], taken)
        for use in USES
        if use.module == module
        for text in TEXTS
        if (taken := milliseconds(use, text)) > 4 * LIMIT_MS
    ]
    assert slow == []


def test_a_quadratic_pattern_would_be_seen() -> None:
    bad = Use("x", re.compile(r"\d+x"), anchored=False)
    assert max(milliseconds(bad, text) for text in TEXTS) > 4 * LIMIT_MS


def test_the_whole_guard_is_quick_on_what_it_has_to_judge_over_and_over() -> None:
    assert max(guarding(text) for text in hostile(FINDS)) <= 4 * GUARD_LIMIT_MS
