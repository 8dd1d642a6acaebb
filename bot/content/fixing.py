"""The corrected line of a mistake, where it is certain what was meant, and its writing into the file.

Certain means: the same words in the form that YAML reads as intended (a half-width colon, quotes
around a text), or the only indent with which the part of the file around it reads without a
mistake. Everything else is left to the person: a `#` may begin a memo or belong to the text.
`check --fix` writes these lines and changes no other byte.
"""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from rapidfuzz import fuzz, process

from bot.content.municipality import SAFE_DEFAULTS
from bot.content.nodes import read, text_of
from bot.content.problems import Problem
from bot.content.schema import MODELS, Kind, all_keys, fields_named

WHOLE_FILE = frozenset({"bom", "crlf"})
"""Rules whose fix concerns every line of the file: their `fix` is only its first line."""
MAX_ROUNDS = 8
"""How often a file is read again after a fix: a fixed row may show mistakes that were hidden."""
MAX_INDENTS = 40
"""Lines of one file whose indent is searched for: each costs some readings of its row."""
_CLEAR_LEAD = 8
"""Points of likeness by which a misspelt key must be nearer to one key than to any other."""

_CODES = frozenset({"id", "kind", "flow", "source", "route", "code", "prefill", "certainty", "visit", "visits", "tag"})
_CODES |= {setting.rpartition(".")[2] for setting in SAFE_DEFAULTS}
"""Keys whose value is a code, never a sentence."""
_BLANKS = " \t　\u00a0"
_YES = frozenset({"yes", "on", "y", "true"})
_NO = frozenset({"no", "off", "n", "false"})


# --- what the line should read ------------------------------------------------


def with_fixes(problems: Iterable[Problem], raw: Mapping[str, bytes], kinds: Mapping[str, Kind]) -> tuple[Problem, ...]:
    """The Problems of files (bytes and kind by their name), each with its corrected line where it is certain."""
    lines: dict[str, list[str]] = {}
    searched: dict[str, int] = {}
    told: list[Problem] = []
    for problem in problems:
        if problem.fix is None and problem.file in raw and problem.file in kinds:
            name = problem.file
            if name not in lines:
                lines[name] = (text_of(raw[name]) or "").split("\n")
            if problem.line <= len(lines[name]):
                fixer = _FIXERS.get(problem.rule, _nothing)
                if fixer is _indented:
                    searched[name] = searched.get(name, 0) + 1
                if searched.get(name, 0) <= MAX_INDENTS:
                    line = fixer(_Slip(problem, lines[name], kinds[name]))
                    if line is not None and (line != lines[name][problem.line - 1] or problem.rule in WHOLE_FILE):
                        problem = replace(problem, fix=line)
        told.append(problem)
    return tuple(told)


@dataclass(frozen=True)
class _Slip:
    """One mistake and the file it stands in."""

    problem: Problem
    lines: Sequence[str]
    kind: Kind

    @property
    def line(self) -> str:
        return self.lines[self.problem.line - 1]

    @property
    def at(self) -> int:
        """The index of the mistake in the line."""
        return self.problem.column - 1

    def next_line(self) -> str:
        """The next line with something on it."""
        return next((line for line in self.lines[self.problem.line :] if line.strip()), "")


def _nothing(slip: _Slip) -> str | None:
    return None


def _first_line(slip: _Slip) -> str | None:
    return slip.lines[0]


def _colon(slip: _Slip) -> str | None:
    before, colon, after = slip.line[: slip.at], slip.line[slip.at : slip.at + 1], slip.line[slip.at + 1 :]
    if colon != "：" or not re.search(r"(?:^|[\s{,])[a-z][A-Za-z0-9_.-]*[ 　]*$", before):
        return None
    return f"{before.rstrip(_BLANKS)}: {after.lstrip(_BLANKS)}".rstrip(" ")


def _wide_space(slip: _Slip) -> str | None:
    before, after = slip.line[: slip.at], slip.line[slip.at :]
    if before.strip(_BLANKS):
        return f"{before.rstrip(_BLANKS)} {after.lstrip(_BLANKS)}"
    return _indented(slip)


def _space_after(slip: _Slip) -> str | None:
    """A space after the `:` or `-` at the place, or just before it."""
    at = slip.at + 1 if slip.line[slip.at : slip.at + 1] in (":", "-") else slip.at
    return f"{slip.line[:at]} {slip.line[at:]}"


