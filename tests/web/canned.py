"""An assistant with a handful of canned turns: every kind of block, button and reply, no engine.

Its guide asks two questions; its tokens are the choices so far. What a text leads to depends on
a word in it: 無料 is an answer, 近い a near tie, 1234 a typed PIN, こわれ an error of ours.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.content.model import Content, Vocabulary
from bot.content.municipality import Municipality
from bot.dialogue.replies import (
    Bullets,
    Button,
    CheckItem,
    Checklist,
    Commanded,
    Details,
    Event,
    Heading,
    Link,
    Pressed,
    Reply,
    Said,
    SourceRef,
    Sources,
    Take,
    Text,
    Turn,
    Warning,
)

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"

SOURCES = Sources(
    (SourceRef("見本市「暗証番号」", "https://example.jp/pin", "2024-02-01"),), "公開資料による案内です。"
)

ANSWER = Reply(
    "answer",
    (Text("無料です。\n手数料はかかりません。"), Details("くわしく", "再交付は別です。"), SOURCES),
    (Button("持ち物を調べる", "gstart", "primary"), Button("何回まちがえるとロック？", "eabc")),
    entry="cost",
)
CLARIFY = Reply("clarify", (Text("どれに近いですか？"),), (Button("お金のこと", "e1"), Button("場所のこと", "e2")))
NONE = Reply("none", (Text("お答えできる内容がありません。\n電話：0120-95-0178"),), (Button("一覧", "m", "side"),))
SECRET = Reply("notice", (Warning("暗証番号のような数字がありました。記録していません。"),))
START = Reply(
    "menu",
    (
        Warning("台風のため15時までです。"),
        Heading("暗証番号でお困りですか？"),
        Text("そのまま書いてください。下のボタンもえらべます。"),
        Text("このボットも職員も、暗証番号をたずねません。"),
        Text("見本市に住民票がある方の案内です。"),
    ),
    (Button("持ち物を調べる", "gstart", "primary"), Button("お金はかかる？", "e1"), Button("使い方", "h", "side")),
)


ASKED = (Heading("どなたが行きますか？（付き添いがいてもかまいません）"), Text("（持ち物が変わるためです。）"))


def visitor() -> Reply:
    buttons = (
        Button("本人が行く", "gself"),
        Button("本人は行けない", "gproxy"),
        Button("やめる", "x", "side"),
    )
    return Reply("question", ASKED, buttons, question="visitor")


def papers(chosen: str) -> Reply:
    buttons = [
        Button(
            label, "gself." + (chosen.replace(code, "") if code in chosen else chosen + code), "toggle", code in chosen
        )
        for code, label in (("l", "運転免許証"), ("p", "パスポート"))
    ]
    if chosen:
        buttons.append(Button("これで決める", f"gself.{chosen}!", "primary"))
    buttons.append(Button("戻る", "gstart", "side"))
    return Reply("question", (Heading("お持ちの書類は？"),), tuple(buttons), question="papers")


CARD = CheckItem("a1", "マイナンバーカード", "期限を見てください", "本人のカードか確かめるためです。")
RESULT = Reply(
    "result",
    (
        Warning("本日はシステムが止まっています。"),
        Heading("市区町村の窓口で、1回で終わります"),
        Text("費用：無料です"),
        Heading("決め直す暗証番号"),
        Bullets(("数字4けた（利用者証明用）",)),
        Checklist(
            "持ち物",
            (
                CheckItem("a1", "マイナンバーカード", "期限を見てください", "本人のカードか確かめるためです。"),
                CheckItem("a2", "運転免許証"),
            ),
        ),
        Checklist("あると安心なもの", (CheckItem("a3", "通知書"),), optional=True),
        Heading("すること"),
        Bullets(("電話で確かめる（0120-95-0178）", "窓口へ行く"), ordered=True),
        SOURCES,
    ),
    (Button("答えを変える", "lself", "side"),),
    (Link("予約のページ", "https://example.jp/yoyaku"), Link("わるいリンク", "javascript:alert(3)")),
    route="office-self",
    take=Take(
        "result",
        (Button("PDFを受け取る", "tpresult", "side"), Button("画像を受け取る", "tiresult", "side")),
        Button("家族に送る", "tlresult", "side"),
        Button("行く日を予定に入れる", "tvresult", "side"),
        (Button("12月1日（火）", "vAAAresult"), Button("12月2日（水）", "vAABresult")),
    ),
)
LIST = Reply(
    "list",
    (Heading("いままでの答え"), Bullets(("行く人：本人",))),
    (Button("変える：行く人", "gstart"), Button("このまま続ける", "gself.l!", "primary")),
)


class CannedAssistant:
    """Answers as described above; keeps the texts it was given for tests to look at."""

    def __init__(self) -> None:
        self.content = Content(
            entries=(),
            facts={},
            sources={},
            vocabulary=Vocabulary(),
            flows={},
            municipality=Municipality(),
            digest="d1",
        )
        self.since = datetime.now(UTC)
        self.heard: list[tuple[str | None, Event]] = []

    def respond(self, token: str | None, event: Event) -> Turn:
        self.heard.append((token, event))
        match event:
            case Said(text):
                return self._said(text, token)
            case Pressed(data) if data.startswith("g"):
                return self._go(data[1:])
            case Pressed("lself"):
                return Turn("self", (LIST,))
            case Commanded("start"):
                return Turn(None, (START,))
            case Commanded("guide"):
                return self._go("start")
            case Commanded("delete"):
                return Turn(None, (Reply("notice", (Text("この会話の記録を消しました。"),)),), forget=True)
            case Commanded("privacy"):
                return Turn(None, (Reply("privacy", (Heading("入力した内容の扱い"), Text("保存しません。"))),))
            case _:
                return Turn(token, (Reply("help", (Heading("使い方"), Text("困っていることを書いてください。"))),))

    def show(self, entry_ids: tuple[str, ...], token: str | None) -> Turn:
        return Turn(token, (ANSWER,) if "cost" in entry_ids else (NONE,))

    def _said(self, text: str, token: str | None) -> Turn:
        if "こわれ" in text:
            raise RuntimeError(f"a message that holds {text}")
        if "1234" in text:
            redacted = text.replace("1234", "［消しました］")
            return Turn(token, (SECRET, ANSWER), redacted=redacted, found=("pin4",))
        if "無料" in text:
            return Turn(token, (ANSWER,), redacted=text)
        if "近い" in text:
            return Turn(token, (CLARIFY,), redacted=text)
        return Turn(token, (NONE,), redacted=text)

    def _go(self, code: str) -> Turn:
        if code == "start":
            return Turn("start", (visitor(),))
        if code.endswith("!") or code in ("result", "proxy"):
            return Turn("result", (RESULT,))
        if code.startswith("self"):
            return Turn("self", (papers(code.partition(".")[2]),))
        return Turn(None, (Reply("notice", (Text("そのボタンは読み取れませんでした。"),)), START))
