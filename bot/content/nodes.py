"""YAML text to plain values that remember where they stood.

Every scalar is taken as the text that was written: YAML's guesses (`no` is False, `17:15` is
1035, `0120` is 80) never happen here. What another YAML tool would read differently is a
Problem with a rule of its own, because staff open these files elsewhere too. Anchors, aliases
and tags are refused: our files need none, and a few lines of them can fill the memory.

The tree is built from libyaml's events, which are about ten times faster than PyYAML's own;
after a syntax error PyYAML's parser reads again, for its more exact marks. What the values
mean is for `loading.py`.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import yaml

from bot.content.problems import Problem

MAX_BYTES = 1024 * 1024
MAX_LINES = 20_000
"""The longest file of ours, a translation, has 9,240; 60,000 short lines took 3 seconds."""

MAX_DEPTH = 20
MAX_ATTEMPTS = 10
"""Syntax errors reported for one file at once: each costs another reading of it."""

Path = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""


class Place(NamedTuple):
    """Line and column, both from 1."""

    line: int
    column: int


START = Place(1, 1)


@dataclass(frozen=True)
class Document:
    """One file: its values (dict, list, str, or None where nothing was written) and their places.

    `sound` is False after a mistake that leaves nothing to read; `data` is None then. `whole` is
    False if rows were left out because they could not be read: what is missing may stand there.

    Only a file with a mistake is asked for places, and as paths they take ten times the memory of the text: `marks`
    has the line and column of each value, and of each key before its value, in the order in which they stand.
    """

    file: str
    data: Any = None
    marks: array[int] = field(default_factory=lambda: array("I"), repr=False)
    sound: bool = True
    whole: bool = True
    text: str = field(default="", repr=False)

    @cached_property
    def lines(self) -> list[str]:
        """The text as it was read, line by line."""
        return self.text.split("\n")

    @property
    def values(self) -> dict[Path, Place]:
        """The place of every value."""
        return self._places[0]

    @property
    def keys(self) -> dict[Path, Place]:
        """The place of every key, by the path of its value."""
        return self._places[1]

    @cached_property
    def _places(self) -> tuple[dict[Path, Place], dict[Path, Place]]:
        values: dict[Path, Place] = {}
        keys: dict[Path, Place] = {}
        places = (Place(self.marks[at], self.marks[at + 1]) for at in range(0, len(self.marks), 2))

        def walk(data: Any, path: Path) -> None:
            values[path] = next(places)
            if isinstance(data, dict):
                for key, value in data.items():
                    keys[*path, key] = next(places)
                    walk(value, (*path, key))
            elif isinstance(data, list):
                for number, value in enumerate(data):
                    walk(value, (*path, number))

        if self.marks:
            walk(self.data, ())
        return values, keys

    def place(self, path: Path) -> Place:
        """Where the value at `path` stands, or the nearest value around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.values:
                return self.values[path[:length]]
        return START

    def key_place(self, path: Path) -> Place:
        """Where the key of `path` stands, or the nearest value around it."""
        return self.keys.get(path) or self.place(path)

    def place_of(self, path: Path, words: str) -> Place:
        """Where `words` stand in the text at `path`; its beginning if they cannot be found as they are."""
        line, column = self.place(path)
        for number in range(line, min(line + 60, len(self.lines) + 1)):
            found = self.lines[number - 1].find(words, column - 1 if number == line else 0)
            if found >= 0:
                return Place(number, found + 1)
        return Place(line, column)

    def problem(self, path: Path, rule: str, message: str, **more: Any) -> Problem:
        """A Problem at the value of `path`."""
        return Problem(self.file, *self.place(path), rule, message, **more)

    def key_problem(self, path: Path, rule: str, message: str, **more: Any) -> Problem:
        """A Problem at the key of `path`."""
        return Problem(self.file, *self.key_place(path), rule, message, **more)


