"""The studio: a local page on which municipal staff change what citizens read, without fear.

Editing goes in three steps: a form (or its YAML) whose mistakes show while one types; a page that
shows what the change means for citizens; and saving. Until then the change lives in this process
only. Every step works without the script, which shows mistakes and progress sooner.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
import sys
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from traceback import extract_tb
from typing import Any, TypeVar

from aiohttp import web

from bot.assistant import tokyo_now
from bot.channels.studio.door import Door, Handler
from bot.channels.studio.effects import Effects, Learner, Proof, Searches
from bot.channels.studio.pages import StudioPages
from bot.channels.studio.settings import StudioSettings
from bot.channels.studio.shown import Shown, freshness, matches, reasons, rows, shown
from bot.channels.studio.units import (
    MOST_NOTICES,
    UNITS,
    BadTable,
    CityUnit,
    EntryUnit,
    NewEntry,
    NoticesUnit,
    NotThere,
    Unit,
    WholeFile,
)
from bot.channels.studio.walks import Taken, Walk, Walks
from bot.channels.web.app import serve
from bot.content.loading import ENTRIES, FACTS
from bot.content.model import Content, Flow
from bot.content.municipality import Municipality
from bot.content.problems import BrokenContent, Problem
from bot.dialogue.replies import Commanded, Turn
from bot.matching.learning import Cache
from bot.review.asking import ask
from bot.review.checking import tokyo_today
from bot.review.drafts import Draft, Folder, Overtaken, Refused, corrected, merged
from bot.review.editing import ENTRY, FACT, SOURCE, entry_block
from bot.review.graph import Diagram, svg, trace
from bot.review.questionnaire import questions
from bot.review.talk import BadTalk

log = logging.getLogger(__name__)

BODY_LIMIT = 3 * 1024 * 1024
"""Bytes of a form: a whole file of 1 MiB, as its letters are encoded."""
_MOST_DRAFTS = 30
_MOST_BASES = 60
_NEW = {"new-entry": (*ENTRY, "group"), "new-fact": ("id", *FACT), "new-source": ("id", *SOURCE)}

T = TypeVar("T")


@dataclass
class Held:
    """A draft on its way to being saved."""

    draft: Draft
    unit: Unit
    mode: str
    effects: Effects
    proof: Proof | None = None
    note: str = ""
    asked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Now:
    """What the files hold now: the content, unless they have mistakes, and everything `check` says."""

    content: Content | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity == "error")


class Studio:
    """The handlers, and what they share."""

    def __init__(self, settings: StudioSettings, learner: Learner) -> None:
        self.folder = Folder(settings.root)
        self.door = Door(settings)
        self.learner = learner
        self.searches = Searches(self.folder, self.learner)
        self.walks = Walks()
        self._pages = StudioPages(logout=self.door.asks)
        self._drafts: OrderedDict[str, Held] = OrderedDict()
        self._bases: OrderedDict[str, str | None] = OrderedDict()
        self._diagrams: dict[tuple[str, str, str], Diagram] = {}
        self._saving = asyncio.Lock()

    def app(self) -> web.Application:
        """The web application."""
        app = web.Application(
            client_max_size=BODY_LIMIT, middlewares=[self.answer_always, self.door.guard, self.look_first]
        )
        app.add_routes(
            [
                web.get("/", self.entries),
                web.get("/login", self.login),
                web.post("/login", self.log_in),
                web.post("/logout", self.log_out),
                web.get("/facts", self.facts),
                web.get("/guides", self.guides),
                web.get("/files", self.files),
                web.get("/problems", self.problems),
                web.get("/edit/{kind}/{name:.+}", self.edit),
                web.post("/edit/{kind}/{name:.+}", self.edited),
                web.post("/live/{kind}/{name:.+}", self.live),
                web.get("/draft/{key}", self.draft),
                web.get("/draft/{key}/effects", self.effects),
                web.post("/draft/{key}/ask", self.ask_draft),
                web.post("/draft/{key}/prove", self.prove_draft),
                web.post("/draft/{key}/save", self.save),
                web.post("/draft/{key}/merge", self.merge),
                web.get("/draft/{key}/edit", self.edit_again),
                web.get("/try", self.try_page),
                web.post("/try", self.try_text),
                web.post("/walk", self.begin_walk),
                web.get("/walk/{key}", self.walk),
                web.post("/walk/{key}/pressed", self.walk_pressed),
                web.post("/walk/{key}/said", self.walk_said),
                web.post("/walk/{key}/record", self.record),
                web.get("/guide/{flow}.svg", self.drawing),
                web.get("/static/{name}", self._pages.assets.serve),
            ]
        )

        async def prepare(_: web.Application) -> None:
            self.searches.prepare()

        async def close(_: web.Application) -> None:
            self.searches.close()

        app.on_startup.append(prepare)
        app.on_cleanup.append(close)
        return app

    # --- around every request ---------------------------------------------------

    @web.middleware
    async def answer_always(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer every request with a page of ours and the protective headers."""
        response: web.StreamResponse
        try:
            response = await handler(request)
        except web.HTTPSeeOther as onward:
            response = web.Response(status=303, headers={"Location": onward.headers["Location"]})
        except web.HTTPException as error:
            response = self._error(error.status, error.headers.get("Retry-After", ""))
        except UnicodeDecodeError:
            response = self._sentence("この文字の書き方は読めません", _NOT_UTF8, 409)
        except Exception as error:
            place = extract_tb(error.__traceback__)[-1]
            log.exception("%s in %s:%s", type(error).__name__, place.filename, place.lineno)
            response = self._error(500)
        response.headers.update(self.door.headers)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @web.middleware
    async def look_first(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Read changed files in a thread, so that the others' pages need not wait for it."""
        if not request.path.startswith("/static/"):
            await self._in_thread(self.folder.look)
        return await handler(request)

    def _error(self, status: int, seconds: str = "") -> web.Response:
        title, sentence = _ERRORS.get(status, _ERRORS[400 if status < 500 else 500])
        response = self._sentence(title, sentence.format(seconds=seconds), status)
        if seconds:
            response.headers["Retry-After"] = seconds
        return response

    def _sentence(self, title: str, sentence: str, status: int = 200) -> web.Response:
        return _html(self._pages.render("sentence.html", title=title, sentence=sentence, here=""), status)

    def _page(self, template: str, *, status: int = 200, **values: object) -> web.Response:
        now = self.now()
        return _html(self._pages.render(template, errors=len(now.errors), **values), status)

    # --- the passphrase ---------------------------------------------------------

    async def login(self, request: web.Request) -> web.Response:
        if not self.door.asks or self.door.knows(request):
            raise web.HTTPSeeOther("/")
        return _html(self._pages.render("login.html", wrong=False))

    async def log_in(self, request: web.Request) -> web.Response:
        form = await request.post()
        entered = self.door.enter(request, str(form.get("passphrase", "")))
        return entered or _html(self._pages.render("login.html", wrong=True), 403)

    async def log_out(self, request: web.Request) -> web.Response:
        return self.door.leave(request)

    # --- lists --------------------------------------------------------------------

    def now(self) -> Now:
        """The files as they are, read again when one was saved."""
        return Now(*self.folder.look())

    async def entries(self, request: web.Request) -> web.Response:
        now, q = self.now(), request.query.get("q", "").strip()
        found = []
        if now.content is not None:
            text = self.folder.text(ENTRIES) or ""
            lines = {}
            for entry in now.content.entries:
                with suppress(NotThere):
                    block = entry_block(text, entry.id)
                    lines[entry.id] = (block.start + 1, block.end)
            found = rows(now.content, now.problems, lines, tokyo_today())
            by_id = {entry.id: entry for entry in now.content.entries}
            found = [
                row
                for row in found
                if matches(q, row.id, row.question, *by_id[row.id].also_asked, by_id[row.id].answer)
            ]
        return self._page("entries.html", here="entries", now=now, rows=found, q=q, saved=request.query.get("saved"))

    async def facts(self, request: web.Request) -> web.Response:
        now, q = self.now(), request.query.get("q", "").strip()
        facts, sources = [], []
        if (content := now.content) is not None:
            facts = [
                (name, fact)
                for name, fact in content.facts.items()
                if matches(q, name, fact.value, fact.label or "", fact.source)
            ]
            sources = [
                (name, source, freshness([source], tokyo_today()))
                for name, source in content.sources.items()
                if matches(q, name, source.name, source.url)
            ]
        return self._page("facts.html", here="facts", now=now, facts=facts, sources=sources, q=q)

    async def guides(self, request: web.Request) -> web.Response:
        now = self.now()
        listed = []
        if (content := now.content) is not None:
            for flow in content.flows.values():
                file = f"flows/{flow.id}.yaml"
                own = sum(one.file == file for one in now.problems)
                sources = [content.sources[name] for name in _sources_of(flow) if name in content.sources]
                listed.append((flow, own, freshness(sources, tokyo_today())))
        talks = sorted(path.stem for path in (self.folder.root / "flows" / "talks").glob("*.txt"))
        return self._page(
            "guides.html", here="guides", now=now, guides=listed, samples=self.folder.sample_names(), talks=talks
        )

    async def files(self, request: web.Request) -> web.Response:
        now = self.now()
        listed = [
            (name, path.exists(), sum(one.file == name for one in now.problems))
            for name, path in sorted(self.folder.files().items())
        ]
        return self._page("files.html", here="files", files=listed)

    async def problems(self, request: web.Request) -> web.Response:
        now = self.now()
        return self._page("problems.html", here="", found=[self._shown(one) for one in now.problems])

    def _shown(self, problem: Problem) -> Shown:
        try:
            text = self.folder.text(problem.file) or ""
        except (KeyError, UnicodeDecodeError):
            text = ""
        return shown(problem, text.split("\n"))

    # --- editing ------------------------------------------------------------------

    async def edit(self, request: web.Request) -> web.Response:
        unit = self._unit(request)
        draft = self._begin(unit)
        return self._form(unit, draft, mode=request.query.get("as", "form"), saved="saved" in request.query)

    async def edited(self, request: web.Request) -> web.Response:
        """Check what was typed; without mistakes go on to what it means."""
        unit, form = self._unit(request), await _form(request)
        mode = "yaml" if "yaml" in form else "form"
        draft, trouble = self._typed(unit, form)
        if draft is None or trouble:
            return self._form(unit, draft, mode=mode, form=form, trouble=trouble, status=422)
        problems = (await self._in_thread(lambda: self.folder.look(draft)))[1]
        if fix := form.get("fix"):
            fixed = corrected(draft, problems, int(fix) if fix.isdecimal() else 0)
            return self._form(unit, fixed, mode=mode, form=None, fixed=True)
        blocking = self.folder.blocking(draft)
        if form.get("do") == "check" or blocking:
            return self._form(unit, draft, mode=mode, form=form, checked=True, status=422 if blocking else 200)
        if not draft.changed:
            return self._form(unit, draft, mode=mode, form=form, trouble="まだ何も変わっていません。")
        raise web.HTTPSeeOther(f"/draft/{self._hold(draft, unit, mode)}")

    async def live(self, request: web.Request) -> web.Response:
        """The mistakes of what is typed, as a part of the page."""
        unit, form = self._unit(request), await _form(request)
        draft, trouble = self._typed(unit, form)
        if draft is None or trouble:
            return _html(self._pages.render("trouble.html", trouble=trouble))
        found = await asyncio.to_thread(self._own, unit, draft)
        return _html(self._pages.render("found.html", **found, unit=unit, yaml="yaml" in form))

    def _unit(self, request: web.Request) -> Unit:
        kind, name = request.match_info["kind"], request.match_info["name"]
        if kind not in UNITS or (kind == "file" and name not in self.folder.files()):
            raise web.HTTPNotFound
        return UNITS[kind](name)

    def _begin(self, unit: Unit) -> Draft:
        draft = self.folder.begin(unit.file)
        self._keep(draft.base)
        return draft

    def _keep(self, base: str | None) -> str:
        """The key of what a file held when a form was opened."""
        key = _key_of(base)
        self._bases[key] = base
        self._bases.move_to_end(key)
        if len(self._bases) > _MOST_BASES:
            self._bases.popitem(last=False)
        return key

    def _typed(self, unit: Unit, form: Mapping[str, str]) -> tuple[Draft | None, str]:
        """The draft that a form means, or what is the trouble with it."""
        key = form.get("base", "")
        now = self.folder.begin(unit.file)
        if key not in self._bases and key != _key_of(now.base):
            return (
                None,
                "この画面を開いてから時間がたち、ファイルも変わりました。書いた文を写してから、開きなおしてください。",
            )
        base = self._bases.get(key, now.base)
        text = base or now.text
        try:
            if "yaml" in form:
                yaml = form["yaml"]
                ends = "\n" if isinstance(unit, WholeFile) and text.endswith("\n") and not yaml.endswith("\n") else ""
                return Draft(unit.file, base, unit.written(text, yaml + ends)), ""
            names = _NEW.get(unit.kind) or unit.fields(text)
            if isinstance(unit, NoticesUnit):
                return Draft(unit.file, base, unit.apply(text, _notices(form))), ""
            extra = [key.removeprefix("f.") for key in form if key.startswith("f.")]
            fields = {key: form.get(f"f.{key}", "") for key in (*names, *extra)}
            if unit.kind in _NEW and not fields["id"].strip():
                return None, "id を書いてください（半角の英小文字・数字・ハイフン）。"
            return Draft(unit.file, base, unit.apply(text, fields)), ""
        except NotThere:
            return None, "この所はファイルから読み取れません。「YAML で直す」か「ファイル」から直してください。"
        except BadTable as error:
            return None, str(error)

    def _own(self, unit: Unit, draft: Draft) -> dict[str, Any]:
        """The problems of what is edited, and those that it makes elsewhere."""
        lines = draft.text.split("\n")
        changed = [number for sign, number, _ in draft.lines(0) if sign == "+"]
        try:
            block = unit.block(draft.text) if unit.kind not in _NEW else None
        except NotThere:
            block = None
        first, last = (block.start + 1, block.end) if block else (min(changed, default=0), max(changed, default=0))
        own, elsewhere = [], []
        blocking = set(self.folder.blocking(draft))
        for one in self.folder.problems(draft):
            if one.file == draft.file and (first <= one.line <= last or one.line in changed):
                own.append(shown(one, lines, unit.field_at(lines, one.line, one.column)))
            elif one in blocking:
                elsewhere.append(shown(one, lines) if one.file == draft.file else self._shown(one))
        return {"own": own, "elsewhere": elsewhere, "blocked": bool(blocking), "changed": draft.changed}

    def _form(
        self,
        unit: Unit,
        draft: Draft | None,
        *,
        mode: str = "form",
        form: Mapping[str, str] | None = None,
        trouble: str = "",
        checked: bool = False,
        fixed: bool = False,
        saved: bool = False,
        status: int = 200,
    ) -> web.Response:
        """The form, with what was typed in it if `form` is given."""
        now = self.folder.begin(unit.file)
        text = draft.text if draft is not None else now.text
        fields: dict[str, str] = {}
        if form is not None and "yaml" not in form:
            fields = {key.removeprefix("f."): value for key, value in form.items() if key.startswith("f.")}
            if isinstance(unit, NoticesUnit):
                fields = _notices(form)
        elif mode == "form" and unit.has_form:
            try:
                fields = unit.fields(text)
            except NotThere:
                mode = "yaml"
        if not unit.has_form:
            mode = "yaml"
        yaml, first = "", 1
        if mode == "yaml":
            if form is not None and "yaml" in form:
                yaml = form["yaml"]
            try:
                block = unit.block(text)
            except NotThere as error:
                if form is None:
                    raise web.HTTPNotFound from error
            else:
                yaml, first = yaml or (text if isinstance(unit, WholeFile) else block.text), block.start + 1
        content = self.now().content
        touched = form is not None or text != now.text  # the empty questionnaire of a new city is not
        found = self._own(unit, draft) if draft is not None and draft.changed and touched else None
        return self._page(
            f"edit-{mode}.html",
            status=status,
            here=_HERE.get(unit.kind, ""),
            unit=unit,
            base=form["base"] if form is not None and "base" in form else self._keep(draft.base if draft else now.base),
            fields=fields,
            yaml=yaml,
            first=first,
            found=found,
            checked=checked or fixed,
            trouble=trouble,
            saved=saved,
            names=_names(content),
            asked=questions(content.municipality if content else Municipality()),
            offices=_offices(fields) if isinstance(unit, CityUnit) else {},
            most=MOST_NOTICES,
        )

    # --- drafts -------------------------------------------------------------------

    def _hold(self, draft: Draft, unit: Unit, mode: str, note: str = "") -> str:
        key = secrets.token_urlsafe(12)
        self._drafts[key] = Held(draft, unit, mode, self.searches.effects(draft), note=note)
        if len(self._drafts) > _MOST_DRAFTS:
            self._drafts.popitem(last=False)
        return key

    def _held(self, request: web.Request) -> tuple[str, Held]:
        key = request.match_info["key"]
        if key not in self._drafts:
            raise web.HTTPGone
        return key, self._drafts[key]

    async def draft(self, request: web.Request) -> web.Response:
        key, held = self._held(request)
        return await self._draft(key, held)

    async def _draft(self, key: str, held: Held, **more: Any) -> web.Response:
        await self._in_thread(lambda: self.folder.look(held.draft))
        warnings = [one for one in self._own(held.unit, held.draft)["own"] if one.problem.severity != "error"]
        values: dict[str, Any] = {"why": None, "q": "", "trouble": "", "theirs": None, "status": 200, **more}
        return self._page(
            "draft.html",
            here=_HERE.get(held.unit.kind, ""),
            key=key,
            held=held,
            lines=list(held.draft.lines()),
            warnings=warnings,
            preview=await self._preview(held),
            samples=self.folder.sample_names(),
            flows=self._flows(held),
            **values,
        )

    def _flows(self, held: Held) -> list[str]:
        """The guides that a draft concerns."""
        if held.draft.file.startswith("flows/"):
            return [Path(held.draft.file).stem]
        return list(self.folder.content(held.draft).flows) if held.unit.kind == "city" else []

    async def _preview(self, held: Held) -> object:
        """What a citizen sees of the edited entry or notices."""
        content = await asyncio.to_thread(self._content, held.draft)
        if content is None:
            return ""
        saved = self.now().content or content
        assistant = self.learner.preview(content)
        turn: Turn | None = None
        if isinstance(held.unit, EntryUnit | NewEntry):
            before = {entry.id: entry for entry in saved.entries}
            shown_id = next((one.id for one in content.entries if before.get(one.id) != one), "")
            turn = assistant.show((shown_id,), None) if shown_id else None
        elif isinstance(held.unit, NoticesUnit):
            turn = assistant.respond(None, Commanded("start"))
        return self._pages.turn(turn, "#preview") if turn is not None else ""

    def _content(self, draft: Draft) -> Content | None:
        try:
            return self.folder.content(draft)
        except BrokenContent:
            return None

    @staticmethod
    async def _in_thread(work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)

    async def effects(self, request: web.Request) -> web.Response:
        key, held = self._held(request)
        return _html(self._pages.render("effects.html", key=key, held=held))

    async def ask_draft(self, request: web.Request) -> web.Response:
        """A question put to the edited content."""
        key, held = self._held(request)
        q = (await _form(request)).get("q", "").strip()
        content = self._content(held.draft)
        if not q or content is None:
            raise web.HTTPSeeOther(f"/draft/{key}")
        matcher = await self._in_thread(lambda: self.learner.matcher(content, saved=False))
        return await self._draft(key, held, q=q, why=reasons(ask(matcher, q), content))

    async def prove_draft(self, request: web.Request) -> web.Response:
        key, held = self._held(request)
        if held.proof is None:
            held.proof = self.searches.proof(held.draft)
        raise web.HTTPSeeOther(f"/draft/{key}#rules")

    async def save(self, request: web.Request) -> web.Response:
        key, held = self._held(request)
        async with self._saving:
            try:
                await self._in_thread(lambda: self.folder.save(held.draft))
            except Overtaken as overtaken:
                joined = merged(held.draft, overtaken.now)
                theirs = list(replace(held.draft, text=overtaken.now).lines())
                return await self._draft(key, held, theirs=theirs, mergeable=joined is not None, status=409)
            except Refused:
                form = self._as_form(held)
                return self._form(held.unit, held.draft, mode=held.mode, form=form, checked=True, status=422)
            except OSError as error:
                return await self._draft(key, held, trouble=f"書けませんでした（{error.strerror}）。", status=500)
        del self._drafts[key]
        log.info("saved %s", held.draft.file)
        unit = held.unit
        if unit.kind in _NEW:
            raise web.HTTPSeeOther("/facts?saved" if unit.file == FACTS else "/?saved=1")
        raise web.HTTPSeeOther(f"{unit.address}?saved" + ("&as=yaml" if held.mode == "yaml" else ""))

    async def merge(self, request: web.Request) -> web.Response:
        """Put the change into what the file holds now, and look at it again before saving."""
        key, held = self._held(request)
        now = self.folder.text(held.draft.file) or ""
        joined = merged(held.draft, now)
        if joined is None:
            raise web.HTTPSeeOther(f"/draft/{key}")
        self._keep(now)
        if self.folder.blocking(joined):
            return self._form(WholeFile(joined.file), joined, mode="yaml", checked=True, status=422)
        new = self._hold(joined, held.unit, held.mode, "ほかの人の変更に、あなたの変更を重ねました。")
        del self._drafts[key]
        raise web.HTTPSeeOther(f"/draft/{new}")

    async def edit_again(self, request: web.Request) -> web.Response:
        _, held = self._held(request)
        await self._in_thread(lambda: self.folder.look(held.draft))
        self._keep(held.draft.base)
        return self._form(held.unit, held.draft, mode=held.mode, form=self._as_form(held))

    def _as_form(self, held: Held) -> dict[str, str]:
        """The draft's text as if it had been typed just now."""
        base = {"base": self._keep(held.draft.base)}
        unit, text = held.unit, held.draft.text
        if held.mode == "yaml":
            return {**base, "yaml": text if isinstance(unit, WholeFile) else unit.block(text).text}
        if isinstance(unit, NewEntry):
            new = next(name for sign, _, line in held.draft.lines() if sign == "+" and (name := _id_in(line)))
            unit = EntryUnit(new)
        elif unit.kind in _NEW:
            raise web.HTTPSeeOther(unit.address)
        fields = unit.fields(text)
        if isinstance(unit, NoticesUnit):
            return {**base, **fields}
        return {**base, **{f"f.{key}": value for key, value in fields.items()}}

    # --- trying -------------------------------------------------------------------

    async def try_page(self, request: web.Request) -> web.Response:
        samples = self.folder.sample_names()
        return self._page("try.html", here="try", q="", why=None, sample="", samples=samples, now=self.now())

    async def try_text(self, request: web.Request) -> web.Response:
        form = await _form(request)
        q, content = form.get("q", "").strip(), self.now().content
        if not q or content is None:
            raise web.HTTPSeeOther("/try")
        matcher = await self._in_thread(lambda: self.learner.matcher(content, saved=True))
        why = reasons(ask(matcher, q), content)
        samples = self.folder.sample_names()
        return self._page("try.html", here="try", q=q, why=why, sample="", samples=samples, now=self.now())

    # --- walking ------------------------------------------------------------------

    async def begin_walk(self, request: web.Request) -> web.Response:
        form = await _form(request)
        key, sample, flow = form.get("draft", ""), form.get("sample", ""), form.get("flow", "")
        held = self._drafts.get(key)
        if key and held is None:
            raise web.HTTPGone
        if sample and sample not in self.folder.samples():
            raise web.HTTPNotFound
        try:
            draft = held.draft if held else None
            content, base = self.folder.content(draft, sample), self.folder.content(draft)
        except BrokenContent:
            return self._sentence("いまは試せません", "内容にまちがいがあります。先に直してください。", 409)
        if flow and flow not in content.flows:
            raise web.HTTPNotFound
        walk = Walk(self.learner.assistant(content, base, saved=held is None), tokyo_now(), sample, key)
        walk.begin(flow)
        raise web.HTTPSeeOther(f"/walk/{self.walks.add(walk)}")

    def _walk_of(self, request: web.Request) -> tuple[str, Walk]:
        key = request.match_info["key"]
        walk = self.walks.get(key)
        if walk is None:
            raise web.HTTPGone
        return key, walk

    async def walk(self, request: web.Request) -> web.Response:
        key, walk = self._walk_of(request)
        return await self._walk_page(key, walk, whole="whole" in request.query)

    async def _walk_page(self, key: str, walk: Walk, *, whole: bool = False, **more: Any) -> web.Response:
        where, drawn = walk.where, ""
        if where is not None:
            flow = walk.assistant.content.flows[where.flow]
            diagram = await self._in_thread(lambda: self._diagram(walk.assistant.content, flow))
            passed = [f"q:{name}" for name in where.answered]
            drawn = svg(diagram, where.node or "q:", passed, near=not whole)
        values: dict[str, Any] = {"trouble": "", "recorded": "", "mismatches": (), "status": 200, **more}
        return self._page(
            "walk.html",
            here="guides",
            key=key,
            walk=walk,
            where=where,
            whole=whole,
            turn=self._pages.turn(walk.last, f"/walk/{key}/pressed") if walk.last else "",
            drawn=drawn,
            samples=self.folder.sample_names(),
            **values,
        )

    def _diagram(self, content: Content, flow: Flow) -> Diagram:
        key = (content.digest, flow.id, content.municipality.name or "")
        if key not in self._diagrams:
            if len(self._diagrams) > 20:
                self._diagrams.clear()
            self._diagrams[key] = trace(flow, content.municipality)
        return self._diagrams[key]

    async def walk_pressed(self, request: web.Request) -> web.Response:
        key, walk = self._walk_of(request)
        walk.press((await _form(request)).get("data", ""))
        raise web.HTTPSeeOther(f"/walk/{key}")

    async def walk_said(self, request: web.Request) -> web.Response:
        key, walk = self._walk_of(request)
        if text := (await _form(request)).get("text", "").strip():
            await self._in_thread(lambda: walk.say(text))
        raise web.HTTPSeeOther(f"/walk/{key}")

    async def record(self, request: web.Request) -> web.Response:
        key, walk = self._walk_of(request)
        form = await _form(request)
        folder = self.folder.root / "flows" / "talks"
        try:
            folder.mkdir(exist_ok=True)
            path, found = walk.record(folder, form.get("name", "").strip(), form.get("title", "").strip())
        except Taken as error:
            return await self._walk_page(key, walk, trouble=str(error), status=422)
        except (BadTalk, OSError) as error:
            return await self._walk_page(key, walk, trouble=f"記録できませんでした（{error}）。", status=500)
        return await self._walk_page(key, walk, recorded=f"flows/talks/{path.name}", mismatches=found)

    async def drawing(self, request: web.Request) -> web.Response:
        """A guide on one sheet of A3."""
        content, name = self.now().content, request.match_info["flow"]
        if content is None or name not in content.flows:
            raise web.HTTPNotFound
        drawn = await self._in_thread(lambda: svg(self._diagram(content, content.flows[name])))
        return web.Response(text=drawn, content_type="image/svg+xml", charset="utf-8")


_HERE = {
    "entry": "entries",
    "new-entry": "entries",
    "fact": "facts",
    "source": "facts",
    "new-fact": "facts",
    "new-source": "facts",
    "city": "city",
    "notices": "notices",
    "file": "files",
}
_ERRORS = {
    400: ("うまく読み取れませんでした", "前の画面に戻り、もう一度お試しください。"),
    403: (
        "この送信は受け取れません",
        "この画面は、決まったアドレスからだけ使えます。はじめのアドレスを開きなおしてください。",
    ),
    404: ("見つかりません", "アドレスが途中で切れているか、その項目がなくなりました。"),
    410: (
        "この画面はもう古くなりました",
        "編集の途中の内容は、しばらくすると消えます。ファイルは変わっていません。一覧から開きなおしてください。",
    ),
    413: ("大きすぎます", "一度に送れるのは1 MiB までです。ファイルは変わっていません。"),
    429: ("少しだけお待ちください", "合言葉のまちがいが続きました。{seconds}秒ほど待って、もう一度お試しください。"),
    500: ("うまく動きませんでした", "こちらの不具合です。ファイルは変わっていません。もう一度お試しください。"),
}
_TOO_OLD = (
    "この画面を開いてから時間がたち、ファイルも変わりました。書いた文を写してから、この項目を開きなおしてください。"
)
_NOT_UTF8 = "ファイルが UTF-8 で保存されていません。メモ帳で開き、文字コードを UTF-8 にして保存しなおしてください。"


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


async def _form(request: web.Request) -> dict[str, str]:
    """The fields of a form, line ends as we write them; of several values of one name a line each."""
    found: dict[str, str] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, str):
            text = value.replace("\r\n", "\n").replace("\r", "\n")
            found[name] = f"{found[name]}\n{text}" if name in found else text
    return found


