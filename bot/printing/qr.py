"""QR codes as SVG, black on white with their quiet zone, so that any phone reads them from paper or a screen."""

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
    code = segno.make(address, error="m", micro=False, boost_error=False)
    code.save(out, kind="svg", light="#fff", border=4, xmldecl=False, omitsize=True, svgclass=None, lineclass=None)
    return out.getvalue().decode()
