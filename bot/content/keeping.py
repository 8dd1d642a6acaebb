"""YAML that is read, changed and written without losing comments, order or quotes (ruamel.yaml).

Only for programs that change files for staff (`import`, the studio); what serves citizens is read by
`nodes.py`. Writing what was read gives the same bytes for every file in our form.
"""

from __future__ import annotations

import io
import re
from contextlib import suppress
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

_GUESSED = re.compile(r"(?:yes|no|on|off|y|n|true|false|null|~)$|[-+]?[0-9][0-9_,.:]*$|0[xo][0-9a-f]+$", re.IGNORECASE)
"""What some YAML reader takes for something else than text."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    return yaml


def loaded(text: str) -> Any:
    """The values of a YAML text, which remember how they were written."""
    return _yaml().load(text)


def written(data: Any) -> str:
    """The text of values that `loaded` returned."""
    out = io.StringIO()
    _yaml().dump(data, out)
    return out.getvalue()


def scalar(text: str, before: Any = None) -> str | date:
    """A text in the form of the one `before` it: a block if it has several lines, quotes where they are needed.

    A day (2026-11-28) is written as a day, without quotes.
    """
    if "\n" in text or isinstance(before, LiteralScalarString):
        block: str = LiteralScalarString(text.rstrip("\n") + "\n")
        return block
    if _DAY.fullmatch(text) and not isinstance(before, DoubleQuotedScalarString):
        with suppress(ValueError):
            return date.fromisoformat(text)
    quoted = isinstance(before, DoubleQuotedScalarString) or _GUESSED.match(text)
    in_quotes: str = DoubleQuotedScalarString(text)
    return in_quotes if quoted or " #" in text else text


def row_of(texts: list[str]) -> CommentedSeq:
    """A list on one line: [a, b]."""
    row = CommentedSeq([scalar(text) for text in texts])
    row.fa.set_flow_style()
    return row
