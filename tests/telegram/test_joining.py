"""What belongs together arrives as one message: first the answer, then the question that goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.telegram.incoming import Incoming, PressedMessage
from bot.channels.telegram.joining import join
from bot.channels.telegram.render import CHOSEN, Key, render
from bot.channels.telegram.steps import Mark, Send, plan
from bot.content.words import IN_JAPANESE
from bot.dialogue.replies import (
    Button,
    CheckItem,
    Checklist,
    Copy,
    Feedback,
    Handed,
    Heading,
    Pressed,
    Reply,
    Said,
    Text,
    Turn,
)

ANSWER = Reply("answer", (Text("無料です。"),), (Button("一覧", "m", "side"),), entry="cost")
INTRO = Reply("notice", (Text("番号は書かないでください。"),))
QUESTION = Reply(
    "question",
    (Heading("だれが行きますか？"),),
    (Button("本人", "self"), Button("家族", "proxy"), Button("戻る", "b", "side"), Button("一覧", "m", "side")),
    question="visitor",
)
GOES_ON = IN_JAPANESE("telegram.goes-on")
LIST = Checklist("持ち物", (CheckItem("c1", "カード", tick=Button("カード", "i1", "toggle")),))


def joined(*replies: Reply) -> tuple[Reply, ...]:
    return join(replies, IN_JAPANESE)


def test_an_answer_comes_first_and_then_the_question_that_goes_on_with_the_buttons_of_both() -> None:
    (message,) = [message for reply in joined(ANSWER, QUESTION) for message in render(reply)]
    assert message.html == f"無料です。\n\n{GOES_ON}\n\n<b>だれが行きますか？</b>"
    assert message.keyboard == (
        (Key("本人", "self"),),
        (Key("家族", "proxy"),),
        (Key("戻る", "b"), Key("一覧", "m")),  # once, though both have it
    )


def test_what_comes_before_a_question_needs_no_words_between() -> None:
    (reply,) = joined(INTRO, INTRO, QUESTION)
    assert reply.blocks == (*INTRO.blocks, *INTRO.blocks, *QUESTION.blocks)


def test_a_press_is_marked_among_the_choices_of_the_question() -> None:
    copying = replace(ANSWER, copies=(Copy("電話番号を写す", "0120"),))
    (reply,) = joined(copying, QUESTION)
    shown = PressedMessage(9, render(reply)[0].keyboard)
    mark, _ = plan(Turn(None, (INTRO,)), Incoming(1, 2, Pressed("proxy"), 0.0, pressed=shown))
    assert isinstance(mark, Mark)
    assert [key.label for row in mark.keyboard for key in row if key.label.startswith(CHOSEN)] == [f"{CHOSEN}家族"]


def test_a_reply_about_a_question_brings_it_along_also_when_joined() -> None:
    unknown = Reply("none", (Text("分かりませんでした。"),), (Button("役所に届ける", "o", "side"),), about="婚姻届")
    (step,) = plan(Turn("t", (unknown, QUESTION)), Incoming(1, 2, Said("婚姻届"), 0.0, message_id=5))
    assert isinstance(step, Send)
    assert step.reply_to == 5


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(ANSWER, replace(ANSWER, entry="lost"), id="two answers, each with its sources"),
        pytest.param(replace(ANSWER, buttons=(Button("持ち物", "e1"),)), QUESTION, id="an answer with choices"),
        pytest.param(
            replace(ANSWER, feedback=Feedback("abc", "分かりましたか？", Button("はい", "y"), Button("まだ", "q"))),
            QUESTION,
            id="an answer that asks whether it helped",
        ),
        pytest.param(Reply("result", (LIST,)), QUESTION, id="a list that is ticked in place"),
        pytest.param(INTRO, Reply("checklist", (LIST,)), id="a list that was ticked"),
        pytest.param(INTRO, Reply("language", (Text("Language"),)), id="the languages"),
        pytest.param(INTRO, Reply("notice", (Text("どうぞ"),), handed=Handed("pdf", "T")), id="a file"),
        pytest.param(replace(INTRO, buttons=(Button("戻る", "other", "side"),)), QUESTION, id="buttons of one name"),
        pytest.param(
            replace(INTRO, blocks=(Text("あ" * 4000),)), replace(QUESTION, blocks=(Text("い" * 3000),)), id="long"
        ),
    ],
)
def test_apart_stays(first: Reply, then: Reply) -> None:
    assert joined(first, then) == (first, then)


def test_of_two_answers_the_last_is_joined_with_the_question() -> None:
    first, both = joined(ANSWER, replace(ANSWER, entry="lost"), QUESTION)
    assert first == ANSWER
    assert both.blocks == (*ANSWER.blocks, Text(GOES_ON), *QUESTION.blocks)


def test_what_is_told_before_a_result_stands_above_it_and_its_list_stays_alone() -> None:
    result = Reply("result", (Heading("窓口へ"), LIST, Text("すること")))
    (reply,) = joined(INTRO, result)
    told, ticked, after = render(reply)
    assert told.html == "番号は書かないでください。\n\n<b>窓口へ</b>"
    assert "カード" in ticked.html
    assert after.html == "すること"
