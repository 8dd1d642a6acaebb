"""QR codes as SVG or PNG, black on white with their quiet zone, so that any phone reads them from paper or a screen."""

from __future__ import annotations

import io

try:
    import segno
except ImportError:  # without the extra [print]
    segno = None  # type: ignore[assignment]


def qr(address: str) -> str | None:
    """The QR code of an address as an SVG document, or None without the extra [print]."""
    if segno is None:
        return None
    out = io.BytesIO()
    _make(address).save(
        out, kind="svg", light="#fff", border=4, xmldecl=False, omitsize=True, svgclass=None, lineclass=None
    )
    return out.getvalue().decode()


def qr_png(address: str) -> bytes | None:
    """The QR code of an address as a PNG of a few hundred pixels, or None without the extra [print]."""
    if segno is None:
        return None
    out = io.BytesIO()
    _make(address).save(out, kind="png", light="#fff", border=4, scale=_PIXELS)
    return out.getvalue()


_PIXELS = 12
"""Pixels of one module: about 500 for a link, which a phone shows sharply and another phone reads."""


def _make(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False, boost_error=False)
