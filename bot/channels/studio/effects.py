"""What a draft means for citizens, found out beside the page: results, answers and questions that change.

Learning takes seconds and walking all paths some more, so it runs in one thread; the page asks
how far it is.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from bot.assistant import Assistant
from bot.content.model import Content, Question
from bot.content.problems import BrokenContent
from bot.matching.bilingual import is_written_in, matchers_of, words_of
from bot.matching.learning import Cache
from bot.matching.matcher import TrainedMatcher
from bot.matching.understanding import ChoiceMatch, ForeignMatcher, Matcher, Understanding, Understood
from bot.review.confusable import changed_decisions
from bot.review.diff import Table, Titles, changed_entries, diff, tables
from bot.review.drafts import Draft, Folder
from bot.review.prove import Profile, prove, summary
from bot.review.questions import UnreadableQuestions, city_questions

log = logging.getLogger(__name__)

_KEPT = 4
"""Matchers in memory: of what is saved, and of the newest drafts."""


class Learner:
    """Assistants for contents, saved or not. May be called from any thread; learning waits for its turn.

    Drafts have a cache of their own, so that they do not push out what serves.
    """

    def __init__(self, saved: Cache | None, drafts: Cache | None) -> None:
        self._saved, self._drafts = saved, drafts
        self._matchers: OrderedDict[str, Matcher] = OrderedDict()
        self._others: tuple[str, dict[str, ForeignMatcher]] = ("", {})
        self._lock = Lock()

    def matcher(self, content: Content, *, saved: bool) -> Matcher:
        """The matcher of a content; learning takes seconds where it is new."""
        with self._lock:
            found = self._matchers.pop(content.digest, None)
            if found is None:
                found = TrainedMatcher(content, self._saved if saved else self._drafts)
            self._matchers[content.digest] = found
            if len(self._matchers) > _KEPT:
                self._matchers.popitem(last=False)
            return found

    def assistant(self, content: Content, learns_from: Content, *, saved: bool) -> Assistant:
        """An Assistant of `content` that learns from `learns_from` once somebody types.

        A sample city has the same entries and wordings; only names of places in the answers differ,
        and no learning anew is worth waiting for that.
        """

        def other(language: str) -> ForeignMatcher:
            words = words_of(learns_from.translations[language])
            return _LaterForeign(lambda: self._further(learns_from, saved=saved)[language], words)

        return Assistant(
            content,
            matcher=_Later(lambda: self.matcher(learns_from, saved=saved)),
            matchers={language: other(language) for language in spoken(learns_from)},
        )

    def preview(self, content: Content) -> Assistant:
        """An Assistant for showing replies where nobody types: there at once, it understands nothing."""
        return Assistant(content, matcher=_Deaf(), matchers=dict.fromkeys(spoken(content), _Deaf()))

    def _further(self, content: Content, *, saved: bool) -> dict[str, ForeignMatcher]:
        """The matchers of the further languages of the newest content that was asked in one."""
        japanese = self.matcher(content, saved=saved)
        with self._lock:
            if self._others[0] != content.digest:
                cache = self._saved if saved else self._drafts
                self._others = (content.digest, matchers_of(content, japanese, cache))
            return self._others[1]


def spoken(content: Content) -> tuple[str, ...]:
    """The further languages that have wordings of their own, as `matchers_of` has them."""
    return tuple(language for language, one in content.translations.items() if one.typed.own_questions)


@dataclass
class Effects:
    """How far the search is, and what it found. `tables` is None until it is done."""

    stage: str = "順番を待っています"
    tables: tuple[Table, ...] | None = None
    trouble: str = ""

    @property
    def done(self) -> bool:
        return self.tables is not None or bool(self.trouble)


@dataclass
class Proof:
    """The rules of all guides, proved for a draft."""

    stage: str = "順番を待っています"
    lines: tuple[str, ...] = ()
    holds: bool = False
    done: bool = False


class Searches:
    """Searches one after the other, in a thread of their own."""

    def __init__(self, folder: Folder, learner: Learner) -> None:
        self._folder, self._learner = folder, learner
        self._pool = ThreadPoolExecutor(1, "studio-search")

    def prepare(self) -> None:
        """Learn from what is saved, so that the first question need not wait for it."""
        self._pool.submit(self._prepare)

    def _prepare(self) -> None:
        with suppress(BrokenContent):
            self._learner.matcher(self._folder.content(), saved=True)

    def close(self) -> None:
        """Begin no other search; one that runs is left to end with the process."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def effects(self, draft: Draft) -> Effects:
        """Search what the draft changes; the result fills itself."""
        found = Effects()
        self._pool.submit(self._run, found, lambda: self._find(draft, found))
        return found

    def proof(self, draft: Draft) -> Proof:
        """Prove the rules with the draft; the result fills itself."""
        found = Proof()
        self._pool.submit(self._prove, draft, found)
        return found

    def _run(self, found: Effects, work: Callable[[], None]) -> None:
        try:
            work()
        except BrokenContent:
            found.trouble = "いま保存されている内容にまちがいがあるので、くらべられません。先にそれを直してください。"
        except UnreadableQuestions as error:
            found.trouble = str(error)
        except Exception:
            log.exception("the effects of a draft could not be found")
            found.trouble = "しらべている途中で、うまくいかなくなりました。もう一度お試しください。"

    def _find(self, draft: Draft, found: Effects) -> None:
        found.stage = "内容を読んでいます"
        old, new = self._folder.content(), self._folder.content(draft)
        found.stage = "案内の道を、すべて歩いてくらべています"
        changes = []
        for change in diff(old, new):
            changes.append(change)
            if len(changes) % 200 == 0:
                found.stage = f"案内の道を歩いています（結果の変わる道：{len(changes):,}）"

        def learn(content: Content) -> Matcher:
            found.stage = "市民の言い方を学びなおしています（10秒ほど）"
            matcher = self._learner.matcher(content, saved=content is old)
            return _Counting(matcher, found)

        decisions = changed_decisions(old, new, city_questions(self._folder.root), learn)
        found.tables = tables(changes, changed_entries(old, new), decisions, Titles(old, new))

    def _prove(self, draft: Draft, found: Proof) -> None:
        def told(line: str) -> None:
            found.stage = line

        try:
            content = self._folder.content(draft)
            profiles = [Profile(content.municipality.name or "市の設定なし", content.municipality)]
            for path in self._folder.samples():
                city = self._folder.content(draft, path).municipality
                profiles.append(Profile(city.name or path, city))
            lines: list[str] = []
            found.holds = True
            for flow in content.flows.values():
                proof = prove(content, flow, tuple(profiles), told)
                lines += [line for line in summary(proof) if line.lstrip().startswith(("■", "×", "例：", "○"))]
                found.holds = found.holds and proof.holds
            found.lines = tuple(lines)
        except Exception:
            log.exception("a draft could not be proved")
            found.lines, found.holds = ("たしかめられませんでした。もう一度お試しください。",), False
        found.done = True


