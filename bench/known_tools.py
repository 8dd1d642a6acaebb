"""What staff would have without `check`: PyYAML, yamllint and a JSON Schema, taken together.

The schema is ours, without the ids that exist. Where the three find something that they do not find
in the clean file, the slip counts as caught; it is exact if one of them names its line.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from yamllint import linter
from yamllint.config import YamlLintConfig

from bench.slipping import Mutant
from bot.content.nodes import read
from bot.content.schema import Kind, all_keys, json_schema

_LINT = YamlLintConfig(
    "extends: default\nrules: {line-length: disable, document-start: disable, braces: disable, commas: disable, "
    "comments: {require-starting-space: true}, truthy: {check-keys: false}}"
)


class KnownTools:
    """Knows what the three say of the clean files."""

    def __init__(self, kinds: dict[str, Kind], clean: dict[str, bytes]) -> None:
        self.schemas = {kind: Draft202012Validator(json_schema(kind)) for kind in set(kinds.values())}
        self.clean = {name: self._said(raw, kinds[name])[1] for name, raw in clean.items()}

    def judge(self, mutant: Mutant, kind: Kind) -> tuple[bool, bool]:
        """Whether the slip is caught, and at its line."""
        lines, said = self._said(mutant.raw, kind)
        new = said - self.clean[mutant.file]
        return bool(new), bool(mutant.lines & lines)

    def _said(self, raw: bytes, kind: Kind) -> tuple[set[int], Counter[str]]:
        """The lines that are named, and everything that is said."""
        lines: set[int] = set()
        said: Counter[str] = Counter()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            return set(), Counter({str(error): 1})
        for problem in linter.run(text, _LINT):
            lines.add(problem.line)
            said[f"{problem.rule} {problem.desc}"] += 1
        try:
            data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            if mark is not None:
                lines.add(mark.line + 1)
            return lines, said + Counter({str(error): 1})
        places, _ = read("", raw, all_keys())
        for wrong in self.schemas[kind].iter_errors(_plain(data)):
            path = tuple(wrong.absolute_path)
            said[f"{path} {wrong.message[:80]}"] += 1
            lines |= {places.place(path).line, places.key_place(path).line}  # an editor underlines the value or key
        return lines, said


def _plain(data: Any) -> Any:
    """As an editor sees it: dates are text."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(one) for one in data]
    return str(data) if isinstance(data, date | datetime) else data
