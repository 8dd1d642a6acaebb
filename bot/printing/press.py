"""Makes PDFs and pictures with Typst, in memory, from this folder's layouts and a packaged font only.

Typst was chosen over fpdf2 with pillow: one layout gives both the PDF and the picture, and it
breaks Japanese lines, repeats headers, never lets text overflow and writes tagged, accessible PDF
(PDF/UA-1), all of which would have to be written by hand there. Its wheel is large (25 MB);
that is why it is an extra, and why everything works without it. It runs in a process of its own
(typesetting.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from bot.printing.sheet import Sheet
from bot.printing.typesetting import Job, Typesetter, is_installed


class Press:
    """Makes files of sheets. May be used from any thread, one file at a time. All raise NotSet."""

    def __init__(self, typeset: Callable[[Job], tuple[bytes, ...]] | None = None) -> None:
        self._typeset = typeset or Typesetter()

    def pdf(self, sheet: Sheet) -> bytes:
        """The A4 pages of a sheet."""
        return self._typeset(Job("sheet.typ", "pdf", {"sheet": sheet.data("a4")}, sheet.made_on.isoformat()))[0]

    def picture(self, sheet: Sheet) -> bytes:
        """A sheet as one tall PNG for a phone's gallery."""
        return self._typeset(Job("sheet.typ", "png", {"sheet": sheet.data("tall")}))[0]

    def pictures(self, sheet: Sheet) -> tuple[bytes, ...]:
        """A sheet as PNGs in the shape of a phone's screen, for a channel that makes tall pictures small."""
        return self._typeset(Job("sheet.typ", "png", {"sheet": sheet.data("phone")}))

    def photo(self, svg: str) -> bytes:
        """A drawing (pictures.py) as PNG."""
        return self._typeset(Job("photo.typ", "png", {"svg": svg}))[0]


@cache
def open_press() -> Press | None:
    """The press of this process, or None without the extra [print]."""
    return Press() if is_installed() else None
