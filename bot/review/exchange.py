"""The spreadsheet round trip on files: what `export` writes and what `import` takes back.

Nothing is written unless the content with the changes has no mistake; the Problems are the same as
those of `check`, at the places where the changes would stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content.fixing import replace_file
from bot.content.loading import ENTRIES, FACTS, MUNICIPALITY
from bot.content.loading import paths as known_paths
from bot.content.problems import Problem
from bot.review.checking import check
from bot.review.sheets import FILES, Edits, applied, tables
from bot.review.workbook import Rows, UnreadableSheet, csv_bytes, read_csv, read_xlsx, write_xlsx

BLANK = "faq/municipality-blank.yaml"


@dataclass(frozen=True)
class Taken:
    """What an import did: `edits` in words, and the Problems it would make, where they are any errors."""

    edits: Edits
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)


def export(target: Path, root: Path, municipality: Path | None) -> tuple[Path, ...]:
    """Write the tables to `target` (.xlsx, else a folder of .csv). Returns the files. Raises OSError."""
    entries, facts, city, _ = _texts(root, municipality)
    made = tables(entries, facts, city)
    if target.suffix.lower() == ".xlsx":
        target.parent.mkdir(parents=True, exist_ok=True)
        write_xlsx(target, made)
        return (target,)
    target.mkdir(parents=True, exist_ok=True)
    files = []
    for title, rows in made.items():
        files.append(target / f"{FILES[title]}.csv")
        files[-1].write_bytes(csv_bytes(rows))
    return tuple(files)


def read_tables(source: Path) -> dict[str, Rows]:
    """The tables of a workbook, a folder of .csv, or one .csv. Raises UnreadableSheet, OSError."""
    if source.suffix.lower() == ".xlsx":
        return {title: rows for title, rows in read_xlsx(source).items() if title in FILES}
    folder = source.is_dir()
    files = {title: (source if folder else source.parent) / f"{name}.csv" for title, name in FILES.items()}
    found = {
        title: read_csv(path.read_bytes(), path.name)
        for title, path in files.items()
        if (path.exists() if folder else path == source)
    }
    if not found:
        names = "、".join(f"{name}.csv" for name in FILES.values())
        raise UnreadableSheet(f"{source} に読める表がありません（.xlsx か、{names}）。")
    return dict(found)


def take(source: Path, root: Path, municipality: Path | None, *, today: date, dry: bool = False) -> Taken:
    """Put what a spreadsheet says otherwise into the YAML, unless that would make a mistake.

    With `dry` nothing is written. Raises BadTable, UnreadableSheet, OSError.
    """
    entries, facts, city, blank = _texts(root, municipality)
    edits = applied(read_tables(source), entries, facts, city, blank)
    paths = {"entries": root / ENTRIES, "facts": root / FACTS, "municipality": municipality or root / MUNICIPALITY}
    taken = Taken(edits, _checked(edits, paths, root, municipality, today))
    if not dry and not taken.refused:
        for name in edits.changed:
            replace_file(paths[name], edits.texts[name].encode())
    return taken


def _texts(root: Path, municipality: Path | None) -> tuple[str, str, str | None, str]:
    city, blank = municipality or root / MUNICIPALITY, root / BLANK
    return (
        (root / ENTRIES).read_text("utf-8"),
        (root / FACTS).read_text("utf-8"),
        city.read_text("utf-8") if city.exists() else None,
        blank.read_text("utf-8") if blank.exists() else "{}\n",
    )


def _checked(
    edits: Edits, paths: Mapping[str, Path], root: Path, municipality: Path | None, today: date
) -> tuple[Problem, ...]:
    """The Problems of the content with the changes; none if nothing was changed."""
    if not edits.changed:
        return ()
    names = {path: name for name, path in known_paths(root, municipality).items()}
    unsaved = {names.get(paths[name], MUNICIPALITY): edits.texts[name].encode() for name in edits.changed}
    return check(root, municipality, unsaved=unsaved, today=today)[1]
