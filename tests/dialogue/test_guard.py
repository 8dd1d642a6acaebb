"""The guard: what is a secret, what is not, and that no secret outlives it.

`guard_secrets.tsv` has kinds, text and redacted text; `guard_harmless.tsv` has texts with digits
that must not be scolded. Both write what cannot be seen as \\u200b, \\x00 or \\n.
"""

from __future__ import annotations

import re
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.dialogue.guard as guard_module
from bot.dialogue.guard import PLACEHOLDER, guard, mynumber_check_digit_ok

HERE = Path(__file__).parent
ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([nr]))")


def unescape(text: str) -> str:
    return ESCAPE.sub(
        lambda found: {"n": "\n", "r": "\r"}[found[3]] if found[3] else chr(int(found[1] or found[2], 16)), text
    )


def rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").split("\n")[1:]
    return [[unescape(cell) for cell in line.split("\t")] for line in lines if line and not line.startswith("# ")]


SECRETS = rows("guard_secrets.tsv")
HARMLESS = [text for (text,) in rows("guard_harmless.tsv")]


@pytest.mark.parametrize(("kinds", "text", "redacted"), SECRETS)
def test_a_secret_is_named_and_taken_out(kinds: str, text: str, redacted: str) -> None:
    found = guard(text)
    assert (" ".join(found.kinds), found.text) == (kinds, redacted)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    found = guard(text)
    assert (found.kinds, found.text) == ((), text)


def test_a_finding_points_into_the_text_as_it_was_typed() -> None:
    text = "番号は１２３４ー５６７８ー９０１８、8\u200b512です"
    assert [(one.kind, text[one.start : one.end]) for one in guard(text).findings] == [
        ("mynumber", "１２３４ー５６７８ー９０１８"),
        ("pin4", "8\u200b512"),
    ]


def test_kinds_come_in_order_and_once() -> None:
    assert guard("暗証番号は8512、メールはa@example.com、暗証番号は7731").kinds == ("pin4", "mail")


# --- every writing of every number ---------------------------------------------

