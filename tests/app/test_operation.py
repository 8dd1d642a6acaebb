"""What an operator sees: health, metrics, log lines, systemd's messages, and a quick stop."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.counting import Counting, Tally
from bot.dialogue.replies import Commanded, Pressed, Said
from bot.journal import JsonLines, PlainLines
from bot.settings import PROJECT
from bot.systemd import notify, watchdog_seconds
from tests.app.programs import command, fetch, running
from tests.shipped import shipped
from tests.telegram.fake_api import TOKEN, FakeApi

CHAT = 7_081_234_567


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    """Systemd's end of the notify socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(tmp_path / "notify"))
        channel.settimeout(60)
        yield channel


async def test_with_telegram_health_metrics_and_log_tell_the_state_and_no_text(
    tmp_path: Path, heard: socket.socket
) -> None:
    async with FakeApi() as api:
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": api.base_url,
            "NOTIFY_SOCKET": str(tmp_path / "notify"),
            "WATCHDOG_USEC": "300000",
        }
        async with running(tmp_path / "state", **settings) as started:
            await api.type(CHAT, "/guide")
            await api.type(CHAT, "ひみつのことば 0123")
            await api.until(lambda: not api.updates and len(api.texts()) >= 2, 60)
            health = json.loads(await fetch(f"{started.url}/readyz"))
            assert (health["status"], health["ready"], health["store"]) == ("ok", True, "ok")
            assert health["telegram"]["reachable"]
            metrics = await fetch(f"{started.url}/metrics")
            assert 'mainakagi_guides_started_total{guide="recover"} 1.0' in metrics
            assert 'mainakagi_telegram_updates_total{kind="said",outcome="answered"} 1.0' in metrics
            assert "mainakagi_content_problems 0.0" in metrics
            told = {heard.recv(99) for _ in range(4)}
            assert {b"READY=1", b"WATCHDOG=1"} == told
            hold = asyncio.Event()
            api.fail("sendMessage", 200, hold=hold)
            await api.type(CHAT, "/help")
            await api.until(lambda: any("使い方" in call.text for call in api.of("sendMessage")))
            started.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.1)
            hold.set()
            assert await asyncio.wait_for(started.process.wait(), 60) == 0
            assert any("使い方" in text for text in api.texts()), "what was in hand is answered"
    heard.setblocking(False)
    said = []
    while not said or said[-1] != b"STOPPING=1":
        said.append(heard.recv(99))
    lines = [line for line in started.log if not line.startswith("ready ")]
    assert all(json.loads(line)["level"] for line in lines)
    for secret in ("ひみつ", "0123", str(CHAT), TOKEN.partition(":")[2]):
        alone = rf"(?<![\d.]){secret}(?!\d)"  # not a run of digits within a figure
        assert re.search(alone, metrics + "".join(lines)) is None


def learners(process: int) -> list[Path]:
    """The processes that a process has learn for it, as folders of /proc."""
    children = [
        Path("/proc", child)
        for file in Path(f"/proc/{process}/task").glob("*/children")
        for child in file.read_text().split()
    ]
    return [child for child in children if b"bot.matching.learning" in (child / "cmdline").read_bytes()]


async def test_a_stop_ends_the_learning_from_saved_content_instead_of_waiting_for_it(tmp_path: Path) -> None:
    root, state = tmp_path / "content", tmp_path / "state"
    for folder in ("faq", "flows"):
        shutil.copytree(PROJECT / folder, root / folder)
    async with running(state, MAINAKAGI_CONTENT=str(root)) as started:
        kept = set(state.rglob("learnt-*.npz"))
        text = (root / "faq" / "ja.yaml").read_text()
        (root / "faq" / "ja.yaml").write_text(text.replace("question: ", "question: 新しい", 1))
        async with asyncio.timeout(60):
            while not (learning := learners(started.process.pid)):
                await asyncio.sleep(0.02)
        started.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(started.process.wait(), 60) == 0
        assert not [child for child in learning if child.exists()]
        assert set(state.rglob("learnt-*.npz")) == kept, "it was not waited for"
    assert not [line for line in started.log if "Traceback" in line]


async def test_until_registered_with_telegram_the_process_lives_but_is_not_ready(tmp_path: Path) -> None:
    async with FakeApi() as api:
        api.fail("getMe", 502, times=1000)
        settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": api.base_url}
        async with running(tmp_path, **settings) as started, aiohttp.ClientSession() as session:
            async with session.get(f"{started.url}/readyz") as response:
                assert response.status == 503
            health = json.loads(await fetch(f"{started.url}/healthz"))
            assert health["status"] == "starting"
            assert not health["telegram"]["reachable"]


async def test_rotating_the_key_says_what_to_do_next(tmp_path: Path) -> None:
    done = await command("rotate-key", MAINAKAGI_STATE_DIR=str(tmp_path))
    assert (done.code, len((tmp_path / "secret.key").read_text().split())) == (0, 2)
    assert "再起動" in done.out
    assert (await command("rotate-key", "--retire", MAINAKAGI_STATE_DIR=str(tmp_path))).code == 0
    assert len((tmp_path / "secret.key").read_text().split()) == 1
    done = await command("rotate-key", MAINAKAGI_STATE_DIR=str(tmp_path), MAINAKAGI_KEY="x")
    assert done.code == 3
    assert "MAINAKAGI_KEY" in done.err


@pytest.fixture(scope="module")
def counting() -> Counting:
    return Counting(shipped(), Tally())


def value(metric: object, **labels: str) -> float:
    return metric.labels(**labels)._value.get()  # type: ignore[attr-defined,no-any-return]


def test_a_guide_is_started_once_and_finished_once(counting: Counting) -> None:
    from bot.counting import FINISHED, STARTED

    started, finished = value(STARTED, guide="recover"), value(FINISHED, guide="recover")
    turn = counting.respond(None, Commanded("guide"))
    assert value(STARTED, guide="recover") == started + 1
    turn = counting.respond(turn.token, Said("zzzzzz"))
    assert value(STARTED, guide="recover") == started + 1
    for _ in range(30):
        if any(reply.route for reply in turn.replies):
            break
        buttons = [button for reply in turn.replies for button in reply.buttons if button.role in ("choice", "primary")]
        turn = counting.respond(turn.token, Pressed(buttons[-1].data))
    assert value(FINISHED, guide="recover") == finished + 1
    assert value(STARTED, guide="recover") == started + 1


def test_a_typed_question_is_counted_by_what_was_decided(counting: Counting) -> None:
    from bot.counting import DECISIONS

    before = value(DECISIONS, decision="answer")
    counting.respond(None, Said("ロックを解除するのにお金はかかりますか"))
    assert value(DECISIONS, decision="answer") == before + 1


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines()])
def test_a_log_line_names_an_exception_without_its_message(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("暗証番号は0123")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), (type(error), error, error.__traceback__))
    line = formatter.format(record)
    assert "ValueError at test_operation.py" in line
    assert "0123" not in line


def test_without_systemd_nothing_is_told(tmp_path: Path) -> None:
    assert not notify("READY=1", {})
    assert not notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "nobody")})


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
    ],
)
def test_a_sign_of_life_is_given_only_if_asked_of_this_process(
    environment: dict[str, str], seconds: float | None
) -> None:
    assert watchdog_seconds(environment) == seconds
