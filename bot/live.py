"""The content that serves now, renewed when the files are saved.

New content is built beside the one that serves and takes its place in one assignment. Learning from
it takes much longer than reading it, so its texts serve at once, read with what was learnt from the
last ones, and the new learning follows; only content with other entries waits for its learning.
Content with mistakes never goes live: the last good one serves on, and `problems` says why. Urgent
notices are an exception (counter rule 18): they go live even while other files have mistakes.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.assistant import assemble, read, taught
from bot.content.loading import load_notices
from bot.content.model import Content
from bot.content.problems import BrokenContent, Problem
from bot.dialogue.presenting import NOBODY, Operator
from bot.matching.learning import Ended
from bot.memory import settle

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5
"""Seconds between two looks at the files."""

_OURS = Problem("faq", 1, 1, "failure", "内容を読む途中で、プログラムの不具合がありました。ログを見てください。")
"""Why the files do not serve when it is our mistake."""

_Stamp = frozenset[tuple[str, int, int]]


class Live:
    """Holds the Assistant that serves. Building one raises BrokenContent if the files have mistakes."""

    def __init__(
        self, root: Path, municipality: Path | None = None, operator: Operator = NOBODY, learnt: Path | None = None
    ) -> None:
        self._root, self._municipality, self._operator, self._learnt = root, municipality, operator, learnt
        self._seen = self._stamp()
        self.assistant = assemble(root, municipality, operator, learnt)
        self.problems: tuple[Problem, ...] = ()
        """Why the files as they are now do not serve; empty if they do."""
        self._learning: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()

    async def watch(self, stop: asyncio.Event) -> None:
        """Renew the content whenever files were saved, until `stop` is set."""
        while not stop.is_set():
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await stop.wait()
            except TimeoutError:
                await self.renew()

    async def renew(self) -> None:
        """Load the files again if one has changed."""
        stamp = self._stamp()
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            content = await asyncio.to_thread(read, self._root, self._municipality)
            if self.assistant.understands(content):
                self.assistant = self.assistant.with_content(content)
                learning = asyncio.create_task(self._learn(content))
                self._learning.add(learning)
                learning.add_done_callback(self._learning.discard)
            else:
                self.assistant = await asyncio.to_thread(taught, content, self._operator, self._learnt)
            self.problems = ()
            settle()
            log.info("content renewed: %s", self.assistant.content.digest[:12])
        except BrokenContent as broken:
            self.problems = broken.problems
            for problem in broken.problems:
                log.error("content not renewed: %s", problem)
            self._renew_notices()
        except Ended:
            log.info("content not renewed: the process stops")
        except Exception:  # whatever it is, it must not end the process: the last good content serves on
            log.exception("content not renewed")
            self.problems = (_OURS,)

    async def learnt(self) -> None:
        """Wait until what serves has been learnt from."""
        while self._learning:
            await asyncio.wait(self._learning)

    async def _learn(self, content: Content) -> None:
        """Learn from the content and let that serve, if nothing newer does by then."""
        async with self._one_at_a_time:
            if self.assistant.content.digest != content.digest:
                return
            try:
                learnt = await asyncio.to_thread(taught, content, self._operator, self._learnt)
            except Ended:
                return
            except Exception:  # the texts serve all the same, read with what was learnt before
                log.exception("nothing was learnt from the new content")
                return
            if self.assistant.content.digest == content.digest:
                self.assistant = learnt.with_content(self.assistant.content)
                settle()
                log.info("learnt from the new content: %s", self.assistant.content.digest[:12])

    def _renew_notices(self) -> None:
        notices, problems = load_notices(self._root, self._municipality)
        if not problems:
            self.assistant = self.assistant.with_notices(notices)

    def _stamp(self) -> _Stamp:
        files = [*(self._root / "faq").glob("*"), *(self._root / "flows").glob("*")]
        if self._municipality is not None:
            files.append(self._municipality)
        stamps = set()
        for file in files:
            try:
                status = file.stat()
            except FileNotFoundError:  # saved by renaming, just now
                continue
            stamps.add((str(file), status.st_mtime_ns, status.st_size))
        return frozenset(stamps)
