"""The real program in a process that can be killed a thousand times: `python -m bench.lives FOLDER`.

Loading the content takes seconds, so it is loaded once and each life is a fork, which runs
`bot.running.run` with everything else made anew: sockets, store, registration. One JSON object per
line comes in ({"settings": {…}, "point": …, "count": …}); out goes [process id, null], and later
[process id, how it ended]. A life kills itself with SIGKILL when a named point is reached for the
`count`th time. `Lives` is the other end of this.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import shutil
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import bot.live
import bot.running
import bot.serving
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.sender import Sender
from bot.live import Live
from bot.memory import settle
from bot.settings import PROJECT, Settings
from tests.app.programs import environment

POINTS = {
    "fetched": "an update is there, nothing is done with it",
    "computed": "the turn is known, nothing of it is done or saved",
    "about to send": "the first step is about to go out",
    "between replies": "a reply is out and saved as out, the next is parked and about to go out",
    "sent and not saved": "a reply is out that others follow, the store does not know",
    "last sent and not saved": "the last reply is out, the update is not marked handled, or the parcel is still there",
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
    handle, finish, do, read = Delivery.handle, Delivery._finish, Sender.do, bot.live.read

    async def handle_(self: Delivery, incoming: Any, **more: Any) -> bool:
        reached("fetched")
        return await handle(self, incoming, **more)

    async def finish_(self: Delivery, conversation: Any, incoming: Any, record: Any, steps: Any, *more: Any) -> None:
        reached("computed")
        steps_left[incoming.chat_id] = len(steps)
        await finish(self, conversation, incoming, record, steps, *more)

    async def do_(self: Sender, chat_id: int, step: Any, deadline: float, first: set[int] = set()) -> None:  # noqa: B006
        reached("about to send" if chat_id not in first else "between replies")
        first.add(chat_id)
        await do(self, chat_id, step, deadline)
        steps_left[chat_id] = steps_left.get(chat_id, 1) - 1
        if steps_left[chat_id] <= 0:
            first.discard(chat_id)
            reached("last sent and not saved")
        else:
            reached("sent and not saved")

    def read_(*arguments: Any) -> Any:
        threading.Timer(0.03 * count, lambda: reached("reload")).start()
        return read(*arguments)

    if point == "reload":
        left = 1
        bot.live.read = read_
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
        bot.running.Live = lambda *_, **__: live  # type: ignore[assignment, misc]
        bot.running.settle = lambda: None  # it would touch, and so copy, the memory that the lives share
        bot.serving.open_press = lambda: None
        status = asyncio.run(bot.running.run(Settings.from_environment()))
    except BaseException as error:  # a fork must not go on as its parent
        print(repr(error), file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def serve(folder: Path, out: Callable[[object], None]) -> None:
    """Fork lives as ordered on stdin, until that is closed; then no life is left, also where the bench was killed."""
    live = Live(folder / "content", learnt=Settings().learnt)  # as the program does: learning is another process's work
    settle()
    out("loaded")
    waiting, open_, living = b"", True, set[int]()
    try:
        while open_:
            if select.select([0], [], [], 0.01)[0]:
                read = os.read(0, 1 << 16)
                open_ = bool(read)
                *lines, waiting = (waiting + read).split(b"\n")
                for line in lines:
                    living.add(process := live_once(json.loads(line), live, folder / "log"))
                    out([process, None])
            with suppress(ChildProcessError):  # there is none yet
                process, status = os.waitpid(-1, os.WNOHANG)
                if process:
                    living.discard(process)
                    out([process, os.waitstatus_to_exitcode(status)])
    finally:
        for process in living:
            os.kill(process, signal.SIGKILL)


class Lives:
    """Begins lives and tells how they ended. The content is a copy in `folder/content`, the log `folder/log`."""

    def __init__(self, folder: Path, process: asyncio.subprocess.Process) -> None:
        self.folder, self._process = folder, process
        self._begun: asyncio.Queue[int] = asyncio.Queue()
        self._ends: dict[int, asyncio.Future[int]] = {}

    @classmethod
    @asynccontextmanager
    async def start(cls, folder: Path, content: Path = PROJECT) -> AsyncIterator[Lives]:
        """Copy the content (the folder that has `faq` and `flows`), load it, and be ready to fork."""
        for name in ("faq", "flows"):
            shutil.copytree(content / name, folder / "content" / name)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bench.lives",
            str(folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=PROJECT,
            env=environment(OPENBLAS_NUM_THREADS="1"),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert json.loads(await process.stdout.readline()) == "loaded"
        lives = cls(folder, process)
        reading = asyncio.create_task(lives._read())
        try:
            yield lives
        finally:
            for process_id, end in lives._ends.items():
                if not end.done():
                    os.kill(process_id, signal.SIGKILL)
            process.stdin.close()
            await process.wait()
            await reading

    async def begin(self, settings: dict[str, str], point: str = "", count: int = 1) -> int:
        """Start a life; returns its process id."""
        assert self._process.stdin is not None
        order = {"settings": settings, "point": point, "count": count}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        return await self._begun.get()

    async def ended(self, process: int) -> int:
        """Wait for its end; returns its exit code, negative for a signal."""
        return await asyncio.shield(self._ends[process])

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            process, status = json.loads(line)
            if status is None:
                self._ends[process] = asyncio.get_running_loop().create_future()
                self._begun.put_nowait(process)
            else:
                self._ends[process].set_result(status)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), lambda value: print(json.dumps(value), flush=True))
