"""「次にすることが分かりましたか？」 on Telegram: asked once, heard once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.content.loading import load
from bot.dialogue.engine import Engine
from bot.dialogue.replies import Heard
from bot.matching.matcher import TrainedMatcher
from tests.telegram.conftest import Running
from tests.telegram.fake_api import FakeApi
from tests.telegram.test_ticks import QUICK, a_result, respond_with

ANN, BEN = 1001, 1002
ASK = "次にすることが分かりましたか？"


@pytest.fixture(scope="module")
def engine() -> Engine:
    content = load(Path(__file__).parent.parent / "dialogue" / "content")
    return Engine(content, TrainedMatcher(content))


def feedback(message: dict[str, Any]) -> list[dict[str, Any]]:
    return list(message["reply_markup"]["inline_keyboard"][0])


async def said(api: FakeApi, chat: int, text: str) -> tuple[int, dict[str, Any]]:
    """The last message that answers `text`."""
    before = len(api.texts(chat))
    await api.type(chat, text)
    await api.until(lambda: len(api.texts(chat)) > before)
    (_, number), message = next(item for item in reversed(api.messages.items()) if item[0][0] == chat)
    return number, message


async def test_it_is_asked_once_a_day_per_answer_and_conversation(
    api: FakeApi, running: Running, engine: Engine
) -> None:
    async with running(answer=respond_with(engine), limits=QUICK):
        _, first = await said(api, ANN, "手数料はいくらですか？")
        _, again = await said(api, ANN, "解除は有料ですか")
        _, other = await said(api, BEN, "手数料はいくらですか？")
    assert ASK in first["text"]
    assert ASK not in again["text"]
    assert ASK in other["text"]


async def test_an_answer_is_heard_once_however_often_it_is_pressed(
    api: FakeApi, running: Running, engine: Engine
) -> None:
    heard: list[Heard] = []
    async with running(answer=respond_with(engine), limits=QUICK, hear=heard.append):
        number, message = await said(api, ANN, "手数料はいくらですか？")
        yes, no = feedback(message)
        assert (yes["text"], no["text"]) == ("はい", "まだ分からない")
        for count, key in enumerate((no, no, yes), 2):
            await api.press(ANN, number, key["callback_data"])
            await api.until(lambda count=count: len(api.texts(ANN)) == count)
        assert [key["text"] for key in feedback(message)] == ["✓ はい", "まだ分からない"]
    assert [(one.name, one.understood) for one in heard] == [("cost", False)]
    assert "そのまま書いてください" in api.texts(ANN)[1]


async def test_a_result_is_asked_about_under_its_last_message(api: FakeApi, running: Running, engine: Engine) -> None:
    heard: list[Heard] = []
    async with running(answer=respond_with(engine), limits=QUICK, hear=heard.append):
        await api.type(ANN, f"/start {a_result(engine.content)}")
        await api.until(lambda: any(ASK in text for text in api.texts(ANN)))
        (_, number), message = next(item for item in reversed(api.messages.items()))
        assert message["text"].endswith(ASK)
        await api.press(ANN, number, feedback(message)[0]["callback_data"])
        await api.until(lambda: bool(heard))
    assert heard[0].name == "recover/office"
    assert sum(ASK in text for text in api.texts(ANN)) == 1


async def test_a_kill_after_the_question_was_sent_asks_it_the_same_way_again(
    api: FakeApi, running: Running, engine: Engine
) -> None:
    async with running(answer=respond_with(engine), limits=QUICK):
        api.fail("sendMessage", 500, done_first=True)
        await api.type(ANN, "手数料はいくらですか？")
        await api.until(lambda: len(api.texts(ANN)) == 2)
    assert api.texts(ANN)[0] == api.texts(ANN)[1]
