"""Draws an explaining Picture as SVG: the same drawing inline on the page and as a photo on Telegram.

One column, so that the letters stay readable on a phone: 290 units wide on the page (the room of a
320 pixel screen, so that its letters are as large as the text around them), 350 as a photo. Colours are plain
attributes, which a page may override by the classes `ink`, `line`, `blue`, `blue-line` and
`blue-fill` (dark mode, forced colours); there is no style attribute, which the page's policy would refuse.
SVG breaks no lines, so lines are broken here, taking a full-width character as one em.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from bot.dialogue.replies import Part, Picture

INLINE, PHOTO = 290.0, 350.0
_MARGIN, _PAD, _GAP = 4.0, 16.0, 14.0
_HEAD, _LINE, _TITLE = 20.0, 17.0, 21.0
_LEADING = 1.5
_BORDER = 16
_SVG = "http://www.w3.org/2000/svg"
_NARROW = 0.56
"""Width of a Latin letter or digit, in em, on the safe side for usual fonts."""

_PAUSES = "、。」"
_NOT_FIRST = "、。，．）」』】〜ーぁぃぅぇぉっゃゅょァィゥェォッャュョ・！？"
_INK, _BLUE, _HAIR = "#1a1a1a", "#0017c1", "#767676"


def draw(picture: Picture, *, standalone: bool = False) -> str:
    """The picture as an `<svg>` element; `standalone` gives it a white ground and its own size."""
    pen = _Pen(PHOTO if standalone else INLINE)
    pen.y = _MARGIN + 6
    pen.write(picture.title, _TITLE, _MARGIN, pen.width - 2 * _MARGIN, bold=True)
    pen.y += 10
    part: Callable[[_Pen, int, Part, bool], None] = _pin if picture.name == "pins" else _step
    for number, one in enumerate(picture.parts, 1):
        part(pen, number, one, number == len(picture.parts))
    if picture.foot:
        pen.y += 2
        pen.write(picture.foot, _LINE, _MARGIN, pen.width - 2 * _MARGIN)
    height = pen.y + 10
    named = f"<title>{escape(picture.title)}</title><desc>{escape(in_words(picture))}</desc>"
    drawn = "".join(pen.parts)
    if not standalone:
        return f'<svg xmlns="{_SVG}" viewBox="0 0 {pen.width:g} {height:.0f}" role="img">{named}{drawn}</svg>'
    box = f"{-_BORDER} {-_BORDER} {pen.width + 2 * _BORDER:g} {height + 2 * _BORDER:.0f}"
    ground = f'<rect x="{-_BORDER}" y="{-_BORDER}" width="100%" height="100%" fill="#fff"/>'
    return f'<svg xmlns="{_SVG}" viewBox="{box}" font-family="Noto Sans CJK JP">{named}{ground}{drawn}</svg>'


def in_words(picture: Picture) -> str:
    """Everything the picture says, for those who do not see it."""
    parts = [f"{number}. {part.head}。{'。'.join(part.lines)}" for number, part in enumerate(picture.parts, 1)]
    return "。".join((*parts, picture.foot)).replace("。。", "。")


class _Pen:
    """Collects drawn elements from the top down; `y` is where the next one begins."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.parts: list[str] = []
        self.y = 0.0

    def write(self, text: str, size: float, x: float, room: float, *, bold: bool = False, colour: str = _INK) -> None:
        """Text in lines that fit into `room`."""
        kind = "blue" if colour == _BLUE else "ink"
        weight = ' font-weight="700"' if bold else ""
        for line in broken(text, room / size):
            self.parts.append(
                f'<text class="{kind}" x="{x:g}" y="{self.y + size * 1.05:.1f}" font-size="{size:g}" '
                f'fill="{colour}"{weight}>{escape(line)}</text>'
            )
            self.y += size * _LEADING

    def add(self, element: str) -> None:
        self.parts.append(element)


