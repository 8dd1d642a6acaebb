"""A guide as a diagram: what each choice leads to, as Mermaid text and as SVG for one sheet of A3.

Both are drawn from the same walk over all paths that `prove` takes, under the settings of one city.
The SVG is laid out here, without a system package: columns by the longest way to a question, a box per
question with a row per choice. Each row also names the number it leads to, as printed forms do
(「→ 7」), so the sheet can be read where lines cross.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from bot.content.model import Flow, Question, Route
from bot.content.municipality import Municipality
from bot.dialogue.walk import NoSingleRoute, conclude, paths

Targets = Mapping[tuple[str, str], tuple[str, ...]]
"""From (question id, choice id) to the node ids it can lead to, in the order of the guide."""

_KINDS = {
    "office": "窓口",
    "kiosk": "コンビニ",
    "phone": "電話",
    "embassy": "在外公館",
    "app": "アプリ",
    "letter": "郵便",
    "stay": "行かなくてよい",
    "handover": "別の案内へ",
}


@dataclass(frozen=True)
class Diagram:
    """A guide with where its choices lead. A node is `q:QUESTION` or `r:ROUTE`."""

    flow: Flow
    targets: Targets

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that are asked at all."""
        asked = {question for question, _ in self.targets}
        return tuple(question for question in self.flow.questions if question.id in asked)

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes that are reached."""
        reached = {node for nodes in self.targets.values() for node in nodes}
        return tuple(route for route in self.flow.routes if f"r:{route.id}" in reached)

    def mark(self, node: str) -> str:
        """The number of a question, or the letter of a route."""
        kind, name = node.split(":", 1)
        if kind == "q":
            return str(1 + [question.id for question in self.flow.questions].index(name))
        return _letter([route.id for route in self.flow.routes].index(name))

    def links(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Every line: from node, to node, and the labels of the choices that take it."""
        for question in self.questions:
            by_target: dict[str, list[str]] = {}
            for choice in question.choices:
                for node in self.targets.get((question.id, choice.id), ()):
                    by_target.setdefault(node, []).append(choice.label)
            for node in sorted(by_target, key=self._order):
                yield f"q:{question.id}", node, tuple(by_target[node])

    def _order(self, node: str) -> tuple[str, int]:
        kind, name = node.split(":", 1)
        ids = [one.id for one in (self.flow.questions if kind == "q" else self.flow.routes)]
        return kind, ids.index(name)


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else _letter(number // 26 - 1) + _letter(number % 26)


def trace(flow: Flow, city: Municipality) -> Diagram:
    """Where every choice leads, over all paths. Where no single route holds nothing is drawn: `prove` says so."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for answers in paths(flow, city):
        given = list(answers)
        for answer, after in pairwise(given):
            for choice in answer.choices:
                found[answer.question, choice].add(f"q:{after.question}")
        try:
            end = f"r:{conclude(flow, answers, city).route.id}"
        except NoSingleRoute:
            continue
        for choice in given[-1].choices if given else ():
            found[given[-1].question, choice].add(end)
    diagram = Diagram(flow, {})
    return Diagram(flow, {key: tuple(sorted(nodes, key=diagram._order)) for key, nodes in found.items()})


# --- Mermaid -------------------------------------------------------------------


def mermaid(diagram: Diagram) -> str:
    """The diagram as Mermaid text (`flowchart`), for GitHub, GitLab and many wikis."""
    lines = ["flowchart LR"]
    for question in diagram.questions:
        node = f"q:{question.id}"
        lines.append(f'  {_name(node)}["{diagram.mark(node)}. {_text(_first_line(question.ask))}"]')
    for route in diagram.routes:
        node = f"r:{route.id}"
        lines.append(f'  {_name(node)}(["{diagram.mark(node)}. {_text(route.title)}"])')
    for start, end, labels in diagram.links():
        lines.append(f'  {_name(start)} -->|"{_text("・".join(labels))}"| {_name(end)}')
    return "\n".join(lines) + "\n"


def _name(node: str) -> str:
    return node.replace(":", "_").replace("-", "_")


def _text(text: str) -> str:
    return text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]


# --- SVG -----------------------------------------------------------------------

_FONT = 22
_LINE = 31
_BOX = 430
_GAP_X = 130
_GAP_Y = 34
_PAD = 14
_TITLE = 90
_COLOURS = ("#1b5e9e", "#a23b00", "#0a6e4f", "#7a2a86", "#8a6100", "#3d4a99", "#a01f4a", "#2f6b1f")


@dataclass
class _Box:
    """One box of the drawing; `rows` are (text, targets), with their own height."""

    node: str
    heading: list[str]
    rows: list[tuple[list[str], tuple[str, ...]]]
    column: int = 0
    x: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        return 2 * _PAD + _LINE * (len(self.heading) + sum(len(text) for text, _ in self.rows)) + 8 * bool(self.rows)

    def row_y(self, number: int) -> float:
        """The middle of a row, where its line begins."""
        above = len(self.heading) + sum(len(text) for text, _ in self.rows[:number])
        return self.y + _PAD + 8 + _LINE * (above + len(self.rows[number][0]) / 2)


def svg(diagram: Diagram, here: str = "", passed: Collection[str] = (), *, near: bool = False) -> str:
    """The diagram as one SVG, landscape A3 when printed.

    With a node `here` that box is highlighted, and those `passed` on the way to it are marked, for a
    page that shows it beside a conversation; `near` shows only what surrounds `here`.
    """
    boxes = _boxes(diagram)
    _place_columns(diagram, boxes)
    width, height = _place_rows(boxes)
    by_node = {box.node: box for box in boxes}
    shown = f"0 0 {width:.0f} {height:.0f}"
    if near and here in by_node:
        shown = _around(by_node[here], width, height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{shown}" lang="ja" role="img"'
        f' aria-label="{escape(diagram.flow.title)}の図" font-family="Noto Sans CJK JP, Noto Sans JP, sans-serif"'
        f' font-size="{_FONT}">',
        "" if here else "<style>@page{size:A3 landscape;margin:8mm}</style>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
        f'<text x="40" y="58" font-size="38" font-weight="bold">{escape(diagram.flow.title)}</text>',
        f'<text x="40" y="86" fill="#444">{escape(_LEGEND)}</text>',
    ]
    parts += [_halo(by_node[node], node == here) for node in (*passed, here) if node in by_node]
    for number, box in enumerate(boxes):
        parts += _lines(box, by_node, _COLOURS[number % len(_COLOURS)])
    for number, box in enumerate(boxes):
        parts += _drawn(diagram, box, _COLOURS[number % len(_COLOURS)])
    return "\n".join([*parts, "</svg>"]) + "\n"


def _halo(box: _Box, here: bool) -> str:
    """A band around a box: where one stands, or came through."""
    wide, colour, name = (26, "#ffb800", "here") if here else (12, "#bcd4f5", "passed")
    return (
        f'<rect x="{box.x - wide:.0f}" y="{box.y - wide:.0f}" width="{_BOX + 2 * wide}"'
        f' height="{box.height + 2 * wide:.0f}" rx="{wide}" fill="{colour}" class="{name}"/>'
    )


def _around(box: _Box, width: float, height: float) -> str:
    """The part of the sheet with this box and the columns beside it."""
    wide = min(width, 3 * _BOX + 2 * _GAP_X + 120)
    high = min(height, max(1.1 * wide, box.height + 160))
    left = max(0.0, min(box.x + _BOX / 2 - wide / 2, width - wide))
    top = max(0.0, min(box.y + box.height / 2 - high / 2, height - high))
    return f"{left:.0f} {top:.0f} {wide:.0f} {high:.0f}"


_LEGEND = "角ばった箱は質問（上から順に聞きます）、丸い箱は行き先です。「→」は、その答えの次に進む番号です。"


def _boxes(diagram: Diagram) -> list[_Box]:
    boxes = []
    for question in diagram.questions:
        node = f"q:{question.id}"
        rows = []
        for choice in question.choices:
            targets = diagram.targets.get((question.id, choice.id), ())
            rows.append((_wrapped(choice.label, 16.5 - _marks(diagram, targets)[1] / _FONT), targets))
        heading = _wrapped(f"{diagram.mark(node)}　{_first_line(question.ask)}", 18)
        boxes.append(_Box(node, heading, rows))
    for route in diagram.routes:
        node = f"r:{route.id}"
        visits = f"、役所へ{route.visits}回" if route.visits else ""
        heading = _wrapped(f"{diagram.mark(node)}　{route.title}", 18)
        boxes.append(_Box(node, [*heading, f"（{_KINDS[route.kind]}{visits}）"], []))
    return boxes


def _place_columns(diagram: Diagram, boxes: list[_Box]) -> None:
    """Every box by the longest way to it."""
    column = {box.node: 0 for box in boxes}
    ordered = [box for box in boxes if box.node.startswith("q:")]
    for box in ordered:  # questions are asked in this order, so one pass is enough
        for _, targets in box.rows:
            for node in targets:
                column[node] = max(column[node], column[box.node] + 1)
    for box in boxes:
        box.column = column[box.node]


def _place_rows(boxes: list[_Box]) -> tuple[float, float]:
    """Coordinates for all boxes, and the width and height of the sheet.

    A column that is much fuller than the sheet is high is broken into several.
    """
    columns: dict[int, list[_Box]] = defaultdict(list)
    for box in boxes:
        columns[box.column].append(box)
    area = sum((_BOX + _GAP_X) * (box.height + _GAP_Y) for box in boxes)
    tallest = max((area * 1.12 / 2**0.5) ** 0.5, max(box.height for box in boxes))
    placed: list[list[_Box]] = []
    for number in sorted(columns):
        current: list[_Box] = []
        for box in _by_neighbours(columns[number], placed):
            if current and sum(one.height + _GAP_Y for one in current) + box.height > tallest:
                placed.append(current)
                current = []
            current.append(box)
        placed.append(current)
    merged = _joined(placed, tallest)
    width = 40 + len(merged) * (_BOX + _GAP_X)
    height = _TITLE + 40 + max(sum(box.height + _GAP_Y for box in column) for column in merged)
    for place, column in enumerate(merged):
        free = height - _TITLE - 40 - sum(box.height + _GAP_Y for box in column)
        y = _TITLE + 20 + free / 2
        for box in column:
            box.x, box.y = 40 + place * (_BOX + _GAP_X), y
            y += box.height + _GAP_Y
    return width, height


def _by_neighbours(column: list[_Box], placed: list[list[_Box]]) -> list[_Box]:
    """The boxes of a column in the order of what leads to them, so that fewer lines cross."""
    places: dict[str, list[float]] = defaultdict(list)
    for earlier in placed:
        for rank, box in enumerate(earlier):
            for number, (_, targets) in enumerate(box.rows):
                for node in targets:
                    places[node].append((rank + number / max(1, len(box.rows))) / len(earlier))
    return sorted(column, key=lambda box: sum(places[box.node]) / len(places[box.node]) if places[box.node] else 0)


def _joined(columns: list[list[_Box]], tallest: float) -> list[list[_Box]]:
    """Neighbouring columns set one below the other where both fit, so that the sheet keeps the form of A3."""
    joined: list[list[_Box]] = []
    for column in columns:
        if joined and sum(box.height + _GAP_Y for box in (*joined[-1], *column)) <= tallest:
            joined[-1] = [*joined[-1], *column]
        else:
            joined.append(list(column))
    return joined


def _lines(box: _Box, boxes: Mapping[str, _Box], colour: str) -> Iterator[str]:
    for number, (_, targets) in enumerate(box.rows):
        for node in targets:
            end = boxes[node]
            x1, y1 = box.x + _BOX, box.row_y(number)
            below = end.x == box.x
            x2, y2 = end.x + (_BOX if below else 0), end.y + _PAD + _LINE / 2
            bend = max(60.0, (x2 - x1) * 0.45)
            x3 = x2 + bend if below else x2 - bend
            yield (
                f'<path d="M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x3:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"'
                f' fill="none" stroke="{colour}" stroke-width="1.6" stroke-opacity="0.55"/>'
            )


def _drawn(diagram: Diagram, box: _Box, colour: str) -> Iterator[str]:
    route = box.node.startswith("r:")
    yield (
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{_BOX}" height="{box.height:.0f}" rx="{26 if route else 5}"'
        f' fill="{"#f2f7ec" if route else "#fff"}" stroke="{"#2f6b1f" if route else colour}" stroke-width="2.2"/>'
    )
    y = box.y + _PAD + _LINE * 0.75
    for line in box.heading:
        yield f'<text x="{box.x + _PAD + 4:.0f}" y="{y:.0f}" font-weight="bold">{escape(line)}</text>'
        y += _LINE
    y += 8
    for text, targets in box.rows:
        marks, _, size = _marks(diagram, targets)
        yield (
            f'<text x="{box.x + _BOX - 10:.0f}" y="{y:.0f}" text-anchor="end" fill="{colour}" font-weight="bold"'
            f' font-size="{size}">{escape(marks)}</text>'
        )
        for line in text:
            yield f'<text x="{box.x + _PAD + 14:.0f}" y="{y:.0f}">{escape(line)}</text>'
            y += _LINE


def _marks(diagram: Diagram, targets: tuple[str, ...]) -> tuple[str, float, int]:
    """Where a choice leads, in words for the end of its row, their width and the size of the letters."""
    marks = "→" + "・".join(diagram.mark(node) for node in targets)
    size = _FONT if len(targets) <= 4 else 17
    return marks, _width(marks) * size, size


def _wrapped(text: str, wide: float) -> list[str]:
    """`text` in lines of at most `wide` full-width characters, brackets kept with what they enclose."""
    lines, line = [], ""
    for character in text:
        if line and _width(line + character) > wide and character not in "、。）」？！・ー":
            opened = line[-1] if line[-1] in "（「" and len(line) > 1 else ""
            lines.append(line.removesuffix(opened))
            line = opened
        line += character
    return [*lines, line]


def _width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.55 for character in text)
