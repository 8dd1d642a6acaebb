import pytest

from bot.dialogue.commands import Steerer, number, yes_or_no


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("戻る", "back"),
        ("もど　る。", "back"),
        ("ﾓﾄﾞﾙ", "back"),
        ("BACK", "back"),
        ("最初からお願いします", "restart"),
        ("やめます！", "cancel"),
        ("やっぱり最初からやり直したいです", "restart"),
        ("やっぱり本人が行く", None),
        ("メニュー", "menu"),
        ("へるぷ", "help"),
        ("人と話したいです", "human"),
        ("ひとつ前", "back"),
        ("まえに戻りたい。", "back"),
        ("go back", "back"),
        ("もうやめます", "cancel"),
        ("中断したい", "cancel"),
        ("おしまい", "cancel"),
        ("初めから", "restart"),
        ("最初に戻りたいです", "restart"),
        ("最初からやりたい", "restart"),
        ("目次", "menu"),
        ("一覧を見たいです", "menu"),
        ("人と話がしたい", "human"),
        ("誰かと話したいです", "human"),
        ("電話番号は？", "human"),
        ("電話番号を教えてください", "human"),
        ("オペレーターにつないでください", "human"),
        ("助けて！", "rescue"),
        ("ﾀｽｹﾃ", "rescue"),
        ("help me", "rescue"),
        ("help", "help"),
        ("困っています。", "rescue"),
        ("カードのロックで困っています", None),
        ("電話番号が変わりました", None),
        ("最初", None),
        ("戻るボタンはどこですか", None),
        ("やめられない", None),
    ],
)
def test_steering_words(typed: str, meant: str | None) -> None:
    assert Steerer().read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2", 2),
        ("２", 2),
        ("②", 2),
        ("二", 2),
        ("2番", 2),
        ("２番でお願いします", 2),
        ("12", 12),
        ("2回", None),
        ("二人で行く", None),
        ("1234", None),
        ("", None),
    ],
)
def test_numbers(typed: str, meant: int | None) -> None:
    assert number(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("はい", "はい"),
        ("ハイ！", "はい"),
        ("はーい", "はい"),
        ("はい、そうです", "はい"),
        ("ええ、そうです。", "はい"),
        ("うんうん", "はい"),
        ("そうです", "はい"),
        ("はい、お願いします", "はい"),
        ("はい、合っています", "はい"),
        ("ＹＥＳ", "はい"),
        ("いいえ", "いいえ"),
        ("いえいえ", "いいえ"),
        ("いいえ、違います", "いいえ"),
        ("いや、ちがう", "いいえ"),
        ("違います", "いいえ"),
        ("いえ、そうではありません", "いいえ"),
        ("いいえ、そうじゃないです", "いいえ"),
        ("ＮＯ", "いいえ"),
        ("はいれない", None),
        ("そうか", None),
        ("いやだ、もう", None),
        ("はい、本人が行けます", None),
        ("番号が違います", None),
        ("", None),
    ],
)
def test_yes_and_no_in_many_forms(typed: str, meant: str | None) -> None:
    assert yes_or_no(typed) == meant
