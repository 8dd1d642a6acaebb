"""A small content for the matching tests: four topics, a few words, and what is not for us."""

from __future__ import annotations

from datetime import date
from functools import cache

from bot.content.model import Choice, Concept, Content, Entry, Question, Smalltalk, Source, Vocabulary
from bot.content.municipality import Municipality
from bot.matching.matcher import TrainedMatcher

TOPICS = {
    "unlock-cost": (
        "ロックの解除にお金はかかりますか",
        "解除の手数料はいくらですか",
        "再設定は無料ですか",
        "窓口で直すと料金を取られますか",
        "ロック解除 手数料",
        "暗証番号をつけ直すのに費用はいりますか",
    ),
    "pin-forgotten": (
        "暗証番号を忘れました",
        "番号を思い出せません",
        "パスワードがわからなくなった",
        "暗証番号 忘れた どうする",
        "4桁の番号を忘れてしまった",
        "登録した番号を覚えていない",
    ),
    "documents": (
        "窓口に何を持っていけばいいですか",
        "必要な書類を教えてください",
        "持ち物は何ですか",
        "解除の手続きに必要なもの",
        "身分証は何がいりますか",
        "市役所に行くとき印鑑はいりますか",
    ),
    "renewal": (
        "電子証明書の更新はどうすればいいですか",
        "更新のお知らせが届きました",
        "有効期限が切れました",
        "更新の手続き 期限",
        "電子証明書の期限が近い",
        "カードの更新はいつからできますか",
    ),
    "attempt-limit": (
        "何回間違えるとロックされますか",
        "3回間違えたらだめですか",
        "まちがえていい回数は何回まで",
        "ロックまでの回数",
        "5回失敗するとどうなる",
        "入力ミスは何回まで許されますか",
    ),
}

VOCABULARY = Vocabulary(
    synonyms={
        "暗証番号": ("暗証", "pin"),
        "ロック": ("lock",),
        "再設定": ("reset", "リセット"),
        "忘れた": ("覚えていない", "思い出せない", "忘れました"),
        "署名用": ("署名用電子証明書",),
        "利用者証明用": ("利用者用",),
        "英数字": ("英数", "長い方", "6~16桁"),
        "4桁": ("四桁", "4けた"),
        "両方": ("どちらも",),
        "わからない": ("分からない", "わからん"),
        "母": ("お母さん",),
    },
    fillers=("お世話になっております", "すみませんが"),
    concepts=(
        Concept(id="sign", kind="pin", pin="sign", name="署名用電子証明書の暗証番号", words=("署名用", "英数字")),
        Concept(id="user", kind="pin", pin="user", name="利用者証明用電子証明書の暗証番号", words=("利用者証明用",)),
        Concept(id="kenmen", kind="pin", pin="kenmen", name="券面事項入力補助用", words=("券面",)),
        Concept(id="juki", kind="pin", pin="juki", name="住民基本台帳用", words=("住基",)),
        Concept(id="phone", kind="pin", pin="phone", name="スマホ用電子証明書", words=("スマホ用電子証明書",)),
        Concept(id="both-pins", kind="pin", pin="both", name="両方の暗証番号", words=("両方",)),
        Concept(id="four-digits", kind="other", name="4桁の暗証番号", words=("4桁",)),
        Concept(
            id="login", kind="service", pin="user", name="ログイン", words=("マイナポータルにログイン", "ログインの")
        ),
        Concept(id="issue", kind="service", pin="user", name="コンビニ交付", words=("コンビニ交付",)),
        Concept(id="ward", kind="actor", visitor="guardian", name="後見人", words=("後見人",)),
        Concept(id="cost", kind="aspect", name="費用", words=("いくら", "無料", "手数料", "料金", "お金")),
        Concept(id="papers", kind="aspect", name="持ち物", words=("書類", "持ち物", "持って")),
    ),
    smalltalk=(
        Smalltalk(id="thanks", words=("ありがとう", "助かりました", "どうもありがとう"), reply="どういたしまして。"),
        Smalltalk(id="laughing", words=("(笑)", "わはは"), reply="よかったです。"),
        Smalltalk(id="distress", words=("死にたい",), reply="ひとりで抱えないでください。"),
    ),
    out_of_scope=(
        "今日の天気は",
        "粗大ごみの出し方",
        "保育園の申し込み",
        "スマホの画面ロックを外したい",
        "銀行のキャッシュカードの番号を忘れた",
        "バスの時刻表",
        "おいしいラーメン屋",
        "水道の開栓の手続き",
    ),
    vague=("助けて", "困った", "カード", "教えて", "できない"),
    vague_choices=("pin-forgotten", "documents"),
)


@cache
def matcher() -> TrainedMatcher:
    """The matcher of the small content, built once."""
    return TrainedMatcher(content())


def content() -> Content:
    entries = tuple(
        Entry(id=topic, question=first, also_asked=others, answer="答えです。", sources=("city",))
        for topic, (first, *others) in ((topic, texts) for topic, texts in TOPICS.items())
    )
    return Content(
        entries=entries,
        facts={},
        sources={"city": Source(name="市のページ", url="https://example.jp/", read_on=date(2026, 11, 22))},
        vocabulary=VOCABULARY,
        flows={},
        municipality=Municipality(),
        digest="sample",
    )


VISITOR = Question(
    id="visitor",
    ask="だれが窓口に行きますか。",
    why="持ち物が変わるためです。",
    choices=(
        Choice(id="self", label="本人が行く", also=("自分で行く",)),
        Choice(id="together", label="本人と家族がいっしょに行く"),
        Choice(id="proxy", label="本人は行けない", also=("代わりの人が行く",)),
        Choice(id="unknown", label="わからない"),
    ),
)
PHOTO = Question(
    id="photo",
    ask="写真つきの証明書がありますか。",
    why="持ち物が変わるためです。",
    choices=(Choice(id="yes", label="ある"), Choice(id="no", label="ない"), Choice(id="unknown", label="わからない")),
)
CASES = Question(
    id="cases",
    ask="当てはまるものはありますか。",
    why="行き先が変わるためです。",
    many=True,
    choices=(
        Choice(id="lost", label="カードをなくした"),
        Choice(id="expired", label="期限切れ"),
        Choice(id="abroad", label="海外にいる"),
        Choice(id="none", label="どれもない", alone=True),
    ),
)