def _space_after_dash(slip: _Slip) -> str | None:
    indent = re.escape(slip.line[: slip.line.index("-")])
    around = [*slip.lines[max(0, slip.problem.line - 2) : slip.problem.line - 1], slip.next_line()]
    is_row = any(re.match(rf"{indent}- ", line) for line in around)
    return _space_after(slip) if is_row else None


def _dash(slip: _Slip) -> str | None:
    return f"{slip.line[: slip.at]}- {slip.line[slip.at + 1 :].lstrip(_BLANKS)}"


def _smart_quotes(slip: _Slip) -> str | None:
    found = re.match(r"[“”‘’＂＇〝]([^“”‘’＂＇〝〟\"\\]*)[“”‘’＂＇〟](?=\s*(?:[,}\]].*|#.*)?$)", slip.line[slip.at :])
    if found is None:
        return None
    return f'{slip.line[: slip.at]}"{found[1]}"{slip.line[slip.at + found.end() :]}'


def _odd_space(slip: _Slip) -> str | None:
    if not slip.line[: slip.at].strip(_BLANKS):
        return _indented(slip)
    blank = "" if _holds_code(slip.line) else " "
    return slip.line.replace("\u00a0", blank).replace("\u200b", "")


def _holds_code(line: str) -> bool:
    """Whether the value of the line is a code or true or false, never a sentence."""
    found = re.match(r"\s*(?:- +)*([A-Za-z_]+):", line)
    kinds = fields_named(found[1]) if found else ()
    return found is not None and (found[1] in _CODES or (bool(kinds) and all(_is_true_false(kind) for kind in kinds)))


def _control(slip: _Slip) -> str | None:
    found = slip.line[slip.at : slip.at + 1]
    return None if found in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029" else slip.line.replace(found, "")


def _yes_no(slip: _Slip) -> str | None:
    found = re.match(r"[A-Za-z]+", slip.line[slip.at :])
    key = re.search(r"(?<![A-Za-z_])([A-Za-z_]+): +$", slip.line[: slip.at])
    if found is None:
        return None
    kinds = fields_named(key[1]) if key else ()
    if kinds and all(_is_true_false(kind) for kind in kinds):
        return _put(slip, found[0], "true" if found[0].lower() in _YES else "false")
    if any(_is_true_false(kind) for kind in kinds):
        return None
    return _put(slip, found[0], f'"{found[0]}"')


def _is_true_false(annotation: Any) -> bool:
    return annotation is bool or any(_is_true_false(one) for one in get_args(annotation))


def _true_false(slip: _Slip) -> str | None:
    """`True` or `ＹＥＳ` where the model wants true or false."""
    key = re.search(r"(?<![A-Za-z_])([A-Za-z_]+): +$", slip.line[: slip.at])
    found = re.match(r"[^\s,}\]#]+", slip.line[slip.at :])
    kinds = fields_named(key[1]) if key else ()
    if found is None or not kinds or not all(_is_true_false(kind) for kind in kinds):
        return None
    word = unicodedata.normalize("NFKC", found[0]).strip("\"'").lower()
    meant = "true" if word in _YES else "false" if word in _NO else None
    return _put(slip, found[0], meant) if meant else None


def _quoted_number(slip: _Slip) -> str | None:
    found = re.match(r"[-+0-9:_.]+", slip.line[slip.at :])
    return _put(slip, found[0], f'"{found[0]}"') if found else None


def _put(slip: _Slip, written: str, meant: str) -> str:
    return slip.line[: slip.at] + meant + slip.line[slip.at + len(written) :]


def _closed_quote(slip: _Slip) -> str | None:
    quote, rest = slip.line[slip.at : slip.at + 1], slip.line[slip.at + 1 :]
    begins = re.fullmatch(r"\s*(?:- +)*(?:[a-z_]+: +)?", slip.line[: slip.at])
    new = re.match(rf"\s*(?:- |(?:{_keys()}):(?: |$)|#)", slip.next_line()) or not slip.next_line()
    if not begins or not new or quote not in rest + quote or re.search(r"[\"'\\]| #", rest):
        return None
    return slip.line.rstrip() + quote


