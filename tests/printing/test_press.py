"""Sheets and pictures as they come out of the press."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from bot.content.loading import load
from bot.content.model import PICTURE_FACTS, Notice
from bot.dialogue.explaining import explain
from bot.dialogue.replies import Heading, Text, Warning
from bot.dialogue.results import Results
from bot.dialogue.standing import Standing
from bot.printing.pictures import draw
from bot.printing.press import Press, open_press
from bot.printing.sheet import Sheet
from bot.settings import PROJECT
from tests.needs import needs
from tests.printing.sheets import LINK, NOW, Printed, wordiest

SHORT = Sheet(
    (Warning("見本の市です。"), Heading("窓口へ行けば、決め直せます"), Text("1回で終わります")), NOW.date(), LINK
)


@pytest.fixture(scope="module")
def press() -> Press:
    opened = open_press()
    assert opened is not None
    return opened


def text_of(pdf: bytes, *options: str) -> str:
    """The text of a PDF, as a reader's program finds it."""
    return subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def read_code(image: Image.Image) -> str | None:
    found = zxingcpp.read_barcodes(image)
    return found[0].text if found else None


@needs("pdftotext")
def test_every_result_fits_its_paper_and_nothing_is_missing(press: Press) -> None:
    printed = wordiest()
    assert len(printed) >= 25
    for one in printed:
        pdf = press.pdf(one.sheet)
        words = [
            (float(left), float(right), float(bottom))
            for left, right, bottom in re.findall(
                r'<word xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)" yMax="([\d.-]+)"', text_of(pdf, "-bbox")
            )
        ]
        millimetre = 72 / 25.4
        assert min(left for left, _, _ in words) >= 16 * millimetre, one.name  # half a bracket is blank
        assert max(right for _, right, _ in words) <= 194 * millimetre, one.name
        assert max(bottom for _, _, bottom in words) <= 290 * millimetre, one.name
        check_words(one, bare(text_of(pdf)))


def check_words(one: Printed, text: str) -> None:
    for item in one.result.items:
        assert bare(item.text) in text, (one.name, item.id)
        assert bare(item.note or "") in text, (one.name, item.id)
    pages = int(re.findall(r"1/(\d+)ページ", text)[0])
    assert f"{pages}/{pages}ページ" in text, one.name
    assert pages <= 5, one.name
    for always in (
        "2026年12月1日（火）に作りました",
        "このボットも職員も、暗証番号をたずねません",
        "出典：",
        "による案内です",
    ):
        assert always in text, (one.name, always)
    assert ("見本の市です" in text) == ("見本市" in text), one.name
    assert "お答えの内容" not in text, "a sheet is seen by others"


@needs("pdftotext")
def test_notices_and_the_sample_city_stand_on_the_paper(press: Press) -> None:
    content = load(PROJECT, PROJECT / "faq" / "samples" / "pf-2.yaml")
    notice = Notice.model_validate(
        {"text": "台風のため、本日の窓口は15時までです。", "from": "2026-12-01", "until": "2026-12-01"}
    )
    content = content.model_copy(update={"notices": (notice,)})
    result = next(one.result for one in wordiest() if one.name == "recover/office-one")
    text = bare(text_of(press.pdf(Sheet(Results(content, Standing(content)).blocks(result, NOW), NOW.date()))))
    assert (
        text.index("台風のため") < text.index("見本の市です（見本市（PF-2））") < text.index(bare(result.route.title))
    )
    assert "スマホで開く" not in text, "without a link there is no code"


def test_every_result_becomes_an_album_that_telegram_takes(press: Press) -> None:
    for one in wordiest():
        pages = [Image.open(io.BytesIO(page)).convert("L") for page in press.pictures(one.sheet)]
        assert len(pages) <= 10, one.name
        for page in pages:
            assert page.size == (1080, 1920)
            for strip in ((0, 0, 40, 1920), (1040, 0, 1080, 1920)):
                assert page.crop(strip).getextrema() == (255, 255), f"{one.name}: something runs out of the picture"


@needs("pdftoppm")
def test_the_code_on_paper_opens_the_same_result(press: Press, tmp_path: Path) -> None:
    (tmp_path / "sheet.pdf").write_bytes(press.pdf(SHORT))
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-singlefile", tmp_path / "sheet.pdf", tmp_path / "page"], check=True
    )
    assert read_code(Image.open(tmp_path / "page.png")) == LINK


def test_the_code_in_the_picture_opens_the_same_result(press: Press) -> None:
    picture = Image.open(io.BytesIO(press.picture(SHORT)))
    assert picture.width == 1080 < picture.height
    assert read_code(picture) == LINK


def test_the_paper_is_accessible_and_says_what_it_is(press: Press) -> None:
    pdf = press.pdf(SHORT)
    assert b"/MarkInfo" in pdf
    assert b"pdfuaid:part" in pdf
    assert b"ja" in pdf


@pytest.mark.parametrize("name", list(PICTURE_FACTS))
def test_an_explaining_picture_has_the_shape_of_a_phone(press: Press, name: str) -> None:
    picture = explain(name, load(PROJECT))  # type: ignore[arg-type]
    assert picture is not None
    photo = Image.open(io.BytesIO(press.photo(draw(picture, standalone=True))))
    assert photo.width == 1080
    assert 1 < photo.height / photo.width < 3
