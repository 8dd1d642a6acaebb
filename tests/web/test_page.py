"""The page by its front door: what a browser without JavaScript sees, and what it may not do."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from html import unescape
from html.parser import HTMLParser

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web import WebSettings, make_app, metrics, serve
from bot.channels.web import app as page_app
from bot.channels.web.gate import KEPT_CLIENTS, Limiter
from bot.channels.web.pages import TEXT_LIMIT, dialable, show
from bot.dialogue.replies import Button, Commanded, Heading, Pressed, Reply, Said, Text
from tests.web.canned import HOSTILE, RESULT, CannedAssistant, papers, visitor


def multipart(**fields: str) -> aiohttp.MultipartWriter:
    """A form as the page sends its text box."""
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    return form()


class Outline(HTMLParser):
    """Headings, ids, forms and labels of a page, and whether its tags close in order."""

    VOID = frozenset({"meta", "link", "img", "input", "br", "path", "circle", "rect"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id" and value]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def buttons(html: str) -> dict[str, str]:
    """The data of each button of a page by its label."""
    found = re.findall(r'<button name="data" value="([^"]*)".*?<span class="label">(.*?)</span>', html)
    return {unescape(label): unescape(data) for data, label in found}


def hidden_token(html: str) -> str:
    tokens = re.findall(r'name="token" value="([^"]*)"', html)
    assert len(set(tokens)) == 1
    return tokens[0]


async def test_the_first_page_says_what_this_is_and_offers_a_box_and_buttons(page: TestClient) -> None:
    answer = await page.get("/")
    html = await answer.text()
    assert answer.status == 200
    assert "困っていることをそのまま書いてください" in html
    order = [
        "台風のため",
        "このボットも職員も",
        "持ち物を調べる</span>",
        'name="text"',
        "お金は",
        "住民票がある方",
        "見本市役所",
    ]
    assert [html.index(words) for words in order] == sorted(html.index(words) for words in order)
    assert buttons(html) == {"持ち物を調べる": "gstart", "お金はかかる？": "e1", "使い方": "h"}
    Outline(html)


async def test_a_guide_is_walked_with_plain_forms_to_its_checklist(page: TestClient) -> None:
    html = await (await page.get("/guide")).text()
    for label in ("本人が行く", "運転免許証", "これで決める"):
        answer = await page.post("/pressed", data={"data": buttons(html)[label], "token": hidden_token(html)})
        assert answer.status == 200
        assert answer.url.query_string == ""
        html = await answer.text()
    assert "市区町村の窓口で、1回で終わります" in html
    assert html.count('type="checkbox"') == 3


async def test_a_toggle_says_whether_it_is_chosen(page: TestClient) -> None:
    html = await (await page.post("/pressed", data={"data": "gself.l"})).text()
    assert [b["aria-pressed"] for b in Outline(html).attributes("button") if "aria-pressed" in b] == ["true", "false"]


async def test_every_kind_of_block_is_on_the_page_of_a_result(page: TestClient) -> None:
    html = await (await page.post("/pressed", data={"data": "gresult"})).text()
    outline = Outline(html)
    assert "注意</p>" in html
    assert "期限を見てください" in html
    assert "なぜ必要？" in html
    assert '<ol class="list">' in html
    assert "出典（1件）" in html
    assert "公開資料による案内です。" in html
    assert '<a href="tel:0120950178">0120-95-0178</a>' in html
    assert '<a class="button" href="https://example.jp/yoyaku"' in html
    assert "javascript:" not in html
    assert outline.headings == [1, 2, 3, 3, 3, 3, 3]
    assert len(outline.ids) == len(set(outline.ids))


async def test_a_result_can_be_shared_and_opened_again(page: TestClient) -> None:
    html = await (await page.post("/pressed", data={"data": "gresult"})).text()
    path = re.search(r'<a href="http://[^/"]+(/k/[^"]+)">', html)
    assert path is not None
    again = await page.get(path.group(1))
    assert "市区町村の窓口で、1回で終わります" in await again.text()
    assert again.headers["X-Robots-Tag"] == "noindex"


async def test_the_shared_address_begins_with_the_public_one(assistant: CannedAssistant) -> None:
    app = make_app(lambda: assistant, settings=WebSettings(public_url="https://pin.example.jp/"))
    async with TestClient(TestServer(app)) as client:
        html = await (await client.post("/pressed", data={"data": "gresult"})).text()
    assert 'href="https://pin.example.jp/k/result"' in html


async def test_an_answer_moves_to_an_address_without_the_text(page: TestClient) -> None:
    answer = await page.post("/said", data=multipart(text="無料ですか", token="self"), allow_redirects=False)
    assert answer.status == 303
    assert answer.headers["Location"] == "/a?e=cost&t=self"
    shown = await page.get(answer.headers["Location"])
    html = await shown.text()
    assert "手数料はかかりません。" in html
    assert hidden_token(html) == "self"


@pytest.mark.parametrize(("text", "expected"), [("近いかな", "どれに近いですか？"), ("天気は", "内容がありません")])
async def test_what_cannot_be_shown_again_answers_the_post_itself(page: TestClient, text: str, expected: str) -> None:
    answer = await page.post("/said", data=multipart(text=text), allow_redirects=False)
    html = await answer.text()
    assert answer.status == 200
    assert expected in html
    assert text in html


async def test_a_typed_secret_is_never_shown_again(page: TestClient) -> None:
    answer = await page.post("/said", data=multipart(text="番号は1234 無料ですか"), allow_redirects=False)
    html = await answer.text()
    assert answer.status == 200
    assert "1234" not in html
    assert "番号は［消しました］" in html
    assert "暗証番号のような数字がありました" in html


async def test_hostile_text_comes_out_as_text(page: TestClient) -> None:
    html = await (await page.post("/said", data=multipart(text=HOSTILE, token=HOSTILE))).text()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;" in html
    assert hidden_token(html) == ""
    Outline(html)


def test_a_phone_number_dials_and_everything_around_it_is_escaped() -> None:
    assert dialable("<b>0120-95-0178</b>") == '&lt;b&gt;<a href="tel:0120950178">0120-95-0178</a>&lt;/b&gt;'
    assert 'href="tel:%239110"' in dialable("警察の #9110 へ")
    assert dialable("2024-09-30と1234と12-3") == "2024-09-30と1234と12-3"


async def test_the_script_gets_the_turn_alone_with_the_redacted_text(page: TestClient) -> None:
    answer = await page.post(
        "/said", data=multipart(text="無料ですか"), headers={"X-Part": "turn"}, allow_redirects=False
    )
    html = await answer.text()
    assert answer.status == 200
    assert html.strip().startswith('<section class="turn"')
    assert "無料ですか" in html


async def test_the_longest_text_of_the_box_fits_and_a_longer_one_is_read_in_part(
    page: TestClient, assistant: CannedAssistant
) -> None:
    answer = await page.post("/said", data=multipart(text="漢" * TEXT_LIMIT, token="self"))
    assert answer.status == 200
    assert assistant.heard[-1] == ("self", Said("漢" * TEXT_LIMIT))
    longer = "a" * (TEXT_LIMIT - 6) + "123456789012"
    answer = await page.post("/said", data=multipart(text=longer))
    assert "はじめの4,096文字までを読みました" in await answer.text()
    assert assistant.heard[-1] == (None, Said("a" * (TEXT_LIMIT - 6)))


async def test_deleting_is_a_post_from_the_privacy_page(page: TestClient, assistant: CannedAssistant) -> None:
    html = await (await page.get("/privacy")).text()
    assert 'method="post" action="/delete"' in html
    answer = await page.post("/delete", data={"token": "self"})
    assert "記録を消しました" in await answer.text()
    assert assistant.heard[-1] == ("self", Commanded("delete"))
    assert (await page.get("/delete")).status == 405


@pytest.mark.parametrize("name", ["help", "menu", "guide", "privacy"])
async def test_commands_are_pages(page: TestClient, assistant: CannedAssistant, name: str) -> None:
    assert (await page.get(f"/{name}")).status == 200
    assert assistant.heard[-1] == (None, Commanded(name))


# --- errors ------------------------------------------------------------------------


MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}
ODD_CHARSET = {"Content-Type": "application/x-www-form-urlencoded; charset=nonsense"}
UNREADABLE, GONE = "うまく読み取れませんでした", "ページが見つかりません"


@pytest.mark.parametrize(
    ("ask", "status", "words"),
    [
        (lambda page: page.get("/nowhere"), 404, GONE),
        (lambda page: page.get("/a?e=NO"), 404, GONE),
        (lambda page: page.get("/a?e=cost&t=%22"), 404, GONE),
        (lambda page: page.get("/k/" + "x" * 65), 404, GONE),
        (lambda page: page.get("/static/page.css"), 404, GONE),
        (lambda page: page.get("/said"), 405, "この開き方はできません"),
        (lambda page: page.post("/pressed", data={"data": "あ"}), 400, UNREADABLE),
        (lambda page: page.post("/pressed", data={"data": "x" * 65}), 400, UNREADABLE),
        (lambda page: page.post("/said", data=b"not multipart", headers=MULTIPART), 400, UNREADABLE),
        (lambda page: page.post("/said", data=b"text=%FF", headers=ODD_CHARSET), 400, UNREADABLE),
        (lambda page: page.post("/said", data={"text": "x" * 20_000}), 413, "文章が長すぎます"),
        (lambda page: page.post("/said", json={"text": "x"}), 415, "この形では受け取れません"),
        (lambda page: page.post("/said", data=multipart(text="こわれて")), 500, "こちらの不具合です"),
    ],
)
async def test_what_goes_wrong_is_said_in_japanese_on_a_page_of_ours(
    page: TestClient, ask: Callable[[TestClient], Awaitable[aiohttp.ClientResponse]], status: int, words: str
) -> None:
    answer = await ask(page)
    html = await answer.text()
    assert answer.status == status
    assert words in html
    assert 'href="/"' in html
    assert "Content-Security-Policy" in answer.headers
    Outline(html)


async def test_an_error_is_logged_without_what_was_typed(page: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await page.post("/said", data=multipart(text="こわれ ひみつの文"))
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert any("RuntimeError" in line and "/said" in line for line in ours)
    assert "ひみつ" not in caplog.text


# --- protection ----------------------------------------------------------------------


async def test_pages_carry_the_protective_headers_and_no_cookie(page: TestClient) -> None:
    answer = await page.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


async def test_the_page_has_nothing_inline_and_nothing_from_elsewhere(page: TestClient) -> None:
    html = await (await page.get("/guide")).text()
    outline = Outline(html)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)
    addresses = [a.get("src") or a.get("href") for tag, a in outline.tags if tag in ("script", "link", "img")]
    assert addresses
    assert all(address and address.startswith("/static/") for address in addresses)


async def test_a_city_may_embed_the_page_by_setting(assistant: CannedAssistant) -> None:
    app = make_app(lambda: assistant, settings=WebSettings(frame_ancestors="https://www.city.example.jp"))
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/")
    assert "frame-ancestors https://www.city.example.jp" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers


@pytest.mark.parametrize("frame_ancestors", ["'none'; script-src *", "a\nb", ""])
def test_a_setting_cannot_loosen_the_rest_of_the_policy(frame_ancestors: str) -> None:
    with pytest.raises(ValueError, match="frame-ancestors"):
        WebSettings(frame_ancestors=frame_ancestors)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_a_post_from_another_site_is_refused(page: TestClient, headers: dict[str, str], status: int) -> None:
    assert (await page.post("/pressed", data={"data": "gstart"}, headers=headers)).status == status


async def test_too_many_requests_are_asked_to_wait(assistant: CannedAssistant) -> None:
    app = make_app(lambda: assistant, settings=WebSettings(burst=2, requests_per_minute=6))
    async with TestClient(TestServer(app)) as client:
        assert [(await client.get("/help")).status for _ in range(3)] == [200, 200, 429]
        answer = await client.get("/help")
        assert answer.headers["Retry-After"] == "10"
        assert "10秒ほど待って" in await answer.text()
        assert (await client.get("/healthz")).status == 200


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: page\r\nX-Slow: "], ids=["silent", "half-a-request"])
async def test_a_connection_that_sends_no_whole_request_is_closed(assistant: CannedAssistant, sent: bytes) -> None:
    runner = await serve(make_app(lambda: assistant, settings=WebSettings()), "127.0.0.1", 0, idle_seconds=0.2)
    try:
        reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
        writer.write(sent)
        assert await asyncio.wait_for(reader.read(), 30) == b""
        writer.close()
    finally:
        await runner.cleanup()


async def test_a_form_that_does_not_arrive_is_given_up(
    assistant: CannedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_app, "BODY_SECONDS", 0.2)
    runner = await serve(make_app(lambda: assistant, settings=WebSettings()), "127.0.0.1", 0)
    try:
        reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
        form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ndata="
        writer.write(b"POST /pressed HTTP/1.1\r\nHost: page\r\n" + form)
        assert await asyncio.wait_for(reader.readline(), 30) == b"HTTP/1.1 408 Request Timeout\r\n"
        writer.close()
    finally:
        await runner.cleanup()


async def test_what_is_no_http_is_counted_and_not_logged(
    assistant: CannedAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    before = metrics.UNREADABLE._value.get()
    runner = await serve(make_app(lambda: assistant, settings=WebSettings()), "127.0.0.1", 0)
    try:
        reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
        writer.write("GET /ひみつ\x00 HTTP/9\r\n\r\n".encode())
        assert b" 400 " in await asyncio.wait_for(reader.readline(), 30)
        writer.close()
    finally:
        await runner.cleanup()
    assert metrics.UNREADABLE._value.get() == before + 1
    assert [record for record in caplog.records if record.name.startswith("bot.")] == []


def test_a_client_is_welcome_again_after_the_seconds_it_was_told() -> None:
    now = 0.0
    limiter = Limiter(per_minute=60, burst=1, clock=lambda: now)
    assert limiter.take("a") == 0
    assert limiter.take("a") == 1
    assert limiter.take("b") == 0
    now = 1.0
    assert limiter.take("a") == 0


def test_the_limiter_remembers_a_bounded_number_of_clients() -> None:
    limiter = Limiter(per_minute=60, burst=1, clock=lambda: 0.0)
    for number in range(KEPT_CLIENTS + 1):
        limiter.take(str(number))
    assert limiter.take("0") == 0, "forgotten, so welcome"
    assert limiter.take(str(KEPT_CLIENTS)) > 0


def test_the_limiter_forgets_a_client_as_soon_as_that_makes_no_difference() -> None:
    now = 0.0
    limiter = Limiter(per_minute=60, burst=2, clock=lambda: now)
    for number in range(100):
        limiter.take(str(number))
    now = 1.5
    assert limiter.take("a") == 0
    assert list(limiter._full_at) == ["a"]


async def test_behind_a_proxy_clients_are_told_apart_by_the_last_forwarded_address(assistant: CannedAssistant) -> None:
    app = make_app(lambda: assistant, settings=WebSettings(behind_proxy=True, burst=1, requests_per_minute=1))
    async with TestClient(TestServer(app)) as client:
        first = [await client.get("/help", headers={"X-Forwarded-For": "9.9.9.9, 203.0.113.1"}) for _ in range(2)]
        other = await client.get("/help", headers={"X-Forwarded-For": "9.9.9.9, 203.0.113.2"})
    assert [answer.status for answer in first] == [200, 429]
    assert other.status == 200


async def test_a_route_added_for_the_webhook_is_neither_limited_nor_asked_for_its_origin(
    assistant: CannedAssistant,
) -> None:
    app = make_app(lambda: assistant, settings=WebSettings(burst=1, requests_per_minute=1))

    async def webhook(request: web.Request) -> web.Response:
        return web.Response()

    app.router.add_post("/telegram", webhook)
    async with TestClient(TestServer(app)) as client:
        statuses = [(await client.post("/telegram", headers={"Origin": "https://x.example"})).status for _ in range(3)]
    assert statuses == [200, 200, 200]


# --- the rest --------------------------------------------------------------------------


async def test_health_names_the_content_and_its_age(page: TestClient, assistant: CannedAssistant) -> None:
    report = await (await page.get("/healthz")).json()
    assert report["status"] == "ok"
    assert report["content"] == assistant.content.digest
    assert 0 <= report["age"] < 60


async def test_metrics_count_routes_but_never_texts_or_tokens(page: TestClient) -> None:
    await page.get("/k/SECRETTOKEN")
    await page.get("/SECRETPATH?q=SECRETQUERY")
    await page.post("/said", data=multipart(text="SECRETTEXT", token="SECRETTOKEN"))
    metrics = await (await page.get("/metrics")).text()
    assert 'mainakagi_web_requests_total{method="GET",route="/k/{token}",status="200"}' in metrics
    assert 'mainakagi_web_seconds_bucket{le="0.01",route="/said"}' in metrics
    assert "SECRET" not in metrics


async def test_static_files_are_kept_for_good_and_named_by_content(page: TestClient) -> None:
    html = await (await page.get("/")).text()
    for address in re.findall(r'"(/static/[^"]+)"', html):
        answer = await page.get(address)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]


async def test_the_first_load_weighs_60_kb_at_most(page: TestClient) -> None:
    answer = await page.get("/", headers={"Accept-Encoding": "identity"})
    html = await answer.text()
    weight = len(html.encode())
    for address in set(re.findall(r'"(/static/[^"]+)"', html)):
        weight += len(await (await page.get(address, headers={"Accept-Encoding": "identity"})).read())
    assert weight <= 60_000


def test_typed_numbers_stand_beside_the_buttons_they_choose() -> None:
    start = (Button("案内", "f", "primary"), Button("お金", "e1"), Button("使い方", "h", "side"))
    rows = show(Reply("menu", (Heading("x"),), start)).rows
    assert [(row.place, row.first) for row in rows] == [("primary", 1), ("answers", 2), ("side", None)]
    rows = show(papers("l")).rows
    assert [(row.place, row.first) for row in rows] == [("answers", 1), ("primary", None), ("side", None)]
    some = Reply("clarify", (Text("どれのことですか？"),), (Button("b", "g2"), Button("c", "g3")), question="pin")
    assert [row.first for row in show(some).rows] == [None], "the numbers of the whole question still hold"


def test_the_first_heading_heads_a_reply_whatever_stands_before_it() -> None:
    shown = show(RESULT)
    assert shown.heading == "市区町村の窓口で、1回で終わります"
    assert shown.blocks == (RESULT.blocks[0], *RESULT.blocks[2:])


def test_what_is_asked_heads_a_question_and_its_hint_follows() -> None:
    shown = show(visitor())
    assert shown.heading == "どなたが行きますか？"
    assert shown.blocks == (Text("（付き添いがいてもかまいません）"), Text("（持ち物が変わるためです。）"))
    double = show(Reply("question", (Heading("忘れましたか？ またはロックしましたか？"),)))
    assert (double.heading, double.blocks) == ("忘れましたか？ またはロックしましたか？", ())
    listed = show(Reply("question", (Heading("次に当てはまりますか？\n・引っ越した\n・名前が変わった"),)))
    assert (listed.heading, listed.blocks) == ("次に当てはまりますか？", (Text("・引っ越した\n・名前が変わった"),))


async def test_a_pressed_button_comes_back_as_it_was_given(page: TestClient, assistant: CannedAssistant) -> None:
    await page.post("/pressed", data={"data": "gA_-b.!", "token": "abc"})
    assert assistant.heard[-1] == ("abc", Pressed("gA_-b.!"))
