"""The second reader: it silences a reading of which it is not sure, and reads by itself only what it is sure of."""

from __future__ import annotations

import pytest

from bot.content.loading import load
from bot.matching import asked
from bot.matching.forms import Forms
from bot.matching.pins import Name, Named
from bot.matching.understanding import PinName
from bot.settings import PROJECT

FORMS = Forms(load(PROJECT).vocabulary)


def named(text: str) -> tuple[str, tuple[Named, ...]]:
    spelled = FORMS.spell(text).text
    return FORMS.concepts.named_things(spelled, FORMS.concepts.find(spelled))


def settled(text: str, grammar: PinName | None, **likely: float) -> PinName | None:
    chances: dict[Name, float] = dict.fromkeys(asked.JUDGED, 0.0)
    evened, things = named(text)
    return asked.settled(evened, things, grammar, chances | likely)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("署名用のパスワードを忘れました", "sign"),
        ("ログイン用の4桁がロックされました", "user"),
        ("券面事項入力補助用の番号を忘れた", "kenmen"),
        ("スマホ用電子証明書の暗証番号を忘れた", "phone"),
    ],
)
def test_what_a_plain_text_asks_for_is_likely_and_nothing_else(text: str, name: Name) -> None:
    chances = asked.Told(*named(text)).chances()
    assert chances[name] > asked.LIKELY
    assert all(chance < 1 - asked.LIKELY for other, chance in chances.items() if other not in (name, "four"))


def test_the_judge_sees_the_same_when_it_learns_and_when_it_is_asked() -> None:
    told = asked.Told(*named("署名用は通ったのに、ログインの4桁がだめ"))
    learning = {name: asked._JUDGE.chance(told.features(name)) for name in asked.JUDGED}
    assert told.chances() == pytest.approx(learning, rel=1e-4, abs=1e-4)


def test_a_pin_beside_the_one_that_is_asked_for_is_unlikely() -> None:
    evened, things = named("署名用がロックしてるんだけど、知りたいのはログインのほうなんです")
    assert "sign" in asked.read(evened, things, "sign").unlikely
    assert asked.read(evened, things, "sign").pin is None


def test_what_the_grammar_reads_has_to_be_likely_and_more_so_beside_others() -> None:
    plain, beside = "署名用を忘れた", "署名用と券面事項入力補助用のこと"
    assert settled(plain, "sign", sign=0.75) == "sign"
    assert settled(plain, "sign", sign=0.6) is None
    assert settled(plain, "sign", sign=0.75, juki=0.4) is None
    assert settled(beside, "sign", sign=0.75) is None
    assert settled(beside, "sign", sign=0.9) == "sign"


def test_where_the_others_are_set_aside_the_grammar_is_believed_unless_the_judge_finds_it_unlikely() -> None:
    text = "住民基本台帳用ではなく券面事項入力補助用です"
    assert settled(text, "kenmen", kenmen=0.3, juki=0.6) == "kenmen"
    assert settled(text, "kenmen", kenmen=0.1) is None


def test_where_the_grammar_reads_nothing_the_judge_has_to_be_sure() -> None:
    assert settled("利用者証明用のこと", None, user=0.98) == "user"
    assert settled("利用者証明用のこと", None, user=0.9) is None
    assert settled("署名用と利用者証明用のこと", None, sign=0.98, user=0.98) == "both"


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("4桁のこと", {"user": 0.99, "four": 0.99}),  # any of three
        ("利用者証明用は覚えています", {"user": 0.99}),
        ("契約書の電子署名のこと", {"sign": 0.99}),
        ("Googleのログインの4桁を忘れた", {"user": 0.99, "four": 0.99}),
        ("署名用もあれも忘れた", {"sign": 0.99}),
        ("署名用か利用者証明用かどっちだろう", {"sign": 0.99}),
    ],
)
def test_however_sure_the_judge_is_what_is_ruled_out_is_not_read(text: str, likely: dict[str, float]) -> None:
    assert settled(text, None, **likely) is None


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("両方忘れたと思ったら、4桁は出てきた", None),
        ("両方止まったかと思ったけどログインの4桁は通った。だめなのは英数字だけ", None),
        ("署名用も利用者証明用も両方忘れた", "both"),
        ("両方忘れました。署名用と利用者証明用です", "both"),
        ("両方忘れた、4桁も英数字も", "both"),
    ],
)
def test_both_are_not_read_where_one_of_them_is_told_later(text: str, pin: PinName | None) -> None:
    assert settled(text, "both", sign=0.9, user=0.9) == pin


def test_a_text_that_names_nothing_of_a_pin_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(asked.Told, "chances")
    assert asked.read("窓口は何時までですか", (), None) == asked.Asked()
