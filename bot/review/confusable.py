"""Which questions the matcher takes for each other, and what a change of the content does to them.

Each wording is asked as if nobody had written it down: the matcher learns without it, in a few
rounds that leave out a part of all wordings each. What then goes to another entry shows where two
entries are too near to each other. This is not the hit rate on real questions; that is `evaluate`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from bot.content.model import Content
from bot.matching.matcher import TrainedMatcher
from bot.matching.understanding import Matcher, Understanding

ROUNDS = 5
"""Parts into which the wordings are divided; each is asked of a matcher that knows the others."""
MAX_TRIES = 40
"""Shortened sentences tried for one pair."""


@dataclass(frozen=True)
class Confusion:
    """A wording of `entry` that goes to `rival`. `margin` is by how much the rival is ahead.

    `rival_wording` is the nearest wording of the rival, `between` a shorter sentence that the
    matcher of today, which knows every wording, does not give to `entry` alone; "" if none was found.
    """

    entry: str
    wording: str
    rival: str
    rival_wording: str
    margin: float
    answered: bool
    between: str = ""


@dataclass(frozen=True)
class Changed:
    """A text that is decided otherwise than before. `entry` is whose wording it is, "" for a question of a file."""

    text: str
    entry: str
    old: str
    new: str

    @property
    def stolen(self) -> bool:
        """Whether a wording has lost its own entry."""
        return bool(self.entry) and self.entry in _named(self.old) and self.entry not in _named(self.new)


def _named(text: str) -> list[str]:
    """The ids in what `decision` says."""
    return text.rpartition("：")[2].split("・")


def wordings(content: Content) -> Iterator[tuple[str, str]]:
    """Every wording with the id of its entry."""
    for entry in content.entries:
        yield entry.id, entry.question
        yield from ((entry.id, wording) for wording in entry.also_asked)


def confusions(
    content: Content, learn: Callable[[Content], Matcher] = TrainedMatcher, rounds: int = ROUNDS
) -> tuple[Confusion, ...]:
    """Every wording that goes to another entry when it is left out, the clearest first.

    Which round a wording belongs to depends on itself alone, so an edit elsewhere does not move it.
    """
    found: list[Confusion] = []
    for part in range(rounds):
        matcher = learn(_without(content, part, rounds))
        for entry_id, wording in wordings(content):
            if _part(wording, rounds) == part:
                confusion = _confusion(entry_id, wording, matcher.understand(wording))
                if confusion is not None:
                    found.append(confusion)
    return tuple(sorted(found, key=lambda one: (not one.answered, -one.margin, one.entry, one.wording)))


def _part(wording: str, rounds: int) -> int:
    return crc32(wording.encode()) % rounds


def _without(content: Content, part: int, rounds: int) -> Content:
    """The content without the wordings of one part; an entry keeps its first question."""
    entries = [
        entry.model_copy(update={"also_asked": tuple(one for one in entry.also_asked if _part(one, rounds) != part)})
        for entry in content.entries
    ]
    return content.model_copy(update={"entries": tuple(entries)})


def _confusion(entry_id: str, wording: str, understood: Understanding) -> Confusion | None:
    scores = {match.id: match for match in understood.ranked}
    first = understood.ranked[0]
    if first.id == entry_id or entry_id in understood.answers or entry_id in understood.choices:
        return None
    own = scores[entry_id].score if entry_id in scores else 0.0
    answered = understood.decision == "answer"
    return Confusion(entry_id, wording, first.id, first.wording, first.score - own, answered)


def with_sentences(found: Iterable[Confusion], matcher: Matcher) -> Iterator[Confusion]:
    """Each confusion with the sentence between: its wording without some words, as a citizen in a hurry types it."""
    for one in found:
        between = next((text for text in _shortened(one.wording) if _leads_away(matcher.understand(text), one)), "")
        yield Confusion(**{**vars(one), "between": between})


def _leads_away(understood: Understanding, one: Confusion) -> bool:
    return one.rival in understood.answers or (one.rival in understood.choices and one.entry in understood.choices)


_CHUNK = re.compile(r"[一-龠々ー]+[ぁ-ん]*|[ァ-ヶー]+[ぁ-ん]*|[A-Za-z0-9]+[ぁ-ん]*|[ぁ-ん]+|\s+|.")


def _shortened(wording: str) -> Iterator[str]:
    """The wording without one chunk, then without two; at least four characters are left."""
    chunks = _CHUNK.findall(wording)
    tried = 0
    for width in (1, 2):
        for start in range(len(chunks) - width + 1):
            text = "".join(chunks[:start] + chunks[start + width :]).strip()
            if len(text) >= 4 and tried < MAX_TRIES:
                tried += 1
                yield text


def report(found: Sequence[Confusion], content: Content, top: int) -> Iterator[str]:
    """The confusions to read, each with what may help."""
    total = sum(1 for _ in wordings(content))
    wrong = sum(one.answered for one in found)
    yield f"言い方 {total} 個のうち、{len(found)} 個が別の答えに近く、そのうち {wrong} 個は別の答えを出します"
    yield "（その言い方をまだ知らないとして調べました）。"
    for number, one in enumerate(found[:top], 1):
        yield ""
        yield f"{number}. {_titled(one.entry, content)}"
        yield f"   言い方　　　　「{one.wording}」"
        yield f"   → {_titled(one.rival, content)}（差 {one.margin:.2f}）"
        yield f"   近い言い方　　「{one.rival_wording}」"
        if one.between:
            yield f"   間に入る文の例「{one.between}」"
    if found:
        yield ""
        yield "直し方：言い方をより分かる文にする、近い言い方を正しい答えへ移す、二つの答えを一つにする。"


def _titled(entry_id: str, content: Content) -> str:
    entry = content.entry(entry_id)
    return f"{entry_id}「{entry.question}」" if entry else entry_id


# --- what a change does ----------------------------------------------------------


def decision(understood: Understanding) -> str:
    """What a citizen gets, in words: the ids of the answers, of the choices, or none."""
    if understood.decision == "answer":
        return "・".join(understood.answers)
    if understood.decision == "clarify":
        return "聞き返す：" + "・".join(understood.choices)
    return "（あいさつ）" if understood.decision == "smalltalk" else "（答えなし）"


def changed_decisions(
    old: Content, new: Content, questions: Iterable[str] = (), learn: Callable[[Content], Matcher] = TrainedMatcher
) -> tuple[Changed, ...]:
    """Texts that are decided otherwise: all wordings of both contents, and the given questions."""
    if _teaches_the_same(old, new):
        return ()
    texts: dict[str, str] = {}
    for content in (old, new):
        texts.update((wording, entry_id) for entry_id, wording in wordings(content))
    for question in questions:
        texts.setdefault(question, "")
    before, after = learn(old), learn(new)
    found = []
    for text, entry_id in texts.items():
        was, now = decision(before.understand(text)), decision(after.understand(text))
        if was != now:
            found.append(Changed(text, entry_id, was, now))
    return tuple(sorted(found, key=lambda one: (not one.stolen, one.old, one.new, one.text)))


def _teaches_the_same(old: Content, new: Content) -> bool:
    return old.entries == new.entries and old.vocabulary == new.vocabulary and old.groups == new.groups
