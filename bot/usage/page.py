"""The figures as something to read: lines for a terminal, and one A4 page as HTML or (usage.typ) as PDF.

All three show the same tables. A bar stands where people would rather look than read; beside it stands the number.
On paper each table has room for the rows that matter most and says how many more there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from unicodedata import east_asian_width

from bot.content.model import Content, Source
from bot.printing.typesetting import Job
from bot.usage.figures import Asked, Figures, Said, Unanswered, Walked

TITLE = "マイナかぎ案内　利用の報告"
CARE = "数だけの報告です。市民の書いた文、だれの数か、えらんだ答えは、入っていません。"
NOTHING = "この期間に数えたものはありません。"
ROOM = 25
"""Full-width characters of a name, in its column on paper and in a terminal."""


@dataclass(frozen=True)
class Row:
    """A name, its numbers, and a bar of parts that follow each other (dark first)."""

    name: str
    numbers: tuple[str, ...]
    bar: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """One table. `fits` rows go onto paper; `note` says what the bar and the numbers mean."""

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    fits: int

    @property
    def most(self) -> int:
        """What a full bar stands for."""
        return max([sum(row.bar) for row in self.rows] + [1])


def tables(figures: Figures, content: Content) -> tuple[Table, ...]:
    """The tables of a report; one without rows is left out."""
    names = _Names(content)
    texts = [(_DECISIONS[kind], number) for kind, number in figures.decisions.items()]
    total = sum(number for _, number in texts)
    found = (
        Table(
            f"書かれた文（{total}件）",
            "",
            ("件", "割合"),
            tuple(Row(name, (str(number), _share(number, total)), (number,)) for name, number in texts if total),
            5,
        ),
        Table(
            "答えられなかった文：いちばん近かった答え",
            "点は、どれだけ近かったか（0〜1）。0.4より上が多い答えは、言い方を加えると答えられるようになります。",
            ("件", "0.4まで", "0.6まで", "その上"),
            tuple(_unanswered(one, names) for one in figures.unanswered),
            6,
        ),
        Table(
            "「次にすることが分かりましたか？」",
            "濃い棒は「まだ分からない」。多い答えは、書き直しを考えてください。",
            ("まだ", "はい"),
            tuple(_said(one, names) for one in figures.feedback),
            5,
        ),
        Table(
            "案内",
            "濃い棒は、結果まで進んだ回数。うすい棒は、始めたのに進まなかった回数。",
            ("始めた", "結果まで"),
            tuple(_walked(one, names) for one in figures.guides),
            4,
        ),
        Table(
            "案内の質問：答えずに終わった回数",
            "濃い棒は、ほかへ移った回数。うすい棒は、そのまま終わった回数。",
            ("出した", "答えた", "終わった"),
            tuple(_asked(one, names) for one in figures.questions if one.dropped),
            6,
        ),
        _freshness(figures),
    )
    return tuple(table for table in found if table.rows)


_DECISIONS = {
    "answer": "答えた",
    "clarify": "いくつかから、えらんでもらった",
    "none": "答えられなかった",
    "smalltalk": "あいさつなど",
    "steered": "「戻る」、番号、ボタンの言葉など",
}


class _Names:
    """What stands in the report for an id; the id itself where the content no longer has it."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def entry(self, name: str) -> str:
        entry = self._content.entry(name)
        return entry.question if entry else name or "（近い答えなし）"

    def flow(self, name: str) -> str:
        flow = self._content.flows.get(name)
        return flow.title if flow else name

    def question(self, flow: str, question: str) -> str:
        found = self._content.flows[flow].question(question) if flow in self._content.flows else None
        return found.ask.split("\n")[0] if found else f"{flow}/{question}"

    def about(self, name: str) -> str:
        """An entry, or a result (FLOW/ROUTE)."""
        flow, slash, route = name.partition("/")
        if not slash:
            return self.entry(name)
        routes = self._content.flows[flow].routes if flow in self._content.flows else ()
        return next((f"結果：{one.title}" for one in routes if one.id == route), name)


