"""Typesetting happens in a process of its own, which comes and goes without anybody noticing."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from bot.printing.typesetting import Job, NotSet, Typesetter

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="36" height="36"><rect width="36" height="36" fill="{}"/></svg>'


def photo(colour: str) -> Job:
    return Job("photo.typ", "png", {"svg": SVG.format(colour)})


def process_of(typesetter: Typesetter) -> int:
    assert typesetter._process is not None
    return typesetter._process.pid


def test_one_process_makes_many_files_and_another_goes_on_when_it_dies() -> None:
    typesetter = Typesetter()
    (red,) = typesetter(photo("red"))
    first = process_of(typesetter)
    (blue,) = typesetter(photo("blue"))
    assert process_of(typesetter) == first
    assert red != blue
    assert red.startswith(b"\x89PNG")
    os.kill(first, signal.SIGKILL)
    assert typesetter(photo("red")) == (red,)
    assert process_of(typesetter) != first
    typesetter.close()


def test_a_job_that_cannot_be_done_is_refused_and_the_next_is_done() -> None:
    typesetter = Typesetter()
    with pytest.raises(NotSet):
        typesetter(Job("photo.typ", "png", {"svg": "no drawing"}))
    assert typesetter(photo("red"))[0].startswith(b"\x89PNG")
    typesetter.close()


def test_without_work_the_process_ends_and_with_work_it_comes_back() -> None:
    typesetter = Typesetter(idle=0.05)
    typesetter(photo("red"))
    while typesetter._process is not None:
        time.sleep(0.02)
    assert typesetter(photo("red"))[0].startswith(b"\x89PNG")
    typesetter.close()


def test_a_job_that_takes_too_long_is_given_up() -> None:
    typesetter = Typesetter(patience=0.0)
    with pytest.raises(NotSet):
        typesetter(photo("red"))


def test_it_sees_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "7:secret")
    typesetter = Typesetter()
    typesetter(photo("red"))
    seen = Path(f"/proc/{process_of(typesetter)}/environ").read_bytes()
    typesetter.close()
    assert b"secret" not in seen
