"""Addresses and posters open what they say."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from bot.content.loading import load
from bot.content.model import Content
from bot.dialogue.token import Codes
from bot.review.links import Linked, links, listed, poster, qr_png, qr_svg
from bot.settings import PROJECT
from tests.needs import needs
from tests.web.browser import chromium

PAGE = "https://pin.city.example.jp"


@pytest.fixture(scope="module")
def shipped() -> Content:
    return load(PROJECT, PROJECT / "faq" / "samples" / "pf-1.yaml")


def test_a_guide_opens_in_the_page_and_in_telegram_by_its_token(shipped: Content) -> None:
    recover = links(shipped, PAGE, "mainakagi_bot")[0]
    token = recover.page.removeprefix(f"{PAGE}/k/")
    assert Codes(shipped).unpack(token).position.flow == recover.id
    assert recover.telegram == f"https://t.me/mainakagi_bot?start={token}"


def test_every_answer_has_an_address_in_the_page(shipped: Content) -> None:
    found = {one.id: one for one in links(shipped, PAGE, "")}
    assert set(found) == {*shipped.flows, *(entry.id for entry in shipped.entries)}
    assert found["unlock-cost"].page == f"{PAGE}/a?e=unlock-cost"


def test_without_a_page_guides_and_answers_open_in_telegram(shipped: Content) -> None:
    found = {one.id: one for one in links(shipped, "", "bot")}
    assert set(found) == {*shipped.flows, *(entry.id for entry in shipped.entries)}
    assert found["unlock-cost"].address == "https://t.me/bot?start=e-unlock-cost"


def test_without_any_address_there_are_no_links(shipped: Content) -> None:
    assert links(shipped, "", "") == ()


def test_a_guide_and_an_answer_of_the_same_id_have_files_of_their_own(shipped: Content) -> None:
    found = links(shipped, PAGE, "")
    assert len({one.id for one in found}) < len(found), "there is such a pair"
    assert len({one.file for one in found}) == len(found)


def test_a_phone_reads_the_address_from_each_code(shipped: Content) -> None:
    found = links(shipped, PAGE, "bot")
    for one in (found[0], max(found, key=lambda one: len(one.address))):
        (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr_png(one.address))))
        assert read.text == one.address


@needs("chromium")
async def test_the_fullest_posters_are_one_a4_page(shipped: Content) -> None:
    found = sorted(links(shipped, PAGE, "mainakagi_bot"), key=lambda one: -len(one.title))
    async with chromium() as browser:
        page = await browser.new_page()
        for one in (*found[:3], next(one for one in found if one.id == "no-pin-card")):
            await page.set_content(poster(one, shipped))
            over = await page.evaluate(
                "(main => main.scrollHeight - main.clientHeight)(document.querySelector('main'))"
            )
            assert over <= 1, one.id
            assert (await page.pdf(prefer_css_page_size=True)).count(b"/Type /Page\n") == 1


def test_the_list_is_a_table(shipped: Content) -> None:
    rows = [line.split("\t") for line in listed(links(shipped, PAGE, ""))]
    assert {len(row) for row in rows} == {5}


def test_the_qr_code_comes_as_svg_and_png() -> None:
    assert qr_svg(f"{PAGE}/k/AQAAAADcAJY").startswith("<svg")
    assert qr_png(f"{PAGE}/k/AQAAAADcAJY").startswith(b"\x89PNG")


def test_a_poster_of_a_sample_city_says_so_and_asks_for_no_pin(shipped: Content) -> None:
    page = poster(links(shipped, PAGE, "bot")[0], shipped)
    assert "見本の市です" in page
    assert "番号をたずねません" in page
    assert "000-000-0001" in page
    assert page.count("<svg") == 1


def test_a_title_cannot_break_the_poster(shipped: Content) -> None:
    page = poster(Linked("x", "答え", "<script>", f"{PAGE}/a?e=x", ""), shipped)
    assert "<script>" not in page
