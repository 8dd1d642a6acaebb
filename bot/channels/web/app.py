"""The page's addresses: requests in, Events to the assistant, pages out.

A typed text never stands in an address, so it comes by POST. If the very same replies can be
made again from the entries that answered and the token, the browser is sent on with a 303 to
`/a?e=ENTRIES&t=TOKEN`: such a page can be reloaded, bookmarked and gone back to without the
question "send the form again?". Whether that is so is not guessed from the kind of reply: the
assistant shows it once and the replies are compared. Everything else (a near tie, a guide's step,
a warning about a typed secret) is the answer to the POST itself, so no address tells what was
asked. Guide steps are POSTs too; only "share" makes a link, `/k/TOKEN`.

The script (static/page.js) sends the same forms with the header `X-Part: turn` and gets the turn
alone, to append it. That header cannot be sent from another site without asking us first.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from math import ceil
from time import monotonic
from traceback import extract_tb
from typing import Protocol
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.channels.web import metrics
from bot.channels.web.assets import Assets
from bot.channels.web.gate import Limiter, Once, client_of, is_from_this_page, protective_headers
from bot.channels.web.pages import TEXT_LIMIT, Pages
from bot.channels.web.settings import WebSettings
from bot.channels.web.taking import FILES, Desk
from bot.content.model import Content
from bot.dialogue.replies import Commanded, Event, Heard, Pressed, Said, Turn, as_it_is
from bot.dialogue.token import in_language_of, language_token
from bot.printing.press import Press
from bot.printing.printer import Printer

log = logging.getLogger(__name__)

BODY_LIMIT = 16 * 1024
"""Bytes of a form. The text form is multipart, so TEXT_LIMIT UTF-16 units of Japanese (3 bytes each) fit."""

BODY_SECONDS = 15
"""A form that takes longer to arrive is given up."""

IDLE_SECONDS = 30
"""A connection that has not sent a whole request (or its next one) in this time is closed: slow ones do not pile up."""

WAITING_CONNECTIONS = 1024
"""Connections the system keeps for us to take. At 128 a burst made browsers try again after a second or three."""

STOP_SECONDS = 0.8
"""What a stop gives to pages on their way: they take milliseconds, and Telegram's updates are out by then."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DATA = re.compile(r"[!-~]{1,64}")
_ENTRIES = re.compile(r"[a-z][a-z0-9-]{0,39}(?:,[a-z][a-z0-9-]{0,39}){0,3}")
_COMMAND_PAGES = ("help", "menu", "guide", "privacy", "delete")
_FREE_ROUTES = ("/static/{name}", "/healthz", "/readyz", "/metrics")

_ERRORS = (400, 403, 404, 405, 408, 413, 415, 429, 503, 500)
"""Statuses with a title and a sentence of their own."""


class Conversation(Protocol):
    """What the page needs of the assistant."""

    @property
    def content(self) -> Content: ...

    @property
    def since(self) -> datetime:
        """When this content went live."""
        ...

    def respond(self, token: str | None, event: Event) -> Turn:
        """What `event` leads to after `token`."""
        ...

    def show(self, entry_ids: tuple[str, ...], token: str | None) -> Turn:
        """The answers of these entries, then the open question of `token`; what is unknown is said or left out."""
        ...


def make_app(
    assistant_of: Callable[[], Conversation],
    *,
    settings: WebSettings,
    report: Callable[[], Mapping[str, object]] = lambda: {"status": "ok", "ready": True},
    press: Press | None = None,
    hear: Callable[[Heard], None] = lambda heard: None,
    give: Callable[[Turn], Awaitable[Turn]] = as_it_is,
) -> web.Application:
    """The web application. `assistant_of` is asked on every request, so changed content is live at once.

    `report` is what /healthz adds about the rest of the process; its `ready` decides what /readyz says.
    `hear` is told, once per page shown, whether an answer or result helped. `give` keeps what a turn gives to the
    office, and says how that went.
    Without a `press` the page offers neither PDF nor picture, only its print style sheet.
    Routes may be added to it (Telegram's webhook): they are neither limited nor asked for their origin.
    """
    site = _Site(assistant_of, settings, report, press, hear, give)
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=[site.answer_always, site.guard_door])
    app.add_routes(
        [
            web.get("/", site.start),
            web.post("/said", site.said),
            web.post("/pressed", site.pressed),
            web.get("/a", site.answer),
            web.get("/k/{token}", site.shared),
            web.get(f"/k/{{token}}/{{file:{'|'.join(FILES)}}}", site.file),
            web.post("/calendar", site.calendar),
            *(web.get(f"/{name}", site.commanded) for name in _COMMAND_PAGES if name != "delete"),
            web.post("/delete", site.commanded),
            web.post("/language", site.language),
            web.get("/healthz", site.health),
            web.get("/readyz", site.health),
            web.get("/metrics", metrics.serve),
            web.get("/static/{name}", site.assets.serve),
        ]
    )
    ours = {route.resource.canonical for route in app.router.routes() if route.resource is not None}
    site.guarded = frozenset({metrics.NO_ROUTE, *ours} - set(_FREE_ROUTES))
    return app


