"""The comparison as an SVG: top-1 of every matcher on every set, with its 95 % interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from bench.matching.compare import Row

_LEFT, _WIDTH, _LINE, _TOP = 240, 520, 22, 54
_COLOURS = ("#1f6f8b", "#d98c2b", "#6b8f3c")


def draw(sets: Mapping[str, Sequence[Row]]) -> str:
    """An SVG document. Sets are colours, matchers are lines; a bar is top-1, a whisker its interval."""
    names = list(dict.fromkeys(row.name for rows in sets.values() for row in rows))
    height = _TOP + len(names) * (_LINE * len(sets) + 10) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 60} {height}" font-family="sans-serif"'
        ' font-size="13" role="img" aria-label="1位が正しい割合の比較">',
        f'<rect width="100%" height="{height}" fill="#fff"/>',
    ]
    for number, name in enumerate(sets):
        at = 12 + number * 260
        parts.append(f'<rect x="{at}" y="12" width="12" height="12" fill="{_COLOURS[number % 3]}"/>')
        parts.append(f'<text x="{at + 18}" y="23">{escape(name)}</text>')
    for tenth in range(0, 11, 2):
        at = _LEFT + _WIDTH * tenth / 10
        parts.append(f'<line x1="{at}" y1="{_TOP - 12}" x2="{at}" y2="{height - 24}" stroke="#ddd"/>')
        parts.append(f'<text x="{at}" y="{height - 8}" text-anchor="middle" fill="#555">{tenth / 10:.1f}</text>')
    y = _TOP
    for name in names:
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(name)}</text>')
        for number, rows in enumerate(sets.values()):
            row = next((row for row in rows if row.name == name), None)
            if row is not None:
                low, high = (_LEFT + _WIDTH * end for end in row.interval)
                colour, middle = _COLOURS[number % 3], y + _LINE / 2 - 1
                parts.append(
                    f'<rect x="{_LEFT}" y="{y}" width="{_WIDTH * row.top1:.1f}" height="{_LINE - 4}" fill="{colour}"/>'
                    f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}" stroke="#222"/>'
                    f'<text x="{high + 6:.1f}" y="{y + 14}">{row.top1:.3f}</text>'
                )
            y += _LINE
        y += 10
    return "\n".join([*parts, "</svg>", ""])
