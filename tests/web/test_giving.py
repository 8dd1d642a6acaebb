"""「この質問を役所に届ける」 on the page, without a script: the form brings the text along, no address does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from cryptography.fernet import Fernet

from bot.assistant import Assistant
from bot.channels.web import WebSettings, make_app
from bot.collecting import Collecting
from bot.content.loading import load
from bot.dialogue.presenting import NOBODY, Operator
from bot.matching.matcher import TrainedMatcher
from bot.stores.given import GivenFile
from bot.stores.vault import Vault
from tests.dialogue.running import NOW

OFFER, YES, NO = "この質問を役所に届ける", "届ける", "届けない"
UNKNOWN = "婚姻届はどこで<もらえますか>"


@pytest.fixture(scope="module")
def assistants() -> dict[bool, Assistant]:
    content = load(Path(__file__).parent.parent / "dialogue" / "content")
    matcher = TrainedMatcher(content)
    return {
        collects: Assistant(content, Operator(collects=True) if collects else NOBODY, lambda: NOW, matcher)
        for collects in (True, False)
    }


@pytest.fixture
def file(tmp_path: Path) -> GivenFile:
    return GivenFile(tmp_path / "given.sqlite", Vault([Fernet.generate_key().decode()]), most=2)


@pytest_asyncio.fixture
async def page(assistants: dict[bool, Assistant], file: GivenFile) -> AsyncIterator[TestClient]:
    app = make_app(lambda: assistants[True], settings=WebSettings(burst=1000), give=Collecting(file))
    async with TestClient(TestServer(app)) as client:
        yield client


def form_of(html: str, label: str) -> dict[str, str]:
    """What a press on the button of that label sends."""
    for form in re.findall(r"<form.*?</form>", html, re.DOTALL):
        for data, inside in re.findall(r'<button name="data" value="([^"]*)"[^>]*>(.*?)</button>', form, re.DOTALL):
            if re.sub("<.*?>", "", inside).strip().endswith(label):
                fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
                return {name: unescape(value) for name, value in fields.items()} | {"data": unescape(data)}
    raise AssertionError(label)


async def say(page: TestClient, text: str, **headers: str) -> str:
    answer = await page.post("/said", data={"text": text}, headers=headers)
    assert "婚姻" not in str(answer.url)
    return await answer.text()


async def press(page: TestClient, html: str, label: str, **other: str) -> str:
    answer = await page.post("/pressed", data={**form_of(html, label), **other})
    assert answer.status == 200
    assert answer.url.query_string == ""
    return await answer.text()


async def test_a_question_without_an_answer_is_shown_confirmed_and_kept(page: TestClient, file: GivenFile) -> None:
    shown = await press(page, await say(page, UNKNOWN), OFFER)
    assert file.read() == ()
    assert "婚姻届はどこで&lt;もらえますか&gt;" in shown
    assert "/delete でも消せません" in shown
    assert "届けました" in await press(page, shown, YES)
    assert [one.text for one in file.read()] == [UNKNOWN]


async def test_no_keeps_nothing(page: TestClient, file: GivenFile) -> None:
    shown = await press(page, await say(page, UNKNOWN), OFFER)
    assert "届けませんでした" in await press(page, shown, NO)
    assert file.read() == ()


async def test_with_the_script_feedback_leads_there_too(page: TestClient, file: GivenFile) -> None:
    html = await say(page, "手数料はいくらですか？", **{"X-Part": "turn"})
    html = await press(page, html, "まだ分からない")
    await press(page, await press(page, html, OFFER), YES)
    assert [one.text for one in file.read()] == ["手数料はいくらですか？"]


async def test_without_the_script_an_answer_keeps_its_address(page: TestClient) -> None:
    answer = await page.post("/said", data={"text": "手数料はいくらですか？"}, allow_redirects=False)
    assert answer.status == 303


async def test_what_a_forged_form_brings_passes_the_guard_and_is_shown_first(page: TestClient, file: GivenFile) -> None:
    html = await say(page, UNKNOWN)
    shown = await press(page, html, OFFER, about="私の番号は123456789018、暗証番号は8512です")
    assert "123456789018" not in shown
    assert "8512" not in shown
    again = await press(page, shown, YES, about="別の文です")
    assert "届けました" not in again
    assert file.read() == ()


@pytest.mark.parametrize(
    ("about", "said"),
    [("", "もう一度書いてください"), ("あ" * 301, "短くして"), ("123456789018", "番号のほかに文がない")],
)
async def test_what_cannot_be_handed_over_is_said(page: TestClient, about: str, said: str) -> None:
    assert said in await press(page, await say(page, UNKNOWN), OFFER, about=about)


async def test_a_full_box_is_said(page: TestClient, file: GivenFile) -> None:
    for text in ("一つ", "二つ"):
        file.keep(text)
    shown = await press(page, await say(page, UNKNOWN), OFFER)
    assert "いまは受け取れません" in await press(page, shown, YES)
    assert len(file.read()) == 2


async def test_without_the_setting_nothing_is_offered_and_nothing_taken(assistants: dict[bool, Assistant]) -> None:
    app = make_app(lambda: assistants[False], settings=WebSettings(burst=1000))
    async with TestClient(TestServer(app)) as client:
        html = await say(client, UNKNOWN)
        assert OFFER not in html
        assert 'name="about"' not in html
        old = await client.post("/pressed", data={"data": "o", "about": UNKNOWN})
        assert "いまは、質問を受け取っていません" in await old.text()
