"""What can be edited in one go: an entry, a fact, a source, the city's settings, the notices, a whole file.

A Unit says which file it stands in, turns the file's text into the fields of its form, and the
fields back into the file's text. It knows no HTTP.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.content.loading import ENTRIES, FACTS, MUNICIPALITY, NOTICES
from bot.content.municipality import UNCONFIRMED
from bot.review.editing import (
    ENTRY,
    FACT,
    SOURCE,
    Block,
    Fields,
    NotThere,
    entry_block,
    entry_fields,
    keyed_block,
    keyed_fields,
    notices_fields,
    put,
    with_entry,
    with_keyed,
    with_new_entry,
    with_new_keyed,
    with_notices,
)
from bot.review.sheets import CITY, BadTable, applied, tables

MOST_NOTICES = 20
_NO_ENTRIES, _NO_FACTS = "entries: []\n", "facts: {}\n"


@dataclass(frozen=True)
class Unit(ABC):
    """One thing to edit. `name` is its id, or a file's name."""

    name: str
    kind: ClassVar[str]
    has_form: ClassVar[bool] = True

    @property
    @abstractmethod
    def file(self) -> str:
        """The file it stands in, as Problems name it."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is, for headings."""

    @property
    def address(self) -> str:
        return f"/edit/{self.kind}/{self.name}"

    @abstractmethod
    def fields(self, text: str) -> dict[str, str]:
        """The form's fields in the file's text. Raises NotThere."""

    @abstractmethod
    def apply(self, text: str, fields: Fields) -> str:
        """The file's text with the form's fields. Raises NotThere, BadTable."""

    def block(self, text: str) -> Block:
        """The lines of the file that it stands in. Raises NotThere."""
        return Block(0, text.count("\n") + 1, text)

    def written(self, text: str, yaml: str) -> str:
        """The file's text with its lines as they were edited. Raises NotThere."""
        return put(text, self.block(text), yaml)

    def field_at(self, lines: Sequence[str], line: int, column: int) -> str:
        """The field that a place (from 1) in the file belongs to; "" if none."""
        return next(_keys_above(lines, line), "")


