"""The names of the PINs are found however they are spelt, and nothing else is.

`names.tsv` was written by somebody who has not seen the matcher: 110 misspelt names and 50 phrases that only sound
or look like one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.loading import load
from bot.matching.forms import Forms
from bot.matching.names import mended
from bot.settings import PROJECT

FORMS = Forms(load(PROJECT).vocabulary)
SPELT = [line.split("\t") for line in Path(__file__).with_name("names.tsv").read_text("utf-8").splitlines()[1:] if line]


@pytest.mark.parametrize(("typed", "name"), SPELT)
def test_a_misspelt_name_is_found(typed: str, name: str) -> None:
    spelled = FORMS.spell(typed).text
    _, things = FORMS.concepts.named_things(spelled, FORMS.concepts.find(spelled))
    assert {thing.name for thing in things} - {"four"} == ({name} - {"none"})
    assert name != "none" or mended(typed) == typed


@pytest.mark.parametrize(
    "typed", ["署名用も利用者証明用も", "券面事項入力補助用と住民基本台帳用", "電子証明書の暗証番号", "証明用"]
)
def test_what_is_spelt_right_stays(typed: str) -> None:
    assert mended(typed) == typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("書名のほうを忘れた", "署名のほうを忘れた"),
        ("好きな本の書名一覧", "好きな本の書名一覧"),
        ("重機の番号", "住基の番号"),
        ("重機の免許", "重機の免許"),
        ("事業所名の変更", "事業所名の変更"),
        ("条件面の番号", "条件面の番号"),
        ("じゅうきょがかわった", "じゅうきょがかわった"),
        ("利用者よろしく", "利用者よろしく"),
        ("利用者要件", "利用者要件"),
        ("電子証明初期化", "電子証明初期化"),
        ("忘れたけん めんどうやけど", "忘れたけん めんどうやけど"),
        ("わすれたけんめんどうやけど", "わすれたけんめんどうやけど"),
        ("さんじゅうきろある", "さんじゅうきろある"),
        ("けんめんわすれた", "券面わすれた"),
        ("少しよめる", "少しよめる"),
        ("署名が要りますか", "署名が要りますか"),
        ("暗唱番号", "暗証番号"),
    ],
)
def test_a_word_of_its_own_is_a_name_only_before_what_is_said_of_a_pin(typed: str, meant: str) -> None:
    assert mended(typed) == meant
