"""Problems as staff read them: the place, the sentence, the line itself and a caret under the mistake."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.content.problems import Problem

SEVERITIES = {"error": "まちがい", "warning": "注意", "stale": "古い可能性"}


def report(problems: Iterable[Problem], root: Path, files: Mapping[str, Path] | None = None) -> str:
    """The text for a terminal, with the counts at the end.

    `root` is the content folder; `files` says where files outside of it are (by `Problem.file`).
    """
    problems = list(problems)
    lines: dict[str, Sequence[str]] = {}
    parts: list[str] = []
    for problem in problems:
        if problem.file not in lines:
            lines[problem.file] = _lines((files or {}).get(problem.file, root / problem.file))
        parts.append(_shown(problem, lines[problem.file]))
    return "\n".join([*parts, counts(problems)]) + "\n"


def counts(problems: Sequence[Problem]) -> str:
    """How many of each severity, in one sentence."""
    if not problems:
        return "問題は見つかりませんでした。"
    found = {severity: sum(1 for problem in problems if problem.severity == severity) for severity in SEVERITIES}
    return "、".join(f"{name} {found[severity]}件" for severity, name in SEVERITIES.items()) + "が見つかりました。"


def _shown(problem: Problem, lines: Sequence[str]) -> str:
    heading = str(problem)
    if problem.severity != "error":
        heading = f"{problem.file}:{problem.line}:{problem.column}: 【{SEVERITIES[problem.severity]}】{problem.message}"
    if problem.line > len(lines):
        return heading
    line = lines[problem.line - 1]
    return f"{heading}\n    {_visible(line)}\n    {_indent(line[: problem.column - 1])}^"


def _visible(line: str) -> str:
    return line.replace("\t", "→").replace("\u00a0", "·")


def _indent(before: str) -> str:
    """As wide on a screen as `before`: a full-width space under each full-width character."""
    return "".join("　" if unicodedata.east_asian_width(character) in "WFA" else " " for character in before)


def _lines(path: Path) -> Sequence[str]:
    try:
        raw = path.read_bytes()
    except OSError:
        return ()
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        except UnicodeDecodeError:
            continue
    return ()
