"""Checklists as files and links on Telegram, with the shipped content and the real press."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import zxingcpp
from icalendar import Calendar
from PIL import Image

from bot.assistant import Assistant
from bot.channels.telegram import delivery
from bot.channels.telegram.handing import Handing
from bot.channels.telegram.render import Message
from bot.channels.telegram.steps import Send, SendFile, Step, pack_step, unpack_step
from bot.content.words import IN_JAPANESE
from bot.dialogue.answers import Position
from bot.dialogue.token import Codes
from bot.dialogue.walk import conclude, paths
from bot.printing.press import open_press
from bot.printing.printer import Printer
from bot.stores.sqlite import SqliteStore
from bot.stores.store import Record
from tests.shipped import shipped
from tests.telegram.conftest import Running
from tests.telegram.fake_api import FakeApi

ANN, BOB = 1001, 1002
PAGE = "https://pin.example.lg.jp"


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return shipped()


@pytest.fixture(scope="module")
def printer(assistant: Assistant) -> Printer:
    press = open_press()
    assert press is not None
    return Printer(lambda: assistant, press)


@pytest.fixture(scope="module")
def tokens(assistant: Assistant) -> dict[str, str]:
    content, found = assistant.content, dict[str, str]()
    flow, codes = content.flows["recover"], Codes(content)
    for answers in paths(flow, content.municipality):
        found.setdefault(conclude(flow, answers, content.municipality).route.id, codes.pack(Position(flow.id, answers)))
    return found


async def opened(api: FakeApi, token: str) -> tuple[int, dict[str, str]]:
    """Open a result by its link: its last message, which has the buttons, and their data by label."""
    await api.type(ANN, f"/start {token}")

    def keyed() -> list[tuple[int, dict[str, Any]]]:
        return [
            (number, message)
            for (_, number), message in api.messages.items()
            if "はじめから" in str(message.get("reply_markup"))
        ]

    await api.until(lambda: bool(keyed()))
    number, message = keyed()[-1]
    rows = message["reply_markup"]["inline_keyboard"]
    return number, {key["text"]: key["callback_data"] for row in rows for key in row if "callback_data" in key}


async def test_a_result_is_sent_as_pdf_and_as_an_album(
    api: FakeApi, running: Running, assistant: Assistant, printer: Printer, tokens: dict[str, str]
) -> None:
    async with running(answer=assistant.respond, printer=printer, page=PAGE):
        number, buttons = await opened(api, tokens["office-one"])
        await api.press(ANN, number, buttons["PDFを受け取る"])
        await api.until(lambda: len(api.files(ANN)) == 1)
        kind, name, content_type, body = api.files(ANN)[0]
        assert (kind, name, content_type) == ("document", "checklist.pdf", "application/pdf")
        assert body.startswith(b"%PDF")
        assert "持ち物：マイナンバーカード" in api.texts(ANN)[-1], "the caption says what is on it"
        await api.press(ANN, number, buttons["画像を受け取る"])
        await api.until(lambda: len(api.files(ANN)) > 1)
    (album,) = api.of("sendMediaGroup")
    assert {one["type"] for one in album.fields["media"]} == {"photo"}
    codes = [found.text for *_, body in api.files(ANN)[1:] for found in zxingcpp.read_barcodes(_image(body))]
    assert codes == [f"{PAGE}/k/{tokens['office-one']}"]


def _image(body: bytes) -> Image.Image:
    import io

    return Image.open(io.BytesIO(body))


async def test_the_family_gets_links_that_open_the_same_result(
    api: FakeApi, running: Running, assistant: Assistant, tokens: dict[str, str]
) -> None:
    async with running(answer=assistant.respond, page=PAGE):
        number, buttons = await opened(api, tokens["office-one"])
        assert "PDFを受け取る" not in buttons, "nothing is offered that cannot be made"
        result = api.texts(ANN)[0]
        await api.press(ANN, number, buttons["家族に送る"])
        await api.until(lambda: "t.me" in api.texts(ANN)[-1])
        letter = api.texts(ANN)[-1]
        assert f"{PAGE}/k/{tokens['office-one']}" in letter
        token = re.findall(r"https://t\.me/kagi_bot\?start=([\w-]+)", letter)[0]
        await api.type(ANN, f"/start {token}")
        await api.until(lambda: api.texts(ANN).count(result) == 2)


async def test_the_family_gets_a_code_that_a_phone_reads(
    api: FakeApi, running: Running, assistant: Assistant, printer: Printer, tokens: dict[str, str]
) -> None:
    async with running(answer=assistant.respond, printer=printer, page=PAGE):
        number, buttons = await opened(api, tokens["office-one"])
        await api.press(ANN, number, buttons["家族に送る"])
        await api.until(lambda: "t.me" in api.texts(ANN)[-1])
    (photo,) = api.files(ANN)
    codes = [found.text for found in zxingcpp.read_barcodes(_image(photo[3]))]
    assert codes == [f"{PAGE}/k/{tokens['office-one']}"]
    assert "同じチェックリストが開きます" in api.texts(ANN)[-2]


async def test_a_day_is_chosen_and_comes_as_a_calendar_file(
    api: FakeApi, running: Running, assistant: Assistant, tokens: dict[str, str]
) -> None:
    async with running(answer=assistant.respond, page=PAGE):
        number, buttons = await opened(api, tokens["office-one"])
        await api.press(ANN, number, buttons["行く日を予定に入れる"])
        await api.until(lambda: "いつ窓口へ行きますか" in api.texts(ANN)[-1])
        (_, asked), message = list(api.messages.items())[-1]
        days = [row[0] for row in message["reply_markup"]["inline_keyboard"] if len(row) == 1][:5]
        await api.press(ANN, asked, days[-1]["callback_data"])
        await api.until(lambda: bool(api.files(ANN)))
    kind, name, content_type, body = api.files(ANN)[0]
    assert (kind, name, content_type.split(";")[0]) == ("document", "reminder.ics", "text/calendar")
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    start = event.decoded("dtstart")
    assert f"{start.month}月{start.day}日" in days[-1]["text"]
    assert str(event["url"]) == f"{PAGE}/k/{tokens['office-one']}"


async def test_the_hours_of_the_kiosk_come_only_after_the_reservation(
    api: FakeApi, running: Running, assistant: Assistant, printer: Printer, tokens: dict[str, str]
) -> None:
    async with running(answer=assistant.respond, printer=printer):
        number, buttons = await opened(api, tokens["kiosk"])
        photos = api.files(ANN)
        assert [(kind, name) for kind, name, *_ in photos] == [("photo", "kiosk.png")]
        await api.press(ANN, number, buttons["アプリの予約が終わった"])
        await api.until(lambda: len(api.files(ANN)) == 2)
    (event,) = Calendar.from_ical(api.files(ANN)[1][3]).walk("VEVENT")
    assert 0 < (event.decoded("dtend") - event.decoded("dtstart")).total_seconds() <= 24 * 3600


async def test_an_answer_with_a_picture_comes_as_photo_and_in_words(
    api: FakeApi, running: Running, assistant: Assistant, printer: Printer
) -> None:
    async with running(answer=assistant.respond, printer=printer):
        await api.type(ANN, "/start e-pin-types")
        await api.until(lambda: len(api.texts(ANN)) == 2)
    (photo,) = api.files(ANN)
    assert photo[1] == "pins.png"
    assert "続けて5回まちがえるとロック" in api.texts(ANN)[0], "the caption says what the picture shows"
    assert "カードの暗証番号は4種類です" in api.texts(ANN)[1]


async def test_a_file_that_meets_a_fault_is_sent_when_telegram_is_back(
    api: FakeApi, running: Running, assistant: Assistant, printer: Printer, tokens: dict[str, str]
) -> None:
    async with running(answer=assistant.respond, printer=printer, page=PAGE):
        number, buttons = await opened(api, tokens["office-one"])
        api.fail("sendDocument", 500, times=3)
        await api.press(ANN, number, buttons["PDFを受け取る"])
        await api.until(lambda: bool(api.files(ANN)), seconds=20)
    assert len(api.files(ANN)) == 1


async def test_a_file_that_telegram_never_takes_gives_way_to_what_is_behind_it(
    api: FakeApi, running: Running, assistant: Assistant, printer: Printer, tokens: dict[str, str]
) -> None:
    async with running(answer=assistant.respond, printer=printer, page=PAGE):
        number, buttons = await opened(api, tokens["office-one"])
        api.fail("sendDocument", 413, body=b"<html>413 Request Entity Too Large</html>", times=100)
        await api.press(ANN, number, buttons["PDFを受け取る"])
        await api.type(ANN, "/help")
        await api.until(lambda: IN_JAPANESE("handed.not-made") in api.texts(ANN)[:-1])
    assert len(api.of("sendDocument")) == 1


Park = Callable[..., Awaitable[None]]


@pytest.fixture
def park(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> Park:
    """Parks steps for Ann; a file among them gives way after two tries."""
    monkeypatch.setattr(delivery, "FILE_TRIES", 2)

    async def work(*steps: Step) -> None:
        async with store.open(f"telegram:7:{ANN}") as conversation:
            await conversation.save(Record(parked=True), park=tuple(pack_step(ANN, step) for step in steps))

    return work


PICTURE = SendFile("explain", "pins.ja", "4種類の図です。")


async def test_a_parked_file_that_keeps_failing_gives_way_to_what_is_behind_it(
    api: FakeApi, running: Running, assistant: Assistant, printer: Printer, park: Park
) -> None:
    await park(PICTURE, Send(Message("その次です。")))
    api.fail("sendPhoto", 500, times=1000)
    async with running(answer=assistant.respond, printer=printer):
        while len(api.texts(ANN)) < 2:  # meanwhile others are answered
            await api.type(BOB, "/help")
            await asyncio.sleep(0.2)
    assert api.texts(ANN) == ["4種類の図です。", "その次です。"]


async def test_a_parked_file_waits_for_the_end_of_an_outage(
    api: FakeApi, running: Running, assistant: Assistant, printer: Printer, park: Park
) -> None:
    await park(PICTURE)
    async with running(answer=assistant.respond, printer=printer):
        for method in ("sendPhoto", "getUpdates"):
            api.fail(method, 500, times=1000)
        await asyncio.sleep(6)  # several tries
        api.faults.clear()
        await api.until(lambda: bool(api.files(ANN)))
    assert [name for _, name, *_ in api.files(ANN)] == ["pins.png"]


async def test_what_cannot_be_made_is_said(
    api: FakeApi, running: Running, assistant: Assistant, printer: Printer, tokens: dict[str, str]
) -> None:
    async with running(answer=assistant.respond):
        number, _ = await opened(api, tokens["office-one"])
        await api.press(ANN, number, f"tp{tokens['office-one']}")
        await api.until(lambda: api.texts(ANN)[-1] == IN_JAPANESE("handed.no-files"))
    gone = Printer(lambda: assistant, printer._press)
    assert await gone.result("pdf", "damaged", None) is None


def test_a_parked_file_holds_no_more_than_a_token() -> None:
    step = SendFile("pdf", "AQAAAADcACKZ", "チェックリストのPDFです。")
    packed = pack_step(ANN, step)
    assert unpack_step(packed) == (ANN, step)
    assert len(packed) < 300


def test_links_are_offered_as_far_as_they_are_known() -> None:
    assert Handing().link("t") is None
    assert Handing(username="k_bot").link("t") == "https://t.me/k_bot?start=t"
    assert Handing(page=PAGE, username="k_bot").link("t") == f"{PAGE}/k/t"