def _unanswered(one: Unanswered, names: _Names) -> Row:
    low, middle = sum(one.by_band[:2]), one.by_band[2]
    numbers = (one.number, low, middle, one.number - low - middle)
    return Row(names.entry(one.entry), tuple(map(str, numbers)), (one.number - low, low))


def _said(one: Said, names: _Names) -> Row:
    return Row(names.about(one.about), (str(one.not_yet), str(one.understood)), (one.not_yet, one.understood))


def _walked(one: Walked, names: _Names) -> Row:
    rest = max(0, one.started - one.finished)
    return Row(names.flow(one.flow), (str(one.started), str(one.finished)), (one.finished, rest))


def _asked(one: Asked, names: _Names) -> Row:
    left = min(one.left, one.dropped)
    numbers = (str(one.asked), str(one.answered), str(one.dropped))
    return Row(names.question(one.flow, one.question), numbers, (left, one.dropped - left))


def _freshness(figures: Figures) -> Table:
    found = figures.freshness
    total = len(found.old) + len(found.soon) + found.fresh
    counts = ((f"古い可能性（{_YEAR}）", found.old), ("まもなく古くなる（30日以内）", found.soon))
    rows = [Row(name, (str(len(sources)), ""), (len(sources),)) for name, sources in counts]
    rows.append(Row("新しい", (str(found.fresh), ""), (found.fresh,)))
    if found.city:
        name = f"市の設定{'（古い可能性）' if found.city_is_old else ''}"
        rows.append(Row(name, ("", found.city.isoformat()), ()))
    rows += [_source(source) for source in (*found.old, *found.soon)]
    return Table(
        f"出典の新しさ（{total}件）",
        "読み直したら、faq/facts.yaml の read_on を新しくしてください。",
        ("件", "確かめた日"),
        tuple(rows) if total else (),
        5,
    )


_YEAR = "1年より前"


def _source(source: Source) -> Row:
    return Row(f"　{source.name}", ("", source.checked_on.isoformat()), ())


def _share(number: int, total: int) -> str:
    return f"{round(100 * number / total)}%"


def span(figures: Figures) -> str:
    """The days of the report, in words."""
    days = (figures.last - figures.first).days + 1
    return f"{_day(figures.first)}から{_day(figures.last)}まで（{days}日間）"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- terminal ------------------------------------------------------------------

_BAR = 24


def lines(figures: Figures, content: Content) -> Iterator[str]:
    """The whole report for a terminal, with every row."""
    yield TITLE
    yield span(figures)
    if figures.is_empty:
        yield NOTHING
    for table in tables(figures, content):
        yield ""
        yield f"■ {table.title}"
        if table.note:
            yield f"  {table.note}"
        yield f"  {_padded('', 2 * ROOM)}{''.join(_right(head, 12) for head in table.heads)}"
        for row in table.rows:
            numbers = "".join(_right(one, 12) for one in row.numbers)
            yield f"  {_padded(row.name, 2 * ROOM)}{numbers}  {_drawn(row, table)}"
    yield ""
    yield CARE


