"""Which wordings of the content are too close to a line of a question set. `bench/leak` is its command.

Too close: the rapidfuzz ratio of the two normalised texts is 0.85 or more, or they have a run of 12
characters in common. Then the set would measure memory instead of understanding. An official name
(`NAMES`) counts as one character of a run: everybody who asks about マイナンバーカードの暗証番号 writes these
14, and has copied nothing. Looked at are the entries' questions and `also_asked`, the situations, the
out-of-scope and vague examples; smalltalk, synonyms and concept words are words, not questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.content.model import Content
from bot.matching.normalise import bare, clean

RATIO, RUN = 85, 12
NAMES = (
    "署名用電子証明書",
    "利用者証明用電子証明書",
    "スマホ用電子証明書",
    "券面事項入力補助用",
    "住民基本台帳用",
    "マイナンバーカード",
    "my number card",
    "mynumber card",
    "コンビニエンスストア",
    "マイナポータル",
    "電子証明書",
    "暗証番号",
    "照会書兼回答書",
)
"""Official names, longest first where one holds another."""


@dataclass(frozen=True)
class Wording:
    """A text of the content and where it stands."""

    kind: str
    owner: str
    text: str


@dataclass(frozen=True)
class Leak:
    """A wording, the line it is too close to, and why."""

    wording: Wording
    line: str
    ratio: float
    run: str
    """What they have in common; empty if only the ratio is too high."""


def wordings(content: Content) -> list[Wording]:
    """All texts of the content that the matcher learns as questions."""
    return [
        *(Wording("title", e.id, e.question) for e in content.entries),
        *(Wording("question", e.id, text) for e in content.entries for text in e.also_asked),
        *(Wording("situation", entry, text) for entry, texts in content.situations.items() for text in texts),
        *(Wording("out_of_scope", "vocabulary", text) for text in content.vocabulary.out_of_scope),
        *(Wording("vague", "vocabulary", text) for text in content.vocabulary.vague),
    ]


def leaks(content: Content, lines: Sequence[str], *, strict: bool = False) -> Iterator[Leak]:
    """Every wording that is too close to a line, with the closest such line. `strict`: names are no exception."""
    keys = [bare(clean(line)) for line in lines]
    close = too_close(lines, strict=strict)
    for wording in wordings(content):
        if found := close(wording.text):
            number, shared = found
            yield Leak(wording, lines[number], fuzz.ratio(bare(clean(wording.text)), keys[number]) / 100, shared)


def too_close(lines: Sequence[str], *, strict: bool = False) -> Callable[[str], tuple[int, str] | None]:
    """Tells of a text the number of the closest line that it is too close to, and the run they share; else None."""
    keys = [bare(clean(line)) for line in lines]
    runs: dict[str, int] = {}
    for number, key in enumerate(keys if strict else map(_short, keys)):
        for begin in range(len(key) - RUN + 1):
            runs.setdefault(key[begin : begin + RUN], number)

    def close(text: str) -> tuple[int, str] | None:
        key = bare(clean(text))
        short = key if strict else _short(key)
        shared = next((r for b in range(len(short) - RUN + 1) if (r := short[b : b + RUN]) in runs), "")
        near = process.extractOne(key, keys, scorer=fuzz.ratio, score_cutoff=RATIO) if key else None
        return (near[2] if near else runs[shared], shared) if near or shared else None

    return close


def _short(key: str) -> str:
    """The bare text with each official name as one character."""
    for number, name in enumerate(NAMES):
        key = key.replace(bare(clean(name)), chr(0xE000 + number))
    return key