def read(file: str, raw: bytes, known_keys: frozenset[str]) -> tuple[Document, list[Problem]]:
    """The Document of a file's bytes, and the mistakes of its writing.

    `known_keys` are the key names of our formats; they tell a mistyped key from a sentence. A row
    that cannot be read is left out, so that the rest of the file is still checked.
    """
    broken = Document(file, sound=False, whole=False)
    if len(raw) > MAX_BYTES:
        size = f"{len(raw) / MAX_BYTES:.1f}"
        message = f"ファイルが大きすぎます（{size} MiB）。1 MiB までにしてください。"
        return broken, [Problem(file, 1, 1, "too-large", message)]
    if (count := raw.count(b"\n")) > MAX_LINES:
        message = f"行が多すぎます（{count:,} 行）。{MAX_LINES:,} 行までにしてください。"
        return broken, [Problem(file, 1, 1, "too-large", message)]
    text, problems = _decode(file, raw)
    if text is None:
        return broken, problems
    lines = text.split("\n")
    slips = list(_slips(file, lines, known_keys))
    problems += slips
    readable = list(lines)
    if not all(not readable[problem.line - 1] or _leave_out(readable, problem.line) for problem in slips):
        return broken, problems
    for _ in range(MAX_ATTEMPTS):
        builder = _Builder(file, readable, known_keys)
        try:
            document = builder.build("\n".join(readable))
        except _Refused as refused:
            return broken, [*problems, *builder.problems, refused.problem]
        except yaml.YAMLError as error:
            found = _explain(file, readable, error, known_keys)
            problems += found
            if not all(_leave_out(readable, problem.line) for problem in found):
                return broken, problems
        else:
            return replace(document, whole=readable == lines), problems + builder.problems
    return broken, problems


def _leave_out(lines: list[str], number: int) -> bool:
    """Blank the row (a `  - ` of a list, or a key of a mapping) that the line stands in.

    False if there is no such row: then the file cannot be read without it.
    """
    row = re.compile(r" {0,2}- " if any(line.startswith("  - ") for line in lines) else r" {2}[^\s　#]")
    start = next((one for one in range(number - 1, -1, -1) if row.match(lines[one])), None)
    if start is None:
        return False
    end = start + 1
    while end < len(lines) and not row.match(lines[end]) and not (end >= number and re.match(r"[a-z]", lines[end])):
        end += 1
    lines[start:end] = [""] * (end - start)
    return True


# --- bytes to text ----------------------------------------------------------


def text_of(raw: bytes) -> str | None:
    """The text of a file as `read` takes it apart into lines, or None if it is not UTF-8."""
    try:
        return raw.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        return None


