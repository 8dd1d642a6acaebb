"""The table of OWASP ASVS 5.0: well formed, the tests it names exist, and the page made of it is current."""

from __future__ import annotations

import ast
import csv
import functools
import re
from pathlib import Path

import pytest

from bench.securing import page
from bot.settings import PROJECT

with (PROJECT / "docs" / "asvs.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t"))


@functools.cache
def names_in(path: Path) -> frozenset[str]:
    """The tests of a file: functions and classes, also a state machine's `TestX = …`."""
    tree = ast.parse(path.read_text("utf-8"))
    made = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    given = {ast.unparse(node.target) for node in tree.body if isinstance(node, ast.AnnAssign)}
    return frozenset(name for name in made | given if name.startswith(("test_", "Test")))


def test_every_line_has_an_id_once_and_says_how_it_is_met_or_why_not() -> None:
    ids = [row["id"] for row in ROWS]
    assert len(set(ids)) == len(ids) > 100
    for row in ROWS:
        assert re.fullmatch(r"V\d{1,2}(\.\d{1,2}\.\d{1,2})?", row["id"])
        assert row["level"] in ("1", "2")
        assert row["what"]
        assert row["tests"] or row["why"], row["id"]


@pytest.mark.parametrize("name", sorted({name for row in ROWS for name in row["tests"].split(";") if name}))
def test_the_named_test_exists(name: str) -> None:
    path, _, test = name.partition("::")
    found = names_in(PROJECT / path)
    assert found
    assert test == "*" or test in found


def test_the_page_is_current() -> None:
    assert (PROJECT / "docs" / "security.md").read_text("utf-8") == page(), "run: python -m bench.securing"
