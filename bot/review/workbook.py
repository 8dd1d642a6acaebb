"""Tables as files that an office can open: one .xlsx with a sheet each, or a folder of .csv.

Every cell is text. A text that a spreadsheet would run as a formula is written with an apostrophe in
front and read without it. CSV is UTF-8 with BOM, because Excel reads it as Shift_JIS else; a CSV that
Excel has saved as Shift_JIS is refused, because 〜 and emoji do not survive that.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

Rows = Sequence[Sequence[str]]
"""The heading row and the others; all rows of one table are equally long."""

_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r]")  # also the full-width signs, which Japanese Excel takes as well
_WIDTHS = {"id": 24, "項目": 34}


class UnreadableSheet(Exception):
    """The file is no spreadsheet that we read. The message is for staff."""


class NoSpreadsheets(Exception):
    """The libraries of the extra [sheets] are not installed."""


def safe(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(cell: str) -> str:
    """The text of a cell that `safe` made, with line ends as we write them."""
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


# --- .csv ----------------------------------------------------------------------


def csv_bytes(rows: Rows) -> bytes:
    """One table as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[safe(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def read_csv(raw: bytes, name: str) -> list[list[str]]:
    """The rows of a CSV. Raises UnreadableSheet."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{name} は UTF-8 ではありません。Excel では「CSV UTF-8（コンマ区切り）」で保存してください。"
        raise UnreadableSheet(message) from error
    try:
        return [[restored(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as error:
        raise UnreadableSheet(f"{name} を CSV として読めません。引用符が閉じていないかもしれません。") from error


# --- .xlsx ---------------------------------------------------------------------


def write_xlsx(path: Path, tables: Mapping[str, Rows]) -> None:
    """All tables as one workbook. Raises NoSpreadsheets, OSError."""
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter
    except ImportError as error:
        raise NoSpreadsheets from error

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row, 1):
                cell = sheet.cell(number, column)
                cell.value = safe(text)
                cell.data_type = "s"
                cell.number_format = "@"  # text: Excel leaves 0120… and 2026-11-22 as they are
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if number == 1:
                    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE8F5")
        for column, heading in enumerate(rows[0], 1):
            longest = max((len(row[column - 1]) for row in rows), default=0)
            wide = _WIDTHS.get(heading, 60 if longest > 30 else 22)
            sheet.column_dimensions[get_column_letter(column)].width = wide
        sheet.freeze_panes = "B2"
    book.save(path)


def read_xlsx(path: Path) -> dict[str, list[list[str]]]:
    """The sheets of a workbook by title. Raises UnreadableSheet, NoSpreadsheets."""
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise NoSpreadsheets from error
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError) as error:
        raise UnreadableSheet(f"{path.name} を Excel のファイル（.xlsx）として読めません。") from error
    try:
        return {
            sheet.title: [[restored(_text(value)) for value in row] for row in sheet.iter_rows(values_only=True)]
            for sheet in book.worksheets
        }
    finally:
        book.close()


def _text(value: Any) -> str:
    """A cell as it was meant: Excel may have made a number or a date of it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02}"
    return str(value)