def _key_of(base: str | None) -> str:
    return sha256(b"\0" if base is None else base.encode()).hexdigest()


def _id_in(line: str) -> str:
    start, _, name = line.partition("id: ")
    return name.strip() if start.strip() == "-" else ""


def _notices(form: Mapping[str, str]) -> dict[str, str]:
    """The notices of a form, whose days and times are fields of their own."""
    found = {}
    for number in range(MOST_NOTICES):
        if f"{number}.text" not in form:
            continue
        found[f"{number}.text"] = form[f"{number}.text"]
        for key in ("from", "until"):
            day, time = form.get(f"{number}.{key}.day", ""), form.get(f"{number}.{key}.time", "")
            found[f"{number}.{key}"] = f"{day} {time}".strip() if day else form.get(f"{number}.{key}", "")
    return found


def _offices(fields: Mapping[str, str]) -> dict[str, list[int]]:
    """The numbers of the offices in the form, with one more to fill in."""
    found: dict[str, list[int]] = {}
    for part in ("offices", "post_offices"):
        numbers = {int(key.split(".")[1]) for key in fields if key.startswith(f"{part}.")}
        found[part] = [*sorted(numbers), max(numbers, default=0) + 1]
    return found


def _names(content: Content | None) -> dict[str, list[tuple[str, str]]]:
    """The ids that a form may name, with what they are called; none while the files have mistakes."""
    if content is None:
        return {"sources": [], "entries": [], "flows": [], "groups": []}
    return {
        "sources": [(name, source.name) for name, source in content.sources.items()],
        "entries": [(entry.id, entry.question) for entry in content.entries],
        "flows": [(flow.id, flow.title) for flow in content.flows.values()],
        "groups": [(group.id, group.title) for group in content.groups],
    }


def _sources_of(flow: Flow) -> set[str]:
    """The sources of the steps, notes and items of a guide."""
    steps = [step.source for route in flow.routes for step in route.steps]
    parts = [*steps, *(item.source for item in flow.items), *(note.source for note in flow.notes)]
    return {source for source in parts if source}


async def run_studio(settings: StudioSettings, learnt: Path) -> None:
    """Serve until SIGTERM or SIGINT. Raises OSError if the address is taken."""
    studio, stop = Studio(settings, Learner(Cache(learnt), Cache(settings.learnt))), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = await serve(studio.app(), settings.host, settings.port)
    try:
        host, port = runner.addresses[0][:2]
        print(f"ready http://{f'[{host}]' if ':' in host else host}:{port}/", file=sys.stderr, flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()
