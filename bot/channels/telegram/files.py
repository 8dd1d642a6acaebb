"""Files for a chat: what a step asks for is made only when it is sent.

So a parked step holds a token, a picture's name or a calendar file, never a citizen's text and no
megabytes. Without a printer no step asks for a PDF or a picture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from bot.channels.telegram.request import Upload
from bot.channels.telegram.steps import SendFile
from bot.dialogue.replies import PictureName
from bot.printing.printer import Printer
from bot.printing.qr import qr_png

ALBUM = 10
"""Photos of one album at most (sendMediaGroup)."""


class Files:
    """Makes the files of steps. `link_of` gives the address that opens a token's result, for its QR code."""

    def __init__(self, printer: Printer | None, link_of: Callable[[str], str | None]) -> None:
        self._printer, self._link_of = printer, link_of

    async def make(self, step: SendFile) -> tuple[Upload, ...]:
        """The files of one message or album; none if the result is not there any more. Raises TooBusy."""
        if step.what == "calendar":
            return (Upload("document", "reminder.ics", "text/calendar", step.source.encode()),)
        if step.what == "code":
            link = self._link_of(step.source)
            code = qr_png(link) if link else None
            return (Upload("photo", "code.png", "image/png", code),) if code else ()
        if self._printer is None:
            return ()
        if step.what == "explain":
            name, _, language = step.source.partition(".")
            photo = await self._printer.photo(cast("PictureName", name), language)
            return (Upload("photo", f"{name}.png", "image/png", photo),) if photo else ()
        made = await self._printer.result(step.what, step.source, self._link_of(step.source)) or ()
        if step.what == "pdf":
            return tuple(Upload("document", "checklist.pdf", "application/pdf", body) for body in made)
        return tuple(
            Upload("photo", f"checklist-{number}.png", "image/png", body) for number, body in enumerate(made[:ALBUM], 1)
        )
