"""Tables of questions that citizens ask, whose way `diff` compares: UTF-8, tabs, a column called text."""

from __future__ import annotations

import csv
from pathlib import Path

OWN = "faq/questions.tsv"
"""The city's own questions, if it has any."""


class UnreadableQuestions(Exception):
    """The file is no such table. The message is for staff."""


def read_questions(path: Path) -> list[str]:
    """The texts of a table. Raises UnreadableQuestions."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if "text" not in (rows.fieldnames or ()):
                raise UnreadableQuestions(f"{path} の1行目に text という見出しがありません。")
            return [text for row in rows if (text := (row["text"] or "").strip())]
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} を読めません。UTF-8 のタブ区切りのファイルを選んでください。"
        raise UnreadableQuestions(message) from error


def city_questions(root: Path) -> list[str]:
    """The city's own questions; none if there is no such file. Raises UnreadableQuestions."""
    return read_questions(root / OWN) if (root / OWN).exists() else []
