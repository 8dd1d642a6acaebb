"""Makes PDFs and pictures with Typst, in memory, from this folder's layouts and a packaged font only.

Typst was chosen over fpdf2 with pillow: one layout gives both the PDF and the picture, and it
breaks Japanese lines, repeats headers, never lets text overflow and writes tagged, accessible PDF
(PDF/UA-1), all of which would have to be written by hand there. Its wheel is large (25 MB);
that is why it is an extra, and why everything works without it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from types import ModuleType

from bot.printing.sheet import Sheet

try:
    import noto_cjk_sans_jp_bold
    import noto_cjk_sans_jp_regular
    import typst
except ImportError:  # without the extra [print]
    typst = None  # type: ignore[assignment]
    _FONTS: tuple[ModuleType, ...] = ()
else:
    _FONTS = (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)

_FOLDER = Path(__file__).parent
_SHEET, _PHOTO = _FOLDER / "sheet.typ", _FOLDER / "photo.typ"
_PIXELS_PER_INCH = 216.0
"""A picture of 360 pt is 1080 pixels wide: what phones show without enlarging."""


class Press:
    """Makes files of sheets. May be used from any thread, one file at a time."""

    def __init__(self) -> None:
        folders = [str(Path(str(font.FONT_PATH)).parent) for font in _FONTS]
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        self._compiler = typst.Compiler(_SHEET, root=_FOLDER, font_paths=fonts)
        self._lock = Lock()

    def pdf(self, sheet: Sheet) -> bytes:
        """The A4 pages of a sheet."""
        made = datetime(sheet.made_on.year, sheet.made_on.month, sheet.made_on.day, tzinfo=UTC)
        with self._lock:
            data = self._compiler.compile(
                _SHEET, format="pdf", sys_inputs={"sheet": sheet.data("a4")}, pdf_standards="ua-1", timestamp=made
            )
        assert isinstance(data, bytes)
        return data

    def picture(self, sheet: Sheet) -> bytes:
        """A sheet as one tall PNG for a phone's gallery."""
        return self._png(_SHEET, {"sheet": sheet.data("tall")})[0]

    def pictures(self, sheet: Sheet) -> tuple[bytes, ...]:
        """A sheet as PNGs in the shape of a phone's screen, for a channel that makes tall pictures small."""
        return self._png(_SHEET, {"sheet": sheet.data("phone")})

    def photo(self, svg: str) -> bytes:
        """A drawing (pictures.py) as PNG."""
        return self._png(_PHOTO, {"svg": svg})[0]

    def _png(self, layout: Path, inputs: dict[str, str]) -> tuple[bytes, ...]:
        with self._lock:
            data = self._compiler.compile(layout, format="png", sys_inputs=inputs, ppi=_PIXELS_PER_INCH)
        assert data is not None
        return (data,) if isinstance(data, bytes) else tuple(data)


@cache
def open_press() -> Press | None:
    """The press of this process, or None without the extra [print]."""
    return Press() if typst is not None else None
