"""A guide as a diagram: every choice leads where the walk leads."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bot.content.loading import load
from bot.content.model import Content
from bot.content.municipality import Municipality
from bot.review.graph import Diagram, mermaid, svg, trace
from bot.settings import PROJECT

NODE = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def diagram(content: Content) -> Diagram:
    return trace(content.flows["recover"], Municipality())


def test_every_choice_of_an_asked_question_leads_somewhere(diagram: Diagram) -> None:
    for question in diagram.questions:
        assert [choice.id for choice in question.choices if not diagram.targets.get((question.id, choice.id))] == []


def test_the_mermaid_text_names_every_question_and_route_once(diagram: Diagram) -> None:
    text = mermaid(diagram)
    assert text.startswith("flowchart LR\n")
    for question in diagram.questions:
        assert text.count(f'q_{question.id.replace("-", "_")}["') == 1
    for route in diagram.routes:
        assert text.count(f'r_{route.id.replace("-", "_")}(["') == 1
    assert text.count("-->") == len(list(diagram.links()))


def test_quotes_and_brackets_of_a_text_do_not_break_the_mermaid_text(diagram: Diagram) -> None:
    flow = diagram.flow
    first = flow.questions[0].model_copy(update={"ask": '"はい" か <いいえ> か'})
    changed = Diagram(flow.model_copy(update={"questions": (first, *flow.questions[1:])}), diagram.targets)
    assert "#quot;はい#quot; か #lt;いいえ#gt; か" in mermaid(changed)


@pytest.mark.parametrize("flow", ["is-it-a-lock", "which-pin"])
def test_the_drawing_is_well_formed_and_no_boxes_overlap(flow: str) -> None:
    content = load(PROJECT)
    drawn = ElementTree.fromstring(svg(trace(content.flows[flow], content.municipality)))
    boxes = [
        tuple(float(box.get(name, "0")) for name in ("x", "y", "width", "height"))
        for box in drawn.iter(f"{NODE}rect")
        if box.get("x")
    ]
    assert len(boxes) == len(content.flows[flow].questions) + len(content.flows[flow].routes)
    for number, (x, y, width, height) in enumerate(boxes):
        for x2, y2, width2, height2 in boxes[number + 1 :]:
            assert x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y


def test_every_label_stands_in_the_drawing(diagram: Diagram) -> None:
    drawn = "".join(ElementTree.fromstring(svg(diagram)).itertext())
    for question in diagram.questions:
        for choice in question.choices:
            assert choice.label[:6] in drawn
