"""The 30 slips of people who write YAML by hand, at every place of a file where each can happen.

A Mutant is a file with one slip. Mutants that read the same as the file itself are no slips;
whoever judges them leaves them out (`Verdict.same`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.schema import Kind, all_keys

_BARE = r"(?![\"'{\[|>&*!#])"


@dataclass(frozen=True)
class Mutant:
    """One slip. `lines` are the lines (from 1) at which a report of it is exact."""

    slip: str
    file: str
    lines: frozenset[int]
    raw: bytes


def mutants(file: str, kind: Kind, text: str) -> Iterator[Mutant]:
    """Every slip at every fitting place of a file."""
    lines = text.split("\n")
    for number in _structure(lines):
        for slip, new, also in _slips(lines, number, kind):
            changed = [*lines[:number], *new, *lines[number + 1 :]]
            at = {number + 1, *range(number + 1, number + 1 + len(new)), *(one + 1 for one in also)}
            yield Mutant(slip, file, frozenset(at), "\n".join(changed).encode())
    yield Mutant("BOM", file, frozenset({1}), b"\xef\xbb\xbf" + text.encode())
    yield Mutant("CRLF", file, frozenset({1}), text.replace("\n", "\r\n").encode())
    first = next((number for number, line in enumerate(lines, 1) if not line.isascii()), 1)
    yield Mutant("Shift_JIS", file, frozenset({first}), text.encode("cp932", "replace"))


def _structure(lines: list[str]) -> Iterator[int]:
    """Indexes of lines that are neither blank, comment, nor inside a `|` block."""
    block: int | None = None
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None:
            if not line.strip() or indent > block:
                continue
            block = None
        if line.strip() and not line.lstrip().startswith("#"):
            if re.search(r"[|>][+-]?$", line):
                block = indent
            yield number


Made = tuple[str, list[str], tuple[int, ...]]


def _slips(lines: list[str], number: int, kind: Kind) -> Iterator[Made]:
    line = lines[number]

    def made(slip: str, *new: str, also: tuple[int, ...] = ()) -> Made:
        return slip, list(new), also

    pair = re.match(r"^(?P<in>\s*(?:- )?)(?P<key>[a-z_]+): (?P<value>\S.*)$", line)
    if pair and pair["key"] in all_keys():
        start, key, value = pair["in"], pair["key"], pair["value"]
        yield made("full-width colon", f"{start}{key}：{value}")
        yield made("full-width space after colon", f"{start}{key}:　{value}")
        yield made("no space after colon", f"{start}{key}:{value}")
        if value[0] not in "|>":
            yield made("repeated key", line, f"{' ' * len(start)}{key}: {value}")
        if len(key) > 2:
            yield made("misspelt key", f"{start}{key[:-1]}x{key[-1]}: {value}")
        if not start.strip() and start:
            yield made("tab", "\t" + line.lstrip(" "))
            yield made("NBSP in the indent", "\u00a0" + line[1:])
            yield made("full-width space in the indent", "　" + line[1:])
            yield made("indent too deep", " " + line)
            yield made("indent too shallow", line[1:])
        if re.match(_BARE, value):
            yield from _in_text(start, key, value)
        yield from _of_key(lines, number, start, key, value)
    row = re.match(rf"^( +)- {_BARE}(\S.*)$", line)
    if row and not re.match(r"[a-z_]+: ", row[2]):
        yield made("no space after dash", f"{row[1]}-{row[2]}")
        yield made("list indent too deep", " " + line)
        yield made("list indent too shallow", line[1:])
        yield made("full-width dash", f"{row[1]}－ {row[2]}")
        if kind == "entries":
            other = _wording_of_another_entry(lines, number)
            if other is not None:
                yield made("wording of another entry", f"{row[1]}- {lines[other].lstrip()[2:]}", also=(other,))
    braces = re.match(r"^(.*\{)(\w+): (.*\}.*)$", line)
    if braces:
        yield made("no space after colon, in braces", f"{braces[1]}{braces[2]}:{braces[3]}")
        yield made("full-width colon, in braces", f"{braces[1]}{braces[2]}：{braces[3]}")
        yield made("brace not closed", line.replace("}", "", 1))
    if (shown := re.search(r"\{id: ([a-z0-9-]+)", line)) and kind == "flow":
        yield made("id in Japanese, in braces", line.replace(shown[0], "{id: 費用", 1))
        yield made("plain no as an id", line.replace(shown[0], "{id: no", 1))
    if kind == "facts" and braces:
        if phone := re.search(r"value: (0\d+-[\d-]+)", line):
            yield made("phone read as a number", line.replace(phone[1], phone[1].replace("-", ""), 1))
        if day := re.search(r"read_on: (\S+?)([,}])", line):
            yield made("month 13", line.replace(f"read_on: {day[1]}", "read_on: 2026-13-01", 1))
            yield made("old check date", line.replace(f"read_on: {day[1]}", "read_on: 2020-01-01", 1))
        if "url: http" in line:
            yield made("broken URL", line.replace("://", "//", 1))
    if when := re.match(r"^(.*when: \{)([a-z-]+): (.*)$", line):
        yield made("unknown id in when", f"{when[1]}{when[2]}z: {when[3]}")
    if flow := re.search(r"\bflow: ([a-z-]+)", line):
        yield made("unknown guide", line.replace(flow[0], flow[0] + "z", 1))


def _in_text(start: str, key: str, value: str) -> Iterator[Made]:
    """Slips of a text that stands without quotes after its key."""
    before = f"{start}{key}: "
    comment = " #" in value
    if not comment:
        yield "second colon", [f"{before}注意: {value}"], ()
        yield "quote not closed", [f'{before}"{value}'], ()
        yield "smart quotes", [f"{before}“{value}”"], ()
        yield "NBSP in the text", [f"{before}{value[:1]}\u00a0{value[1:]}"], ()
    if len(value) > 6 and not comment and not value.isascii():
        yield "# swallows text", [f"{before}{value[:3]} #{value[3:].lstrip()}"], ()
        yield "HTML", [f"{before}{value[:2]}<b>{value[2:]}</b>"], ()
        yield "12-digit number", [f"{before}{value}、1234 5678 9012"], ()
        yield "5,000 characters", [f"{before}{value}{'あ' * 5000}"], ()


def _of_key(lines: list[str], number: int, start: str, key: str, value: str) -> Iterator[Made]:
    """Slips that only some keys can have."""
    before = f"{start}{key}: "
    if key == "id" and re.match(r"^[a-z]", value):
        yield "id in Japanese", [f"{before}費用"], ()
        yield "full-width id", [before + "".join(chr(ord(one) + 0xFEE0) for one in value)], ()
        top = next((at for at in range(number, -1, -1) if re.match(r"[a-z]", lines[at])), 0)
        twin = next((at for at in range(number - 1, top, -1) if lines[at].startswith(before)), None)
        if twin is not None:
            yield "repeated id", [lines[twin]], (twin,)
    if key in ("answer", "question", "ask", "why") and value[0] not in "|>":
        yield "text left empty", [f"{start}{key}:"], ()
        opens = next((at for at in range(number, -1, -1) if lines[at].startswith(start[:-2] + "- ")), None)
        if "-" not in start and opens is not None:
            yield "key missing", [], (opens,)
    if key == "see_also" and value.startswith("["):
        yield "unknown id in see_also", [line_with(lines[number], r"([a-z-]+)\]", r"\1z]")], ()
    if key == "sources" and value.startswith("["):
        yield "unknown source", [line_with(lines[number], r"([a-z0-9-]+)\]", r"\1zz]")], ()
    if key in ("many", "alone", "optional", "sample", "photo_certificate", "id_must_match_record"):
        yield "plain yes", [f"{before}yes"], ()
    if key in ("phone", "value") and re.match(r"0\d+-", value):
        yield "phone read as a number", [before + value.replace("-", "")], ()
    if key in ("read_on", "verified_on"):
        yield "month 13", [f"{before}2026-13-01"], ()
        yield "old check date", [f"{before}2020-01-01"], ()
    if key == "url" and value.startswith("http"):
        yield "broken URL", [before + value.replace("://", "//", 1)], ()


def line_with(line: str, pattern: str, put: str) -> str:
    return re.sub(pattern, put, line, count=1)


def _wording_of_another_entry(lines: list[str], number: int) -> int | None:
    """The index of a wording in an entry above: the nearest `also_asked` row that is not of this entry."""
    own = next((at for at in range(number, -1, -1) if lines[at].startswith("  - id: ")), None)
    if own is None or "also_asked" not in "".join(lines[own:number]):
        return None
    return next((at for at in range(own - 1, -1, -1) if re.match(r"^      - [^{\[\"']", lines[at])), None)
