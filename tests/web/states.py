"""Every state of the page with the shipped content: for `bench/axe`, and some of them for tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.content.model import Content, Question
from bot.dialogue.answers import Answers, Position
from bot.dialogue.token import Codes
from bot.dialogue.walk import conclude, open_question, paths

DECIDE = "これで決める"
"""The button, and the words to type, that finish a question with several answers."""


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


def met(content: Content, flow_id: str) -> Iterator[tuple[Question, Answers]]:
    """Each question of a guide, with the answers before it as it is first met."""
    flow, seen = content.flows[flow_id], set[str]()
    for answers in paths(flow, content.municipality):
        for number in range(len(answers.given)):
            before = Answers(answers.given[:number])
            question = open_question(flow, before, content.municipality)
            if question is not None and question.id not in seen:
                seen.add(question.id)
                yield question, before


def walks(content: Content, flow_id: str) -> Mapping[str, Answers]:
    """Answers that lead to each route of a guide that this city has: those with the most to bring and to know."""
    flow = content.flows[flow_id]
    fullest: dict[str, tuple[int, Answers]] = {}
    for answers in paths(flow, content.municipality):
        result = conclude(flow, answers, content.municipality)
        size = len(result.items) + len(result.notes)
        if size > fullest.get(result.route.id, (-1, answers))[0]:
            fullest[result.route.id] = size, answers
    return {route: answers for route, (_, answers) in fullest.items()}


def labels(content: Content, flow_id: str, answers: Answers) -> Iterator[tuple[str, ...]]:
    """What is chosen at each question on the way: one label, or several and then the word that finishes."""
    for answer in answers:
        question = content.flows[flow_id].by_id[answer.question]
        chosen = tuple(choice.label for choice in question.choices if choice.id in answer.choices)
        alone = any(choice.alone for choice in question.choices if choice.id in answer.choices)
        yield (*chosen, DECIDE) if question.many and not alone else chosen


def questions(content: Content) -> Iterator[State]:
    """Each question of each guide."""
    for flow in content.flows:
        for question, before in met(content, flow):
            yield State(f"question {flow}.{question.id}", _address(content, flow, before))


def results(content: Content) -> Iterator[State]:
    """Each route of each guide."""
    for flow in content.flows:
        for route, answers in walks(content, flow).items():
            yield State(f"result {flow}.{route}", _address(content, flow, answers))


def entries(content: Content) -> Iterator[State]:
    """The answer of each entry."""
    yield from (State(f"entry {entry.id}", f"/a?e={entry.id}") for entry in content.entries)


def _address(content: Content, flow: str, answers: Answers) -> str:
    return f"/k/{Codes(content).pack(Position(flow, answers))}"