def _decode(file: str, raw: bytes) -> tuple[str | None, list[Problem]]:
    problems: list[Problem] = []
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        try:
            raw.decode("cp932")
            found = "このファイルは Shift_JIS で保存されています。"
        except UnicodeDecodeError:
            found = "このファイルは UTF-8 として読めません。"
        message = found + "文字コードを「UTF-8」にして保存し直してください。"
        return None, [Problem(file, line, column, "encoding", message)]
    if text.startswith("\ufeff"):
        text = text[1:]
        message = "ファイルの先頭に BOM があります。中身は読めています。「UTF-8（BOM なし）」で保存し直してください。"
        problems.append(Problem(file, 1, 1, "bom", message, "warning"))
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        message = "改行が Windows の形（CRLF）です。中身は読めています。改行を「LF」にして保存し直してください。"
        problems.append(Problem(file, line, 1, "crlf", message, "warning"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for found_at in re.finditer(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff\ud800-\udfff]", text):
        before_text = text[: found_at.start()]
        line, column = before_text.count("\n") + 1, len(before_text.rpartition("\n")[2]) + 1
        message = f"目に見えない制御文字（U+{ord(found_at.group()):04X}）があります。消してください。"
        return None, [*problems, Problem(file, line, column, "control", message)]
    return text, problems


# --- slips of the line that YAML reports badly or not at all ----------------

_BLOCK = re.compile(r"(?:^|[\s:-])[|>][+-]?\d?[+-]?\s*(?:#.*)?$")
_OPENS = re.compile(r"^\s*(?:- +)*(?:[^\s:\"'#]+: +|- +)([\"'])")


def _prose_lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Line numbers (from 1) and lines that are structure: not inside a `|` or `>` block or a comment."""
    block_indent: int | None = None
    for number, line in enumerate(lines, 1):
        bare = line.strip(" ")
        indent = len(line) - len(line.lstrip(" "))
        if block_indent is not None:
            if not bare or indent > block_indent:
                continue
            block_indent = None
        if not bare or bare.startswith("#"):
            continue
        if _BLOCK.search(line):
            block_indent = indent
        yield number, line


def _slips(file: str, lines: list[str], known_keys: frozenset[str]) -> Iterator[Problem]:
    known = "|".join(sorted((re.escape(key) for key in known_keys), key=len, reverse=True))
    start = rf"^(?P<before>[\s　]*(?:-[ 　]+)*)(?P<key>{known})"
    wide_colon = re.compile(rf"{start}[ 　]*：")
    wide_after = re.compile(rf"{start}:　")
    glued_colon = re.compile(rf"{start}:(?=[^\s　:：])")
    open_quote: tuple[int, int, str] | None = None
    for number, line in _prose_lines(lines):
        if open_quote is not None:
            if re.match(rf"^\s*(?:- +)*(?:{known}):(?: |$)", line):
                yield Problem(
                    file,
                    *open_quote[:2],
                    "open-quote",
                    f"引用符「{open_quote[2]}」が閉じていません。文の終わりにも「{open_quote[2]}」を書いてください。",
                )
                open_quote = None
            elif _closes(line, open_quote[2]):
                open_quote = None
                continue
            else:
                continue
        indent = re.match(r"^[\s　]*", line)
        blank = indent.group() if indent else ""
        if "\t" in blank:
            message = "行のはじめにタブがあります。半角の空白に直してください。"
            yield Problem(file, number, blank.index("\t") + 1, "tab", message)
            continue
        if "　" in blank:
            message = "行のはじめに全角の空白があります。半角の空白に直してください。"
            yield Problem(file, number, blank.index("　") + 1, "full-width-space", message)
            continue
        if "\u00a0" in blank:
            message = "行のはじめに特殊な空白（NBSP）があります。ふつうの半角の空白に直してください。"
            yield Problem(file, number, blank.index("\u00a0") + 1, "nbsp", message)
            continue
        if found := wide_colon.match(line):
            key = found["key"]
            message = f"「{key}」のあとのコロンが全角です。半角のコロンと空白で「{key}: 」と書いてください。"
            yield Problem(file, number, line.index("：") + 1, "full-width-colon", message)
        elif found := wide_after.match(line):
            key = found["key"]
            message = f"「{key}:」のあとの空白が全角です。半角の空白で「{key}: 」と書いてください。"
            yield Problem(file, number, found.end(), "full-width-space", message)
        elif found := glued_colon.match(line):
            key = found["key"]
            message = f"「{key}:」のあとに半角の空白がありません。「{key}: 」と書いてください。"
            yield Problem(file, number, found.end(), "no-space-after-colon", message)
        elif found := re.match(r"^( *)([－ー−–—])[ 　]", line):
            message = f"行のはじめの「{found[2]}」が半角ではありません。半角の「- 」を書いてください。"
            yield Problem(file, number, found.start(2) + 1, "full-width-dash", message)
        elif found := re.match(r"^((?: *-)* *)-　", line):
            message = "「-」のあとの空白が全角です。半角の空白で「- 」と書いてください。"
            yield Problem(file, number, found.end(), "full-width-space", message)
        elif (found := re.match(r"^( *)-(?=[^\s-])", line)) and not re.match(r"^ *-\d+ *[,\]]", line):
            message = "「-」のあとに半角の空白がありません。「- 」と書いてください。"
            yield Problem(file, number, found.end(), "no-space-after-dash", message)
        elif (opened := _OPENS.match(line)) and not _closes(line[opened.end() :], opened[1]):
            open_quote = (number, opened.start(1) + 1, opened[1])
    if open_quote is not None:
        yield Problem(
            file,
            *open_quote[:2],
            "open-quote",
            f"引用符「{open_quote[2]}」が閉じていません。文の終わりにも「{open_quote[2]}」を書いてください。",
        )


def _closes(rest: str, quote: str) -> bool:
    """Whether a quoted text that is open ends in `rest`."""
    if quote == "'":
        return rest.replace("''", "").count("'") > 0
    return re.sub(r"\\.", "", rest).count('"') > 0


# --- syntax errors ----------------------------------------------------------


def _explain(file: str, lines: list[str], error: yaml.YAMLError, known_keys: frozenset[str]) -> list[Problem]:
    """What is wrong, never empty: one Problem, or one for every line with the same slip."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}"
    if mark is None:
        return [Problem(file, 1, 1, "syntax", "YAML として読めません。")]
    written = lines[mark.line] if mark.line < len(lines) else ""
    if unquoted := [problem for number, one in _prose_lines(lines) for problem in _unquoted_name(file, number, one)]:
        return unquoted
    problem = _explain_at(file, written, mark, getattr(error, "context_mark", None), said, known_keys)
    if problem.rule == "indent" and (odd := _odd_first(lines, problem.line - 1)) is not None:
        column = len(lines[odd]) - len(lines[odd].lstrip(" ")) + 1
        problem = replace(problem, line=odd + 1, column=column, message=_UNEVEN)
    return [problem]


_UNEVEN = "字下げ（行のはじめの空白）がそろっていません。同じ段の項目は、同じ数の空白で始めてください。"


def _odd_first(lines: list[str], number: int) -> int | None:
    """The line above, if it begins a block and stands alone with its indent: YAML takes the rest for odd."""
    shaped = [one for one, line in enumerate(lines) if line.strip(" ") and not line.lstrip(" ").startswith("#")]
    at = bisect_left(shaped, number)
    if at < 2 or at >= len(shaped) or shaped[at] != number:
        return None
    opener, first = lines[shaped[at - 2]], lines[shaped[at - 1]]
    beyond = lines[shaped[at + 1]] if at + 1 < len(shaped) else ""
    indents = [len(line) - len(line.lstrip(" ")) for line in (opener, first, lines[number], beyond)]
    alone = opener.rstrip().endswith(":") and indents[1] != indents[2] == indents[3] and indents[2] > indents[0]
    return shaped[at - 1] if alone else None


def _unquoted_name(file: str, number: int, line: str) -> Iterator[Problem]:
    """A `{id}` that YAML takes for braces of its own: inside { }, or at the beginning of a text."""
    inside = re.match(r"\s*(?:- +)*(?:[\w.-]+: +)?\{ *[\w.-]+:", line)
    begins = re.match(r"\s*(?:- +)*(?:[a-z_]+: +)?(\{[a-z][a-z0-9.-]*\})(?=[^\s,}\]])", line)
    unquoted = re.sub(r"\"(?:[^\"\\]|\\.)*\"", lambda quoted: "_" * len(quoted[0]), line)
    within = re.search(r"(?<=: )[^\"'{},\[\]]*(\{[a-z][a-z0-9.-]*\})", unquoted[inside.end() - 1 :]) if inside else None
    if found := begins or within:
        column = found.start(1) + (inside.end() - 1 if inside and not begins else 0) + 1
        message = f'「{found[1]}」のある文が読めません。文全体を引用符「"」で囲んでください。'
        yield Problem(file, number, column, "placeholder", message)


def _explain_at(file: str, written: str, mark: Any, context: Any, said: str, known_keys: frozenset[str]) -> Problem:
    """One syntax error: `mark` is where the parser stopped, `context` where what it was reading began."""
    line, column = mark.line + 1, mark.column + 1
    begun = context or mark
    if "mapping values" in said:
        first = re.match(r"^\s*(?:- +)*([^\s:]+)\s*:", written)
        if first and first[1] in known_keys and first.end() >= column:
            message = f"「{first[1]}」の行の字下げ（行のはじめの空白）が、ほかの項目とそろっていません。"
            return Problem(file, line, first.start(1) + 1, "indent", message)
        message = (
            '1行にコロン「: 」が2つあります。文の中の「:」は全角の「：」にするか、文全体を引用符「"」で囲んでください。'
        )
        return Problem(file, line, column, "second-colon", message)
    if "quoted scalar" in said:
        message = "引用符が閉じていません。文の終わりにも同じ引用符を書いてください。"
        return Problem(file, begun.line + 1, begun.column + 1, "open-quote", message)
    if "but got ':'" in said and context is not None and context.line == mark.line:
        message = '文の中にコロン「: 」があります。全角の「：」にするか、文全体を引用符「"」で囲んでください。'
        return Problem(file, line, column, "second-colon", message)
    if "flow mapping" in said or "flow sequence" in said:
        pair = "{ }" if "mapping" in said else "[ ]"
        message = f"{pair} の中を読めません。項目を「, 」で区切り、閉じるかっこを忘れていないか確かめてください。"
        return Problem(file, begun.line + 1, begun.column + 1, "bracket", message)
    if "cannot start any token" in said:
        character = written[mark.column : mark.column + 1]
        name = "タブ" if character == "\t" else f"記号「{character}」"
        message = f'{name}から始まる文は読めません。文全体を引用符「"」で囲んでください。'
        return Problem(file, line, column, "symbol", message)
    if "could not find expected ':'" in said:
        message = "この行は「項目: 値」の形になっていません。コロン「: 」と字下げを確かめてください。"
        return Problem(file, begun.line + 1, begun.column + 1, "no-colon", message)
    if "expected a single document" in said:
        return Problem(
            file, line, column, "two-documents", "「---」で区切らないでください。1つのファイルに1つだけ書きます。"
        )
    if "block" in said or "unindent" in said or "indent" in said:
        if context is not None and context.line == mark.line - 1 and re.match(r" *- ", written):
            line, column = line - 1, context.column + 1  # the first row is the odd one, not all that follow
        return Problem(file, line, column, "indent", _UNEVEN)
    if "alias" in said or "anchor" in said or "tag" in said or "directive" in said:
        message = '「&」「*」「!」「%」で始まる文は、全体を引用符「"」で囲んでください。'
        return Problem(file, line, column, "symbol", message)
    return Problem(
        file, line, column, "syntax", "YAML として読めません。この行とその上の行の書き方を確かめてください。"
    )


# --- events to values -------------------------------------------------------

_YES_NO = re.compile(r"^(?:yes|no|on|off|y|n)$", re.IGNORECASE)
_SEXAGESIMAL = re.compile(r"^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$")
_LEADING_ZERO = re.compile(r"^[-+]?0[0-9_]+$")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Builder:
    """Builds one Document from YAML events."""

    def __init__(self, file: str, lines: list[str], known_keys: frozenset[str]) -> None:
        self.file = file
        self.lines = lines
        self.known_keys = known_keys
        self.problems: list[Problem] = []
        self.marks = array("I")

    def build(self, text: str) -> Document:
        try:
            return self._from(text, _FAST)
        except yaml.YAMLError:
            return self._from(text, yaml.SafeLoader)

    def _from(self, text: str, loader: Any) -> Document:
        self.problems.clear()
        del self.marks[:]
        events = (
            event
            for event in yaml.parse(text, Loader=loader)
            if not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent)
        )
        data: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    message = "「---」で区切らないでください。1つのファイルに1つだけ書きます。"
                    raise _Refused(Problem(self.file, *_at(event.start_mark), "two-documents", message))
            else:
                data = self._value(event, events, 0)
        return Document(self.file, data, self.marks, text=text)

    def _value(self, event: Any, events: Iterator[Any], depth: int) -> Any:
        place = _at(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            message = (
                "「&」「*」（YAML のアンカー）は使えません。同じ内容でもそのまま書いてください。"
                '文のはじめの記号なら、文全体を引用符「"」で囲んでください。'
            )
            raise _Refused(Problem(self.file, *place, "anchor", message))
        if event.tag is not None and event.tag != "!":
            message = '「!」（YAML のタグ）は使えません。文のはじめの記号なら、文全体を引用符「"」で囲んでください。'
            raise _Refused(Problem(self.file, *place, "tag", message))
        if depth > MAX_DEPTH:
            message = f"入れ子が深すぎます（{MAX_DEPTH}段まで）。字下げやかっこを確かめてください。"
            raise _Refused(Problem(self.file, *place, "too-deep", message))
        self.marks.extend(place)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            rows: list[Any] = []
            while not isinstance(one := next(events), yaml.SequenceEndEvent):
                rows.append(self._value(one, events, depth + 1))
            return rows
        return self._mapping(events, depth)

    def _mapping(self, events: Iterator[Any], depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        first: dict[str, int] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            place = _at(event.start_mark)
            if not isinstance(event, yaml.ScalarEvent):
                message = (
                    '項目の名前にかっこは使えません。{ } や [ ] を文に使うときは、文全体を引用符「"」で囲んでください。'
                )
                raise _Refused(Problem(self.file, *place, "key", message))
            key, glued = self._key(self._scalar(event, place) or "", place)
            if key in mapping:
                message = (
                    f"「{key}」が2回書かれています（{first[key]}行目と{place.line}行目）。どちらかを消してください。"
                )
                self.problems.append(Problem(self.file, *place, "repeated-key", message))
                marked = len(self.marks)
                self._value(next(events), events, depth + 1)
                del self.marks[marked:]  # it is not in the data
                continue
            first[key] = place.line
            self.marks.extend(place)
            mapping[key] = self._value(next(events), events, depth + 1)
            if mapping[key] is None and glued:
                mapping[key] = glued
        return mapping

    def _key(self, key: str, place: Place) -> tuple[str, str]:
        """The key, and the value that a slip of the colon has glued to it (else "")."""
        if "：" in key:
            before, _, after = (part.strip() for part in key.partition("："))
            message = f"「{before}」のあとのコロンが全角です。半角のコロンと空白で「{before}: 」と書いてください。"
            at = Place(place.line, place.column + key.index("："))
            self.problems.append(Problem(self.file, *at, "full-width-colon", message))
            return before, after
        before, colon, after = key.partition(":")
        if colon and before in self.known_keys:
            message = f"「{before}:」のあとに半角の空白がありません。「{before}: 」と書いてください。"
            at = Place(place.line, place.column + len(before) + 1)
            self.problems.append(Problem(self.file, *at, "no-space-after-colon", message))
            return before, after
        return key, ""

    def _scalar(self, event: Any, place: Place) -> str | None:
        value = str(event.value)
        if "\u00a0" in value or "\u200b" in value:
            message = "文の中に目に見えない特殊な空白（NBSP など）があります。消すか、ふつうの空白に直してください。"
            self.problems.append(Problem(self.file, *self._find(event, place, "\u00a0\u200b"), "nbsp", message))
        if event.style:
            return value
        self._check_plain(value, event, place)
        return None if value in _NOTHING else value

    def _find(self, event: Any, place: Place, characters: str) -> Place:
        for number in range(event.start_mark.line, min(event.end_mark.line + 1, len(self.lines))):
            for column, character in enumerate(self.lines[number]):
                if character in characters:
                    return Place(number + 1, column + 1)
        return place

    def _check_plain(self, value: str, event: Any, place: Place) -> None:
        def problem(rule: str, message: str, at: Place = place) -> None:
            self.problems.append(Problem(self.file, *at, rule, message))

        if _YES_NO.match(value):
            meant = "true" if value.lower() in ("yes", "on", "y") else "false"
            problem(
                "yes-no",
                f'「{value}」は引用符で囲んでください（"{value}"）。そのままでは「はい・いいえ」の値と読まれます。'
                f"「はい・いいえ」の値なら {meant} と書いてください。",
            )
        elif _SEXAGESIMAL.match(value):
            message = (
                f'「{value}」は引用符で囲んでください（"{value}"）。そのままでは60進の数と読まれることがあります。'
            )
            problem("sexagesimal", message)
        elif _LEADING_ZERO.match(value):
            message = (
                f'「{value}」は引用符で囲んでください（"{value}"）。そのままでは数と読まれ、はじめの 0 が消えます。'
            )
            problem("leading-zero", message)
        elif value[:1] in "“”‘’＂＇〝" and value:
            message = f'引用符「{value[0]}」は使えません。半角の引用符「"」で囲んでください。'
            problem("smart-quote", message)
        if line := self._swallowed_row(event):
            message = "「- 」の行の字下げ（行のはじめの空白）が、ほかの「- 」の行とそろっていません。"
            problem("list-indent", message, line)
        end = event.end_mark
        rest = self.lines[end.line][end.column :] if value and end.line < len(self.lines) else ""
        if swallowed := re.match(r"^ +#(?=[^\s#])", rest):
            message = (
                '空白のあとの「#」から後ろは読まれません。文の一部なら、文全体を引用符「"」で囲んでください。'
                "メモなら「# 」と空白をあけてください。"
            )
            problem("swallowed", message, Place(end.line + 1, end.column + swallowed.end()))

    def _swallowed_row(self, event: Any) -> Place | None:
        """Where a list row of another indent made YAML read several rows as one text."""
        first, last = event.start_mark.line, event.end_mark.line
        rows = [number for number in range(first + 1, last + 1) if re.match(r" *- ", self._line(number))]
        if not rows:
            return None
        around = (self._line(first - 1), self._line(rows[-1] + 1))
        own = len(self._line(first)) - len(self._line(first).lstrip(" "))
        fits = any(re.match(rf" {{{own}}}- ", line) for line in around)
        odd = rows[0] if fits else first
        return Place(odd + 1, self._line(odd).index("-") + 1) if "-" in self._line(odd) else Place(odd + 1, 1)

    def _line(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""


def _at(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)