def _pin(pen: _Pen, number: int, part: Part, last: bool) -> None:
    """A card: the name, how the number looks, how many tries, where it is used."""
    top, place = pen.y, len(pen.parts)
    pen.y += _PAD - 4
    pen.write(part.head, _HEAD, _MARGIN + _PAD, pen.width - 2 * (_MARGIN + _PAD), bold=True, colour=_BLUE)
    pen.y += 5
    pitch = min(40.0, (pen.width - 2 * (_MARGIN + _PAD)) / max(1, len(part.sample)))
    for place_of, character in enumerate(part.sample):
        x = _MARGIN + _PAD + place_of * pitch
        if character == "…":
            pen.add(_label("…", x + pitch / 2, pen.y + 24, 22))
            continue
        pen.add(
            f'<rect class="line" x="{x:g}" y="{pen.y:.1f}" width="{pitch - 4:g}" height="36" rx="6" fill="none" '
            f'stroke="{_HAIR}" stroke-width="1.5"/>'
        )
        pen.add(_label(character, x + (pitch - 4) / 2, pen.y + 24.5, 18))
    pen.y += 44
    for line in part.lines:
        pen.write(line, _LINE, _MARGIN + _PAD, pen.width - 2 * (_MARGIN + _PAD), bold=line is part.lines[0])
    pen.y += _PAD - 6
    pen.parts.insert(
        place,
        f'<rect class="blue-line" x="{_MARGIN:g}" y="{top:.1f}" width="{pen.width - 2 * _MARGIN:g}" '
        f'height="{pen.y - top:.1f}" rx="12" fill="none" stroke="{_BLUE}" stroke-width="2"/>',
    )
    pen.y += _GAP


def _step(pen: _Pen, number: int, part: Part, last: bool) -> None:
    """A numbered step: its sign beside what heads it, its lines below, and an arrow to the next."""
    top, place = pen.y, len(pen.parts)
    left, room = _MARGIN + 74, pen.width - 2 * (_MARGIN + _PAD)
    head = f"{number}. {part.head}"
    rows = len(list(broken(head, (pen.width - left - _MARGIN - 8) / _HEAD)))
    pen.y += 12 + max(0.0, (48 - rows * _HEAD * _LEADING) / 2)
    pen.write(head, _HEAD, left, pen.width - left - _MARGIN - 8, bold=True, colour=_BLUE)
    pen.y = max(pen.y, top + 60) + 8
    for line in part.lines:
        pen.write(line, _LINE, _MARGIN + _PAD, room)
    pen.y += _PAD - 4
    frame = (
        f'<rect class="blue-line" x="{_MARGIN:g}" y="{top:.1f}" width="{pen.width - 2 * _MARGIN:g}" '
        f'height="{pen.y - top:.1f}" rx="12" fill="none" stroke="{_BLUE}" stroke-width="2"/>'
    )
    sign = _SIGNS[(number - 1) % len(_SIGNS)]
    pen.parts.insert(place, frame + f'<g transform="translate({_MARGIN + 14:g} {top + 12:.1f}) scale(0.8)">{sign}</g>')
    if not last:
        x, y = pen.width / 2, pen.y + 4
        pen.add(f'<path class="blue-fill" d="M{x - 13:g} {y:.1f}h26l-13 14z" fill="{_BLUE}"/>')
    pen.y += 24 if not last else _GAP


def _label(text: str, x: float, y: float, size: float) -> str:
    return (
        f'<text class="ink" x="{x:g}" y="{y:.1f}" font-size="{size:g}" fill="{_INK}" '
        f'text-anchor="middle">{escape(text)}</text>'
    )


def _drawn(path: str) -> str:
    return (
        f'<path class="blue-line" d="{path}" fill="none" stroke="{_BLUE}" stroke-width="3.5" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


_SIGNS = (
    _drawn("M6 26h48M9 26v28h42V26M6 26l6-16h36l6 16M24 54V38h12v16"),  # a shop
    _drawn("M18 4h24a5 5 0 0 1 5 5v42a5 5 0 0 1-5 5H18a5 5 0 0 1-5-5V9a5 5 0 0 1 5-5zM13 44h34M23 26l6 6 10-12"),
    _drawn("M30 5a25 25 0 1 0 .1 0zM30 14v16l11 7"),  # a clock
    _drawn("M10 6h40v30H10zM16 36v18h28V36M20 44h20M18 14h24v14H18z"),  # a kiosk
)
"""Drawn on 60 by 60 units."""


def _width(character: str) -> float:
    return _NARROW if character < "\u2000" else 1.0


def broken(text: str, room: float) -> Iterator[str]:
    """The lines of `text`, at most `room` em wide, rather broken after a pause; none begins with a closing mark."""
    line, width = "", 0.0
    for character in text:
        wide = _width(character)
        if width + wide > room and character not in _NOT_FIRST:
            phrase = max(line.rfind(mark) for mark in _PAUSES) + 1
            if phrase * 2 < len(line):  # no pause, or one that leaves the line half empty
                phrase = len(line)
            yield line[:phrase]
            line = line[phrase:]
            width = sum(map(_width, line))
        line += character
        width += wide
    if line:
        yield line
