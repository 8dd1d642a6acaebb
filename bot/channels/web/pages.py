"""A Turn as HTML.

The templates place things; this module only decides what needs deciding: which words head a
reply, which numbers can be dialled, which links are safe to offer. Jinja2 escapes everything
else. Nothing but `Turn.redacted` of a citizen's text is ever shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Literal, TypedDict

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.channels.web.assets import Assets
from bot.channels.web.gate import number_once
from bot.channels.web.settings import WebSettings
from bot.content.model import Content
from bot.content.words import IN_JAPANESE, JAPANESE_ID, Words
from bot.dialogue.replies import Block, Button, Heading, Link, Reply, Text, Turn
from bot.printing.pictures import draw
from bot.printing.qr import qr

TEXT_LIMIT = 4096
"""Characters of one text, as on Telegram. The text box has the same limit."""

_SPEAKS_FOR_ITSELF = frozenset({"help", "menu", "privacy", "list"})
"""Kinds whose heading says what they are, so that no eyebrow stands above it."""

_ASKED = re.compile(r"([^\n]*[？?]|[^\n]+)\s*(.*)", re.DOTALL)
"""What is asked, to the last ？ of its first line; hints that follow are a paragraph of their own."""

# A Japanese phone number as official pages write it, and the police line; dates and 4-digit PINs are neither.
_PHONE = re.compile(r"(?<![\d-])(?:0\d{1,3}-\d{1,4}-\d{2,4}|#9110)(?![\d-])")

_SAFE_LINK = re.compile(r"(?:https?://|tel:|mailto:|/(?!/))", re.IGNORECASE)


Place = Literal["answers", "primary", "side"]

_PLACES: dict[str, Place] = {
    "choice": "answers",
    "toggle": "answers",
    "primary": "primary",
    "danger": "side",
    "side": "side",
}


@dataclass(frozen=True)
class Row:
    """Neighbouring buttons of one kind, and the number of the first if people may type numbers."""

    place: Place
    buttons: tuple[Button, ...]
    first: int | None


@dataclass(frozen=True)
class Shown:
    """A reply as the templates need it: what heads it, then the rest."""

    reply: Reply
    eyebrow: str
    heading: str | None
    blocks: tuple[Block, ...]
    rows: tuple[Row, ...]
    links: tuple[Link, ...]


def show(reply: Reply, words: Words = IN_JAPANESE) -> Shown:
    """Arrange a reply: its first heading heads it; of a question or near tie, what is asked."""
    blocks = list(reply.blocks)
    heads = (Heading, Text) if reply.kind == "clarify" else (Heading,)
    head = next((block for block in blocks if isinstance(block, heads)), None)
    heading = head.text if head is not None else None
    if head is not None:
        blocks.remove(head)
    if heading and reply.kind in ("question", "clarify") and (asked := _ASKED.fullmatch(heading)):
        heading, hint = asked.groups()
        blocks[:0] = [Text(hint)] if hint else []
    links = tuple(link for link in reply.links if _SAFE_LINK.match(link.url))
    eyebrow = "" if heading and reply.kind in _SPEAKS_FOR_ITSELF else words(f"eyebrow.{reply.kind}")
    return Shown(reply, eyebrow, heading, tuple(blocks), _rows(reply), links)


def _rows(reply: Reply) -> tuple[Row, ...]:
    """The buttons in their order, neighbours of one kind together."""
    rows: list[Row] = []
    number = 0
    for placed, group in groupby(reply.buttons, lambda button: _PLACES[button.role]):
        buttons = tuple(group)
        first = number + 1 if _takes_number(reply, placed) else None
        number += len(buttons) if first else 0
        rows.append(Row(placed, buttons, first if len(reply.buttons) > 1 else None))
    return tuple(rows)


def _takes_number(reply: Reply, placed: Place) -> bool:
    """Whether a typed number means one of these buttons (the engine's `offered` and choices).

    A question asked again with fewer choices keeps the numbers of all its choices, which we do not know.
    """
    if reply.kind == "menu":
        return placed != "side"
    return placed == "answers" and reply.kind in ("question", "clarify", "answer") and not _is_part(reply)


def _is_part(reply: Reply) -> bool:
    return reply.kind == "clarify" and reply.question is not None


@dataclass(frozen=True)
class Hero:
    """The button of the first page that most visitors need, and the number that means the same."""

    button: Button
    number: int | None


def _first_step(shown: tuple[Shown, ...]) -> tuple[tuple[Shown, ...], Hero | None]:
    """The first primary button apart from the others, which keep their numbers."""
    for place, one in enumerate(shown):
        if one.rows and one.rows[0].place == "primary":
            row, *others = one.rows
            button, *rest = row.buttons
            if others and others[0].place == "answers":
                rest += others.pop(0).buttons
            rows = (Row("answers", tuple(rest), row.first and row.first + 1), *others)
            return (*shown[:place], replace(one, rows=rows), *shown[place + 1 :]), Hero(button, row.first)
    return shown, None


def dialable(text: str) -> Markup:
    """`text` escaped, its phone numbers as links that dial."""
    parts: list[Markup] = []
    end = 0
    for found in _PHONE.finditer(text):
        number = found.group()
        parts.append(escape(text[end : found.start()]))
        parts.append(
            Markup('<a href="tel:{}">{}</a>').format(re.sub(r"[^\d#]", "", number).replace("#", "%23"), number)
        )
        end = found.end()
    return Markup().join((*parts, escape(text[end:])))


class Pages:
    """The pages of one installation."""

    def __init__(self, settings: WebSettings, assets: Assets, *, prints: bool = False) -> None:
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals["once"] = number_once
        environment.filters["dialable"] = dialable
        environment.filters["kind"] = lambda block: type(block).__name__
        environment.filters["drawn"] = lambda picture: Markup(draw(picture))  # noqa: S704 - escapes its texts
        environment.filters["qr"] = lambda address: Markup(qr(address) or "")  # noqa: S704 - has no texts
        environment.globals.update(asset=assets.address, settings=settings, text_limit=TEXT_LIMIT, prints=prints)
        self._start = environment.get_template("start.html")
        self._turn = environment.get_template("turn.html")
        self._part = environment.get_template("part.html")
        self._error = environment.get_template("error.html")

    def start(self, turn: Turn, languages: tuple[Content, ...] = ()) -> str:
        """The first page: what this is, the text box, and the buttons of the first turn.

        The first Text of that turn invites to write, which is what the labelled box does here; the
        second promises that we ask for no PIN and stays above the box; the others follow the buttons. The other
        languages stand in the head of every page, so they are no buttons here.
        """
        turn = replace(
            turn,
            replies=tuple(
                replace(reply, buttons=tuple(b for b in reply.buttons if not b.data.startswith("n")))
                for reply in turn.replies
            ),
        )
        blocks = [block for reply in turn.replies for block in show(reply, turn.words).blocks]
        texts = [block for block in blocks if isinstance(block, Text)]
        above = [block for block in blocks if block not in texts] + texts[1:2]
        words = _words(turn, languages)
        words["shown"], hero = _first_step(words["shown"])
        return self._start.render(words, hero=hero, above=above, below=texts[2:])

    def turn(self, turn: Turn, languages: tuple[Content, ...] = (), *, base: str, hint: str | None = None) -> str:
        """A whole page with one turn. `base` starts links to share, `hint` is said before the replies."""
        return self._turn.render(_words(turn, languages), base=base, hint=hint)

    def part(self, turn: Turn, *, base: str, hint: str | None = None) -> str:
        """The same turn alone, for the script to append to the conversation."""
        return self._part.render(_words(turn), base=base, hint=hint)

    def error(self, content: Content, title: str, sentence: str) -> str:
        """A page that says what went wrong and how to go on, in the language of `content`."""
        spoken = _language(content.language, content.words, ())
        return self._error.render(spoken, title=title, sentence=sentence, token="")


class _Spoken(TypedDict):
    w: Words
    language: str
    lang: str
    query: str
    others: list[tuple[str, str, str]]


class _Words(_Spoken):
    shown: tuple[Shown, ...]
    title: str
    token: str
    said: str | None


def _words(turn: Turn, languages: tuple[Content, ...] = ()) -> _Words:
    shown = tuple(show(reply, turn.words) for reply in turn.replies)
    title = next((one.heading for one in reversed(shown) if one.heading), shown[-1].eyebrow if shown else "")
    return {
        "shown": shown,
        "title": title,
        "token": turn.token or "",
        "said": turn.redacted,
        **_language(turn.language, turn.words, languages),
    }


def _language(language: str, words: Words, languages: tuple[Content, ...]) -> _Spoken:
    """What a template needs to speak a language and to offer the others."""
    others = [one for one in languages if one.language != language]
    return {
        "w": words,
        "language": language,
        "lang": html_language(language),
        "query": "" if language == JAPANESE_ID else f"?lang={language}",
        "others": [(one.language, html_language(one.language), one.language_name) for one in others],
    }


def html_language(language: str) -> str:
    """The tag of a language for HTML: easy Japanese is Japanese."""
    return "ja" if language.startswith("ja-") else language
