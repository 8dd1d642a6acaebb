"""Every writing of a text as one: what the guard reads, each character with its place in the original.

NFKC, lower case, every digit as 0-9, every hyphen as "-", every space as " ". What cannot be seen
(zero-width, direction and control characters, lone surrogates, the rest of a keycap emoji) joins the
cell before it, so it cannot hide a secret.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.dialogue.guard.kinds import PLACEHOLDER, Seen


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; its character at `place` stands for `starts[place]:ends[place]` of the original."""

    plain: str
    starts: Sequence[int]
    ends: Sequence[int]


KANJI_DIGITS = dict(zip("〇零○◯一壱二弐三参四肆五伍六陸七漆八捌九玖", "0000112233445566778899", strict=True))
_HYPHENS = "−─━⁃˗╴﹘"
_DOTS = "·•‧∙⋅･"
_BLANKS = "\u3164\u2800\u115f\u1160\t\v\f\u2028\u2029"
_NUMERALS = {"Nd", "Nl", "No"}  # ٣, Ⅷ, ㈧; a kanji is none of these
_INVISIBLE = {"Cf", "Cc", "Cs", "Mn", "Me"}
_CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_VOICED = {"\u3099": "\u3099", "\u309a": "\u309a", "ﾞ": "\u3099", "ﾟ": "\u309a", "゛": "\u3099", "゜": "\u309a"}
_DEPENDENT = _CIRCLED | _VOICED.keys()
"""What is read by what stands beside it."""


@lru_cache(maxsize=2048)
def _plain(character: str) -> str:
    """What one character is read as; empty if it cannot be seen."""
    category = unicodedata.category(character)
    if character in "\n\r\x85":
        return "\n"
    if category == "Zs" or character in _BLANKS:
        return " "
    if category in _INVISIBLE:
        return ""
    counted = category in _NUMERALS and character not in KANJI_DIGITS
    digit = unicodedata.numeric(character, None) if counted else None
    if digit is not None and digit in range(10):
        return str(int(digit))
    if character in "〜～~∼〰":
        return "~"
    if category == "Pd" or character in _HYPHENS:
        return "-"
    if character in _DOTS:
        return "・"
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if 0 < len(folded) <= 4 and folded.isprintable() else character  # "ﷺ" would be 18


def _enumerates(text: str, place: int) -> bool:
    """Whether ① stands before digits of another kind: ①3617②7163."""
    following = text[place + 1 : place + 2].strip() or text[place + 2 : place + 3]
    return following.isdecimal() or following == PLACEHOLDER[0]


def fold(text: str) -> Folded:
    """The text as the guard reads it."""
    cells = {character: _plain(character) for character in set(text)}
    if all(len(cell) == 1 for cell in cells.values()) and not cells.keys() & _DEPENDENT:
        places = range(len(text) + 1)
        return Folded(
            text.translate({ord(character): cell for character, cell in cells.items()}), places[:-1], places[1:]
        )
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, character in enumerate(text):
        if plain and character in _VOICED:
            voiced = unicodedata.normalize("NFC", plain[-1] + _VOICED[character])
            plain[-1] = voiced if len(voiced) == 1 else plain[-1]
            ends[-1] = place + 1
            continue
        cell = "※" if character in _CIRCLED and _enumerates(text, place) else cells[character]
        for one in cell:
            plain.append(one)
            starts.append(place)
            ends.append(place + 1)
        if not cell and ends:
            ends[-1] = place + 1
    return Folded("".join(plain), starts, ends)


def cover(folded: Folded, seen: Sequence[Seen]) -> Folded:
    """The text in which what was seen is redacted, always whole characters (¼ is three of a folded text)."""
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for _, start, end in seen:
        while start > at and folded.starts[start - 1] == folded.starts[start]:
            start -= 1
        while end < len(folded.plain) and folded.starts[end] == folded.starts[end - 1]:
            end += 1
        start = max(start, at)  # of two that share characters
        if start == end:
            continue
        plain += [folded.plain[at:start], PLACEHOLDER]
        starts += [*folded.starts[at:start], *[folded.starts[start]] * len(PLACEHOLDER)]
        ends += [*folded.ends[at:start], *[folded.ends[end - 1]] * len(PLACEHOLDER)]
        at = end
    return Folded("".join([*plain, folded.plain[at:]]), [*starts, *folded.starts[at:]], [*ends, *folded.ends[at:]])
