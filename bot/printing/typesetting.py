"""Typst in a process of its own: `python -m bot.printing.typesetting`, started when a file is asked for.

Typst keeps what it worked out and the fonts, about 100 MB, and some of it is never given back. Here
it lives only while files are asked for, and what ends it (a picture out of all proportion, a fault
in native code) ends no conversation. `Typesetter` is this end, `serve` the other. Both talk in jobs:
a line of JSON goes out; a line with the sizes of the files comes back (none if Typst refuses), and then the files.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Literal

IDLE_SECONDS = 60.0
"""So long after its last job the process ends."""

PATIENCE = 30.0
"""Seconds that one job may take before the process is ended: the longest takes one."""

PIXELS_PER_INCH = 216.0
"""A picture of 360 pt is 1080 pixels wide: what phones show without enlarging."""

PACKAGES = ("typst", "noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold")
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Job:
    """One layout of this folder with its inputs. `made_on` is the day that stands in a PDF's data, YYYY-MM-DD."""

    layout: Literal["sheet.typ", "photo.typ", "usage.typ"]
    form: Literal["pdf", "png"]
    inputs: dict[str, str]
    made_on: str = ""


class NotSet(Exception):
    """The files of a job could not be made."""


def is_installed() -> bool:
    """Whether the packages of the extra [print] are there; does not load them."""
    return all(importlib.util.find_spec(name) is not None for name in PACKAGES)


class Typesetter:
    """Makes the files of jobs, one job at a time. May be called from any thread; blocks until they are made."""

    def __init__(self, *, idle: float = IDLE_SECONDS, patience: float = PATIENCE) -> None:
        self._idle, self._patience, self._lock = idle, patience, Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ending: Timer | None = None

    def __call__(self, job: Job) -> tuple[bytes, ...]:
        """The files of one job: one PDF, or a PNG per page. Raises NotSet."""
        with self._lock:
            if self._ending is not None:
                self._ending.cancel()
            known = self._process
            try:
                files = self._do(job)
                if files is None and known is not None:  # it had died since its last job, or this one ended it
                    files = self._do(job)
            finally:
                self._ending = _later(self._idle, self.close)
        if not files:
            raise NotSet("Typst refused the job" if files is not None else "the typesetting process ended")
        return files

    def close(self) -> None:
        """End the process; the next job starts another."""
        with self._lock:
            self._end()

    def _do(self, job: Job) -> tuple[bytes, ...] | None:
        """The files, none if Typst refused; None if the process ended."""
        process = self._process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        limit = _later(self._patience, process.kill)
        try:
            process.stdin.write(json.dumps(asdict(job)).encode() + b"\n")
            process.stdin.flush()
            files = _read_files(process.stdout)
        except OSError:
            files = None
        finally:
            limit.cancel()
        if files is None:
            self._end()
        return files

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        return subprocess.Popen(  # noqa: S603 - this interpreter, this module
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a message of Typst's quotes its input
            env={"PYTHONPATH": str(_FOLDER.parents[1])},  # no secrets of ours
            start_new_session=True,  # a Ctrl-C is for us; its own end comes with its stdin's
        )

    def _end(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.communicate()


def _later(seconds: float, work: Callable[[], None]) -> Timer:
    timer = Timer(seconds, work)
    timer.daemon = True
    timer.start()
    return timer


def _read_files(stream: IO[bytes]) -> tuple[bytes, ...] | None:
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    sizes = json.loads(line)
    files = tuple(stream.read(size) for size in sizes)
    return files if [len(file) for file in files] == sizes else None


def serve(given: IO[bytes], out: IO[bytes]) -> None:
    """Do the jobs that come in until there are no more."""
    import typst

    folders = [str(Path(str(importlib.import_module(name).FONT_PATH)).parent) for name in PACKAGES[1:]]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    compiler = typst.Compiler(_FOLDER / "sheet.typ", root=_FOLDER, font_paths=fonts)
    for line in given:
        job = Job(**json.loads(line))
        try:
            files = _compile(compiler, job)
        except Exception:  # whatever it is, the other end says it without the job's text
            out.write(b"[]\n")
        else:
            out.write(json.dumps([len(file) for file in files]).encode() + b"\n" + b"".join(files))
        out.flush()


def _compile(compiler: object, job: Job) -> tuple[bytes, ...]:
    if job.form == "pdf":
        made = datetime.combine(date.fromisoformat(job.made_on), datetime.min.time(), UTC)
        options = {"format": "pdf", "pdf_standards": "ua-1", "timestamp": made}
    else:
        options = {"format": "png", "ppi": PIXELS_PER_INCH}
    made_files = compiler.compile(_FOLDER / job.layout, sys_inputs=job.inputs, **options)  # type: ignore[attr-defined]
    return (made_files,) if isinstance(made_files, bytes) else tuple(made_files)


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
