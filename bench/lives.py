"""The real program in a process that can be killed a thousand times: `python -m bench.lives FOLDER`.

Loading the content takes seconds, so it is loaded once and each life is a fork, which runs
`bot.running.run` with everything else made anew: sockets, store, registration. One JSON object per
line comes in ({"settings": {…}, "point": …, "count": …}); out goes the process id, then how it
ended. A life kills itself with SIGKILL when a named point is reached for the `count`th time.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bot.live
import bot.running
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.sender import Sender
from bot.live import Live
from bot.settings import Settings

POINTS = {
    "fetched": "an update is there, nothing is done with it",
    "recorded": "the turn is saved, no step is done",
    "between save and send": "a step is about to go out",
    "between replies": "a reply is out and counted, the next is not",
    "sent and not counted": "a reply is out, the store does not know",
    "sent and not marked": "the last reply is out, the update is not marked handled",
    "reload": "new content is being built",
}


def die_at(point: str, count: int) -> None:
    """Let this process kill itself when `point` is reached for the `count`th time."""
    left = count

    def reached(where: str) -> None:
        nonlocal left
        if where == point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    steps_left: dict[int, int] = {}
    handle, finish, do, assemble = Delivery.handle, Delivery._finish, Sender.do, bot.live.assemble

    async def handle_(self: Delivery, incoming: Any, **more: Any) -> bool:
        reached("fetched")
        return await handle(self, incoming, **more)

    async def finish_(self: Delivery, conversation: Any, incoming: Any, record: Any, steps: Any, deadline: Any) -> None:
        reached("recorded")
        steps_left[incoming.chat_id] = len(steps)
        await finish(self, conversation, incoming, record, steps, deadline)

    async def do_(self: Sender, chat_id: int, step: Any, deadline: float, first: set[int] = set()) -> None:  # noqa: B006
        reached("between save and send" if chat_id not in first else "between replies")
        first.add(chat_id)
        await do(self, chat_id, step, deadline)
        steps_left[chat_id] = steps_left.get(chat_id, 1) - 1
        if steps_left[chat_id] <= 0:
            first.discard(chat_id)
            reached("sent and not marked")
        else:
            reached("sent and not counted")

    def assemble_(*arguments: Any) -> Any:
        threading.Timer(0.03 * count, lambda: reached("reload")).start()
        return assemble(*arguments)

    if point == "reload":
        left = 1
        bot.live.assemble = assemble_
    Delivery.handle, Delivery._finish, Sender.do = handle_, finish_, do_  # type: ignore[method-assign]


def live_once(order: dict[str, Any], live: Live, log: Path) -> int:
    """Fork a life; returns its process id."""
    process = os.fork()
    if process:
        return process
    status = 70
    try:
        os.setsid()
        with log.open("ab") as file:
            os.dup2(file.fileno(), 2)
        os.environ.update(order["settings"])
        if order.get("point"):
            die_at(order["point"], order["count"])
        bot.running.Live = lambda *_: live  # type: ignore[assignment, misc]
        status = asyncio.run(bot.running.run(Settings.from_environment()))
    except BaseException as error:  # a fork must not go on as its parent
        print(repr(error), file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def serve(folder: Path, out: Callable[[object], None]) -> None:
    """Fork one life after another, as ordered on stdin."""
    live = Live(folder / "content")
    out("loaded")
    for line in sys.stdin:
        process = live_once(json.loads(line), live, folder / "log")
        out(process)
        out(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))


if __name__ == "__main__":
    serve(Path(sys.argv[1]), lambda value: print(json.dumps(value), flush=True))
