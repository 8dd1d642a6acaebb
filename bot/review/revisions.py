"""A content folder, or one as it was in a git revision, exported beside: `diff HEAD~1 .`"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoSuchContent(Exception):
    """Neither a folder with `faq` nor a revision of the repository. The message is for staff."""


@contextmanager
def content_folder(name: str, repository: Path) -> Iterator[Path]:
    """The folder `name`, or a temporary one with `faq` and `flows` of the revision `name`. Raises NoSuchContent."""
    if (Path(name) / "faq").is_dir():
        yield Path(name)
        return
    if Path(name).is_dir():
        raise NoSuchContent(f"「{name}」に faq フォルダーがありません。")
    with tempfile.TemporaryDirectory() as folder:
        _export(name, repository, Path(folder))
        yield Path(folder)


def _export(revision: str, repository: Path, folder: Path) -> None:
    tree = _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
    if tree is None:
        raise NoSuchContent(f"「{revision}」というフォルダーも、git の版もありません（例：HEAD~1）。")
    archive = _git(repository, "archive", "--format=tar", tree.decode().strip(), "faq", "flows")
    if archive is None:
        raise NoSuchContent(f"git の版「{revision}」に faq と flows がありません。")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")


def _git(repository: Path, *arguments: str) -> bytes | None:
    """What git prints, or None if it refuses or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
