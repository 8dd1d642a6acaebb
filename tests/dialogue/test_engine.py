"""What holds for every conversation, whatever is said and pressed in whatever order."""

from __future__ import annotations

import string
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.model import Choice, Content
from bot.content.municipality import Municipality
from bot.dialogue.conversation import Conversation
from bot.dialogue.engine import Engine
from bot.dialogue.plain import plain
from bot.dialogue.replies import COMMANDS, Commanded, Pressed, Said, Sent, Turn, Warning
from tests.dialogue.running import NOW

TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["戻る", "最初から", "やめる", "メニュー", "1", "２", "③", "わからない", "手数料はいくら？", "続ける", ""]
    ),
    st.text(alphabet="ロックされた暗証番号を忘れ4桁署名用です。", max_size=40),
)
EVENTS = st.one_of(
    TEXTS.map(Said),
    st.sampled_from(sorted(COMMANDS)).map(Commanded),
    st.sampled_from(["photo", "sticker", "voice", "location", "contact", "file", "other"]).map(Sent),
    st.text(alphabet=string.ascii_letters + string.digits + "-_", max_size=64).map(Pressed),
    st.text(max_size=64).map(lambda text: Commanded("start", text)),
    st.integers(0, 30),  # presses the n-th button shown
)


def check_turn(turn: Turn) -> None:
    assert turn.replies, "every event gets an answer"
    for reply in turn.replies:
        assert plain(reply).strip(), "no reply is empty"
        for button in reply.buttons:
            assert 0 < len(button.data) <= 64
            assert button.data.isascii()
            assert button.label.strip()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EVENTS, max_size=12))
def test_every_event_gets_an_answer(engine: Engine, events: list[object]) -> None:
    conversation = Conversation(lambda: engine, lambda: NOW)
    for event in events:
        if isinstance(event, int):
            if conversation.buttons:
                check_turn(conversation.do(Pressed(conversation.buttons[event % len(conversation.buttons)].data)))
            continue
        check_turn(conversation.do(event))  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 30), min_size=1, max_size=10), st.integers(0, 9))
def test_an_old_button_asks_what_it_asked_then(engine: Engine, presses: list[int], which: int) -> None:
    """Buttons carry their whole position: pressing one later gives the same turn as pressing it at once."""
    conversation = Conversation(lambda: engine, lambda: NOW)
    conversation.do(Commanded("guide"))
    pressed: list[tuple[str, Turn]] = []
    for press in presses:
        if not conversation.buttons:
            break
        data = conversation.buttons[press % len(conversation.buttons)].data
        pressed.append((data, conversation.do(Pressed(data))))
    data, then = pressed[which % len(pressed)]
    assert conversation.do(Pressed(data)) == then


def test_the_same_event_from_the_same_position_gives_the_same_turn(engine: Engine) -> None:
    first = engine.respond(None, Said("署名用を忘れた"), NOW)
    assert engine.respond(None, Said("署名用を忘れた"), NOW) == first


def test_a_choice_renamed_while_a_conversation_is_open_is_asked_again_and_said(
    content: Content, engine: Engine
) -> None:
    conversation = Conversation(lambda: engine, lambda: NOW)
    conversation.do(Commanded("guide"))
    conversation.press("本人が行く")
    conversation.press("数字4けた")
    flow = content.flows["recover"]
    first = flow.questions[0]
    renamed = first.model_copy(update={"choices": (Choice(id="in-person", label="本人が行く"), *first.choices[1:])})
    changed = content.model_copy(
        update={"flows": {"recover": flow.model_copy(update={"questions": (renamed, *flow.questions[1:])})}}
    )
    new = Engine(changed, engine.matcher)
    turn = new.respond(conversation.token, Said("運転免許証"), NOW)
    said = "\n".join(plain(reply) for reply in turn.replies)
    assert "案内の内容が新しくなりました" in said
    assert turn.replies[-1].question == "visitor"


def test_a_token_of_another_city_goes_on_here_and_says_so(content: Content, engine: Engine) -> None:
    city = Municipality(name="見本市", code="99999")
    there = Engine(content.model_copy(update={"municipality": city}), engine.matcher)
    conversation = Conversation(lambda: there, lambda: NOW)
    conversation.do(Commanded("guide"))
    token = conversation.press("本人が行く").token
    turn = engine.respond(None, Commanded("start", token or ""), NOW)
    assert "別の市区町村" in plain(turn.replies[0])
    assert turn.replies[-1].question == "pin"


def closed_days(engine: Engine, now: datetime) -> list[str]:
    """What the result of the guide says at `now` about days without procedures."""
    conversation = Conversation(lambda: engine, lambda: now)
    for line in ("/guide", "本人が行く", "数字4けた", "運転免許証"):
        turn = conversation.say(line)
    warnings = [block.text for block in turn.replies[-1].blocks if isinstance(block, Warning)]
    return [text for text in warnings if "別の日" in text]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-12-19T14:59+00:00", "12月20日（日）は全国のシステム保守"),
        ("2026-12-20T14:59+00:00", "12月20日（日）は全国のシステム保守"),
        ("2026-12-20T15:00+00:00", "1月17日（日）は全国のシステム保守"),
    ],
)
def test_a_day_ends_at_midnight_in_tokyo(engine: Engine, now: str, day: str) -> None:
    (said,) = closed_days(engine, datetime.fromisoformat(now))
    assert said.startswith(day)


def test_the_citys_own_closed_day_is_not_called_national(content: Content, engine: Engine) -> None:
    city = Municipality.model_validate({"name": "見本市", "maintenance": {"extra_dates": ["2026-12-05"]}})
    own = Engine(content.model_copy(update={"municipality": city}), engine.matcher)
    first, second = closed_days(own, NOW)
    assert first == "12月5日（土）は手続きできない日です。別の日にしてください。"
    assert second.startswith("12月20日（日）は全国のシステム保守")


def test_a_typed_secret_is_in_no_reply_and_no_token(engine: Engine) -> None:
    for secret in ("8512", "TARO1990X", "123456789018", "090-1234-5678"):
        turn = engine.respond(None, Said(f"暗証番号は{secret}です。どうすればいいですか"), NOW)
        assert secret not in repr(turn)
        assert turn.found
