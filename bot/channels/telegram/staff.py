"""An optional chat of the staff that hears when saved content does not go live, and when it does again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from html import escape

from bot.content.problems import Problem

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5
"""Seconds between two looks at the problems."""
TRY_AGAIN = 30.0
"""Seconds until a message that could not be sent is tried again, if it is still true."""
_MOST = 5

_GOOD = "✓ 内容のまちがいが直りました。新しい内容で案内しています。"


class StaffNews:
    """Tells each failure once, and once that all is good again.

    `problems` are what keeps the files from going live now; `tell` sends a message in Telegram's HTML
    and returns whether it went out. Several workers would each tell: give only one of them the chat.
    """

    def __init__(self, problems: Callable[[], tuple[Problem, ...]], tell: Callable[[str], Awaitable[bool]]) -> None:
        self._problems, self._tell = problems, tell
        self._told: set[frozenset[tuple[str, str, str]]] = set()

    async def watch(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set."""
        pause = LOOK_EVERY
        while not stop.is_set():
            try:
                async with asyncio.timeout(pause):
                    await stop.wait()
            except TimeoutError:
                pause = LOOK_EVERY if await self.look() else TRY_AGAIN

    async def look(self) -> bool:
        """Tell what is new, if anything is. False if it could not be told."""
        problems = self._problems()
        gist = frozenset((one.file, one.rule, one.message) for one in problems)
        if problems and gist not in self._told:
            if not await self._tell(failure(problems)):
                return False
            self._told.add(gist)
        elif not problems and self._told:
            if not await self._tell(_GOOD):
                return False
            self._told.clear()
        return True


def failure(problems: tuple[Problem, ...]) -> str:
    """The message about content that does not go live."""
    lines = [
        "⚠ 保存された内容にまちがいがあるので、<b>前の内容のまま</b>案内しています。",
        *(f"・{escape(one.file)} の{one.line}行目：{escape(one.message)}" for one in problems[:_MOST]),
    ]
    if len(problems) > _MOST:
        lines.append(f"ほか{len(problems) - _MOST}件")
    return "\n".join([*lines, "直して保存すると、自動で新しくなります。"])
