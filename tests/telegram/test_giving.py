"""「この質問を役所に届ける」 on Telegram: the press brings the question along, and a yes keeps it."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.channels.telegram.render import Message
from bot.channels.telegram.steps import Send, pack_step, unpack_step
from bot.collecting import Collecting
from bot.content.loading import load
from bot.dialogue.engine import Engine
from bot.dialogue.presenting import Operator
from bot.dialogue.replies import Reply
from bot.matching.matcher import TrainedMatcher
from bot.stores.given import GivenFile
from bot.stores.vault import Vault
from tests.telegram.conftest import Running
from tests.telegram.fake_api import FakeApi
from tests.telegram.test_ticks import QUICK, respond_with

ANN = 1001
OFFER, YES, NO = "この質問を役所に届ける", "届ける", "届けない"
UNKNOWN = "婚姻届はどこでもらえますか"


@pytest.fixture(scope="module")
def engine() -> Engine:
    content = load(Path(__file__).parent.parent / "dialogue" / "content")
    return Engine(content, TrainedMatcher(content), Operator(collects=True))


@pytest.fixture
def file(tmp_path: Path) -> GivenFile:
    return GivenFile(tmp_path / "given.sqlite", Vault([Fernet.generate_key().decode()]))


class Chat:
    """Ann's chat as she sees it."""

    def __init__(self, api: FakeApi) -> None:
        self.api = api

    @property
    def last(self) -> tuple[int, dict[str, Any]]:
        (_, number), message = list(self.api.messages.items())[-1]
        return number, message

    @property
    def buttons(self) -> dict[str, str]:
        rows = self.last[1].get("reply_markup", {}).get("inline_keyboard", [])
        return {key["text"]: key["callback_data"] for row in rows for key in row if "callback_data" in key}

    async def says(self, text: str) -> str:
        before = len(self.api.texts(ANN))
        await self.api.type(ANN, text)
        return await self._answer(before)

    async def presses(self, label: str) -> str:
        before = len(self.api.texts(ANN))
        await self.api.press(ANN, self.last[0], self.buttons[label])
        return await self._answer(before)

    async def _answer(self, before: int) -> str:
        await self.api.until(lambda: len(self.api.texts(ANN)) > before)
        return self.api.texts(ANN)[-1]


async def test_a_question_without_an_answer_is_shown_confirmed_and_kept(
    api: FakeApi, running: Running, engine: Engine, file: GivenFile
) -> None:
    async with running(answer=respond_with(engine), limits=QUICK, give=Collecting(file)):
        ann = Chat(api)
        await ann.says(UNKNOWN)
        shown = await ann.presses(OFFER)
        assert file.read() == ()
        done = await ann.presses(YES)
    assert UNKNOWN in shown
    assert "/delete でも消せません" in shown
    assert "届けました" in done
    assert [one.text for one in file.read()] == [UNKNOWN]


async def test_of_what_was_typed_nothing_stays_in_memory(
    api: FakeApi, running: Running, engine: Engine, file: GivenFile
) -> None:
    async with running(answer=respond_with(engine), limits=QUICK, give=Collecting(file)):
        ann = Chat(api)
        await ann.says(UNKNOWN)
        assert UNKNOWN in await ann.presses(OFFER)
        await ann.presses(NO)
        await api.until(lambda: not api.updates)
        gc.collect()
        kept = [one for one in gc.get_objects() if isinstance(one, Reply | Message) and UNKNOWN in repr(one)]
    assert kept == []


async def test_whoever_does_not_know_yet_may_hand_the_question_over(
    api: FakeApi, running: Running, engine: Engine, file: GivenFile
) -> None:
    async with running(answer=respond_with(engine), limits=QUICK, give=Collecting(file)):
        ann = Chat(api)
        await ann.says("手数料はいくらですか？")
        assert OFFER not in ann.buttons
        await ann.presses("まだ分からない")
        await ann.presses(OFFER)
        await ann.presses(YES)
    assert [one.text for one in file.read()] == ["手数料はいくらですか？"]


async def test_no_keeps_nothing(api: FakeApi, running: Running, engine: Engine, file: GivenFile) -> None:
    async with running(answer=respond_with(engine), limits=QUICK, give=Collecting(file)):
        ann = Chat(api)
        await ann.says(UNKNOWN)
        await ann.presses(OFFER)
        assert "届けませんでした" in await ann.presses(NO)
    assert file.read() == ()


async def test_a_question_that_was_deleted_meanwhile_is_said_kindly(
    api: FakeApi, running: Running, engine: Engine, file: GivenFile
) -> None:
    async with running(answer=respond_with(engine), limits=QUICK, give=Collecting(file)):
        ann = Chat(api)
        await ann.says(UNKNOWN)
        api.written.clear()
        assert "もう一度書いてください" in await ann.presses(OFFER)
    assert file.read() == ()


async def test_a_question_edited_after_it_was_shown_is_shown_again(
    api: FakeApi, running: Running, engine: Engine, file: GivenFile
) -> None:
    async with running(answer=respond_with(engine), limits=QUICK, give=Collecting(file)):
        ann = Chat(api)
        await ann.says(UNKNOWN)
        await ann.presses(OFFER)
        for message in api.written.values():
            message["text"] = "離婚届はどこ 1234-5678-9018"
        again = await ann.presses(YES)
        assert file.read() == ()
        assert "離婚届はどこ" in again
        assert "9018" not in again
        await ann.presses(YES)
    (kept,) = file.read()
    assert kept.text.startswith("離婚届はどこ")
    assert "9018" not in kept.text


async def test_under_a_text_with_a_secret_nothing_is_offered(
    api: FakeApi, running: Running, engine: Engine, file: GivenFile
) -> None:
    async with running(answer=respond_with(engine), limits=QUICK, give=Collecting(file)):
        ann = Chat(api)
        said = await ann.says(f"{UNKNOWN} マイナンバーは123456789018です")
        assert "12けたの番号が書かれていました" in said
        assert OFFER not in ann.buttons


def test_a_parked_answer_is_still_a_reply_and_one_parked_by_an_earlier_version_is_read() -> None:
    packed = pack_step(ANN, Send(Message("文"), 5))
    assert unpack_step(packed) == (ANN, Send(Message("文"), 5))
    assert unpack_step(packed.replace(b',"reply_to":5', b"")) == (ANN, Send(Message("文")))


async def test_a_file_that_cannot_be_written_is_said(
    api: FakeApi, running: Running, engine: Engine, file: GivenFile, tmp_path: Path
) -> None:
    (tmp_path / "given.sqlite").mkdir()
    async with running(answer=respond_with(engine), limits=QUICK, give=Collecting(file)):
        ann = Chat(api)
        await ann.says(UNKNOWN)
        await ann.presses(OFFER)
        assert "うまく届きませんでした" in await ann.presses(YES)


async def test_without_the_setting_nothing_is_offered_and_answers_are_no_replies(
    api: FakeApi, running: Running, engine: Engine
) -> None:
    plain = Engine(engine.content, engine.matcher)
    async with running(answer=respond_with(plain), limits=QUICK):
        ann = Chat(api)
        await ann.says(UNKNOWN)
        assert OFFER not in ann.buttons
    assert all("reply_parameters" not in call.fields for call in api.of("sendMessage"))
