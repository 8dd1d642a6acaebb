"""What the program's own files do not do, and what stands in front of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web.app import make_app
from bot.channels.web.settings import WebSettings
from bot.settings import PROJECT
from tests.shipped import shipped

BOT = sorted((PROJECT / "bot").rglob("*.py"))
NGINX = (PROJECT / "deploy" / "nginx.conf").read_text("utf-8")


def calls() -> Iterator[tuple[str, str]]:
    """Every call of the program: where, and what is called."""
    for path in BOT:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(PROJECT)}:{node.lineno}", ast.unparse(node.func)


def test_no_module_runs_text_as_code() -> None:
    forbidden = re.compile(
        r"eval|exec|compile|__import__|os\.(?:system|popen)|pickle\.\w+|marshal\.\w+|shelve\.\w+"
        r"|yaml\.(?:load|unsafe_load|full_load|load_all)"
    )
    assert [call for call in calls() if forbidden.fullmatch(call[1])] == []
    assert not [path for path in BOT if "shell=True" in path.read_text("utf-8")]


def test_no_weak_hash_is_used() -> None:
    assert [call for call in calls() if re.search(r"(?:^|\.)(?:md5|sha1)$", call[1])] == []


def test_the_script_keeps_nothing_in_the_browser() -> None:
    for path in (PROJECT / "bot" / "channels" / "web" / "static").glob("*.js"):
        assert not re.search(
            r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.", path.read_text("utf-8")
        )


async def test_methods_that_are_not_used_are_refused() -> None:
    assistant = shipped()
    app = make_app(lambda: assistant, settings=WebSettings())
    async with TestClient(TestServer(app)) as client:
        for method in ("TRACE", "PUT", "DELETE", "OPTIONS"):
            assert (await client.request(method, "/")).status == 405


def test_nginx_speaks_only_current_tls_and_says_so() -> None:
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in NGINX
    age = re.search(r'Strict-Transport-Security "max-age=(\d+); includeSubDomains" always;', NGINX)
    assert age
    assert int(age[1]) >= 365 * 24 * 3600


def test_nginx_does_not_show_the_metrics() -> None:
    for path in ("/metrics", "/healthz", "/readyz"):
        assert f"location = {path} {{ deny all; }}" in NGINX


def test_the_image_holds_the_program_and_its_content_only() -> None:
    text = (PROJECT / "deploy" / "Containerfile").read_text("utf-8")
    final = text[text.rindex("\nFROM ") :]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", final, re.MULTILINE)
    assert {name.strip("/") for line in copied for name in line.split()} == {
        "LICENSE",
        "README.md",
        "bot",
        "faq",
        "flows",
    }
