from xml.etree import ElementTree

import pytest

from bot.content.loading import load
from bot.content.model import PICTURE_FACTS
from bot.dialogue.explaining import explain
from bot.dialogue.replies import Part, Picture, PictureName
from bot.printing.pictures import INLINE, PHOTO, broken, draw, in_words
from bot.settings import PROJECT

CONTENT = load(PROJECT)


@pytest.mark.parametrize("name", list(PICTURE_FACTS))
def test_a_picture_shows_the_values_of_the_facts_and_says_them(name: PictureName) -> None:
    picture = explain(name, CONTENT)
    assert picture is not None
    svg = ElementTree.fromstring(draw(picture))
    drawn = "".join("".join(text.itertext()) for text in svg.iter("{http://www.w3.org/2000/svg}text"))
    for fact in PICTURE_FACTS[name]:
        assert CONTENT.facts[fact].value in drawn
        assert CONTENT.facts[fact].value in in_words(picture)
    assert svg.find("{http://www.w3.org/2000/svg}desc") is not None
    assert "style=" not in draw(picture), "the page's policy refuses it"


@pytest.mark.parametrize("standalone", [False, True], ids=["on-the-page", "as-a-photo"])
@pytest.mark.parametrize("name", list(PICTURE_FACTS))
def test_no_line_of_a_picture_runs_out_of_it(name: PictureName, standalone: bool) -> None:
    picture = explain(name, CONTENT)
    assert picture is not None
    for text in ElementTree.fromstring(draw(picture, standalone=standalone)).iter("{http://www.w3.org/2000/svg}text"):
        wide = sum(0.6 if character < "\u2000" else 1.0 for character in "".join(text.itertext()))
        half = text.get("text-anchor") == "middle"
        end = float(text.attrib["x"]) + wide * float(text.attrib["font-size"]) / (2 if half else 1)
        assert end <= (PHOTO if standalone else INLINE) + 8, "".join(text.itertext())


@pytest.mark.parametrize("name", list(PICTURE_FACTS))
def test_without_its_facts_a_picture_is_not_shown(name: PictureName) -> None:
    facts = {key: fact for key, fact in CONTENT.facts.items() if key != PICTURE_FACTS[name][0]}
    assert explain(name, CONTENT.model_copy(update={"facts": facts})) is None


def test_words_are_escaped() -> None:
    picture = Picture("pins", "<script>", (Part("A & B", ("x < y",)),))
    assert "<script>" not in draw(picture)
    ElementTree.fromstring(draw(picture, standalone=True))


def test_no_line_begins_with_a_closing_mark() -> None:
    assert list(broken("あいう、えお", 3)) == ["あいう、", "えお"]


def test_lines_are_rather_broken_after_a_pause() -> None:
    assert list(broken("引っ越しのとき、窓口で", 10)) == ["引っ越しのとき、", "窓口で"]


def test_every_entry_with_a_picture_exists_with_its_facts() -> None:
    shown = {entry.id: entry.picture for entry in CONTENT.entries if entry.picture}
    assert shown["pin-types"] == shown["which-pin"] == "pins"
    assert shown["convenience-store-reset"] == shown["reset-app"] == "kiosk"