def _quoted(slip: _Slip) -> str | None:
    """The whole text of the line in quotes, where YAML takes a part of it for something else."""
    found = re.fullmatch(rf"(?P<before>\s*(?:- +)*(?:(?:{_keys()}): +)?)(?P<text>\S.*?)\s*", slip.line)
    if (
        found is None
        or _holds_code(slip.line)
        or re.search(r"[\"'\\]| #", found["text"])
        or found["text"][0] in "[&*!|>%@`"
    ):
        return None
    if re.search(rf"(?:^|\s)(?:{_keys()}): ", found["text"]):  # two keys on one line, or a row in braces
        return None
    if found["text"][0] == "{" and not re.match(r"\{[a-z][a-z0-9.-]*\}[^\s,}\]]", found["text"]):
        return None
    return f'{found["before"]}"{found["text"]}"'


def _narrow(slip: _Slip) -> str | None:
    """Full-width letters and digits where only half-width ones are allowed."""
    found = re.match(r"[^\s,}\]#\"']+", slip.line[slip.at :])
    if found is None:
        return None
    meant = unicodedata.normalize("NFKC", found[0]).translate(str.maketrans("‐‑‒–—−ー", "-------"))
    if slip.problem.rule == "id":
        meant = meant.lower()
    if not re.fullmatch(_NARROW[slip.problem.rule], meant, re.ASCII):
        return None
    return _put(slip, found[0], meant)


_NARROW = {
    "id": r"[a-z][a-z0-9-]*",
    "phone-form": r"\d[\d-]*-\d+",
    "date": r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])",
    "number": r"[1-9]\d*|0",
}


def _indented(slip: _Slip) -> str | None:
    """The line with the only indent that lets the row around it read without a mistake."""
    bare = slip.line.lstrip(_BLANKS)
    start, end = _row(slip.lines, slip.problem.line - 1)
    shapes = [line for line in slip.lines[start:end] if line.strip() and not line.lstrip().startswith("#")]
    indents = {0} | {len(found[0]) for line in shapes if (found := re.match(r" *(?:- )*", line))}
    indents |= {len(line) - len(line.lstrip(" ")) for line in shapes}
    readable: dict[int, Any] = {}
    for indent in sorted(indents):
        if " " * indent + bare == slip.line:
            continue
        tried = [*slip.lines[: slip.problem.line - 1], " " * indent + bare, *slip.lines[slip.problem.line :]]
        data = _clean(tried, start, end, slip.kind)
        if data is not None:
            readable[indent] = data
    if not readable:
        return None
    if any(data != next(iter(readable.values())) for data in readable.values()):
        return None
    is_row = bare.startswith("- ")
    alike = {len(line) - len(line.lstrip(" ")) for line in shapes if line.lstrip().startswith("- ") == is_row}
    best = next((indent for indent in readable if indent in alike), next(iter(readable)))
    return " " * best + bare


def _row(lines: Sequence[str], number: int) -> tuple[int, int]:
    """First line and end of the row of the outermost list that a line stands in, with the rows next to it.

    In a file without such lists: of the key at the margin.
    """
    begins = re.compile(r" {0,2}- |[a-zA-Z_]")
    start = next((one for one in range(number - 1, -1, -1) if begins.match(lines[one])), 0)
    if lines[start].lstrip().startswith("-"):
        start = next((one for one in range(start - 1, -1, -1) if begins.match(lines[one])), start)
    end = next((one for one in range(number + 1, len(lines)) if begins.match(lines[one])), len(lines))
    if end < len(lines) and lines[end].lstrip().startswith("-"):
        end = next((one for one in range(end + 1, len(lines)) if begins.match(lines[one])), len(lines))
    return start, end


def _clean(lines: Sequence[str], start: int, end: int, kind: Kind) -> Any:
    """The values of the lines from `start` to `end`, or None if they have a mistake."""
    top = next((one for one in range(start, -1, -1) if re.match(r"[a-zA-Z_]", lines[one])), None)
    kept = [line if start <= number < end or number == top else "" for number, line in enumerate(lines[:end])]
    while kept and not kept[0]:
        del kept[0]
    document, problems = read("", "\n".join(kept).encode(), all_keys())
    if not document.sound or not isinstance(document.data, dict) or any(one.severity == "error" for one in problems):
        return None
    try:
        MODELS[kind].model_validate(document.data)
    except ValidationError as error:
        if any(len(one["loc"]) > 1 or one["type"] != "missing" for one in error.errors(include_url=False)):
            return None
    return document.data