SCRIPTS = ["0123456789", "０１２３４５６７８９", "〇一二三四五六七八九", "⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]
HYPHENS = ["-", "－", "‐", "‑", "–", "—", "―", "−", "ー", "ｰ", "─", "_", "~"]
SEPARATORS = [
    "",
    " ",
    "　",
    "\t",
    "\n",
    "\r\n",
    "・",
    "･",
    ".",
    "．",
    "、",
    "/",
    "の",
    " - ",
    "\u200b",
    "\u2060",
    *HYPHENS,
]
PIN_FRAMES = [
    "{}", "暗証番号は{}です", "ピン{}", "{}って入れたのに", "{}だめ", "母のは{}です", "PINは{}",
    "暗証番号({})が通らない",
    "{}と打ったらはじかれた", "暗証番号を{}に変えたい", "{}でログインできません", "my pin is {}", "たぶん暗証番号{}",
]  # fmt: skip
PASSWORD_FRAMES = [
    "{}", "パスワード {} で入れない", "パスワードは{}です", "署名用は{}", "{}って入れたのに", "my password is {}",
    "PW:{}", "パスワード「{}」", "英数字の{}がだめ",
]  # fmt: skip
NUMBER_FRAMES = ["{}", "マイナンバーは{}です", "番号 {} を忘れた", "{}\nロックされた", "父（{}）の代わりに行く"]

digits12 = st.text("0123456789", min_size=12, max_size=12).filter(lambda digits: digits.strip("0"))
digits4 = st.text("0123456789", min_size=4, max_size=4).filter(lambda digits: digits != "0000")
passwords = st.builds(
    lambda letters, digits, swap: digits + letters if swap else letters + digits,
    st.sampled_from(["TARO", "hanako", "Sakura", "KAGIANA", "ab"]),
    st.text("0123456789", min_size=4, max_size=7),
    st.booleans(),
)


def plain_digits(text: str) -> str:
    kanji = str.maketrans(SCRIPTS[2], SCRIPTS[0])
    return "".join(str(unicodedata.digit(one, "")) for one in text.translate(kanji))


@given(
    digits12,
    st.sampled_from(SCRIPTS),
    st.sampled_from(SEPARATORS),
    st.sampled_from([1, 2, 3, 4, 6]),
    st.sampled_from(NUMBER_FRAMES),
)
@settings(deadline=None, max_examples=400)
def test_no_digit_of_a_12_digit_number_survives(
    digits: str, script: str, separator: str, size: int, frame: str
) -> None:
    written = separator.join(digits[at : at + size] for at in range(0, 12, size)).translate(
        str.maketrans(SCRIPTS[0], script)
    )
    years = size == 4 and all(1980 <= int(digits[at : at + 4]) <= 2049 for at in (0, 4, 8))
    date = size in {2, 4} and digits.startswith(("18", "19", "20", "21"))
    found = guard(frame.format(written))
    assert years or date or (found.findings and not plain_digits(found.text)), (written, found)


@given(digits4, st.sampled_from(SCRIPTS), st.sampled_from(["", " ", "　", "\u200b"]), st.sampled_from(PIN_FRAMES))
@settings(deadline=None, max_examples=400)
def test_no_digit_of_a_pin_given_as_one_survives(digits: str, script: str, separator: str, frame: str) -> None:
    found = guard(frame.format(separator.join(digits.translate(str.maketrans(SCRIPTS[0], script)))))
    assert found.kinds == ("pin4",)
    assert not plain_digits(found.text)


@given(passwords, st.booleans(), st.sampled_from(PASSWORD_FRAMES))
@settings(deadline=None, max_examples=400)
def test_no_password_given_as_one_survives(password: str, wide: bool, frame: str) -> None:
    written = "".join(chr(ord(one) + 0xFEE0) for one in password) if wide else password
    found = guard(frame.format(written))
    assert found.kinds == ("signature",)
    assert written not in found.text


# --- any text ------------------------------------------------------------------

PIECES = [
    "1", "12", "8512", "1234", "090", "123456789018", "①", "⑩", "一", "〇", "年", "円", "-", "ー", " ", "　",
    "、", "。", "\n", "の", "@", ".", "+", "(", ")", "/", ":", "a", "ABC123", "taro@example.com",
    "パスワード", "暗証番号", "ピン", "は", "です", "とか", "口座", "電話", "市役所", "エラー", "iPhone",
    "https://", "\u200b", "\u202e", "\ufe0f", "\u20e3", "\x00", "\ud800", "ﾊﾟ", "\u3099", "ﷺ", "😀", "●",
    PLACEHOLDER, "0120-95-0178",
]  # fmt: skip
texts = st.lists(
    st.one_of(st.sampled_from(PIECES), st.characters(), st.text("0123456789", max_size=5)), max_size=30
).map("".join)


@given(texts)
@settings(deadline=None, max_examples=1500)
def test_any_text_is_guarded_cleanly(text: str) -> None:
    found = guard(text)
    ends = [0, *(place for one in found.findings for place in (one.start, one.end)), len(text)]
    assert ends == sorted(ends)
    assert all(one.start < one.end for one in found.findings)
    kept = [text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]
    assert found.text == PLACEHOLDER.join(kept)
    assert guard(found.text).findings == ()


@pytest.mark.parametrize(
    "piece",
    [
        "\ud800",
        "\x00",
        "\u200f",
        "😀",
        "\u200b",
        "ﷺ",
        "1",
        "1-",
        "1 ",
        "a@",
        "a.",
        "a1",
        "一",
        "1234とか",
        "暗証番号",
        "パスワード",
        "。",
        "ﾊﾟ",
    ],
)
def test_a_secret_is_found_behind_4096_hostile_characters(piece: str) -> None:
    hostile = (piece * 4096)[:4096]
    began = time.perf_counter()
    found = guard(f"{hostile}。\n暗証番号は8512です")
    assert "8512" not in found.text
    assert time.perf_counter() - began < 2  # generous: milliseconds are usual


def test_every_pattern_is_linear() -> None:
    """Doubling a hostile text must not make a pattern much slower than twice as slow."""
    patterns = [one for one in vars(guard_module).values() if isinstance(one, re.Pattern)]
    assert len(patterns) > 10
    for pattern in patterns:
        for piece in ("1", "1-", "a", "a.", " ", "は", "1234とか", "暗証番号", "a1@", "その番号は、"):
            hostile = (piece * 4096)[:4096]
            began = time.perf_counter()
            sum(1 for _ in pattern.finditer(hostile))
            assert time.perf_counter() - began < 0.5, (pattern.pattern[:40], piece)  # quadratic takes seconds


# --- the check digit -----------------------------------------------------------


@pytest.mark.parametrize(("digits", "fine"), [("123456789018", True), ("123456789012", False), ("000000000000", True)])
def test_the_check_digit_follows_the_ordinance(digits: str, fine: bool) -> None:
    assert mynumber_check_digit_ok(digits) is fine


@given(st.text("0123456789", min_size=11, max_size=11))
def test_exactly_one_check_digit_fits_eleven_digits(digits: str) -> None:
    assert sum(mynumber_check_digit_ok(f"{digits}{check}") for check in range(10)) == 1


@pytest.mark.parametrize(
    "text", ["", "12345678901", "1234567890189", "１２３４５６７８９０１８", "12345678901x", "123456789018\n"]
)
def test_what_is_not_twelve_plain_digits_has_no_check_digit(text: str) -> None:
    assert not mynumber_check_digit_ok(text)


def test_the_placeholder_hides_in_no_encoding() -> None:
    assert PLACEHOLDER.encode(sys.getdefaultencoding()).decode() == PLACEHOLDER
    assert unicodedata.normalize("NFKC", PLACEHOLDER) == PLACEHOLDER
