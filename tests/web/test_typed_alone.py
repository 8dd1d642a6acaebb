"""Every step of every guide by typed text alone, with the shipped content: no button is ever needed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.assistant import Assistant
from bot.content.loading import load
from bot.dialogue.answers import Answers, Position
from bot.dialogue.replies import Commanded, Pressed, Said, Turn
from bot.dialogue.token import Codes
from bot.review.prove import samples
from bot.settings import PROJECT
from tests.web.states import labels, met, walks

FLOWS = sorted(path.stem for path in (PROJECT / "flows").glob("*.yaml"))


def cities(shipped: Assistant) -> Iterator[Assistant]:
    """No city, then the sample cities: some questions are asked in some cities only."""
    yield shipped
    yield from (Assistant(load(PROJECT, path), matcher=shipped.matcher, matchers={}) for path in samples(PROJECT))


def pressed(assistant: Assistant, turn: Turn, label: str) -> Turn:
    """The turn after pressing the button with this label."""
    data = [button.data for button in turn.replies[-1].buttons if button.label == label]
    assert len(data) == 1, f"{label}: {turn.replies[-1].buttons}"
    return assistant.respond(turn.token, Pressed(data[0]))


@pytest.mark.parametrize("flow", FLOWS)
def test_typing_the_label_of_any_choice_is_the_same_as_pressing_it(shipped: Assistant, flow: str) -> None:
    every = set(shipped.content.flows[flow].by_id)
    open_now: dict[str, tuple[Assistant, Answers]] = {}
    for assistant in cities(shipped):
        open_now |= {question.id: (assistant, before) for question, before in met(assistant.content, flow)}
        if set(open_now) == every:
            break
    assert set(open_now) == every
    for question, (assistant, before) in open_now.items():
        opened = assistant.respond(None, Pressed(f"g{Codes(assistant.content).pack(Position(flow, before))}"))
        for choice in assistant.content.flows[flow].by_id[question].choices:
            typed = assistant.respond(opened.token, Said(choice.label))
            assert typed.token == pressed(assistant, opened, choice.label).token, f"{question}: {choice.label}"


@pytest.mark.parametrize("flow", FLOWS)
def test_every_route_is_reached_by_typing_alone(shipped: Assistant, flow: str) -> None:
    for route, answers in walks(shipped.content, flow).items():
        by_button = typed = shipped.respond(None, Said(shipped.content.flows[flow].start))
        for chosen in labels(shipped.content, flow, answers):
            for label in chosen:
                typed = shipped.respond(typed.token, Said(label))
                by_button = pressed(shipped, by_button, label)
        kinds = [(reply.kind, reply.route) for reply in typed.replies]
        assert kinds == [(reply.kind, reply.route) for reply in by_button.replies]
        assert typed.token == by_button.token
        leads_on = next(one for one in shipped.content.flows[flow].routes if one.id == route).goto
        assert leads_on or kinds[-1] == ("result", route), f"{route}: {kinds}"


def test_the_words_of_every_button_of_the_first_page_do_what_it_does(shipped: Assistant) -> None:
    start = shipped.respond(None, Commanded("start"))
    for button in start.replies[-1].buttons:
        typed, by_button = (shipped.respond(start.token, event) for event in (Said(button.label), Pressed(button.data)))
        assert [reply.kind for reply in typed.replies] == [reply.kind for reply in by_button.replies], button.label
        assert typed.token == by_button.token, button.label
