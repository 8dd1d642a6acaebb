"""A result taken along from the page: PDF, picture and calendar file, by addresses that hold only a token.

The calendar file is the answer to a POST with the button's data, so a chosen day stands in no address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.dialogue.dates import TOKYO
from bot.dialogue.replies import Reminder, Turn
from bot.printing.calendar import calendar
from bot.printing.printer import Form, Printer, TooBusy

FILES: dict[str, tuple[Form, str, str]] = {
    "checklist.pdf": ("pdf", "application/pdf", "inline"),
    "checklist.png": ("picture", "image/png", "attachment"),
}
"""The last part of an address, what it gives, and whether a browser shows it or saves it."""

BUSY_SECONDS = 10


class Desk:
    """Hands out files. Without a printer there are none, and the page offers none."""

    def __init__(self, printer: Printer | None, base_of: Callable[[web.Request], str]) -> None:
        self._printer, self._base_of = printer, base_of

    @property
    def prints(self) -> bool:
        """Whether PDFs and pictures can be had."""
        return self._printer is not None

    async def file(self, request: web.Request, token: str) -> web.Response:
        """GET /k/TOKEN/checklist.pdf and .png; what opens no finished result leads to the page of the token."""
        if self._printer is None:
            raise web.HTTPNotFound
        name = request.match_info["file"]
        form, content_type, disposition = FILES[name]
        try:
            made = await self._printer.result(form, token, f"{self._base_of(request)}/k/{token}")
        except TooBusy:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": str(BUSY_SECONDS)}) from None
        if made is None:
            return web.Response(status=303, headers={"Location": f"/k/{token}"})
        return _download(made[0], content_type, name, disposition)

    def reminder(self, request: web.Request, turn: Turn) -> web.Response | None:
        """The calendar file that a turn hands out, or None if it hands out none."""
        handed = next((reply.handed for reply in turn.replies if isinstance(reply.handed, Reminder)), None)
        if handed is None:
            return None
        link = f"{self._base_of(request)}/k/{handed.token}"
        return _download(calendar(handed, datetime.now(TOKYO), link), "text/calendar", "reminder.ics", "attachment")


def _download(body: bytes, content_type: str, name: str, disposition: str) -> web.Response:
    headers = {"Content-Disposition": f'{disposition}; filename="{name}"'}
    charset = "utf-8" if content_type == "text/calendar" else None
    return web.Response(body=body, content_type=content_type, charset=charset, headers=headers)
