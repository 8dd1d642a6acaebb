"""Questions that people handed to the office, proposed as wordings of the answers that were nearest.

A person decides about each; what is accepted goes under `also_asked` of an entry, and every other byte of the
file stays (editing.py). Nothing is written that `check` would call a mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content.fixing import replace_file
from bot.content.model import Content
from bot.content.problems import Problem
from bot.dialogue.guard import PLACEHOLDER
from bot.matching.understanding import Match, Matcher
from bot.review.checking import check
from bot.review.editing import NotThere, entry_block, entry_fields, with_entry

SHOWN = 3
"""Entries that are shown with each text."""

FAR = 0.3
"""Below this score no entry is near: the text may need an answer of its own."""

FILE = "faq/ja.yaml"


@dataclass(frozen=True)
class Suggestion:
    """A handed-over text, the day it came, and the entries nearest to it, best first."""

    address: str
    text: str
    day: date
    near: tuple[Match, ...]

    @property
    def best(self) -> str | None:
        """The id of the nearest entry."""
        return self.near[0].id if self.near else None


class NotAdded(Exception):
    """A wording was not written; the message says why, for staff."""


def suggestion(address: str, text: str, day: date, matcher: Matcher) -> Suggestion:
    """The text on one line, with what is nearest to it."""
    line = " ".join(text.split())
    return Suggestion(address, line, day, matcher.understand(line).ranked[:SHOWN])


def shown(one: Suggestion, content: Content) -> Iterator[str]:
    """The lines of one suggestion."""
    yield f"「{one.text}」（{one.day.year}年{one.day.month}月{one.day.day}日に届きました）"
    for match in one.near:
        entry = content.entry(match.id)
        yield f"  {match.score:.2f} {match.id}「{entry.question if entry else ''}」"
        yield f"       近い言い方「{match.wording}」"
    if not one.near or one.near[0].score < FAR:
        yield "  どの答えにも近くありません。新しい答えが要るかもしれません。"


def add_wording(root: Path, municipality: Path | None, entry: str, wording: str) -> None:
    """Write `wording` under `also_asked` of the entry. Raises NotAdded, and then the file is as it was."""
    if PLACEHOLDER in wording:
        raise NotAdded("消した所（●●●●）があります。w で、その所のない文に書き直してください。")
    path = root / FILE
    try:
        before = path.read_bytes()
        text = before.decode()
        fields = entry_fields(entry_block(text, entry))
        wordings = "\n".join(line for line in (fields["also_asked"], wording) if line)
        after = with_entry(text, entry, {**fields, "also_asked": wordings}).encode()
        known = set(_errors(check(root, municipality)[1]))
        new = [one for one in _errors(check(root, municipality, unsaved={FILE: after})[1]) if one not in known]
        if new:
            raise NotAdded("\n".join(new))
        replace_file(path, after)
    except NotThere as error:
        raise NotAdded(f"答え「{entry}」を {FILE} から読めません。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise NotAdded(f"{FILE} を読み書きできません。") from error


def _errors(problems: Iterable[Problem]) -> list[str]:
    return [problem.message for problem in problems if problem.severity == "error"]


ASKED = "加えますか？ y＝加える、n＝加えずに消す、答えの id＝その答えに加える、w 文＝文を書き直す、s＝あとで、q＝終わる"


def decide(
    suggestions: Iterable[Suggestion],
    content: Content,
    ask: Callable[[str], str | None],
    say: Callable[[str], None],
    add: Callable[[str, str], None],
    remove: Callable[[str], None],
) -> int:
    """Ask about each; returns how many wordings were added.

    `ask` gives the line that a person typed, or None at the end; `add` takes entry and wording (raises NotAdded);
    `remove` deletes a handed-over text, which happens after each yes and each no.
    """
    added = 0
    for one in suggestions:
        wording = one.text
        say("\n" + "\n".join(shown(one, content)))
        while True:
            line = ask(ASKED)
            if line is None or line.strip().lower() == "q":
                return added
            typed = line.strip()
            if typed.lower() == "s":
                break
            if typed.lower() == "n":
                remove(one.address)
                say("消しました。")
                break
            if typed.lower().startswith("w ") and typed[2:].strip():
                wording = typed[2:].strip()
                say(f"この文にします：「{wording}」")
                continue
            entry = one.best if typed.lower() == "y" else typed
            if entry is None or content.entry(entry) is None:
                say(f"「{typed}」という答えはありません。")
                continue
            try:
                add(entry, wording)
            except NotAdded as error:
                say(f"加えませんでした。{error}")
                continue
            remove(one.address)
            say(f"答え「{entry}」に加え、届いた文は消しました。")
            added += 1
            break
    return added
