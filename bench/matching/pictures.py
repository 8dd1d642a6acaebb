"""Three pictures (SVG) of what was measured: top-1 side by side, calibration, scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

_COLOURS = ("#1f6f8b", "#d98c2b", "#6b8f3c", "#8a5a9e")
_GREY = "#555"


def bars(sets: Mapping[str, Mapping[str, tuple[float, float, float]]]) -> str:
    """Top-1 and its 95 % interval (share, low, high) of every matcher on every set."""
    left, width, line, top = 220, 520, 20, 44
    names = list(dict.fromkeys(name for rows in sets.values() for name in rows))
    height = top + len(names) * (line * len(sets) + 10) + 30
    parts = list(_legend(sets))
    for tenth in range(0, 11, 2):
        at = left + width * tenth / 10
        parts.append(_line(at, top - 8, at, height - 24, "#ddd"))
        parts.append(_text(at, height - 8, f"{tenth / 10:.1f}", "middle", _GREY))
    y = top
    for name in names:
        parts.append(_text(left - 8, y + line * len(sets) / 2 + 4, name, "end"))
        for number, rows in enumerate(sets.values()):
            if name in rows:
                share, low, high = rows[name]
                colour, middle = _COLOURS[number % len(_COLOURS)], y + line / 2 - 1
                parts.append(
                    f'<rect x="{left}" y="{y}" width="{width * share:.1f}" height="{line - 3}" fill="{colour}"/>'
                )
                parts.append(_line(left + width * low, middle, left + width * high, middle, "#222"))
                parts.append(_text(left + width * high + 6, y + 14, f"{share:.3f}"))
            y += line
        y += 10
    return _document(left + width + 60, height, "1位が正しい割合の比較", parts)


def calibration(sets: Mapping[str, Sequence[tuple[float, float, int]]], answer_at: float) -> str:
    """Said chance against the share that was right; a larger point is of more lines. The dashed line is honesty."""
    left, top, size = 60, 44, 400

    def place(said: float, right: float) -> tuple[float, float]:
        return left + size * said, top + size * (1 - right)

    parts = list(_legend(sets))
    for tenth in range(0, 11, 2):
        at = tenth / 10
        parts.append(_line(*place(at, 0), *place(at, 1), "#eee"))
        parts.append(_line(*place(0, at), *place(1, at), "#eee"))
        parts.append(_text(*place(at, -0.05), f"{at:.1f}", "middle", _GREY))
        parts.append(_text(left - 8, place(0, at)[1] + 4, f"{at:.1f}", "end", _GREY))
    parts.append(_line(*place(0, 0), *place(1, 1), "#999", dashed=True))
    parts.append(_line(*place(answer_at, 0), *place(answer_at, 1), "#b00", dashed=True))
    parts.append(_text(*place(answer_at - 0.01, 0.02), f"{answer_at} から答える", "end", "#b00"))
    for number, points in enumerate(sets.values()):
        shown = [(said, right, count) for said, right, count in points if count]
        parts.append(_path([place(said, right) for said, right, _ in shown], _COLOURS[number % len(_COLOURS)]))
        for said, right, count in shown:
            parts.append(_point(*place(said, right), 2 + math.sqrt(count) / 2, _COLOURS[number % len(_COLOURS)]))
    parts.append(_text(left + size / 2, top + size + 42, "言った見込み（縦は、1位が正しかった割合）", "middle", _GREY))
    return _document(left + size + 40, top + size + 56, "見込みの目盛り", parts)


def scale(lines: Mapping[str, Sequence[tuple[int, float]]], bar: float) -> str:
    """p99 milliseconds by the number of wordings, both logarithmic; the dashed line is the bar."""
    left, top, width, height = 60, 44, 460, 300
    values = [ms for points in lines.values() for _, ms in points] + [bar]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    counts = sorted({count for points in lines.values() for count, _ in points})
    first, last = math.log10(counts[0]), math.log10(counts[-1])

    def place(count: float, ms: float) -> tuple[float, float]:
        across = (math.log10(count) - first) / ((last - first) or 1)
        return left + width * across, top + height * (1 - (math.log10(ms) - low) / (high - low))

    parts = list(_legend(lines))
    for count in counts:
        parts.append(_line(*place(count, 10**low), *place(count, 10**high), "#eee"))
        parts.append(_text(place(count, 1)[0], top + height + 18, f"{count:,}", "middle", _GREY))
    for power in range(low, high + 1):
        parts.append(_line(*place(counts[0], 10**power), *place(counts[-1], 10**power), "#eee"))
        parts.append(_text(left - 8, place(counts[0], 10**power)[1] + 4, f"{10**power:g}", "end", _GREY))
    parts.append(_line(*place(counts[0], bar), *place(counts[-1], bar), "#b00", dashed=True))
    parts.append(_text(left + 4, place(counts[0], bar)[1] - 4, f"目標 {bar:g} ms", "start", "#b00"))
    for number, points in enumerate(lines.values()):
        colour = _COLOURS[number % len(_COLOURS)]
        parts.append(_path([place(*point) for point in points], colour))
        parts += [_point(*place(*point), 4, colour) for point in points]
    parts.append(_text(left + width / 2, top + height + 40, "言い方の数（縦は p99、ミリ秒）", "middle", _GREY))
    return _document(left + width + 40, top + height + 54, "言い方の数と時間", parts)


def _document(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" font-family="sans-serif"'
            f' font-size="13" role="img" aria-label="{escape(title)}">',
            '<rect width="100%" height="100%" fill="#fff"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _legend(names: Iterable[str]) -> Iterable[str]:
    at = 12
    for number, name in enumerate(names):
        yield f'<rect x="{at}" y="12" width="12" height="12" fill="{_COLOURS[number % len(_COLOURS)]}"/>'
        yield _text(at + 18, 23, name)
        at += 40 + 7 * len(name)


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = "#000") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{dash}/>'


def _path(points: Sequence[tuple[float, float]], colour: str) -> str:
    through = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{through}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _point(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}" fill-opacity="0.7"/>'
