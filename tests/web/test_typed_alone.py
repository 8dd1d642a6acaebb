"""Every step of every guide by typed text alone, with the shipped content: no button is ever needed."""

from __future__ import annotations

import pytest

from bot.assistant import Assistant
from bot.content.loading import load
from bot.dialogue.answers import Position
from bot.dialogue.replies import Pressed, Said, Turn
from bot.dialogue.token import Codes
from bot.review.prove import samples
from bot.settings import PROJECT
from tests.web.states import labels, met, walks

FLOWS = sorted(path.stem for path in (PROJECT / "flows").glob("*.yaml"))


@pytest.fixture(scope="module")
def cities(shipped: Assistant) -> tuple[Assistant, ...]:
    """No city and the sample cities: some questions are asked in some cities only."""
    return shipped, *(Assistant(load(PROJECT, path), matcher=shipped.matcher) for path in samples(PROJECT))


def pressed(assistant: Assistant, turn: Turn, label: str) -> Turn:
    """The turn after pressing the button with this label."""
    data = [button.data for button in turn.replies[-1].buttons if button.label == label]
    assert len(data) == 1, f"{label}: {turn.replies[-1].buttons}"
    return assistant.respond(turn.token, Pressed(data[0]))


@pytest.mark.parametrize("flow", FLOWS)
def test_typing_the_label_of_any_choice_is_the_same_as_pressing_it(
    shipped: Assistant, cities: tuple[Assistant, ...], flow: str
) -> None:
    open_now = {
        question.id: (assistant, before)
        for assistant in cities
        for question, before in met(assistant.content, flow)
    }
    assert set(open_now) == set(shipped.content.flows[flow].by_id)
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
