"""A content mistake and its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake, printed as `file:line:column: message`. Lines and columns count from 1.

    `stale` is a severity of its own: shown everywhere, never blocking (counter rule 11); so are
    `translation`, for all that is wrong with a further language, and `plain`, for a text that is
    right but could be plainer. `fix` is what the line should read instead, where that is certain
    (`fixing.py`).
    """

    file: str
    line: int
    column: int
    rule: str
    message: str
    severity: Literal["error", "warning", "plain", "stale", "translation"] = "error"
    fix: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class BrokenContent(Exception):
    """The content has mistakes; nothing of it goes live. `problems` says which."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems
