"""The page's files, code and calendar, with the shipped content and the real press."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from icalendar import Calendar

from bot.assistant import Assistant
from bot.channels.web import WebSettings, make_app
from bot.dialogue.answers import Position
from bot.dialogue.token import Codes
from bot.dialogue.walk import conclude, paths
from bot.printing import printer
from bot.printing.press import open_press
from bot.printing.qr import qr


@pytest.fixture(scope="module")
def assistant(shipped: Assistant) -> Assistant:
    return shipped


@pytest.fixture(scope="module")
def tokens(assistant: Assistant) -> dict[str, str]:
    content, found = assistant.content, dict[str, str]()
    flow, codes = content.flows["recover"], Codes(content)
    for answers in paths(flow, content.municipality):
        found.setdefault(conclude(flow, answers, content.municipality).route.id, codes.pack(Position(flow.id, answers)))
    return found


@pytest_asyncio.fixture
async def page(assistant: Assistant) -> AsyncIterator[TestClient]:
    app = make_app(lambda: assistant, settings=WebSettings(burst=1000), press=open_press())
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_result_can_be_had_as_pdf_and_as_picture(page: TestClient, tokens: dict[str, str]) -> None:
    html = await (await page.get(f"/k/{tokens['kiosk']}")).text()
    for name, kind, start in (("pdf", "application/pdf", b"%PDF"), ("png", "image/png", b"\x89PNG")):
        address = f"/k/{tokens['kiosk']}/checklist.{name}"
        assert f'href="{address}"' in html
        answer = await page.get(address)
        assert answer.content_type == kind
        assert (await answer.read()).startswith(start)
        assert answer.headers["Cache-Control"] == "no-store"


async def test_the_code_and_the_pictures_keep_the_pages_policy(page: TestClient, tokens: dict[str, str]) -> None:
    html = await (await page.get(f"/k/{tokens['kiosk']}")).text()
    assert re.search(r'<div class="qr" role="img"[^>]*><svg', html)
    assert re.search(
        r'<figure class="picture">\s*<svg[^>]* role="img"><title>コンビニなどの店で直す流れ</title><desc>', html
    )
    assert "style=" not in html


async def test_the_chosen_day_comes_as_a_calendar_file(page: TestClient, tokens: dict[str, str]) -> None:
    html = await (await page.get(f"/k/{tokens['office-one']}")).text()
    days = re.findall(r'<option value="([^"]+)">([^<]+)</option>', html)
    assert len(days) == 20
    answer = await page.post("/calendar", data={"data": days[3][0]})
    assert answer.content_type == "text/calendar"
    assert "attachment" in answer.headers["Content-Disposition"]
    (event,) = Calendar.from_ical(await answer.read()).walk("VEVENT")
    start = event.decoded("dtstart")
    assert days[3][1].startswith(f"{start.month}月{start.day}日")
    assert str(event["url"]).endswith(f"/k/{tokens['office-one']}")


async def test_the_hours_of_the_kiosk_are_counted_only_after_the_press(
    page: TestClient, tokens: dict[str, str]
) -> None:
    html = await (await page.get(f"/k/{tokens['kiosk']}")).text()
    assert "<select" not in html
    (data,) = re.findall(r'value="(tr[^"]+)"', html)
    answer = await page.post("/calendar", data={"data": data})
    assert answer.content_type == "text/calendar"


async def test_what_has_no_date_is_answered_with_its_page(page: TestClient, tokens: dict[str, str]) -> None:
    answer = await page.post("/calendar", data={"data": f"tr{tokens['office-one']}"})
    assert answer.content_type == "text/html"
    assert "決め直せます" in await answer.text()


async def test_the_file_of_an_unfinished_guide_leads_to_its_question(page: TestClient, assistant: Assistant) -> None:
    start = Codes(assistant.content).pack(Position("recover"))
    answer = await page.get(f"/k/{start}/checklist.pdf")
    assert answer.url.path == f"/k/{start}"
    assert "窓口に行けますか" in await answer.text()


@pytest.mark.parametrize("path", ["/k/x y/checklist.pdf", "/k/token/other.pdf", "/k/" + "x" * 65 + "/checklist.png"])
async def test_other_addresses_are_not_found(page: TestClient, path: str) -> None:
    assert (await page.get(path)).status == 404


async def test_too_many_at_once_are_asked_to_wait(
    page: TestClient, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printer, "WAITING", 0)
    answer = await page.get(f"/k/{tokens['kiosk']}/checklist.pdf")
    assert answer.status == 503
    assert "10秒ほど" in await answer.text()


async def test_without_a_press_only_printing_is_left(assistant: Assistant, tokens: dict[str, str]) -> None:
    app = make_app(lambda: assistant, settings=WebSettings(burst=1000))
    async with TestClient(TestServer(app)) as client:
        html = await (await client.get(f"/k/{tokens['kiosk']}")).text()
        assert "checklist.pdf" not in html
        assert 'class="print"' in html
        assert (await client.get(f"/k/{tokens['kiosk']}/checklist.pdf")).status == 404


async def test_the_code_and_the_link_open_the_same_result(page: TestClient, tokens: dict[str, str]) -> None:
    html = await (await page.get(f"/k/{tokens['office-one']}")).text()
    (address,) = set(re.findall(r'<p class="address"><a href="([^"]+)"', html))
    code = qr(address)
    assert code is not None
    assert code in html
    again = await (await page.get(address.removeprefix(str(page.make_url("/")).rstrip("/")))).text()
    things = re.compile(r'<span class="thing">([^<]+)</span>')
    assert things.findall(html)
    assert things.findall(again) == things.findall(html)
