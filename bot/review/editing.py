"""One part of a YAML file as form fields, and the fields back into the file.

Only the lines of that part are written again, and in them only what differs (ruamel.yaml keeps
comments, order and quotes), so every other byte of the file stays. Parts are: an entry of
`ja.yaml`, a fact or source of `facts.yaml`, all notices. The city's settings go through the
tables of `sheets.py`. Whether the result is right is for `check`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from bot.content.keeping import loaded, row_of, scalar, written

Fields = Mapping[str, str]
"""The texts of a form. A list has a line each; `guide.answers` has lines `question: choice`."""

ENTRY = (
    "id",
    "question",
    "short",
    "also_asked",
    "answer",
    "more",
    "depends_on",
    "sources",
    "guide.flow",
    "guide.answers",
    "guide.start",
    "see_also",
)
FACT = ("kind", "value", "label", "source")
SOURCE = ("name", "url", "source_date", "read_on", "confirmed_by_city_on")

_ONE_A_LINE = frozenset({"also_asked"})
_IN_A_ROW = frozenset({"depends_on", "sources", "see_also"})
_ORDER = (
    "id", "question", "short", "also_asked", "answer", "more",
    "depends_on", "sources", "concepts", "picture", "guide", "see_also",
)  # fmt: skip


class NotThere(Exception):
    """The part is not in the file, or cannot be read; the file has to be edited as text."""


@dataclass(frozen=True)
class Block:
    """Lines `start` to `end` (from 0, `end` excluded) of a file."""

    start: int
    end: int
    text: str


def entry_block(text: str, name: str) -> Block:
    """The lines of an entry. Raises NotThere."""
    return _block(
        text,
        "entries",
        re.compile(r"(?P<indent> *)- (?:\{ *)?id: *[\"']?" + re.escape(name) + r"[\"']?[ ,}]*(?:#.*)?$"),
    )


def keyed_block(text: str, part: str, name: str) -> Block:
    """The lines of a row of `facts` or `sources`. Raises NotThere."""
    return _block(text, part, re.compile(r"(?P<indent> +)[\"']?" + re.escape(name) + r"[\"']?:(?: |$)"))


def _block(text: str, part: str, begins: re.Pattern[str]) -> Block:
    lines = text.split("\n")
    top = next((number for number, line in enumerate(lines) if line.startswith(f"{part}:")), None)
    if top is None:
        raise NotThere(part)
    section = next((number for number in range(top + 1, len(lines)) if re.match(r"[^\s#]", lines[number])), len(lines))
    for start in range(top + 1, section):
        found = begins.match(lines[start])
        if found:
            end = _end(lines, start, section, len(found["indent"]))
            return Block(start, end, "".join(f"{line}\n" for line in lines[start:end]))
    raise NotThere(part)


def _end(lines: Sequence[str], start: int, section: int, indent: int) -> int:
    """Where the row ends: comments above the next row belong to that."""
    end = start + 1
    while end < section and (not lines[end].strip() or _indent(lines[end]) > indent or _is_comment(lines[end])):
        end += 1
    while not lines[end - 1].strip() or (_is_comment(lines[end - 1]) and _indent(lines[end - 1]) <= indent):
        end -= 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def put(text: str, block: Block, new: str) -> str:
    """The file with other lines in place of the block."""
    lines = text.split("\n")
    return "\n".join([*lines[: block.start], *new.rstrip("\n").split("\n"), *lines[block.end :]])


# --- entries -------------------------------------------------------------------


def entry_fields(block: Block) -> dict[str, str]:
    """The fields of an entry's lines. Raises NotThere if they cannot be read."""
    row = _entry(block.text)[0]
    guide = row.get("guide") or {}
    if not isinstance(guide, dict):
        raise NotThere("guide")
    answers = guide.get("answers") or {}
    return {
        **{key: _shown(row.get(key)) for key in ENTRY if "." not in key},
        "guide.flow": str(guide.get("flow") or ""),
        "guide.answers": "\n".join(f"{question}: {choice}" for question, choice in answers.items()),
        "guide.start": "true" if guide.get("start") in (True, "true") else "",
    }


def with_entry(text: str, name: str, fields: Fields) -> str:
    """The file with the fields in the entry's lines; what does not differ stays as it was written. Raises NotThere."""
    block = entry_block(text, name)
    before = entry_fields(block)
    changed = {key: value for key, value in fields.items() if key in before and value != before[key]}
    if not changed:
        return text
    rows = _entry(block.text)
    _fill(rows[0], changed, fields)
    return put(text, block, written(rows))


def with_new_entry(text: str, fields: Fields, group: str = "") -> str:
    """The file with one more entry at its end, listed under the heading `group`. Raises NotThere."""
    rows = CommentedSeq([CommentedMap(id=fields["id"])])
    _fill(rows[0], {key: value for key, value in fields.items() if value and key != "id"}, fields)
    if "also_asked" not in rows[0]:
        _set(rows[0], "also_asked", CommentedSeq())
    text = text.rstrip("\n") + "\n\n" + written(rows)
    if not group:
        return text
    block = _block(text, "groups", re.compile(r"(?P<indent> *)- id: *" + re.escape(group) + r" *$"))
    groups = _parsed(block.text)
    groups[0].setdefault("entries", row_of([])).append(fields["id"])
    return put(text, block, written(groups))


def _entry(text: str) -> Any:
    rows = _parsed(text)
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], dict):
        raise NotThere("entries")
    return rows


def _parsed(text: str) -> Any:
    try:
        return loaded(text)
    except YAMLError as error:
        raise NotThere(str(error)) from error


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return str(value).rstrip("\n")


