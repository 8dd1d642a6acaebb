"""Addresses and QR codes that open a guide or an answer, for letters, the city's page and posters.

A guide opens in the page and in Telegram, an answer in the page: a start parameter of Telegram has
room for a guide's token only. The poster is one A4 page of HTML to print.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urlsplit

from bot.content.model import Content
from bot.dialogue.answers import Position
from bot.dialogue.token import Codes

PIXELS = 12
"""Pixels per module of a PNG: sharp at 5 cm in print."""


class NoQrCodes(Exception):
    """The library of the extra [print] is not installed."""


@dataclass(frozen=True)
class Linked:
    """A guide or an answer with the addresses that open it; "" where there is none."""

    id: str
    kind: str
    title: str
    page: str
    telegram: str

    @property
    def file(self) -> str:
        """The name of its files: a guide and an answer may have the same id."""
        return f"guide-{self.id}" if self.kind == "案内" else self.id

    @property
    def address(self) -> str:
        """The one for the QR code: the page needs nothing installed."""
        return self.page or self.telegram


def links(content: Content, page: str, username: str) -> tuple[Linked, ...]:
    """Every guide, then every answer, as far as it has an address. `page` ends without a slash."""
    codes = Codes(content)
    found = []
    for flow in content.flows.values():
        token = codes.pack(Position(flow.id))
        telegram = f"https://t.me/{username}?start={token}" if username else ""
        found.append(Linked(flow.id, "案内", flow.title, f"{page}/k/{token}" if page else "", telegram))
    for entry in content.entries:
        query = urlencode({"e": entry.id}, safe=",")
        telegram = f"https://t.me/{username}?start=e-{entry.id}" if username else ""
        found.append(Linked(entry.id, "答え", entry.question, f"{page}/a?{query}" if page else "", telegram))
    return tuple(one for one in found if one.address)


def listed(found: tuple[Linked, ...]) -> Iterator[str]:
    """The addresses as a table, tab-separated, for a spreadsheet or a letter."""
    yield "id\t種類\t題名\tページ\tTelegram"
    for one in found:
        yield "\t".join((one.id, one.kind, one.title, one.page, one.telegram))


def qr_svg(address: str) -> str:
    """The QR code as SVG. Raises NoQrCodes."""
    return _qr(address, "svg", light="#fff", xmldecl=False, omitsize=True).decode()


def qr_png(address: str) -> bytes:
    """The QR code as PNG. Raises NoQrCodes."""
    return _qr(address, "png", light="#fff", scale=PIXELS)


def _qr(address: str, kind: str, **how: object) -> bytes:
    try:
        import segno
    except ImportError as error:
        raise NoQrCodes from error
    out = io.BytesIO()
    # Level Q still reads when a quarter is soiled or folded, as on a board.
    segno.make(address, error="q", micro=False).save(out, kind=kind, border=4, **how)
    return out.getvalue()


def poster(one: Linked, content: Content) -> str:
    """One A4 page for a board or a counter."""
    city = content.municipality
    asks = "・".join(flow.start for flow in content.flows.values())
    sample = '<p class="sample">見本の市です。実在しません。</p>' if city.sample else ""
    where = urlsplit(one.address)
    telegram = f"<p>Telegram でも使えます：<br>{escape(one.telegram)}</p>" if one.telegram and one.page else ""
    office = escape(f"{city.name}　{city.phone_label or ''}".strip()) if city.known else ""
    title = one.title if one.kind == "答え" else "暗証番号がロックされた・忘れた方へ"
    lead = "スマホのカメラで読むと、答えが出ます。" if one.kind == "答え" else "行く先と持ち物が、その場で分かります。"
    return _POSTER.format(
        title=escape(title),
        size=38 if len(title) <= 20 else 30 if len(title) <= 30 else 26,
        lead=escape(lead),
        subtitle=escape(one.title if one.kind == "案内" else asks),
        qr=qr_svg(one.address),
        address=escape(f"{where.netloc}{where.path}{'?' + where.query if where.query else ''}"),
        telegram=telegram,
        office=office,
        phone=escape(city.text("phone") or ""),
        sample=sample,
    )


_POSTER = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>{title}</title><style>
@page {{ size: A4 portrait; margin: 0 }}
* {{ box-sizing: border-box }}
body {{ margin: 0; font-family: "Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", sans-serif;
  color: #111 }}
main {{ width: 210mm; height: 295mm; overflow: hidden; padding: 12mm 18mm; display: flex; flex-direction: column;
  align-items: center; text-align: center; gap: 4mm }}
.over {{ font-size: 20pt; margin: 0; color: #1b5e9e; font-weight: bold }}
h1 {{ font-size: {size}pt; line-height: 1.3; margin: 0; text-wrap: balance; word-break: auto-phrase;
  overflow-wrap: anywhere }}
.lead {{ font-size: 22pt; margin: 0 }}
.qr {{ width: 72mm }} .qr svg {{ display: block; width: 100% }}
.address {{ font-size: 12pt; margin: 0; overflow-wrap: anywhere }}
.safe {{ border: 1.2mm solid #a23b00; border-radius: 4mm; padding: 4mm 7mm; font-size: 19pt;
  font-weight: bold; margin: 0 }}
.phone {{ font-size: 20pt; margin: 0 }} .phone b {{ font-size: 27pt }}
.subtitle, .address p {{ font-size: 14pt; margin: 0; color: #333 }}
.sample {{ font-size: 16pt; color: #a00; font-weight: bold; margin: 0 }}
</style></head><body><main>
<p class="over">マイナンバーカード</p>
<h1>{title}</h1>
<p class="lead">{lead}</p>
<div class="qr">{qr}</div>
<div class="address"><p>{address}</p>{telegram}</div>
<p class="safe">暗証番号は、書かないでください。<br>この案内も職員も、番号をたずねません。</p>
<p class="phone">スマホのない方は、お電話ください<br><b>{phone}</b><br>{office}</p>
<p class="subtitle">{subtitle}</p>
{sample}
</main></body></html>
"""