class WholeFile(Unit):
    """A file as it is."""

    kind = "file"
    has_form = False

    @property
    def file(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        return f"ファイル {self.name}"

    def fields(self, text: str) -> dict[str, str]:
        raise NotThere(self.name)

    def apply(self, text: str, fields: Fields) -> str:
        raise NotThere(self.name)

    def written(self, text: str, yaml: str) -> str:
        return yaml


class EntryUnit(Unit):
    """An answer of the FAQ."""

    kind = "entry"

    @property
    def file(self) -> str:
        return ENTRIES

    @property
    def title(self) -> str:
        return f"答え {self.name}"

    def fields(self, text: str) -> dict[str, str]:
        return entry_fields(self.block(text))

    def apply(self, text: str, fields: Fields) -> str:
        return with_entry(text, self.name, {key: value for key, value in fields.items() if key != "id"})

    def block(self, text: str) -> Block:
        return entry_block(text, self.name)


class NewEntry(Unit):
    """An answer that is not there yet. `name` is `-`; the id comes from the form."""

    kind = "new-entry"

    @property
    def file(self) -> str:
        return ENTRIES

    @property
    def title(self) -> str:
        return "新しい答え"

    def fields(self, text: str) -> dict[str, str]:
        return dict.fromkeys((*ENTRY, "group"), "")

    def apply(self, text: str, fields: Fields) -> str:
        return with_new_entry(text, fields, fields.get("group", ""))


class KeyedUnit(Unit):
    """A row of facts.yaml."""

    part: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    what: ClassVar[str]

    @property
    def file(self) -> str:
        return FACTS

    @property
    def title(self) -> str:
        return f"{self.what} {self.name}"

    def fields(self, text: str) -> dict[str, str]:
        return keyed_fields(self.block(text), self.columns)

    def apply(self, text: str, fields: Fields) -> str:
        return with_keyed(text, self.part, self.name, {key: fields.get(key, "") for key in self.columns})

    def block(self, text: str) -> Block:
        return keyed_block(text, self.part, self.name)

    def field_at(self, lines: Sequence[str], line: int, column: int) -> str:
        before = re.findall(r"(?<![a-z_])([a-z_]+):", lines[line - 1][: column + 1]) if line <= len(lines) else []
        return next((key for key in reversed(before) if key in self.columns), "")


class FactUnit(KeyedUnit):
    kind, part, columns, what = "fact", "facts", FACT, "値"


class SourceUnit(KeyedUnit):
    kind, part, columns, what = "source", "sources", SOURCE, "出典"


class _NewKeyed(KeyedUnit):
    """A row that is not there yet."""

    @property
    def title(self) -> str:
        return f"新しい{self.what}"

    def fields(self, text: str) -> dict[str, str]:
        return dict.fromkeys(("id", *self.columns), "")

    def apply(self, text: str, fields: Fields) -> str:
        return with_new_keyed(text, self.part, fields["id"], {key: fields.get(key, "") for key in self.columns})

    def block(self, text: str) -> Block:
        return Unit.block(self, text)


class NewFact(_NewKeyed):
    kind, part, columns, what = "new-fact", "facts", FACT, "値"


class NewSource(_NewKeyed):
    kind, part, columns, what = "new-source", "sources", SOURCE, "出典"


class CityUnit(Unit):
    """The city's settings as a questionnaire; a field for each setting, dotted."""

    kind = "city"

    @property
    def file(self) -> str:
        return MUNICIPALITY

    @property
    def title(self) -> str:
        return "市の設定"

    def fields(self, text: str) -> dict[str, str]:
        rows = tables(_NO_ENTRIES, _NO_FACTS, text)[CITY][1:]
        return {row[0]: "" if row[2] == UNCONFIRMED else row[2] for row in rows}

    def apply(self, text: str, fields: Fields) -> str:
        before = self.fields(text)
        rows = [
            [key, "", value.strip()] for key, value in fields.items() if value.strip() != before.get(key, "").strip()
        ]
        if not rows:
            return text
        edits = applied({CITY: [["項目", "たずねること", "答え"], *rows]}, _NO_ENTRIES, _NO_FACTS, text, "{}\n")
        return edits.texts["municipality"]

    def field_at(self, lines: Sequence[str], line: int, column: int) -> str:
        return ".".join(reversed(list(_keys_above(lines, line))))


class NoticesUnit(Unit):
    """All urgent notices; fields `0.text`, `0.from`, `0.until`, `1.text` …"""

    kind = "notices"

    @property
    def file(self) -> str:
        return NOTICES

    @property
    def title(self) -> str:
        return "急ぎのお知らせ"

    def fields(self, text: str) -> dict[str, str]:
        return {
            f"{number}.{key}": value
            for number, notice in enumerate(notices_fields(text))
            for key, value in notice.items()
        }

    def apply(self, text: str, fields: Fields) -> str:
        rows = [
            {key: fields.get(f"{number}.{key}", "").strip() for key in ("text", "from", "until")}
            for number in range(MOST_NOTICES)
        ]
        return with_notices(text, [row for row in rows if row["text"]])

    def field_at(self, lines: Sequence[str], line: int, column: int) -> str:
        return ""


UNITS: dict[str, type[Unit]] = {
    unit.kind: unit
    for unit in (WholeFile, EntryUnit, NewEntry, FactUnit, SourceUnit, NewFact, NewSource, CityUnit, NoticesUnit)
}


def _keys_above(lines: Sequence[str], line: int) -> Iterator[str]:
    """The keys that a line stands under, from the nearest outwards; ids of list rows are none."""
    deepest = 1000
    for number in range(min(line, len(lines)) - 1, -1, -1):
        found = re.match(r"( *)(- )?([A-Za-z_]+):", lines[number])
        if not found or len(found[1]) >= deepest:
            continue
        if found[2]:
            yield found[3]
            return
        deepest = len(found[1])
        yield found[3]


__all__ = ["UNITS", "BadTable", "CityUnit", "EntryUnit", "NotThere", "NoticesUnit", "Unit", "WholeFile"]
