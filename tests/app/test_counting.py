"""What is counted, and that nothing else is."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.content.loading import load
from bot.counting import UNANSWERED, CountingLatest, Tally, band
from bot.dialogue.replies import Commanded, Event, Pressed, Said, Turn
from bot.matching.matcher import TrainedMatcher
from bot.stores.counts import CountsFile
from tests.dialogue.running import NOW

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    content = load(Path(__file__).parent.parent / "dialogue" / "content")
    return Assistant(content, clock=lambda: NOW, matcher=TrainedMatcher(content))


class Person:
    """Talks to the counted assistant; `counts` are what the file says then, without bands."""

    def __init__(self, assistant: Assistant, path: Path) -> None:
        self.tally, self.file = Tally(CountsFile(path)), CountsFile(path)
        self.counting = CountingLatest(lambda: assistant, self.tally)
        self.turn = Turn(None, ())

    def do(self, *events: Event | str) -> None:
        for event in events:
            said = Said(event) if isinstance(event, str) else event
            self.turn = self.counting().respond(self.turn.token, said)

    def press(self, label: str) -> None:
        buttons = [button for reply in self.turn.replies for button in reply.buttons]
        self.do(Pressed(next(button.data for button in buttons if button.label == label)))

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        asyncio.run(self.tally.write())
        found = Counter[tuple[str, str]]()
        for counted, number in self.file.read(DAY, DAY).items():
            found[counted.kind, counted.name] += number
        return dict(found)


@pytest.fixture
def ann(assistant: Assistant, tmp_path: Path) -> Person:
    return Person(assistant, tmp_path / "counts.sqlite")


def test_a_guide_walked_to_its_end(ann: Person) -> None:
    ann.do(Commanded("guide"), "本人が行く", "数字4けた", "運転免許証")
    counts = ann.counts
    assert counts == {
        ("started", "recover"): 1,
        ("asked", "recover/visitor"): 1,
        ("answered", "recover/visitor"): 1,
        ("asked", "recover/pin"): 1,
        ("answered", "recover/pin"): 1,
        ("asked", "recover/papers"): 1,
        ("answered", "recover/papers"): 1,
        ("finished", "recover/office"): 1,
        ("steered", ""): 3,
    }


def test_where_people_leave(ann: Person) -> None:
    ann.do(Commanded("guide"), "本人が行く", "やめる", Commanded("guide"), Commanded("start"))
    counts = ann.counts
    assert counts["left", "recover/pin"] == 1
    assert counts["left", "recover/visitor"] == 1
    assert counts["asked", "recover/visitor"] == 2


def test_a_question_asked_again_or_ticked_is_shown_once(ann: Person) -> None:
    ann.do(Commanded("guide"), "本人が行く", "数字4けた")
    ann.press("介護保険証")
    ann.press("年金証書")
    ann.do("手数料はいくらですか？")
    counts = ann.counts
    assert counts["asked", "recover/papers"] == 1
    assert ("answered", "recover/papers") not in counts
    assert counts["answer", "cost"] == 1


def test_texts_are_counted_by_decision_nearest_entry_and_band(ann: Person) -> None:
    ann.do("手数料はいくらですか？", "婚姻届はどこでもらえますか", "ありがとう")
    counts = ann.counts
    assert counts["answer", "cost"] == 1
    assert sum(number for (kind, name), number in counts.items() if kind == "none" and name) == 1
    assert sum(number for (kind, _), number in counts.items() if kind == "smalltalk") == 1
    bands = {counted.detail for counted in ann.file.read(DAY, DAY) if counted.kind in ("answer", "none")}
    assert bands <= {"0.0", "0.2", "0.4", "0.6", "0.8"}


def test_metrics_say_the_same_of_what_was_not_answered(ann: Person) -> None:
    def told() -> float:
        samples = (sample for family in UNANSWERED.collect() for sample in family.samples)
        return sum(sample.value for sample in samples if sample.name.endswith("_total"))

    before = told()
    ann.do("婚姻届はどこでもらえますか", "手数料はいくらですか？")
    assert told() == before + 1


def test_feedback_names_the_entry_or_the_route(ann: Person) -> None:
    ann.do("手数料はいくらですか？")
    asked = ann.turn.replies[0].feedback
    assert asked is not None
    for button in (asked.yes, asked.no):
        heard = ann.counting().respond(None, Pressed(button.data)).heard
        assert heard is not None
        ann.counting().hear(heard)
    ann.do(Commanded("guide"), "本人が行く", "数字4けた", "運転免許証")
    asked = ann.turn.replies[-1].feedback
    assert asked is not None
    heard = ann.counting().respond(ann.turn.token, Pressed(asked.no.data)).heard
    assert heard is not None
    ann.counting().hear(heard)
    counts = ann.counts
    assert counts["understood", "cost"] == counts["not-yet", "cost"] == counts["not-yet", "recover/office"] == 1


def test_feedback_leaves_the_conversation_where_it_is(ann: Person) -> None:
    ann.do("手数料はいくらですか？")
    asked = ann.turn.replies[0].feedback
    assert asked is not None
    ann.do(Commanded("guide"), "本人が行く")
    before = ann.turn.token
    ann.do(Pressed(asked.yes.data))
    assert ann.turn.token == before


def test_inside_a_guide_its_own_question_is_enough(ann: Person) -> None:
    ann.do(Commanded("guide"), "手数料はいくらですか？")
    assert [reply.feedback for reply in ann.turn.replies] == [None, None]


def test_no_text_and_no_choice_gets_into_the_file(ann: Person, tmp_path: Path) -> None:
    ann.do("わたしの名前は山田花子です", Commanded("guide"), "本人が行く", "数字4けた", "8512")
    assert ann.counts
    body = (tmp_path / "counts.sqlite").read_bytes()
    for word in ("山田", "8512", "本人", "self", "four"):
        assert word.encode() not in body


def test_counts_that_cannot_be_written_are_written_later(ann: Person, tmp_path: Path) -> None:
    ann.do("ありがとう")
    (tmp_path / "counts.sqlite").mkdir()
    asyncio.run(ann.tally.write())
    (tmp_path / "counts.sqlite").rmdir()
    assert sum(ann.counts.values()) == 1
    with closing(sqlite3.connect(tmp_path / "counts.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM tally").fetchone() == (1,)


@pytest.mark.parametrize(("score", "name"), [(0.0, "0.0"), (0.19, "0.0"), (0.2, "0.2"), (0.81, "0.8"), (1.0, "0.8")])
def test_bands(score: float, name: str) -> None:
    assert band(score) == name
