"""An edited file that is not saved yet: its mistakes, what it changes, and its saving.

A Draft remembers what the file held when the editing began. It is saved only if the file still
holds that; else both texts are there to look at, and `merged` joins changes that do not touch the
same lines. A draft with mistakes is never saved.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from threading import Lock

from bot.content.fixing import fixed_bytes, replace_file
from bot.content.loading import MUNICIPALITY, NOTICES, load, paths
from bot.content.model import Content
from bot.content.problems import BrokenContent, Problem
from bot.content.watching import Stamp, stamp
from bot.review.checking import check
from bot.review.questionnaire import blank

Looked = tuple[Content | None, tuple[Problem, ...]]

_KEPT = 6
"""Contents that stay looked at: what is saved, and the newest edits."""


class Overtaken(Exception):
    """The file was changed by somebody else since the editing began. `now` is what it holds."""

    def __init__(self, now: str) -> None:
        super().__init__("the file has changed")
        self.now = now


class Refused(Exception):
    """The draft has mistakes. `problems` are those that keep it from being saved."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True)
class Draft:
    """One file as it was (`base`; None: there was none) and as it shall be (`text`)."""

    file: str
    base: str | None
    text: str

    @property
    def unsaved(self) -> dict[str, bytes]:
        """As `load` and `check` take it."""
        return {self.file: self.text.encode()}

    @property
    def changed(self) -> bool:
        return self.text != self.base

    def lines(self, around: int = 2) -> Iterator[tuple[str, int, str]]:
        """What differs: (`-`, `+`, ` ` or `…`, the line's number, the line)."""
        old, new = (self.base or "").split("\n"), self.text.split("\n")
        matcher = SequenceMatcher(None, old, new, False)
        for group in matcher.get_grouped_opcodes(around):
            if group[0][1] > 0:
                yield "…", group[0][1] + 1, ""
            for tag, i1, i2, j1, j2 in group:
                if tag == "equal":
                    yield from ((" ", j1 + number + 1, line) for number, line in enumerate(new[j1:j2]))
                else:
                    yield from (("-", i1 + number + 1, line) for number, line in enumerate(old[i1:i2]))
                    yield from (("+", j1 + number + 1, line) for number, line in enumerate(new[j1:j2]))


class Folder:
    """The content folder that staff edit, with the city's settings in it. May be used from any thread."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._looked: OrderedDict[tuple[Stamp, Draft | None], Looked] = OrderedDict()
        self._lock = Lock()

    def look(self, draft: Draft | None = None) -> Looked:
        """The content with the draft, if it has no mistake, and everything `check` says: half a second if new."""
        with self._lock:
            key = (stamp(self.root), draft)
            found = self._looked.pop(key, None) or check(self.root, unsaved=draft.unsaved if draft else {})
            self._looked[key] = found
            if len(self._looked) > _KEPT:
                self._looked.popitem(last=False)
            return found

    def files(self) -> dict[str, Path]:
        """Every file that may be edited, by name; the city's settings also before there are any."""
        known = paths(self.root)
        return {**known, NOTICES: self.root / NOTICES, MUNICIPALITY: self.root / MUNICIPALITY}

    def text(self, file: str) -> str | None:
        """What a file holds now; None if there is none. Raises KeyError (not a file of ours), UnicodeDecodeError."""
        path = self.files()[file]
        return path.read_bytes().decode("utf-8") if path.exists() else None

    def begin(self, file: str) -> Draft:
        """A draft of the file as it is now; the city's settings begin with the questionnaire. Raises KeyError."""
        text = self.text(file)
        if file == MUNICIPALITY and not (text or "").strip():
            return Draft(file, text, blank())
        return Draft(file, text, text or "")

    def content(self, draft: Draft | None = None, sample: str = "") -> Content:
        """The content with the draft, for the city or a sample city. Raises BrokenContent."""
        if sample:
            return load(self.root, self.samples()[sample], unsaved=draft.unsaved if draft else {})
        content, problems = self.look(draft)
        if content is None:
            raise BrokenContent(tuple(one for one in problems if one.severity == "error"))
        return content

    def samples(self) -> dict[str, Path]:
        """The fictional cities by name."""
        return {path.stem: path for path in sorted((self.root / "faq" / "samples").glob("*.yaml"))}

    def sample_names(self) -> dict[str, str]:
        """What each sample city is called, as far as that can be read."""
        texts = {name: path.read_text("utf-8", "replace") for name, path in self.samples().items()}
        return {
            name: found[1].strip("\"' ") if (found := re.search(r"^name:(.*)", text, re.MULTILINE)) else ""
            for name, text in texts.items()
        }

    def problems(self, draft: Draft | None = None) -> tuple[Problem, ...]:
        """Everything that `check` says, with the draft."""
        return self.look(draft)[1]

    def blocking(self, draft: Draft) -> tuple[Problem, ...]:
        """The mistakes that keep a draft from being saved: those in its file, and those that it makes elsewhere."""
        errors = [one for one in self.problems(draft) if one.severity == "error"]
        elsewhere = {(one.file, one.rule, one.message) for one in self.problems()} if errors else set()
        return tuple(
            one for one in errors if one.file == draft.file or (one.file, one.rule, one.message) not in elsewhere
        )

    def save(self, draft: Draft) -> None:
        """Write the file whole. Raises Overtaken, Refused, OSError."""
        now = self.text(draft.file)
        if now != draft.base:
            raise Overtaken(now or "")
        if blocking := self.blocking(draft):
            raise Refused(blocking)
        replace_file(self.files()[draft.file], draft.text.encode())


def corrected(draft: Draft, problems: tuple[Problem, ...], line: int) -> Draft:
    """The draft with the certain corrections of one line (0: of every line)."""
    wanted = [one for one in problems if one.file == draft.file and line in (0, one.line)]
    return replace(draft, text=fixed_bytes(draft.text.encode(), wanted)[0].decode())


def merged(draft: Draft, now: str) -> Draft | None:
    """The draft's change put into what the file holds `now`; None where both changed the same or neighbouring lines."""
    base, ours, theirs = (text.split("\n") for text in (draft.base or "", draft.text, now))
    mine, other = _changes(base, ours), _changes(base, theirs)
    if any(a1 <= b2 and b1 <= a2 for a1, a2, _ in mine for b1, b2, _ in other):
        return None
    lines = list(base)
    for start, end, new in sorted([*mine, *other], reverse=True):
        lines[start:end] = new
    return Draft(draft.file, now, "\n".join(lines))


def _changes(old: list[str], new: list[str]) -> list[tuple[int, int, list[str]]]:
    opcodes = SequenceMatcher(None, old, new, False).get_opcodes()
    return [(i1, i2, new[j1:j2]) for tag, i1, i2, j1, j2 in opcodes if tag != "equal"]
