"""FAQ, facts and the city's settings as tables, and the tables back into the YAML.

Only what differs from the YAML is changed there, so an unchanged table leaves the file as it is to
the byte, and comments and order stay. A row that is missing from the answers, values, sources or
settings removes nothing: deleting an answer is done in the YAML, on purpose. In the table of
wordings a missing row does remove the wording.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_origin

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.content.keeping import loaded, row_of, scalar, written
from bot.content.municipality import SAFE_DEFAULTS, UNCONFIRMED, Municipality, question_of
from bot.review.workbook import Rows

ANSWERS, WORDINGS, VALUES, SOURCES, CITY = "答え", "言い方", "値", "出典", "市の設定"
FILES = {ANSWERS: "answers", WORDINGS: "wordings", VALUES: "facts", SOURCES: "sources", CITY: "city"}
"""The tables, and the names of their .csv files."""

_ANSWER = {
    "id": "id",
    "質問": "question",
    "ボタンの言い方": "short",
    "答え": "answer",
    "くわしく": "more",
    "何で変わるか": "depends_on",
    "出典": "sources",
    "あわせて読む": "see_also",
}
_VALUE = {"id": "id", "種類": "kind", "値": "value", "何の値か": "label", "出典": "source"}
_SOURCE = {
    "id": "id",
    "名前": "name",
    "アドレス": "url",
    "ページの日付": "source_date",
    "読んだ日": "read_on",
    "市が確認した日": "confirmed_by_city_on",
}
_LISTS = frozenset({"depends_on", "sources", "see_also"})
_DAYS = frozenset({"read_on", "confirmed_by_city_on", "verified_on"})


class BadTable(Exception):
    """A table lacks a heading, or a row cannot be placed. The message names the table and the row."""


@dataclass
class Edits:
    """YAML texts by file, and what was changed in them, in words."""

    texts: dict[str, str]
    done: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)


# --- out -----------------------------------------------------------------------


def tables(entries: str, facts: str, city: str | None) -> dict[str, Rows]:
    """The tables of the YAML texts of ja.yaml, facts.yaml and municipality.yaml (None: no city yet)."""
    faq, known = loaded(entries), loaded(facts)
    rows = faq.get("entries") or ()
    wordings = [(str(row["id"]), str(text)) for row in rows for text in row.get("also_asked") or ()]
    return {
        ANSWERS: [list(_ANSWER), *([_cell(row, key) for key in _ANSWER.values()] for row in rows)],
        WORDINGS: [["id", "言い方"], *([entry, text] for entry, text in wordings)],
        VALUES: _keyed(known.get("facts") or {}, _VALUE),
        SOURCES: _keyed(known.get("sources") or {}, _SOURCE),
        CITY: [
            ["項目", "たずねること", "答え"],
            *([key, _asked(key), value] for key, value in _settings(loaded(city) if city else None)),
        ],
    }


def _cell(row: Any, key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value).rstrip("\n")


def _keyed(rows: Any, columns: Mapping[str, str]) -> Rows:
    names = list(columns.values())[1:]
    return [list(columns), *([str(key), *(_cell(row, name) for name in names)] for key, row in rows.items())]


def _settings(data: Any) -> Iterator[tuple[str, str]]:
    """Every setting with its value in words; those that are not written are unconfirmed."""
    seen = set()
    for key, value in _flat(data or {}, ""):
        seen.add(key)
        yield key, value
    for key in (*_TOP_LEVEL, *SAFE_DEFAULTS):
        if key not in seen and not any(one.startswith(f"{key}.") for one in seen):
            seen.add(key)
            yield key, UNCONFIRMED


def _flat(data: Any, before: str) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            for number, one in enumerate(value, 1):
                yield from _flat(one, f"{name}.{number}.")
        elif isinstance(value, list):
            yield name, "\n".join(str(one) for one in value)
        else:
            yield name, _word(value)


def _word(value: Any) -> str:
    if value is None:
        return UNCONFIRMED
    return str(value).lower() if isinstance(value, bool) else str(value).rstrip("\n")


def _takes_a_list(key: str) -> bool:
    found = Municipality.model_fields.get(key)
    return found is not None and get_origin(found.annotation) is tuple


_TOP_LEVEL = tuple(
    key
    for key, one in Municipality.model_fields.items()
    if one.description and key not in ("sample", "stale_after_days", "offices", "post_offices")
)


def _asked(key: str) -> str:
    plain = re.sub(r"\.\d+\.", ".", key)
    top = Municipality.model_fields.get(plain)
    if top is not None:
        return top.description or ""
    return question_of(plain) if plain in SAFE_DEFAULTS else ""


# --- in ------------------------------------------------------------------------


def applied(found: Mapping[str, Rows], entries: str, facts: str, city: str | None, blank: str) -> Edits:
    """The YAML texts with what the tables say otherwise.

    `blank` is what a city's settings begin with if there are none yet. Tables that are not there are
    left alone. Raises BadTable.
    """
    texts = {"entries": entries, "facts": facts, "municipality": city if city is not None else blank}
    edits = Edits(dict(texts))
    steps: list[tuple[str, str, Callable[[Any, list[dict[str, str]], Edits], None], Sequence[str]]] = [
        (ANSWERS, "entries", _put_answers, list(_ANSWER)),
        (WORDINGS, "entries", _put_wordings, ["id", "言い方"]),
        (VALUES, "facts", _put_values, list(_VALUE)),
        (SOURCES, "facts", _put_sources, list(_SOURCE)),
        (CITY, "municipality", _put_city, ["項目", "答え"]),
    ]
    for title, file, put, headings in steps:
        if title not in found:
            continue
        rows = list(_rows(title, found[title], headings))
        data = loaded(edits.texts[file])
        before = len(edits.done)
        put(data, rows, edits)
        if len(edits.done) > before:
            edits.texts[file] = written(data)
            edits.changed.add(file)
    return edits


def _rows(title: str, rows: Rows, headings: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows by heading. A missing column is left out, so that it changes nothing."""
    if not rows:
        return
    head = [cell.strip() for cell in rows[0]]
    if headings[0] not in head or (title in (WORDINGS, CITY) and headings[-1] not in head):
        wanted = "、".join(headings)
        raise BadTable(f"「{title}」の1行目に見出し（{wanted}）がありません。")
    for number, row in enumerate(rows[1:], 2):
        cells = {name: cell.strip("\n") for name, cell in zip(head, row, strict=False) if name in headings}
        if not any(cells.values()):
            continue
        if not cells.get(headings[0], "").strip():
            raise BadTable(f"「{title}」の{number}行目に {headings[0]} がありません。")
        cells[headings[0]] = cells[headings[0]].strip()
        yield cells


