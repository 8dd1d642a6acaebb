"""Whether やさしい日本語 is easy: short sentences, and how hard words are read.

Checks translations whose language begins with `ja-`. The guideline of 出入国在留管理庁・文化庁
(「在留支援のためのやさしい日本語ガイドライン」, August 2020) asks for short sentences with one idea each
and for ふりがな on 漢字; it names no number of characters. The numbers are ours and stand in
`faq/plain.yaml` (`easy`). Where no ruby can be shown, the reading follows in brackets:
暗証番号（あんしょうばんごう）.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.content.model import EasyLimits
from bot.content.nodes import Document, Path
from bot.content.plain import sentences
from bot.content.problems import Problem
from bot.content.schema import LanguageFile
from bot.content.texts import PLACEHOLDER

_READING = re.compile(r"（[ぁ-ゖー・、]+）")
_BRACKETS = re.compile(r"（[^（）]*）")
_QUOTED = re.compile(r"「[^「」]*」")
_VALUE = "○○○○"
_SPACES = str.maketrans("", "", " 　")
"""What a place for a value counts as: four characters, since the value is no matter of style."""
_LABELS = ("/label", "/short", "/start", "/title")
"""Ends of the ids of buttons and headings: no room for readings there, and they are no sentences."""
_NO_SENTENCES = ("facts/", "sources/", "city/", "words/button.", "words/command.", "words/eyebrow.", "words/pin.")


def check_easy(document: Document, file: LanguageFile, limits: EasyLimits) -> Iterator[Problem]:
    """Every sentence that is too long, every hard word without its reading, and the average over the file."""
    lengths: list[int] = []
    for text_id, row in file.texts.items():
        if row.text is None or text_id.endswith(_LABELS) or text_id.startswith(_NO_SENTENCES):
            continue
        at: Path = ("texts", text_id, "text")
        for sentence in _sentences(row.text):
            lengths.append(len(sentence))
            if len(sentence) > limits.sentence:
                message = f"文が{len(sentence)}字あります。{limits.sentence}字までにしてください：「{sentence}」"
                yield document.problem(at, "easy-sentence", message, severity="translation")
        yield from _check_readings(document, at, row.text, limits)
    if lengths and sum(lengths) / len(lengths) > limits.average:
        message = f"文の長さは、平均{sum(lengths) / len(lengths):.1f}字です。{limits.average}字までにしてください。"
        yield document.problem((), "easy-average", message, severity="translation")


def _sentences(text: str) -> Iterator[str]:
    """The sentences as their length is counted: without spaces, end marks and what stands in round brackets."""
    bare = PLACEHOLDER.sub(_VALUE, _BRACKETS.sub("", text))
    for begin, end in sentences(bare):
        yield bare[begin:end].translate(_SPACES).rstrip("。！？!?")


def _check_readings(document: Document, at: Path, text: str, limits: EasyLimits) -> Iterator[Problem]:
    """A hard word needs its reading where it first stands in a text. Names in quotes or brackets need none."""
    said = _QUOTED.sub(lambda quoted: "＿" * len(quoted[0]), text)
    for word in limits.words:
        found = re.search(rf"(?<![一-鿿々]){word}(?![一-鿿々])", said)
        if found is None or _READING.match(said, found.end()) or re.search(r"（[^）]*$", said[: found.start()]):
            continue
        message = f"「{word}」が最初に出る所で、読み方をかっこで書いてください（例：窓口（まどぐち））。"
        line, column = document.place_of(at, word)
        yield Problem(document.file, line, column, "easy-reading", message, severity="translation")
