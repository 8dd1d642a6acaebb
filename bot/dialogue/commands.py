"""The words that steer a conversation at every step: 戻る, やめる, 最初から, numbers …

Compared after folding, so that every width, kana and ending of a line means the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from bot.matching.kana import hiragana

Steering = Literal[
    "back",
    "cancel",
    "restart",
    "menu",
    "help",
    "why",
    "guide",
    "list",
    "privacy",
    "delete",
    "human",
    "rescue",
    "resume",
]

_WORDS: dict[Steering, tuple[str, ...]] = {
    "back": (
        "戻る もどる 戻って もどって 戻ります 戻して 戻りたい もどりたい 前に戻る 前の質問 まえにもどる",
        "ひとつ戻る 一つ戻る 1つ戻る 前に戻って ひとつ前 一つ前 1つ前 一個前 前の画面 前のページ さっきの質問",
        "前に戻りたい まえに戻りたい 前にもどりたい 前に戻して まえに戻して 前の質問に戻る ひとつ前に戻る 戻れ もどれ",
        "戻るボタン back goback modoru",
    ),
    "cancel": (
        "やめる やめます やめたい 中止 終了 終わる おわり 終わり キャンセル もういい やめとく",
        "もうやめる もうやめます もうやめたい やめて やめとく やめときます やめておきます 中断 中断する 中断したい",
        "終わりにする 終わりにします 終わりたい おしまい ストップ 終了する 終了します cancel quit stop exit",
    ),
    "restart": (
        "最初から はじめから はじめの画面 始めから さいしょから 最初に戻る 最初からやり直す",
        "初めから 始めに戻る 初めに戻る はじめに戻る 最初に戻りたい 最初に戻して 最初へ戻る",
        "最初からやりたい 最初からもう一度 もう一度最初から 一からやり直す 1からやり直す 振り出しに戻る",
        "最初からやり直したい やり直し やり直す やり直したい やりなおす リスタート restart",
    ),
    "menu": (
        "メニュー めにゅー 一覧 トップ 聞けること 聞けることの一覧 目次 もくじ 一覧を見る 一覧を見たい メニューを見る",
        "メニューに戻る メニューへ ほかの話題 menu",
    ),
    "help": ("ヘルプ へるぷ 使い方 つかいかた help",),
    "why": (
        "なんで聞くの なんできくの なぜ聞くの なぜ聞くのですか どうして聞くの なんでそんなこと聞くの 理由は",
        "どういう意味 どういう意味ですか 意味がわからない 意味がわかりません どういうこと どういうことですか",
    ),
    "guide": ("案内 案内を始める 持ち物を調べる guide",),
    "list": ("答えを変える 答えをみる 答えを見る 変更 答えの一覧 回答を変える 変える",),
    "privacy": ("プライバシー privacy",),
    "delete": ("削除 記録を消す 記録を消して 履歴を消す delete",),
    "human": (
        "人と話したい 人と話す 人間出せ 人間を出せ 人を出せ オペレーター 電話したい 電話で話したい",
        "担当者と話したい 職員と話したい 電話 電話する 電話をしたい 電話番号 電話番号は 電話番号を教えて",
        "人と話がしたい 人と話せる 人間と話したい 人間と話がしたい 直接話したい 誰かと話したい だれかと話したい",
        "話がしたい 相談したい 相談窓口 問い合わせ 問い合わせ先 問い合わせたい オペレーターにつないで 人につないで",
        "職員につないで 担当者につないで 人を出して 係の人と話したい 役所の人と話したい human operator",
    ),
    "rescue": (
        "助けて たすけて 助けてほしい 助けてください たすけてください 助けてよ だれか助けて 誰か助けて",
        "困った 困りました 困ってます 困っています どうしよう helpme sos",
    ),
    "resume": ("続ける つづける 続き つづき 案内にもどる 案内に戻る チェックリスト",),
}


def fold(text: str) -> str:
    """Width, case, kana, punctuation and spaces folded away: 「もど　る。」 becomes もどる."""
    text = hiragana(unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"[\s、。．，！？!?.,「」『』()・〜~…]+", "", text)


_STEERING: dict[str, Steering] = {
    fold(word): name for name, lines in _WORDS.items() for word in " ".join(lines).split()
}
_POLITE = re.compile(r"(?:を)?(?:おねがいします|お願いします|してください|して下さい|ください|下さい|です)$")
_AFTER_ALL = re.compile(r"^(?:やっぱり|やっぱ|やはり)")
_NUMBER = re.compile(r"(\d{1,2})(?:番目?|ばんめ?|つめ|つ目)?(?:にします|で?お願いします|で?おねがいします|です|で)?$")
_KANJI = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")}


_YES = re.compile(
    r"(?:はい|は[ーあぁ]い|ええ|うん|そう|おっけー|yes|yeah|ok)+"
    r"(?:(?:そう|そのとおり|その通り|もちろん)?(?:です|ですね|だ|だよ|なんです)?|[あ合]って(?:い)?ます|[おご]?(?:願|ねが)いします)"
)
_NO = re.compile(
    r"(?:(?:いいえ|いえ|いや|ううん|のー|no|ちがう|違う)+(?:(?:ちが|違)(?:います|う)|そうで?[はじゃ]*(?:ない|ありません))?|(?:ちが|違)います)"
    r"(?:です|よ|ね)?"
)


def yes_or_no(text: str) -> str | None:
    """はい or いいえ if the whole text says no more than that: 「はい、そうです」, 「いえ、違います」."""
    folded = fold(text)
    return "はい" if _YES.fullmatch(folded) else "いいえ" if _NO.fullmatch(folded) else None


class Steerer:
    """Knows the steering words: the Japanese ones, and those that language files have."""

    def __init__(self, languages: Iterable[Mapping[str, tuple[str, ...]]] = ()) -> None:
        more = {fold(word): name for words in languages for name in get_args(Steering) for word in words.get(name, ())}
        self._words: dict[str, Steering] = {**more, **_STEERING}

    def read(self, text: str) -> Steering | None:
        """What the whole text asks for, if it is nothing but a steering word."""
        folded = _AFTER_ALL.sub("", fold(text))
        return self._words.get(folded) or self._words.get(_POLITE.sub("", folded))


def number(text: str) -> int | None:
    """The number that the whole text is: 2, ２, ②, 二, 2番, 2番でお願いします. None for anything else."""
    folded = fold(text)
    folded = _KANJI.get(folded[:1], folded[:1]) + folded[1:]
    match = _NUMBER.fullmatch(folded)
    return int(match.group(1)) if match else None
