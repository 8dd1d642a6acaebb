"""Content that another process reads is the same content, and its mistakes are the same mistakes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.content.problems import BrokenContent
from bot.reading import read, read_apart

SMALL = Path(__file__).parents[1] / "dialogue" / "content"


def test_it_is_the_same_content() -> None:
    assert read_apart(SMALL) == read(SMALL)


def test_its_mistakes_are_told(tmp_path: Path) -> None:
    root = tmp_path / "content"
    shutil.copytree(SMALL, root)
    (root / "faq" / "ja.yaml").write_text("entries: [", "utf-8")
    with pytest.raises(BrokenContent) as here:
        read(root)
    with pytest.raises(BrokenContent) as there:
        read_apart(root)
    assert there.value.problems == here.value.problems


def test_without_another_process_it_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise subprocess.CalledProcessError(1, "python")

    monkeypatch.setattr(subprocess, "run", fail)
    assert read_apart(SMALL) == read(SMALL)