class _Deaf:
    """A matcher that understands nothing."""

    def understand(self, text: str) -> Understanding:
        return Understanding("none", (), (), (), Understood())

    def choose(self, text: str, question: Question) -> ChoiceMatch:
        return ChoiceMatch()

    def is_own(self, text: str) -> bool:
        return False


class _Later:
    """A matcher that is made when the first text is typed."""

    def __init__(self, make: Callable[[], Matcher]) -> None:
        self._make = make

    def understand(self, text: str) -> Understanding:
        return self._make().understand(text)

    def choose(self, text: str, question: Question) -> ChoiceMatch:
        return self._make().choose(text, question)


class _LaterForeign(_Later):
    """The same for a further language; which language a text is in is known without it."""

    def __init__(self, make: Callable[[], ForeignMatcher], words: frozenset[str]) -> None:
        super().__init__(make)
        self._words = words

    def is_own(self, text: str) -> bool:
        return is_written_in(text, self._words)


class _Counting:
    """A matcher that says how many texts it has understood."""

    def __init__(self, matcher: Matcher, found: Effects) -> None:
        self._matcher, self._found, self._count = matcher, found, 0

    def understand(self, text: str) -> Understanding:
        self._count += 1
        if self._count % 100 == 0:
            self._found.stage = f"市民の言い方の行き先をくらべています（{self._count:,}）"
        return self._matcher.understand(text)

    def choose(self, text: str, question: Question) -> ChoiceMatch:
        return self._matcher.choose(text, question)
