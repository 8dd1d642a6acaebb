"""What goes onto paper or into a picture: a finished result, arranged for someone who stands at a counter.

The blocks come from the dialogue and are only sorted here: warnings that must be seen first, then what
to bring and to do, and the sources last. The answers that led here stay out, because a sheet
is seen by others (counter rule 7), and there is no place to write a PIN (counter rule 15). How it
looks is sheet.typ's business.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.content.words import IN_JAPANESE, Words
from bot.dialogue.dates import date_in_words
from bot.dialogue.replies import Block, Bullets, Checklist, Details, Heading, Reply, SourceRef, Sources, Text, Warning
from bot.printing.qr import qr

Form = Literal["a4", "phone", "tall"]
"""A4 paper, screens of a phone, or one picture as tall as it takes."""

Data = dict[str, object]

_WORDS = ("no-pin", "pages", "code", "same", "scan", "open", "no-dates")
"""What the layout says itself."""


@dataclass(frozen=True)
class Sheet:
    """A result to be printed. `link` opens the same result; without it there is no QR code."""

    blocks: tuple[Block, ...]
    made_on: date
    link: str | None = None
    language: str = "ja"
    words: Words = IN_JAPANESE

    @classmethod
    def of(
        cls,
        reply: Reply,
        made_on: date,
        link: str | None = None,
        language: str = "ja",
        words: Words = IN_JAPANESE,
    ) -> Sheet:
        """The sheet of a reply of kind `result`."""
        return cls(reply.blocks, made_on, link, language, words)

    def data(self, form: Form) -> str:
        """The sheet as JSON for sheet.typ. A picture leaves out what is only good to know."""
        head = next(number for number, block in enumerate(self.blocks) if isinstance(block, Heading))
        title = self.blocks[head]
        assert isinstance(title, Heading)
        rest = self.blocks[head + 1 :]
        if form != "a4":
            rest = tuple(_without_section(rest, self.words("result.info")))
        sources = [block for block in rest if isinstance(block, Sources)]
        return json.dumps(
            {
                "form": form,
                "title": title.text,
                "made": self.words("sheet.made", day=date_in_words(self.made_on, self.words)),
                "language": self.language,
                "words": {name: self.words(f"sheet.{name}") for name in _WORDS}
                | {name: self.words(name) for name in ("service", "warning", "comma")}
                | {"sources": self.words("pair", label=self.words("source"), text="")}
                | {"promise": self.words("sentences", first=self.words("never-ask"), second=self.words("no-number"))},
                "link": self.link,
                "qr": qr(self.link) if self.link else None,
                "above": _joined(one for block in self.blocks[:head] for one in _data(block)),
                "blocks": _joined(one for block in rest for one in _data(block, folded=form == "a4")),
                "freshness": "".join(block.freshness for block in sources),
                "sources": [
                    {"text": self._named(source), "url": source.url} for block in sources for source in block.items
                ]
                if form == "a4"
                else [],
            },
            ensure_ascii=False,
        )

    def _named(self, source: SourceRef) -> str:
        if source.date == self.words("source.no-date"):
            return source.name
        return self.words("with-note", text=source.name, note=source.date)


def _data(block: Block, *, folded: bool = False) -> Iterator[Data]:
    match block:
        case Text(text):
            yield {"kind": "text", "lines": _lines(text)}
        case Heading(text):
            yield {"kind": "heading", "text": text}
        case Warning(text):
            yield {"kind": "warning", "items": ["\n".join(_lines(text))]}
        case Bullets(items, ordered):
            yield {"kind": "list", "items": items, "ordered": ordered}
        case Checklist(title, items):
            things = [{"text": item.text, "note": item.note} for item in items]
            yield {"kind": "things", "title": title, "items": things}
        case Details(title, text, "more") if folded:
            points = [line.removeprefix("・") for line in _lines(text)]
            yield {"kind": "heading", "text": title}
            yield {"kind": "list", "items": points, "ordered": False}


def _joined(parts: Iterable[Data]) -> list[Data]:
    """The parts, with warnings that follow each other in one box: paper has less room than a screen."""
    joined: list[Data] = []
    for part in parts:
        before = joined[-1] if joined else {}
        if part["kind"] == before.get("kind") == "warning":
            joined[-1] = {"kind": "warning", "items": [*_items(before), *_items(part)]}
        else:
            joined.append(part)
    return joined


def _items(part: Data) -> list[str]:
    items = part["items"]
    assert isinstance(items, list)
    return items


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _without_section(blocks: Iterable[Block], title: str) -> Iterator[Block]:
    inside = False
    for block in blocks:
        inside = block == Heading(title) or (inside and not isinstance(block, Heading))
        if not inside or isinstance(block, Sources):
            yield block