@cache
def _keys() -> str:
    return "|".join(sorted((re.escape(key) for key in all_keys()), key=len, reverse=True))


_FIXERS: dict[str, Callable[[_Slip], str | None]] = {
    "bom": _first_line,
    "crlf": _first_line,
    "control": _control,
    "tab": _indented,
    "indent": _indented,
    "list-indent": _indented,
    "full-width-colon": _colon,
    "full-width-space": _wide_space,
    "full-width-dash": _dash,
    "no-space-after-colon": _space_after,
    "no-space-after-dash": _space_after_dash,
    "smart-quote": _smart_quotes,
    "nbsp": _odd_space,
    "yes-no": _yes_no,
    "value": _true_false,
    "leading-zero": _quoted_number,
    "sexagesimal": _quoted_number,
    "open-quote": _closed_quote,
    "second-colon": _quoted,
    "placeholder": _quoted,
    "id": _narrow,
    "phone-form": _narrow,
    "date": _narrow,
    "number": _narrow,
}


def respelt(line: str, column: int, written: str, known: Iterable[str], taken: Iterable[str]) -> str | None:
    """The line with the key at `column` spelt as the one known key that it clearly means.

    None if two keys are about as near, or if the nearest is `taken`: it already stands there.
    """
    found = process.extract(written, sorted(known), scorer=fuzz.ratio, limit=2, score_cutoff=66)
    if not found or found[0][0] in taken or (len(found) > 1 and found[0][1] - found[1][1] < _CLEAR_LEAD):
        return None
    if line[column - 1 : column - 1 + len(written)] != written:
        return None
    return line[: column - 1] + found[0][0] + line[column - 1 + len(written) :]


# --- writing it ---------------------------------------------------------------


Look = Callable[[], Sequence[Problem]]
"""All Problems of the files as they are now."""


def fix_all(look: Look, paths: Mapping[str, Path]) -> tuple[tuple[Problem, str], ...]:
    """Write every certain correction into the files, and return each with the line as it was before.

    `look` is asked again after each round, because a row that reads at last may show mistakes that
    it hid. A file is replaced whole, so that nobody reads half of it. Raises OSError.
    """
    done: list[tuple[Problem, str]] = []
    for _ in range(MAX_ROUNDS):
        written = False
        by_file: dict[str, list[Problem]] = {}
        for problem in look():
            if problem.fix is not None and problem.file in paths:
                by_file.setdefault(problem.file, []).append(problem)
        for name, problems in by_file.items():
            raw = paths[name].read_bytes()
            fixed, applied = fixed_bytes(raw, problems)
            if fixed != raw:
                replace_file(paths[name], fixed)
                done += applied
                written = True
        if not written:
            break
    return tuple(done)


def fixed_bytes(raw: bytes, problems: Iterable[Problem]) -> tuple[bytes, list[tuple[Problem, str]]]:
    """The file with the corrections of these Problems, and each applied one with its line before.

    Of two corrections of one line only the first is applied; so is nothing but the form of the
    file (BOM, line ends) if that is to be corrected: the rest is for the next round.
    """
    problems = [problem for problem in problems if problem.fix is not None]
    whole = [problem for problem in problems if problem.rule in WHOLE_FILE]
    if whole:
        rules = {problem.rule for problem in whole}
        if "bom" in rules:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if "crlf" in rules:
            raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return raw, [(problem, "") for problem in whole]
    lines = raw.decode("utf-8").split("\n")
    applied: dict[int, tuple[Problem, str]] = {}
    for problem in problems:
        if problem.line in applied or problem.line > len(lines):
            continue
        assert problem.fix is not None
        applied[problem.line] = (problem, lines[problem.line - 1])
        lines[problem.line - 1] = problem.fix
    return "\n".join(lines).encode("utf-8"), list(applied.values())


def replace_file(path: Path, raw: bytes) -> None:
    """Write a file whole, so that nobody reads half of it. Its mode is kept. Raises OSError."""
    path = path.resolve()
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(raw)
        if path.exists():
            shutil.copymode(path, beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
