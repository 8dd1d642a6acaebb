"""Whatever goes wrong wherever, at any log level: the operator learns kind and place, and nobody learns a text.

Each test is a process of its own, with asyncio's debug mode, faulthandler and every logger at DEBUG.
"""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import GIVEN_AWAY
from bot.settings import PROJECT

SECRET = "ひみつの0123"
TOKEN = "123456:AAF_0123456789abcdefghijklmnopqrs"

BEFORE = """
import asyncio, ctypes, faulthandler, logging, os, sys, threading, warnings
from bot.journal import keep_crashes_quiet, write_log
write_log(sys.argv[1]); keep_crashes_quiet(); faulthandler.enable()
logging.getLogger().setLevel(logging.DEBUG)
secret, token = os.environ["SECRET"], os.environ["TOKEN"]
def fail(*_): raise RuntimeError(secret)
async def fail_later(): raise RuntimeError(secret)
"""


@dataclass(frozen=True)
class Ended:
    code: int
    said: str
    left: list[str]
    """The files it left."""


def run(script: str, folder: Path, form: str = "json") -> Ended:
    """Run `script` after BEFORE in an empty folder, where core files would be allowed."""
    environment = {
        "PYTHONPATH": str(PROJECT),
        "SECRET": SECRET,
        "TOKEN": TOKEN,
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "default",
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        [sys.executable, "-c", BEFORE + script, form],
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)),
    )
    said = (done.stdout + done.stderr).decode()
    for hidden in (SECRET, "0123", TOKEN, SECRET.encode("unicode-escape").decode()):
        assert hidden not in said
    return Ended(done.returncode, said, [path.name for path in folder.rglob("*")])


@pytest.mark.parametrize(
    ("script", "told"),
    [
        pytest.param("fail()", "ended by RuntimeError at <string>:", id="the process"),
        pytest.param("raise ExceptionGroup(secret, [ValueError(secret), KeyError(secret)])", "KeyError", id="a group"),
        pytest.param("asyncio.run(fail_later())", "ended by RuntimeError", id="the event loop"),
        pytest.param(
            "t = threading.Thread(target=fail, name=secret); t.start(); t.join()",
            "a thread ended by RuntimeError",
            id="a thread",
        ),
        pytest.param("class A: __del__ = fail\nA()", "ignored: RuntimeError", id="a destructor"),
        pytest.param(
            "async def main():\n asyncio.create_task(fail_later(), name=secret)\n await asyncio.sleep(0.01)\n"
            "asyncio.run(main())",
            "RuntimeError at <string>:",
            id="a task nobody waits for",
        ),
        pytest.param(
            "async def main():\n asyncio.get_running_loop().call_soon(fail, secret)\n await asyncio.sleep(0.01)\n"
            "asyncio.run(main())",
            "RuntimeError at <string>:",
            id="a callback",
        ),
        pytest.param(
            "import time\nslow = lambda _: time.sleep(0.12)\n"
            "async def main():\n asyncio.get_running_loop().call_soon(slow, secret)\n"
            " await asyncio.sleep(0.01)\nasyncio.run(main())",
            "base_events.py:",
            id="a slow callback, in asyncio's debug mode",
        ),
        pytest.param("warnings.warn(secret)", "warnings.py:", id="a warning"),
        pytest.param(
            "logging.getLogger('httpx').info('HTTP Request: %s', 'https://api.telegram.org/bot' + token)",
            "httpx",
            id="httpx, which names the address",
        ),
        pytest.param(
            "logging.getLogger('telegram.Bot').debug(f'parameters {secret}', stack_info=True)",
            "telegram.Bot",
            id="the Telegram library",
        ),
        pytest.param(
            "try: fail()\nexcept Exception: logging.getLogger('aiohttp.server').exception('%s', secret)",
            "RuntimeError at <string>:",
            id="the web server",
        ),
        pytest.param("logging.getLogger('bot.x').error('%s', token)", "<token>", id="our own log, a token"),
    ],
)
def test_what_went_wrong_is_told_without_a_text(script: str, told: str, tmp_path: Path) -> None:
    assert told in run(script, tmp_path).said


def test_at_a_terminal_too(tmp_path: Path) -> None:
    script = "logging.getLogger('aiohttp.server').error('%s', secret, exc_info=KeyError(secret))\nfail()"
    said = run(script, tmp_path, "plain").said
    assert "(KeyError)" in said
    assert "ended by RuntimeError" in said


def test_a_crash_of_the_interpreter_tells_places_and_leaves_no_core(tmp_path: Path) -> None:
    ended = run("def work(text): ctypes.string_at(0)\nwork(secret)", tmp_path)
    assert ended.code == -signal.SIGSEGV
    assert "in work" in ended.said
    assert ended.left == []


def test_a_core_is_forbidden_to_the_process_itself(tmp_path: Path) -> None:
    assert "(0, 0)" in run("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))", tmp_path).said


@pytest.mark.parametrize(
    "words",
    [
        ["run", "--token", TOKEN],
        ["run", f"--token={TOKEN}"],
        [TOKEN],
        ["run", "--key", "A" * 43 + "="],
        ["run", "--store", "redis://user:pass@127.0.0.1/0"],
    ],
)
def test_a_secret_in_the_command_is_refused_without_repeating_it(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.cli import main

    assert main(words) == 2
    said = capsys.readouterr()
    assert said.err == GIVEN_AWAY + "\n"
    assert said.out == ""
