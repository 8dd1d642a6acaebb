"""Whatever the program writes down has its name on docs/privacy.md, and nothing else is on it."""

from __future__ import annotations

import ast
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from prometheus_client import REGISTRY

import bot.serving  # all of the program's metrics
from bot.channels.telegram.steps import Step
from bot.content.municipality import Municipality
from bot.health import Health
from bot.journal import JsonLines
from bot.settings import PROJECT
from bot.stores.counts import Counted, CountsFile
from bot.stores.given import GivenFile
from bot.stores.sqlite import SqliteStore
from bot.stores.store import Asked, Record, Ticked
from bot.stores.vault import Vault

assert bot.serving
Named = dict[str, set[str]]
PAGE: Named = {
    name: set(filter(None, inside.split(", ")))
    for name, inside in re.findall(r"`(\w+)\(([\w, ]*)\)`", (PROJECT / "docs" / "privacy.md").read_text("utf-8"))
}


def metrics() -> Named:
    """Every family the registry gives, with its label names."""
    found: Named = {}
    now = datetime.now(UTC)
    bot_ = SimpleNamespace(is_store_down=False, ready=SimpleNamespace(is_set=lambda: True), last_contact=1.0)
    live = SimpleNamespace(
        problems=(),
        assistant=SimpleNamespace(since=now, content=SimpleNamespace(sources={}, municipality=Municipality())),
    )
    health: Any = Health(live, bot_)  # type: ignore[arg-type]
    for family in [*REGISTRY.collect(), *health.collect()]:
        found.setdefault(family.name, set()).update(
            label for sample in family.samples for label in sample.labels if label not in ("le", "quantile")
        )
    for collector in REGISTRY._collector_to_names:  # labels of what has not been counted yet
        if labels := getattr(collector, "_labelnames", None):
            found[collector._name].update(labels)  # type: ignore[attr-defined]
    return found


def tables(path: Path) -> Named:
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: {row[1] for row in db.execute(f"PRAGMA table_info({name})")} for name in names}


def in_code(*classes: type) -> Named:
    return {one.__name__: {field.name for field in fields(one)} for one in classes}


async def test_every_column_of_the_store_is_named(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite", Vault(["0" * 43 + "="]))
    await store.close()
    found = {name: columns for name, columns in tables(tmp_path / "store.sqlite").items() if name != "sqlite_sequence"}
    assert found == {name: PAGE[name] for name in ("conversation", "parcel", "handled", "failure")}


def test_every_column_of_the_daily_counts_is_named(tmp_path: Path) -> None:
    CountsFile(tmp_path / "counts.sqlite").add({Counted(date(2026, 11, 28), "answer", "cost"): 1})
    assert tables(tmp_path / "counts.sqlite") == {"tally": PAGE["tally"]}


def test_every_column_of_the_questions_for_the_office_is_named(tmp_path: Path) -> None:
    GivenFile(tmp_path / "given.sqlite", Vault(["0" * 43 + "="])).keep("文")
    assert tables(tmp_path / "given.sqlite") == {"given": PAGE["given"]}


def test_every_field_of_a_record_and_of_a_parked_reply_is_named() -> None:
    for name, named in in_code(Record, Ticked, Asked, *get_args(Step)).items():
        assert PAGE[name] == named


def test_every_metric_and_label_is_named_and_no_other() -> None:
    found = {name: labels for name, labels in metrics().items() if not name.startswith("canary")}
    named = {name: labels for name, labels in PAGE.items() if name.startswith(("mainakagi_", "python_", "process_"))}
    assert found == named


def test_every_field_of_a_log_line_is_named() -> None:
    error = ValueError("x")
    record = logging.LogRecord("bot", 40, "", 0, "said", (), (ValueError, error, None))
    assert set(json.loads(JsonLines().format(record))) == PAGE["line"]


# --- what our own log lines say -------------------------------------------------------

LOGGED = {
    "describe(error)", "_told(hook.exc_value)", "type(error).__name__", "place.filename", "place.lineno",
    "metrics.route_of(request)",
    "incoming.update_id", 'raw["update_id"]',
    "error.strerror",  # bot/matching/learning.py: of a file of ours
    "status",  # bot/matching/learning.py: the exit code of a process of ours
    "error",  # bot/stores/enduring.py: a StoreError, whose sentence is ours
    "problem",  # bot/live.py: a mistake in the content, which is public
    "self.assistant.content.digest[:12]",
    "held.draft.file",  # bot/channels/studio: a content file that staff edit
}  # fmt: skip
"""All that a log line may have besides its fixed sentence."""


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((PROJECT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("log", "logger", "logging")
                and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical", "log")
            ):
                yield f"{path.relative_to(PROJECT)}:{node.lineno}", node


@pytest.mark.parametrize(("place", "call"), [pytest.param(*one, id=one[0]) for one in log_calls()])
def test_a_log_line_is_a_fixed_sentence_with_names_of_ours(place: str, call: ast.Call) -> None:
    sentence, *values = call.args
    assert isinstance(sentence, ast.Constant), f"{place}: no fixed sentence"
    said = {ast.unparse(value).replace("'", '"') for value in values}
    assert said <= LOGGED, f"{place} says {said - LOGGED}"


def test_no_module_talks_past_the_log() -> None:
    """`print` and stderr are for commands; the channels and everything under them have only the log."""
    loud = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for folder in ("channels", "dialogue", "matching", "stores", "printing")
        for path in (PROJECT / "bot" / folder).rglob("*.py")
        if path.name not in ("terminal.py", "typesetting.py")  # the latter a process that knows no citizen
        and path.parent.name != "studio"  # the staff's own tools
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Name) and node.id == "print")
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stderr", "sys.stdout"))
        or (isinstance(node, ast.Attribute) and node.attr.startswith("print_e"))
    ]
    assert loud == []