def _fill(row: Any, changed: Fields, fields: Fields) -> None:
    for key, value in changed.items():
        if "." in key:
            continue
        if key in _ONE_A_LINE:
            _set(row, key, _relisted(row.get(key), _lines(value)))
        elif key in _IN_A_ROW:
            _set(row, key, row_of(_lines(value)) if value.strip() else None)
        else:
            _set(row, key, scalar(value, row.get(key)) if value.strip() else None)
    if any(key.startswith("guide.") for key in changed):
        _set(row, "guide", _guide(fields))


def _set(row: Any, key: str, value: Any) -> None:
    """Set a key, at its usual place if it is new; None takes it away."""
    if value is None:
        row.pop(key, None)
    elif key in row:
        row[key] = value
    else:
        before = [one for one in _ORDER[: _ORDER.index(key)] if one in row] if key in _ORDER else []
        row.insert(list(row).index(before[-1]) + 1 if before else len(row), key, value)


def _relisted(have: Any, wanted: list[str]) -> Any:
    """The list with other lines; those that stay keep their quotes and comments."""
    have = CommentedSeq() if have is None else have
    for tag, i1, i2, j1, j2 in reversed(SequenceMatcher(None, [str(one) for one in have], wanted, False).get_opcodes()):
        if tag == "equal":
            continue
        for number in reversed(range(i1, i2)):
            del have[number]
        for text in reversed(wanted[j1:j2]):
            have.insert(i1, scalar(text))
    return have


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _guide(fields: Fields) -> CommentedMap | None:
    if not fields.get("guide.flow"):
        return None
    guide = CommentedMap(flow=fields["guide.flow"])
    guide.fa.set_flow_style()
    answers = CommentedMap()
    answers.fa.set_flow_style()
    for line in _lines(fields.get("guide.answers", "")):
        question, _, choice = line.replace("：", ":").partition(":")
        answers[question.strip()] = choice.strip()
    if answers:
        guide["answers"] = answers
    if fields.get("guide.start"):
        guide["start"] = True
    return guide


# --- facts and sources ---------------------------------------------------------


def keyed_fields(block: Block, columns: Sequence[str]) -> dict[str, str]:
    """The fields of a fact's or source's lines. Raises NotThere."""
    row = _keyed(block)[0]
    return {key: _shown(row.get(key)) for key in columns}


def with_keyed(text: str, part: str, name: str, fields: Fields) -> str:
    """The file with the fields in the row `name` of `facts` or `sources`. Raises NotThere."""
    block = keyed_block(text, part, name)
    row, data, indent = _keyed(block)
    before = {key: _shown(row.get(key)) for key in fields}
    if before == dict(fields):
        return text
    for key, value in fields.items():
        if value == before[key]:
            continue
        if value.strip():
            row[key] = scalar(value.strip(), row.get(key))
        else:
            row.pop(key, None)
    return put(text, block, _moved(written(data), indent))


def with_new_keyed(text: str, part: str, name: str, fields: Fields) -> str:
    """The file with one more row at the end of `facts` or `sources`. Raises NotThere."""
    row = CommentedMap({key: scalar(value.strip()) for key, value in fields.items() if value.strip()})
    row.fa.set_flow_style()
    names = re.findall(rf"^{part}:", text, re.MULTILINE)
    if not names:
        raise NotThere(part)
    lines = text.split("\n")
    top = next(number for number, line in enumerate(lines) if line.startswith(f"{part}:"))
    end = next((number for number in range(top + 1, len(lines)) if re.match(r"[^\s#]", lines[number])), len(lines))
    while not lines[end - 1].strip() or re.match(r"#", lines[end - 1]):
        end -= 1
    return "\n".join([*lines[:end], f"  {written(CommentedMap({name: row}))}".rstrip("\n"), *lines[end:]])


def _keyed(block: Block) -> tuple[Any, Any, int]:
    indent = _indent(block.text)
    data = _parsed(_moved(block.text, -indent))
    row = next(iter(data.values())) if isinstance(data, dict) and len(data) == 1 else None
    if not isinstance(row, dict):
        raise NotThere("row")
    return row, data, indent


def _moved(text: str, by: int) -> str:
    """The lines moved right, or left for a negative `by`."""
    if by < 0:
        return re.sub(rf"^ {{{-by}}}", "", text, flags=re.MULTILINE)
    return re.sub(r"^(?=[^\n])", " " * by, text, flags=re.MULTILINE)


# --- notices -------------------------------------------------------------------


def notices_fields(text: str) -> list[dict[str, str]]:
    """The notices in order: text, from, until. Raises NotThere."""
    data = _parsed(text)
    rows = (data.get("notices") if isinstance(data, dict) else None) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NotThere("notices")
    return [{key: _shown(row.get(key)) for key in ("text", "from", "until")} for row in rows]


def with_notices(text: str, wanted: Sequence[Fields]) -> str:
    """The file with these notices; comments around them stay. Raises NotThere."""
    have = notices_fields(text)
    if have == [dict(one) for one in wanted]:
        return text
    data = _parsed(text) or CommentedMap()
    old = list(data.get("notices") or ())
    rows = CommentedSeq()
    for fields in wanted:
        same = next((number for number, one in enumerate(have) if one == dict(fields)), None)
        rows.append(
            old[same] if same is not None else CommentedMap({key: scalar(value) for key, value in fields.items()})
        )
    if not rows:
        rows.fa.set_flow_style()
    data["notices"] = rows
    return written(data)