async def serve(app: web.Application, host: str, port: int, *, idle_seconds: float = IDLE_SECONDS) -> web.AppRunner:
    """Listen on `host` and `port` (0: any free one). Returns the runner; `cleanup` stops it.

    There is no access log, since addresses hold tokens, and what aiohttp says about a malformed
    request is kept without the request.
    """
    quiet = logging.getLogger(f"{__name__}.server")
    quiet.addFilter(_without_request)
    runner = web.AppRunner(
        app, access_log=None, logger=quiet, keepalive_timeout=idle_seconds, shutdown_timeout=STOP_SECONDS
    )
    await runner.setup()
    await web.TCPSite(runner, host, port, backlog=WAITING_CONNECTIONS).start()
    return runner


def _without_request(record: logging.LogRecord) -> bool:
    """What aiohttp logs, without the request. Malformed ones are only counted: anyone could fill the log with them."""
    kind = record.exc_info[0] if record.exc_info else None
    if kind is not None and issubclass(kind, HttpProcessingError):
        metrics.UNREADABLE.inc()
        return False
    record.msg, record.args = "%s at a connection", (kind.__name__ if kind else "trouble",)
    record.exc_info, record.exc_text = None, None
    return True


class _Site:
    """The handlers, and what they share."""

    def __init__(
        self,
        assistant_of: Callable[[], Conversation],
        settings: WebSettings,
        report: Callable[[], Mapping[str, object]],
        press: Press | None,
        hear: Callable[[Heard], None],
        give: Callable[[Turn], Awaitable[Turn]],
    ) -> None:
        self._hear, self._once, self._give = hear, Once(), give
        self._assistant_of = assistant_of
        self._report = report
        self._settings = settings
        self._headers = protective_headers(settings)
        self._limiter = Limiter(settings.requests_per_minute, settings.burst)
        self.assets = Assets()
        self._desk = Desk(Printer(assistant_of, press) if press else None, self._base)
        self._pages = Pages(settings, self.assets, prints=self._desk.prints)
        self.guarded = frozenset[str]()

    # --- pages ----------------------------------------------------------------

    async def start(self, request: web.Request) -> web.Response:
        assistant = self._assistant_of()
        turn = assistant.respond(_asked_language(request), Commanded("start"))
        return _page(self._pages.start(turn, assistant.content.languages))

    async def said(self, request: web.Request) -> web.Response:
        form = await _form(request)
        text, token = form.get("text", ""), _token(form)
        is_cut = False
        if len(text) > TEXT_LIMIT:
            # A number cut in two could pass the guard, so the cut never ends in digits.
            text, is_cut = re.sub(r"(?<![\d\s-])[\d\s-]+$", "", text[:TEXT_LIMIT]), True
        assistant = self._assistant_of()
        turn = assistant.respond(token, Said(text))
        hint = turn.words("page.cut", limit=f"{TEXT_LIMIT:,}") if is_cut else None
        address = _address_of(turn, token, assistant) if hint is None else None
        if address is not None and not _wants_part(request):
            return web.Response(status=303, headers={"Location": address})
        return self._turn(request, turn, hint)

    async def pressed(self, request: web.Request) -> web.Response:
        form = await _form(request)
        data = form.get("data", "")
        if not _DATA.fullmatch(data):
            raise web.HTTPBadRequest
        turn = self._assistant_of().respond(_token(form), Pressed(data, about=form.get("about")))
        turn = await self._give(turn)
        if turn.heard and self._once.take(form.get("once", "")):
            self._hear(turn.heard)
        return self._turn(request, turn)

    async def answer(self, request: web.Request) -> web.Response:
        entries, token = request.query.get("e", ""), request.query.get("t") or None
        if not _ENTRIES.fullmatch(entries) or not (token is None or _TOKEN.fullmatch(token)):
            raise web.HTTPNotFound
        return self._turn(request, self._assistant_of().show(tuple(entries.split(",")), token))

    async def shared(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            raise web.HTTPNotFound
        return self._turn(request, self._assistant_of().respond(None, Pressed(f"g{token}")))

    async def file(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            raise web.HTTPNotFound
        return await self._desk.file(request, token)

    async def calendar(self, request: web.Request) -> web.Response:
        data = (await _form(request)).get("data", "")
        if not _DATA.fullmatch(data):
            raise web.HTTPBadRequest
        turn = self._assistant_of().respond(None, Pressed(data))
        return self._desk.reminder(request, turn) or self._turn(request, turn)

    async def commanded(self, request: web.Request) -> web.Response:
        token = _token(await _form(request)) if request.method == "POST" else _asked_language(request)
        return self._turn(request, self._assistant_of().respond(token, Commanded(request.path.strip("/"))))

    async def language(self, request: web.Request) -> web.Response:
        """POST /language: the same place in another language."""
        form = await _form(request)
        turn = self._assistant_of().respond(_token(form), Commanded("language", form.get("to", "")))
        return self._turn(request, turn)

    async def health(self, request: web.Request) -> web.Response:
        """/healthz is 200 as long as the process lives; /readyz is 503 unless citizens are answered."""
        assistant, report = self._assistant_of(), self._report()
        age = datetime.now(UTC) - assistant.since
        content = {"content": assistant.content.digest, "age": round(age.total_seconds())}
        refused = request.path == "/readyz" and not report.get("ready")
        return web.json_response({**report, **content}, status=503 if refused else 200)

    # --- around every request ---------------------------------------------------

    @web.middleware
    async def answer_always(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answer every request with a page of ours and the protective headers, and count it."""
        began = monotonic()
        response: web.StreamResponse
        try:
            response = await handler(request)
        except web.HTTPException as error:
            response = self._error(request, error.status, dict(error.headers))
        except Exception as error:
            # Its message may hold what was typed, so only its type and place are written down.
            place = extract_tb(error.__traceback__)[-1]
            log.error(
                "%s in %s:%s at %s", type(error).__name__, place.filename, place.lineno, metrics.route_of(request)
            )
            response = self._error(request, 500)
        response.headers.update(self._headers)
        response.headers.setdefault("Cache-Control", "no-store")
        if request.path != "/":
            response.headers["X-Robots-Tag"] = "noindex"
        metrics.count(request, response.status, monotonic() - began)
        return response

    @web.middleware
    async def guard_door(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Turn away bursts and posts from other sites before anything is read."""
        if metrics.route_of(request) in self.guarded:
            wait = self._limiter.take(client_of(request, self._settings))
            if wait:
                raise web.HTTPTooManyRequests(headers={"Retry-After": str(ceil(wait))})
            if request.method == "POST" and not is_from_this_page(request, self._settings):
                raise web.HTTPForbidden
        return await handler(request)

    # --- shared -----------------------------------------------------------------

    def _turn(self, request: web.Request, turn: Turn, hint: str | None = None) -> web.Response:
        if _wants_part(request):
            return _page(self._pages.part(turn, base=self._base(request), hint=hint))
        languages = self._assistant_of().content.languages
        return _page(self._pages.turn(turn, languages, base=self._base(request), hint=hint))

    def _base(self, request: web.Request) -> str:
        return (self._settings.public_url or f"{request.scheme}://{request.host}").rstrip("/")

    def _error(self, request: web.Request, status: int, headers: dict[str, str] | None = None) -> web.Response:
        named = status if status in _ERRORS else 400 if status < 500 else 500
        kept = {name: value for name, value in (headers or {}).items() if name in ("Allow", "Retry-After")}
        content = in_language_of(self._assistant_of().content, _asked_language(request))
        page = self._pages.error(
            content,
            content.words(f"error.{named}"),
            content.words(f"error.{named}.text", seconds=kept.get("Retry-After", ""), limit=f"{TEXT_LIMIT:,}"),
        )
        return _page(page, status=status, headers=kept)


def _page(html: str, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(text=html, status=status, content_type="text/html", charset="utf-8", headers=headers)


def _wants_part(request: web.Request) -> bool:
    return request.headers.get("X-Part") == "turn"


def _address_of(turn: Turn, before: str | None, assistant: Conversation) -> str | None:
    """The address that shows exactly this turn again, or None if there is none."""
    entries = tuple(reply.entry for reply in turn.replies if reply.entry is not None)
    if turn.found or not _ENTRIES.fullmatch(",".join(entries)):
        return None
    without_question = tuple(replace(reply, about=None) for reply in turn.replies)
    for token in dict.fromkeys((turn.token, before)):
        again = assistant.show(entries, token)
        if (again.replies, again.token) == (without_question, turn.token):
            return "/a?" + urlencode({"e": ",".join(entries)} | ({"t": token} if token else {}), safe=",")
    return None


async def _form(request: web.Request) -> dict[str, str]:
    """The text fields of a form; a file is ignored."""
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(BODY_SECONDS):
            fields = await request.post()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except (ValueError, LookupError, AssertionError) as error:  # a broken form, or a charset that is none
        raise web.HTTPBadRequest from error
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def _asked_language(request: web.Request) -> str | None:
    """The token that says the language of an address (`?lang=en`, or that of its own token); None for Japanese."""
    language = request.query.get("lang", "")
    return language_token(language) if language else request.query.get("t") or request.match_info.get("token")


def _token(form: dict[str, str]) -> str | None:
    token = form.get("token", "")
    return token if _TOKEN.fullmatch(token) else None