def _put_answers(data: Any, rows: list[dict[str, str]], edits: Edits) -> None:
    entries = data["entries"]
    known = {str(row["id"]): row for row in entries}
    for row in rows:
        name = row["id"]
        if name not in known:
            known[name] = CommentedMap(id=name)
            entries.append(known[name])
            entries.yaml_set_comment_before_after_key(len(entries) - 1, before="\n")
            edits.done.append(f"答え「{name}」を加えました。")
        for heading, key in _ANSWER.items():
            if heading in row and key != "id":
                _put(known[name], key, row[heading], f"答え「{name}」の{heading}", edits)
        known[name].setdefault("also_asked", CommentedSeq())
    _note_missing("答え", known, rows, edits)


def _put_wordings(data: Any, rows: list[dict[str, str]], edits: Edits) -> None:
    wanted: dict[str, list[str]] = {}
    for row in rows:
        if row["言い方"].strip():
            wanted.setdefault(row["id"], []).append(row["言い方"].strip())
    entries = {str(row["id"]): row for row in data["entries"]}
    for name, texts in wanted.items():
        if name not in entries:
            raise BadTable(f"「{WORDINGS}」の「{name}」という答えがありません。先に「{ANSWERS}」に加えてください。")
        have = entries[name].setdefault("also_asked", CommentedSeq())
        for number in range(len(have) - 1, -1, -1):
            if str(have[number]) not in texts:
                edits.done.append(f"答え「{name}」の言い方「{have[number]}」を消しました。")
                del have[number]
        known = {str(one) for one in have}
        for text in texts:
            if text not in known:
                known.add(text)
                have.append(scalar(text))
                edits.done.append(f"答え「{name}」に言い方「{text}」を加えました。")
    for name in entries:
        if name not in wanted:
            edits.notes.append(f"「{WORDINGS}」に「{name}」の行がないので、その言い方は変えませんでした。")


