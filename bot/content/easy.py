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
from bot.content.texts import Names

_READING = re.compile(r"(?<=[一-鿿々])（[ぁ-ゖー・、]+）")
"""A reading in brackets: it is no part of the sentence's length."""
_KANJI = re.compile(r"[一-鿿々]+")
_LABELS = ("/label", "/short", "/start", "/title")
"""Ends of the ids of buttons and headings: no room for readings there, and they are no sentences."""


def check_easy(document: Document, file: LanguageFile, names: Names, limits: EasyLimits) -> Iterator[Problem]:
    """Every sentence that is too long, every hard word without its reading, and the average over the file."""
    lengths: list[int] = []
    for text_id, row in file.texts.items():
        if row.text is None or text_id.endswith(_LABELS) or text_id.startswith(("facts/", "sources/", "city/")):
            continue
        at: Path = ("texts", text_id, "text")
        bare = _READING.sub("", row.text)
        for begin, end in sentences(bare):
            length = len(names.fill(bare[begin:end]))
            lengths.append(length)
            if length > limits.sentence:
                message = f"文が{length}字あります。{limits.sentence}字までにしてください：「{bare[begin:end]}」"
                yield document.problem(at, "easy-sentence", message, severity="translation")
        yield from _check_readings(document, at, row.text, limits)
    if lengths and sum(lengths) / len(lengths) > limits.average:
        message = f"文の長さは、平均{sum(lengths) / len(lengths):.1f}字です。{limits.average}字までにしてください。"
        yield document.problem((), "easy-average", message, severity="translation")


def _check_readings(document: Document, at: Path, text: str, limits: EasyLimits) -> Iterator[Problem]:
    """A long word in 漢字 needs its reading where it first stands in a text; parts of a word read are read too."""
    read = ""
    for found in _KANJI.finditer(text):
        word = found[0]
        if len(word) < limits.kanji or word in read:
            continue
        if not _READING.match(text, found.end()):
            message = f"「{word}」の後に、読み方をかっこで書いてください（例：暗証番号（あんしょうばんごう））。"
            line, column = document.place_of(at, word)
            yield Problem(document.file, line, column, "easy-reading", message, severity="translation")
        read += f"{word} "
