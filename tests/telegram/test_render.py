"""Replies as Telegram shows them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.incoming import Incoming, PressedMessage
from bot.channels.telegram.render import LIMIT, Key, Message, keyboard, render, units
from bot.channels.telegram.steps import Delete, Edit, Mark, Send, Step, pack_step, plan, unpack_step
from bot.content.words import IN_JAPANESE
from bot.dialogue.replies import (
    Block,
    Bullets,
    Button,
    CheckItem,
    Checklist,
    Details,
    Heading,
    Link,
    Pressed,
    Reply,
    Said,
    SourceRef,
    Sources,
    Text,
    Turn,
    Warning,
)
from bot.dialogue.token import language_token
from tests.telegram.fake_api import check_message


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (Text("無料です。\nくわしくは 0120-95-0178 へ。"), "無料です。\nくわしくは 0120-95-0178 へ。"),
        (Text("<b> & \"'"), "&lt;b&gt; &amp; &quot;&#x27;"),
        (Heading("持ち物"), "<b>持ち物</b>"),
        (Warning("3回でロックします。"), "<b>⚠️ 注意</b>\n3回でロックします。"),
        (Bullets(("一つ", "二つ")), "・一つ\n・二つ"),
        (Bullets(("行く", "渡す"), ordered=True), "1. 行く\n2. 渡す"),
        (
            Checklist("1回目", (CheckItem("c1", "カード"), CheckItem("c2", "本人確認書類", "1点"))),
            "<b>1回目</b>\n☐ カード\n☐ 本人確認書類\n　1点",
        ),
        (Checklist("1回目", (CheckItem("c1", "メモ"),), optional=True), "<b>1回目（あれば）</b>\n☐ メモ"),
        (
            Checklist("1回目", (CheckItem("c1", "カード", why="書きかえるためです"),)),
            "<b>1回目</b>\n☐ カード\n\n<blockquote expandable><b>理由</b>\n・カード：書きかえるためです</blockquote>",
        ),
        (Details("くわしく", "一行目\n二行目"), "<blockquote expandable><b>くわしく</b>\n一行目\n二行目</blockquote>"),
        (
            Sources((SourceRef("市 & 国", "https://example.jp/?a=1&b=2", "2025年4月1日"),), "確認日 2026年11月"),
            '出典：<a href="https://example.jp/?a=1&amp;b=2">市 &amp; 国</a>（2025年4月1日）\n確認日 2026年11月',
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_each_block_has_its_form(block: Block, html: str) -> None:
    assert render(Reply("answer", (block,))) == (Message(html),)


def test_blocks_are_parted_by_an_empty_line() -> None:
    assert render(Reply("answer", (Text("一"), Text("二")))) == (Message("一\n\n二"),)


def test_buttons_are_placed_by_role() -> None:
    buttons = (
        Button("もどる", "b", "side"),
        Button("次へ", "n", "primary"),
        Button("免許証", "t1", "toggle", on=True),
        Button("旅券", "t2", "toggle"),
        Button("最初から", "r", "side"),
        Button("一覧", "m", "side"),
    )
    assert keyboard(buttons, (Link("公式ページ", "https://example.jp"),)) == (
        (Key("☑ 免許証", "t1"),),
        (Key("☐ 旅券", "t2"),),
        (Key("次へ", "n", style="primary"),),
        (Key("公式ページ", url="https://example.jp"),),
        (Key("もどる", "b"), Key("最初から", "r")),
        (Key("一覧", "m"),),
    )


@pytest.mark.parametrize(
    "url", ["tel:0120950178", "http://127.0.0.1:8080/", "http://localhost/", "mailto:a@example.jp"]
)
def test_an_address_that_telegram_refuses_on_a_button_stands_in_the_text(url: str) -> None:
    (message,) = render(Reply("answer", (Text("どうぞ"),), links=(Link("つながる先", url),)))
    assert message.keyboard == ()
    assert message.html.endswith("つながる先：" + url.removeprefix("tel:").removeprefix("mailto:"))


@pytest.mark.parametrize("data", ["", "x" * 65, "あ" * 22])
def test_a_button_that_telegram_would_refuse_is_our_mistake(data: str) -> None:
    with pytest.raises(AssertionError, match="bytes"):
        keyboard((Button("x", data),))


TEXTS = st.builds(
    lambda text, times: (text * times)[:9000],
    st.text(st.sampled_from("あ<&\n😀a。"), min_size=1, max_size=12),
    st.sampled_from((1, 3, 500, 1300)),
)
BLOCKS = st.one_of(
    TEXTS.map(Text),
    TEXTS.map(Heading),
    TEXTS.map(Warning),
    st.lists(TEXTS, min_size=1, max_size=3).map(lambda items: Bullets(tuple(items))),
    TEXTS.map(lambda text: Details("題", text)),
    st.lists(TEXTS, min_size=1, max_size=3).map(
        lambda texts: Checklist("題", tuple(CheckItem("c", text, why=text) for text in texts))
    ),
)


@settings(max_examples=50, deadline=None)  # long texts take their time
@given(st.lists(BLOCKS, min_size=1, max_size=4))
def test_any_reply_becomes_messages_that_telegram_accepts_with_nothing_missing(blocks: list[Block]) -> None:
    reply = Reply("answer", (Text("始"), *blocks, Text("終")), (Button("はい", "yes"),))
    messages = render(reply)
    for message in messages:
        assert units(message.html) <= LIMIT
        check_message({"text": message.html, "parse_mode": "HTML"})
    assert [bool(message.keyboard) for message in messages] == [False] * (len(messages) - 1) + [True]
    everything = "".join(message.html for message in messages)
    for mark, entity in (("あ", "あ"), ("😀", "😀"), ("<", "&lt;"), ("&", "&amp;")):
        assert everything.count(entity) == sum(str(_shown(block)).count(mark) for block in blocks)


def _shown(block: Block) -> str:
    match block:
        case Checklist(_, items):
            return "".join(item.text * 2 + (item.why or "") for item in items)
        case Bullets(items):
            return "".join(items)
        case Text(text) | Heading(text) | Warning(text) | Details(_, text):
            return text
    raise AssertionError(block)


ASKED = PressedMessage(
    9,
    (
        (Key("はい", "yes"),),
        (Key("いいえ", "no"),),
        (Key("もどる", "back"), Key("最初から", "new")),
        (Key("やめる", "end"),),
    ),
)
TURN = Turn("t", (Reply("answer", (Text("次"),)),))


@pytest.mark.parametrize(
    ("data", "first"),
    [
        ("no", ["はい", "✓ いいえ", "もどる", "最初から", "やめる"]),
        ("back", None),
        ("end", None),
        ("not on the keyboard", None),
    ],
)
def test_only_a_pressed_choice_is_marked(data: str, first: list[str] | None) -> None:
    steps = plan(TURN, Incoming(1, 2, Pressed(data), 0.0, pressed=ASKED))
    marks = [[key.label for row in step.keyboard for key in row] for step in steps if isinstance(step, Mark)]
    assert marks == ([first] if first else [])
    assert steps[-1] == Send(Message("次"))


def test_a_choice_that_is_marked_already_is_not_marked_again() -> None:
    asked = PressedMessage(9, ((Key("✓ はい", "yes"),), (Key("いいえ", "no"),)))
    assert plan(TURN, Incoming(1, 2, Pressed("yes"), 0.0, pressed=asked)) == (Send(Message("次")),)


def test_a_message_with_a_secret_is_deleted_first_and_the_warning_says_so() -> None:
    warning = Reply("notice", (Warning("番号が書かれていました。"), Text("変えてください。")))
    turn = Turn(None, (Reply("notice", (Text("前"),)), warning, *TURN.replies), found=("pin4",))
    deleted = IN_JAPANESE("secret.deleted")
    said = f"前\n\n<b>⚠️ 注意</b>\n番号が書かれていました。\n\n{deleted}\n\n変えてください。\n\n次"
    steps = plan(turn, Incoming(1, 2, Said("0123"), 0.0, message_id=5))
    assert steps == (Delete(5), Send(Message(said)))


@pytest.mark.parametrize(
    "step",
    [
        Send(Message("<b>題</b>", ((Key("はい", "yes"), Key("頁", url="https://example.jp")),))),
        Edit(5, Message("文", ((Key("はい", "yes"),),))),
        Mark(5, ((Key("✓ はい", "yes"),),)),
        Delete(5),
    ],
    ids=lambda step: type(step).__name__,
)
def test_a_parked_step_comes_back_as_it_was(step: Step) -> None:
    assert unpack_step(pack_step(1001, step)) == (1001, step)


def test_choosing_a_language_changes_the_message_in_place() -> None:
    pressed = PressedMessage(7, ((Key("English", "n" + language_token("en")),),))
    turn = Turn(None, (Reply("menu", (Text("Hello"),)),), language="en")
    steps = plan(turn, Incoming(1, 2, Pressed("n" + language_token("en")), 0.0, pressed=pressed))
    assert [(type(step), step.message_id) for step in steps if isinstance(step, Edit)] == [(Edit, 7)]
    assert len(steps) == 1