def _put_values(data: Any, rows: list[dict[str, str]], edits: Edits) -> None:
    _put_keyed(data, "facts", _VALUE, "値", rows, edits)


def _put_sources(data: Any, rows: list[dict[str, str]], edits: Edits) -> None:
    _put_keyed(data, "sources", _SOURCE, "出典", rows, edits)


def _put_keyed(
    data: Any, part: str, columns: Mapping[str, str], what: str, rows: list[dict[str, str]], edits: Edits
) -> None:
    known = data.setdefault(part, CommentedMap())
    for row in rows:
        name = row["id"]
        if name not in known:
            known[name] = CommentedMap()
            known[name].fa.set_flow_style()
            edits.done.append(f"{what}「{name}」を加えました。")
        for heading, key in columns.items():
            if heading in row and key != "id":
                _put(known[name], key, row[heading], f"{what}「{name}」の{heading}", edits)
    _note_missing(what, known, rows, edits)


def _put(row: Any, key: str, text: str, where: str, edits: Edits) -> None:
    """Set one value if it differs; an empty cell takes the key away."""
    text = _iso(text) if key in _DAYS else text.strip()
    if text == _cell(row, key):
        return
    if not text:
        del row[key]
        edits.done.append(f"{where}を消しました。")
        return
    edits.done.append(f"{where}を「{_short(text)}」にしました。")
    if key in _LISTS:
        row[key] = row_of([one for one in re.split(r"[,、，\s]+", text) if one])
    else:
        row[key] = scalar(text, row.get(key))


def _iso(text: str) -> str:
    """A day as Excel may have written it (2026/1/5), as we write it."""
    found = re.fullmatch(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?: 0?0:00(?::00)?)?\s*", text, re.ASCII)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text.strip()


def _short(text: str) -> str:
    first = text.split("\n")[0]
    return first if len(first) <= 40 and first == text else first[:40] + "…"


def _note_missing(what: str, known: Mapping[str, Any], rows: list[dict[str, str]], edits: Edits) -> None:
    written_rows = {row["id"] for row in rows}
    for name in known:
        if str(name) not in written_rows:
            edits.notes.append(f"{what}「{name}」の行がありませんが、消していません（消すときは YAML から）。")


def _put_city(data: Any, rows: list[dict[str, str]], edits: Edits) -> None:
    now = dict(_settings(data))
    for row in rows:
        key, text = row["項目"], row["答え"].strip()
        days = _takes_a_list(key) or key in _DAYS
        text = "\n".join(_iso(line) for line in text.split("\n")) if days else text
        if text == now.get(key, UNCONFIRMED) or (not text and key not in now):
            continue
        value = text or UNCONFIRMED
        _set(data, key, value, f"「{CITY}」の「{key}」")
        edits.done.append(f"市の設定「{key}」を「{_short(value)}」にしました。")


def _set(data: Any, key: str, text: str, where: str) -> None:
    """Set a dotted setting (`offices.1.phone`), making what it stands in."""
    holder = data
    *parents, last = steps = key.split(".")
    for depth, step in enumerate(parents):
        inner: Any = CommentedSeq() if steps[depth + 1].isdigit() else CommentedMap()
        if step.isdigit():
            place = int(step) - 1
            if place > len(holder):
                raise BadTable(f"{where} の番号がとんでいます。1 から順に書いてください。")
            if place == len(holder):
                holder.append(inner)
            holder = holder[place]
        else:
            if not isinstance(holder.get(step), dict | list):
                holder[step] = inner
            holder = holder[step]
    if text != UNCONFIRMED and _takes_a_list(key):
        holder[last] = row_of([line.strip() for line in text.split("\n") if line.strip()])
    elif text in ("true", "false"):
        holder[last] = text == "true"
    else:
        holder[last] = scalar(text, holder.get(last) if isinstance(holder.get(last), str) else None)