def _drawn(row: Row, table: Table) -> str:
    ends = [round(sum(row.bar[: at + 1]) / table.most * _BAR) for at in range(len(row.bar))]
    return "".join(mark * (end - begin) for mark, begin, end in zip("█░", (0, *ends), ends, strict=False))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def _padded(text: str, room: int) -> str:
    text = short(text, room // 2 - 1)
    return text + " " * (room - _width(text))


def _right(text: str, room: int) -> str:
    return " " * max(0, room - _width(text)) + text


def short(text: str, most: int) -> str:
    """`text`, cut to so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


# --- paper ---------------------------------------------------------------------


def html(figures: Figures, content: Content, made_on: date) -> str:
    """One A4 page to print. The bars are SVG, so that they are printed without a setting."""
    parts = [f"<p>{NOTHING}</p>"] if figures.is_empty else []
    parts += [_html_table(table) for table in tables(figures, content)]
    return _PAGE.format(title=TITLE, span=escape(span(figures)), made=_day(made_on), care=CARE, body="\n".join(parts))


def _html_table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.heads)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(short(row.name, ROOM))}</th>'
        + "".join(f"<td>{escape(one)}</td>" for one in row.numbers)
        + f'<td class="bar">{_svg(row, table)}</td></tr>'
        for row in table.rows[: table.fits]
    )
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return (
        f"<section><h2>{escape(table.title)}</h2>{note}<table>"
        f"<thead><tr><td></td>{head}<td></td></tr></thead><tbody>{rows}</tbody></table>{_more(table)}</section>"
    )


def _more(table: Table) -> str:
    rest = len(table.rows) - table.fits
    return f"<p>ほかに{rest}行（python -m bot report で、すべて見られます）</p>" if rest > 0 else ""


def _svg(row: Row, table: Table) -> str:
    drawn, begin = "", 0.0
    for shade, number in zip(("#1b5e9e", "#a9c6e3"), row.bar, strict=False):
        width = 100 * number / table.most
        drawn += f'<rect x="{begin:.2f}" width="{width:.2f}" height="8" fill="{shade}"/>' if number else ""
        begin += width
    return f'<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'


def job(figures: Figures, content: Content, made_on: date) -> Job:
    """What the typesetter makes the same page of as PDF."""
    data = {
        "title": TITLE,
        "span": span(figures),
        "made": f"{_day(made_on)}に作りました",
        "care": CARE,
        "nothing": NOTHING if figures.is_empty else "",
        "tables": [
            {
                "title": table.title,
                "note": table.note,
                "heads": table.heads,
                "rows": [
                    {
                        "name": short(row.name, ROOM),
                        "numbers": row.numbers,
                        "bar": [number / table.most for number in row.bar],
                    }
                    for row in table.rows[: table.fits]
                ],
                "more": max(0, len(table.rows) - table.fits),
            }
            for table in tables(figures, content)
        ],
    }
    return Job("usage.typ", "pdf", {"usage": json.dumps(data, ensure_ascii=False)}, made_on.isoformat())


_PAGE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
@page {{ size: A4 portrait; margin: 10mm 12mm }}
* {{ box-sizing: border-box }}
body {{ font: 8.5pt/1.2 "Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", sans-serif; color: #111;
  max-width: 186mm; margin: 0 auto }}
h1 {{ font-size: 15pt; margin: 0 }}
header p, footer p {{ margin: 0; color: #333 }}
section {{ break-inside: avoid; margin-top: 2.2mm }}
h2 {{ font-size: 10.5pt; margin: 0; border-left: 1.2mm solid #1b5e9e; padding-left: 1.6mm }}
section p {{ margin: 0; color: #333; font-size: 8pt }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
thead td:first-child {{ width: 46% }} thead td:last-child {{ width: 24% }}
th, td {{ padding: .1mm 1mm; border-bottom: .2mm solid #ccc; text-align: right; vertical-align: middle }}
thead th {{ font-weight: normal; color: #333 }}
th[scope=row] {{ text-align: left; font-weight: normal; white-space: nowrap; overflow: hidden }}
.bar svg {{ display: block; width: 100%; height: 2.4mm }}
footer {{ margin-top: 2.2mm }}
@media screen {{ body {{ font-size: 12pt; padding: 5mm; max-width: 240mm }} section p {{ font-size: 11pt }}
  h2 {{ font-size: 14pt }} .bar svg {{ height: 4mm }} }}
@media screen and (max-width: 600px) {{ th[scope=row] {{ white-space: normal }} }}
</style></head><body>
<header><h1>{title}</h1><p>{span}</p></header>
{body}
<footer><p>{care}</p><p>{made}に作りました。</p></footer>
</body></html>
"""
