"""The living checklist on Telegram: ticks that all count, reasons, copy buttons, a map, colours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram.render import LIMIT, render, units
from bot.channels.telegram.sender import Limits
from bot.content.loading import load
from bot.content.model import Content, Item
from bot.content.municipality import Municipality
from bot.dialogue.answers import Position
from bot.dialogue.engine import Engine
from bot.dialogue.replies import Button, Event, Reply, Ticks, Turn
from bot.dialogue.results import Results, item_codes
from bot.dialogue.standing import Standing
from bot.dialogue.token import MAX_LENGTH, Codes
from bot.dialogue.walk import conclude, paths
from bot.matching.matcher import TrainedMatcher
from bot.settings import PROJECT
from bot.stores.sqlite import SqliteStore
from bot.stores.store import StoreError
from tests.dialogue.running import NOW
from tests.telegram.conftest import Running
from tests.telegram.fake_api import FakeApi

ANN = 1001
QUICK = Limits(chat_per_second=1000, chat_burst=1000)
OFFICES = [
    {"name": "市民課", "phone": "000-000-0001", "address": "見本1丁目", "latitude": 30.0, "longitude": 150.0},
    {"name": "出張所", "phone": "000-000-0002"},
]

Respond = Callable[[str | None, Event], Turn]


def with_items(content: Content, count: int, first: str = "thing") -> Content:
    """The small content with `count` things to bring, whatever is answered."""
    items = tuple(Item(id=f"{first}-{n}", text=f"もの{n}（見本）", why=f"理由{n}のため") for n in range(count))
    flow = content.flows["recover"].model_copy(update={"items": items})
    return content.model_copy(update={"flows": {"recover": flow}})


@pytest.fixture(scope="module")
def ten() -> Engine:
    """A small content with ten things to bring."""
    small = load(Path(__file__).parent.parent / "dialogue" / "content")
    return Engine(with_items(small, 10), TrainedMatcher(small))


def respond_with(engine: Engine) -> Respond:
    return lambda token, event: engine.respond(token, event, NOW)


def a_result(content: Content) -> str:
    """A token that opens a finished checklist for the office."""
    flow, city = content.flows["recover"], content.municipality
    answers = next(a for a in paths(flow, city) if conclude(flow, a, city).route.kind == "office")
    return Codes(content).pack(Position(flow.id, answers))


class Lists:
    """The checklist that a person sees."""

    def __init__(self, api: FakeApi, number: int) -> None:
        self.api, self.number = api, number

    @property
    def message(self) -> dict[str, Any]:
        return self.api.messages[ANN, self.number]

    @property
    def text(self) -> str:
        return str(self.message["text"])

    @property
    def keys(self) -> list[dict[str, Any]]:
        return [key for row in self.message["reply_markup"]["inline_keyboard"] for key in row]

    @property
    def ticks(self) -> int:
        return sum(key["text"].startswith("☑") for key in self.keys)

    def data(self, label: str) -> str:
        return str(next(key["callback_data"] for key in self.keys if label in key["text"]))


async def opened(api: FakeApi, token: str) -> Lists:
    """Open a result by its link and wait until all of it is there."""
    await api.type(ANN, f"/start {token}")
    await api.until(lambda: any("はじめから" in str(message) for message in api.messages.values()))
    number = next(number for (_, number), message in api.messages.items() if "なぜ必要" in str(message))
    return Lists(api, number)


async def test_ten_quick_taps_leave_ten_ticks(api: FakeApi, running: Running, ten: Engine) -> None:
    async with running(answer=respond_with(ten), limits=QUICK):
        seen = await opened(api, a_result(ten.content))
        presses = [(number, key["callback_data"]) for number, key in enumerate(seen.keys[:10])]
        await asyncio.gather(*(api.press(ANN, seen.number, data) for _, data in presses))
        await api.until(lambda: seen.ticks == 10)
        assert "全部そろいました" in seen.text
        assert seen.text.count("☑") == 10


async def test_ten_taps_that_come_while_nothing_can_be_stored_count_too(
    api: FakeApi, running: Running, ten: Engine, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(answer=respond_with(ten), limits=QUICK):
        seen = await opened(api, a_result(ten.content))

        def refuse(*_: object, **__: object) -> None:
            raise StoreError("no disk")

        monkeypatch.setattr(store, "open", refuse)
        await asyncio.gather(*(api.press(ANN, seen.number, key["callback_data"]) for key in seen.keys[:10]))
        await api.until(lambda: seen.ticks == 10)


async def test_the_same_tap_delivered_again_stays_one_tick(api: FakeApi, running: Running, ten: Engine) -> None:
    async with running(answer=respond_with(ten), limits=QUICK):
        seen = await opened(api, a_result(ten.content))
        on = seen.data("もの3")
        await api.press(ANN, seen.number, on)
        await api.until(lambda: seen.ticks == 1)
        await api.press(ANN, seen.number, on)
        await api.press(ANN, seen.number, seen.data("もの4"))
        await api.until(lambda: seen.ticks == 2)
        await api.press(ANN, seen.number, seen.data("もの3"))
        await api.until(lambda: seen.ticks == 1)
    assert "あと9つです" in seen.text


async def test_a_tick_whose_confirmation_was_lost_is_not_taken_back(
    api: FakeApi, running: Running, ten: Engine
) -> None:
    async with running(answer=respond_with(ten), limits=QUICK):
        seen = await opened(api, a_result(ten.content))
        api.fail("editMessageText", 500, done_first=True)
        await api.press(ANN, seen.number, seen.data("もの1"))
        await api.until(lambda: len(api.of("editMessageText")) == 2)
        await api.press(ANN, seen.number, seen.data("もの2"))
        await api.until(lambda: seen.ticks == 2)


async def test_ticks_outlive_a_restart_and_lie_on_the_message_when_nothing_is_kept(
    api: FakeApi, running: Running, ten: Engine
) -> None:
    async with running(answer=respond_with(ten), limits=QUICK):
        seen = await opened(api, a_result(ten.content))
        await api.press(ANN, seen.number, seen.data("もの1"))
        await api.until(lambda: seen.ticks == 1)
    async with running(answer=respond_with(ten), limits=QUICK):
        await api.press(ANN, seen.number, seen.data("もの2"))
        await api.until(lambda: seen.ticks == 2)
        await api.type(ANN, "/delete")
        await api.until(lambda: "記録を消しました" in api.texts(ANN)[-1])
        await api.press(ANN, seen.number, seen.data("もの3"))
        await api.until(lambda: seen.ticks == 3)


async def test_after_delete_nothing_is_known_of_what_was_ticked(api: FakeApi, running: Running, ten: Engine) -> None:
    async with running(answer=respond_with(ten), limits=QUICK):
        seen = await opened(api, a_result(ten.content))
        unticked = deepcopy(seen.message)
        await api.press(ANN, seen.number, seen.data("もの1"))
        await api.until(lambda: seen.ticks == 1)
        await api.type(ANN, "/delete")
        await api.until(lambda: "記録を消しました" in api.texts(ANN)[-1])
        api.messages[ANN, seen.number] = unticked
        await api.press(ANN, seen.number, seen.data("もの2"))
        await api.until(lambda: seen.ticks > 0)
        assert [key["text"] for key in seen.keys if key["text"].startswith("☑")] == ["☑ もの2"]


async def test_a_changed_list_is_cleared_and_said(
    api: FakeApi,
    running: Running,
    ten: Engine,
) -> None:
    serving = [ten]
    async with running(answer=lambda token, event: serving[0].respond(token, event, NOW), limits=QUICK):
        seen = await opened(api, a_result(ten.content))
        for label in ("もの1", "もの2"):
            await api.press(ANN, seen.number, seen.data(label))
        await api.until(lambda: seen.ticks == 2)
        serving[0] = Engine(with_items(ten.content, 9), ten.matcher)
        await api.press(ANN, seen.number, seen.data("もの3"))
        await api.until(lambda: "新しくなりました" in seen.text)
        assert seen.ticks == 1
        assert "あと8つです" in seen.text
        await api.press(ANN, seen.number, seen.data("もの4"))
        await api.until(lambda: seen.ticks == 2)
    assert "新しくなりました" not in seen.text


async def test_reasons_are_shown_in_place_and_put_away_with_the_ticks_kept(
    api: FakeApi, running: Running, ten: Engine
) -> None:
    async with running(answer=respond_with(ten), limits=QUICK):
        seen = await opened(api, a_result(ten.content))
        before = len(api.messages)
        await api.press(ANN, seen.number, seen.data("もの5"))
        await api.press(ANN, seen.number, seen.data("なぜ必要"))
        await api.until(lambda: "理由5のため" in seen.text)
        assert seen.ticks == 1
        await api.press(ANN, seen.number, seen.data("もの6"))
        await api.until(lambda: seen.ticks == 2)
        assert "理由6のため" in seen.text, "a tick leaves the reasons open"
        await api.press(ANN, seen.number, seen.data("理由をとじる"))
        await api.until(lambda: "理由6のため" not in seen.text)
    assert seen.ticks == 2
    assert len(api.messages) == before, "nothing new is sent"


async def test_ticking_an_old_list_leaves_the_open_guide_open(api: FakeApi, running: Running, ten: Engine) -> None:
    async with running(answer=respond_with(ten), limits=QUICK):
        seen = await opened(api, a_result(ten.content))
        await api.type(ANN, "/guide")
        await api.until(lambda: "窓口に行けますか" in api.texts(ANN)[-1])
        await api.press(ANN, seen.number, seen.data("もの1"))
        await api.type(ANN, "本人が行く")
        await api.until(lambda: "どの暗証番号ですか" in api.texts(ANN)[-1])
    assert seen.ticks == 1


async def test_phone_and_address_can_be_copied_and_the_office_is_shown_on_a_map(
    api: FakeApi,
    running: Running,
    ten: Engine,
) -> None:
    city = Municipality(name="見本市", phone="000-000-0000", offices=OFFICES)
    there = Engine(ten.content.model_copy(update={"municipality": city}), ten.matcher)
    async with running(answer=respond_with(there), limits=QUICK):
        await opened(api, a_result(there.content))
        last = Lists(api, max(number for _, number in api.messages))
        copied = {key["text"]: key["copy_text"]["text"] for key in last.keys if "copy_text" in key}
        assert copied == {
            "電話をコピー：市民課": "000-000-0001",
            "住所をコピー：市民課": "見本1丁目",
            "電話をコピー：出張所": "000-000-0002",
        }
        await api.press(ANN, last.number, last.data("地図を見る"))
        await api.until(lambda: bool(api.of("sendVenue")))
    (venue,) = api.of("sendVenue")
    assert (venue.fields["title"], venue.fields["latitude"], venue.fields["longitude"]) == ("市民課", 30.0, 150.0)


async def test_without_coordinates_no_map_is_offered(api: FakeApi, running: Running, ten: Engine) -> None:
    async with running(answer=respond_with(ten), limits=QUICK):
        await opened(api, a_result(ten.content))
    assert not any("地図" in str(message) or "copy_text" in str(message) for message in api.messages.values())


async def test_what_cannot_be_undone_is_red_and_says_so_in_words(api: FakeApi, running: Running, ten: Engine) -> None:
    async with running(answer=respond_with(ten), limits=QUICK):
        await api.type(ANN, "記録を消して")
        await api.until(lambda: bool(api.messages))
        asked = Lists(api, max(number for _, number in api.messages))
        assert (asked.keys[0]["text"], asked.keys[0]["style"]) == ("記録を消す", "danger")
        await api.press(ANN, asked.number, asked.data("記録を消す"))
        await api.until(lambda: "記録を消しました" in api.texts(ANN)[-1])


def test_no_checklist_of_the_shipped_guides_needs_two_messages() -> None:
    shipped = load(PROJECT)
    results, seen = Results(shipped, Standing(shipped)), set[tuple[str, ...]]()
    for flow in shipped.flows.values():
        for answers in paths(flow, shipped.municipality):
            result = conclude(flow, answers, shipped.municipality)
            codes = item_codes(result)
            if not codes or codes in seen:
                continue
            seen.add(codes)
            lists = results.living(result, "x" * MAX_LENGTH, Ticks(codes), reasons=True)
            hide = Button("理由をとじる", f"w0{'x' * MAX_LENGTH}", "side", on=True)
            (message,) = render(Reply("checklist", lists, reasons=hide))
            assert units(message.html) <= LIMIT
            labels = [key.label for row in message.keyboard for key in row]
            assert len(set(labels)) == len(labels) == len(codes) + 1, (
                "no two things have the same name on their buttons"
            )
    assert len(seen) > 20
