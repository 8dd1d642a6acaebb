"""Files of finished results, made when someone asks: by token, so that nothing has to be kept.

The result is worked out again from the token, against today's content, exactly as a link would
open it. Typesetting runs in a thread; at most WAITING jobs wait, further ones are turned away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from bot.content.model import Content
from bot.dialogue.dates import TOKYO
from bot.dialogue.explaining import explain
from bot.dialogue.replies import Event, PictureName, Pressed, Reply, Turn
from bot.printing.pictures import draw
from bot.printing.press import Press
from bot.printing.sheet import Sheet
from bot.printing.typesetting import NotSet

log = logging.getLogger(__name__)

T = TypeVar("T")

WAITING = 32
"""Jobs in hand at most: a few seconds of work."""

Form = Literal["pdf", "picture", "pictures"]


class TooBusy(Exception):
    """More is asked for than one core can typeset; it may be asked for again."""


class Answering(Protocol):
    """What is needed of the assistant."""

    @property
    def content(self) -> Content: ...

    def respond(self, token: str | None, event: Event) -> Turn: ...


class Printer:
    """Makes files of the results of the assistant that serves now."""

    def __init__(self, assistant_of: Callable[[], Answering], press: Press) -> None:
        self._assistant_of, self._press = assistant_of, press
        self._jobs = 0
        self._photos: dict[str, bytes] = {}

    async def result(self, form: Form, token: str, link: str | None) -> tuple[bytes, ...] | None:
        """The files of the result that `token` opens; None if it opens none (any more) or none can be made.

        Raises TooBusy.
        """
        found = finished(self._assistant_of(), token)
        if found is None:
            return None
        reply, turn = found
        sheet = Sheet.of(reply, datetime.now(TOKYO).date(), link, turn.language, turn.words)
        one = self._press.pdf if form == "pdf" else self._press.picture
        work = (lambda: self._press.pictures(sheet)) if form == "pictures" else (lambda: (one(sheet),))
        return await self._do(work)

    async def photo(self, name: PictureName, language: str = "ja") -> bytes | None:
        """An explaining picture as PNG; None if the content has not what it shows, or it cannot be made.

        Raises TooBusy.
        """
        picture = explain(name, self._assistant_of().content.in_language(language))
        if picture is None:
            return None
        svg = draw(picture, standalone=True)
        if svg not in self._photos:
            made = await self._do(lambda: self._press.photo(svg))
            if made is None:
                return None
            self._photos = {**{old: self._photos[old] for old in list(self._photos)[-1:]}, svg: made}
        return self._photos[svg]

    async def _do(self, work: Callable[[], T]) -> T | None:
        if self._jobs >= WAITING:
            raise TooBusy
        self._jobs += 1
        try:
            return await asyncio.to_thread(work)
        except NotSet as error:
            log.error("a file was not made: %s", error)
            return None
        finally:
            self._jobs -= 1


def finished(assistant: Answering, token: str) -> tuple[Reply, Turn] | None:
    """The result that `token` opens, with its turn, if it opens one.

    Giving the token as the one before counts nothing anew.
    """
    turn = assistant.respond(token, Pressed(f"g{token}"))
    return next(((reply, turn) for reply in turn.replies if reply.take is not None), None)
