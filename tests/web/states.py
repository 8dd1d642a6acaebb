"""Every state of the page with the shipped content: for `bench/axe`, and some of them for tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.model import Content
from bot.dialogue.answers import Answers, Position
from bot.dialogue.token import Codes
from bot.dialogue.walk import conclude, open_question, paths


@dataclass(frozen=True)
class State:
    """A page to look at: its address, and what is typed there before looking, if anything."""

    name: str
    address: str
    typed: str | None = None


SHORT = (
    State("start", "/"),
    State("menu", "/menu"),
    State("help", "/help"),
    State("privacy", "/privacy"),
    State("not found", "/nowhere"),
    State("answer", "/", "ロックを解除するのにお金はかかりますか"),
    State("near ties", "/", "暗証番号"),
    State("no answer", "/", "明日の天気は？"),
    State("typed PIN", "/", "暗証番号は8512です。どうすればいいですか"),
    State("small talk", "/", "ありがとう"),
)


def questions(content: Content) -> Iterator[State]:
    """Each question of each guide as it is first met."""
    for flow in content.flows.values():
        met = set[str]()
        for answers in paths(flow, content.municipality):
            for number in range(len(answers.given)):
                before = Answers(answers.given[:number])
                question = open_question(flow, before, content.municipality)
                if question is not None and question.id not in met:
                    met.add(question.id)
                    yield State(f"question {flow.id}.{question.id}", _address(content, flow.id, before))


def results(content: Content) -> Iterator[State]:
    """Each route of each guide that this city has, with the most things to bring."""
    for flow in content.flows.values():
        fullest: dict[str, tuple[int, Answers]] = {}
        for answers in paths(flow, content.municipality):
            result = conclude(flow, answers, content.municipality)
            size = len(result.items) + len(result.notes)
            if size > fullest.get(result.route.id, (-1, answers))[0]:
                fullest[result.route.id] = size, answers
        for route, (_, answers) in fullest.items():
            yield State(f"result {flow.id}.{route}", _address(content, flow.id, answers))


def entries(content: Content) -> Iterator[State]:
    """The answer of each entry."""
    yield from (State(f"entry {entry.id}", f"/a?e={entry.id}") for entry in content.entries)


def _address(content: Content, flow: str, answers: Answers) -> str:
    return f"/k/{Codes(content).pack(Position(flow, answers))}"
