"""Problems as staff read them: the place, the sentence, the line itself and a caret under the mistake."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.content.fixing import WHOLE_FILE
from bot.content.problems import Problem
from bot.content.watching import News

SEVERITIES = {
    "error": "まちがい",
    "warning": "注意",
    "plain": "わかりやすさ",
    "stale": "古い可能性",
    "translation": "訳",
}


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


def came_and_went(news: News, root: Path, files: Mapping[str, Path] | None = None) -> str:
    """What a save has changed, for `check --watch`."""
    gone = "".join(f"直りました：{problem.file} {problem.message}\n" for problem in news.went)
    if not news.now:
        return f"{gone}問題なし\n"
    if not news.came:
        return f"{gone}新しい問題はありません。残り：{counts(news.now)}\n"
    shown = report(news.came, root, files).rpartition("\n")[0].rpartition("\n")[0]
    return f"{gone}{shown}\n{counts(news.now)}\n"


def counts(problems: Sequence[Problem]) -> str:
    """How many of each severity, in one sentence."""
    if not problems:
        return "問題は見つかりませんでした。"
    found = {severity: sum(1 for problem in problems if problem.severity == severity) for severity in SEVERITIES}
    told = {severity: name for severity, name in SEVERITIES.items() if severity != "translation" or found[severity]}
    return "、".join(f"{name} {found[severity]}件" for severity, name in told.items()) + "が見つかりました。"


def _shown(problem: Problem, lines: Sequence[str]) -> str:
    heading = str(problem)
    if problem.severity != "error":
        heading = f"{problem.file}:{problem.line}:{problem.column}: 【{SEVERITIES[problem.severity]}】{problem.message}"
    if problem.line > len(lines):
        return heading
    line = lines[problem.line - 1]
    shown = f"{heading}\n    {_visible(line)}\n    {_indent(line[: problem.column - 1])}^"
    if problem.fix is None:
        return shown
    if problem.rule in WHOLE_FILE:
        return f"{shown}\n  check --fix で、ファイル全体を直せます。"
    return f"{shown}\n  直すとこうなります：\n    {problem.fix}"


def fixed(done: Iterable[tuple[Problem, str]]) -> str:
    """What `check --fix` has written: each place with the line before and after."""
    parts: list[str] = []
    for problem, before in done:
        parts.append(f"{problem.file}:{problem.line}: 直しました。（{problem.message}）")
        if problem.rule not in WHOLE_FILE:
            parts += [f"  - {_visible(before)}", f"  + {problem.fix}"]
    return "".join(f"{part}\n" for part in parts)


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
