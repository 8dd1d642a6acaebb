"""The commands that people and other tools call, from outside."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT
from tests.app.programs import command, environment, fetch, running

KEYS = {"text", "decision", "answers", "choices", "ranked", "rival", "understood", "guard", "smalltalk", "ms"}


async def test_a_piped_chat_answers() -> None:
    done = await command("chat", given="ロックを解除するのにお金はかかりますか\n")
    assert done.code == 0
    assert "無料" in done.out


async def test_ask_gives_one_object_per_line_in_order_and_nothing_else() -> None:
    lines = [
        "署名用を忘れた",
        "",
        "暗証番号は8512です",
        "ﾛｯｸ",
        "婚姻届はどこですか",
        "\ud83d\ude31".encode("utf-16", "surrogatepass").decode("utf-16"),
    ]
    done = await command("ask", "-", "--json", given="\n".join(lines) + "\n")
    assert done.code == 0
    assert done.out.isascii()
    objects = [json.loads(line) for line in done.out.splitlines()]
    assert len(objects) == len(lines)
    for answer in objects:
        assert set(answer) == KEYS
        assert len(answer["ranked"]) >= 5
        scores = [match["score"] for match in answer["ranked"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert answer["decision"] in ("answer", "clarify", "none", "smalltalk")
        assert (len(answer["answers"]) in (1, 2)) == (answer["decision"] == "answer")
        assert (len(answer["choices"]) in (2, 3, 4)) == (answer["decision"] == "clarify")
    assert objects[0]["understood"]["pin"] == "sign"
    assert "8512" not in done.out
    assert objects[2]["guard"] == [{"kind": "pin4"}]


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        (b"", []),
        (
            b"\na\n\n"
            + "窓口\r\n持ち物\r\n".encode()
            + "窓口\r持ち物\u2028手数料\x0b\n".encode()
            + b"\xff\xfe\n\xed\xa0\x80\nb",
            ["", "a", "", "窓口", "持ち物", "窓口\r持ち物\u2028手数料\x0b", "\ufffd\ufffd", "\ufffd\ufffd\ufffd", "b"],
        ),
    ],
)
async def test_ask_answers_each_line_whatever_bytes_it_has(given: bytes, texts: list[str]) -> None:
    done = await command("ask", "-", "--json", given=given)
    assert (done.code, done.err) == (0, "")
    assert done.out.isascii()
    assert [json.loads(line)["text"] for line in done.out.splitlines()] == texts


async def test_ask_takes_an_argument_that_is_no_utf8() -> None:
    done = await command("ask", b"\xff\xe3\x82", "--json")
    assert done.code == 0
    assert json.loads(done.out)["text"] == "???"


async def test_ask_answers_a_line_before_the_next_one_comes() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "ask", "-", "--json"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for text in ("手数料", "窓口"):
        process.stdin.write(f"{text}\n".encode())
        answer = json.loads(await asyncio.wait_for(process.stdout.readline(), 120))
        assert answer["text"] == text
    process.stdin.close()
    assert await process.wait() == 0


async def test_check_finds_no_mistake_in_the_shipped_content() -> None:
    done = await command("check")
    assert done.code == 0, done.out


async def test_broken_content_does_not_start_and_says_where(tmp_path: Path) -> None:
    for name in ("faq", "flows"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    path = tmp_path / "faq" / "ja.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("    answer: |", "    anser: |", 1), encoding="utf-8")
    done = await command("run", MAINAKAGI_CONTENT=str(tmp_path))
    assert done.code == 3
    assert "faq/ja.yaml:" in done.err
    assert "「answer」のまちがいではありませんか" in done.err


async def test_a_wrong_setting_is_one_sentence() -> None:
    done = await command("run", MAINAKAGI_LISTEN="8080")
    assert (done.code, len(done.err.splitlines())) == (3, 1)


async def test_an_unknown_command_is_a_usage_error() -> None:
    assert (await command("fly")).code == 2


async def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    async with running(tmp_path) as first:
        done = await command("run", MAINAKAGI_LISTEN=first.url.removeprefix("http://"))
    assert done.code == 3
    assert "MAINAKAGI_LISTEN" in done.err


async def test_the_page_is_served_without_a_token(tmp_path: Path) -> None:
    async with running(tmp_path) as started:
        assert "暗証番号" in await fetch(started.url)
        assert "無料" in await fetch(f"{started.url}/said", text="解除にお金はかかりますか")
        health = json.loads(await fetch(f"{started.url}/healthz"))
        assert health["status"] == "ok"
        assert "解除" not in "".join(started.log)
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {"learnt", "counts.sqlite"}, "without Telegram nothing of a person is kept"


async def test_saved_content_goes_live_and_broken_content_does_not(tmp_path: Path) -> None:
    root, state = tmp_path / "root", tmp_path / "state"
    for name in ("faq", "flows"):
        shutil.copytree(PROJECT / name, root / name)
    notices = root / "faq" / "notices.yaml"
    async with running(state, MAINAKAGI_CONTENT=str(root)) as started:
        before = json.loads(await fetch(f"{started.url}/healthz"))["content"]
        flow = root / "flows" / "recover.yaml"
        good = flow.read_text(encoding="utf-8")
        flow.write_text(good.replace("start: 持ち物と行き先を調べる", "start: 新しいボタン"), encoding="utf-8")
        page = await _until(f"{started.url}/", "新しいボタン")
        assert json.loads(await fetch(f"{started.url}/healthz"))["content"] != before
        flow.write_text(good.replace("id: recover", "id recover"), encoding="utf-8")
        notices.write_text(
            "notices:\n  - {text: 台風のため本日は休みます。, from: 2026-01-01, until: 2099-12-31}\n", encoding="utf-8"
        )
        page = await _until(f"{started.url}/", "台風のため")
        assert "新しいボタン" in page, "the last good guides serve on"
        assert any("content not renewed" in line for line in started.log)


async def _until(url: str, text: str) -> str:
    import asyncio

    async with asyncio.timeout(30):
        while text not in (page := await fetch(url)):
            await asyncio.sleep(0.8)  # the page limits requests per client
    return page
