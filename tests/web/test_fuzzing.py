"""Hostile requests to every route: never an error of ours, always the protection. `bench/fuzz-page` sends many more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from tests.web.canned import CannedAssistant
from tests.web.fuzzing import objection, requests, running, send

Running = tuple[tuple[str, int], list[str]]


@pytest.fixture(scope="module")
def page(shipped: Assistant) -> Iterator[Running]:
    with running(lambda: shipped) as page:
        yield page


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_no_request_to_any_route_is_an_error_of_ours(page: Running, data: st.DataObject) -> None:
    address, patterns = page
    request = data.draw(requests(patterns))
    assert objection(send(address, request)) is None


def test_an_error_of_ours_would_be_noticed() -> None:
    form = "text=こわれて".encode()
    head = f"POST /said HTTP/1.1\r\nHost: page\r\nConnection: close\r\nContent-Length: {len(form)}\r\n"
    with running(CannedAssistant) as (address, _):
        answer = send(address, head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + form)
    assert objection(answer) == "an error of ours"


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", "a page without its policy"),
        (b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n", "a cookie"),
        (b"HTTP/1.1 200 OK\r\n\r\nTraceback", "a traceback"),
        (b"oops", "no HTTP"),
    ],
)
def test_what_is_wrong_with_an_answer_is_seen(answer: bytes, what: str) -> None:
    assert objection(answer) == what
