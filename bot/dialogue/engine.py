"""How a conversation works: a pure function from an Event to a Turn.

A conversation's whole state is a Position: the flow that is open (if any), the answers given
to it, and the list shown last. It comes in as a token, with the button pressed or from the
record of the last turn, and goes out as a token in every button of the reply.

A **press** carries its position along, so an old button is a way back, not a mistake. Its
first letter says what to do there:

    g  go on: ask the open question, or show the result     b  begin the guide, saying what is known
    l  list the answers, each to be changed
    e  show an entry (3 characters of code, then the token)  f  start a flow (code, token)
    m  topics     k  one group of topics (code, token)      h  help     p  privacy     s  start page
    x  leave the guide     d  delete what is kept           c  call someone
    n  go on in the language of the token; without one: the languages to choose from
    t  take a result along (1 character says how, taking.py)  v  put the chosen day on a calendar (code, token)
    i  tick an item of a checklist (ticking.py, token)      w  show or hide its reasons (1 or 0, token)
    z  delete what is kept, as asked for with d
    y  an answer or result (code) helped                    q  it did not, or not yet
    o  hand the question to the office                      j  yes, this text (code)       a  no (giving.py)

The last eight do not move the conversation: whoever ticks an old checklist stays in the guide that is open.

A **text** is first stripped of secrets by the guard, then taken as the first of these that fits:

    1. a steering word (戻る, やめる, 最初から, メニュー …), or the number of a list shown last
    2. exactly a number, label or alias of the open question's choices; the words of a button that lists an
       entry or begins a guide
    3. a choice nearly said, unless the text asks something or is small talk
    4. an FAQ answer; the open question is asked again after it
    5. near ties: choices of the question, or entries, to choose from
    6. an honest "I don't know", with ways on

Ticks are the one exception to the buttons' memory: the channel keeps them and passes them in (ticking.py).
Nothing else is state: no clock, no randomness, no I/O. `now` is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from unicodedata import normalize

from bot.content.model import Content, Entry, Flow, GuideLink, Question
from bot.content.words import JAPANESE_ID
from bot.dialogue import commands, presenting
from bot.dialogue.answers import Answer, Answers, Position
from bot.dialogue.giving import is_giving
from bot.dialogue.guard import PLACEHOLDER, Guarded, guard
from bot.dialogue.replies import Commanded, Event, Heard, Pressed, Reply, Said, Sent, Turn
from bot.dialogue.ticking import is_of_list, tick_of
from bot.dialogue.token import TOKENS_KEPT, BadToken, Codes, in_language_of
from bot.dialogue.walk import NoSingleRoute, Result, conclude, one_back, open_question, settle
from bot.matching.normalise import asks
from bot.matching.understanding import ChoiceMatch, ForeignMatcher, Matcher, Understanding, Understood

MAX_TEXT = 4096
"""Telegram's limit for a message; what is longer is not read further."""

QUESTIONS_KEPT = 256
"""Questions that are kept as they are asked: most people meet the same ones, and nothing in them depends on the day."""

_CODED = {"e": 3, "f": 3, "k": 3, "v": 3, "i": 3, "y": 3, "q": 3, "t": 1, "w": 1}
"""Actions followed by a code, and its length."""

_WISH = re.compile(r"(?<!知り)(?<!聞き)(?<!確かめ)(?<!教わり)たい(?!へん)")
"""What a person wants done, as in 外したい; not what one wants to know."""
_YES_OR_NO = ("agreement", "disagreement")
"""The small talk that answers nothing at a question with other choices than yes and no."""

VIOLENCE = "violence"
"""The concept whose mention gets advice and sets no answer (counter rule 7)."""

_Guarded = Guarded | Pressed | Commanded | Sent
"""An Event of which the guard has seen the text: only the front door has what was typed."""


class Engine:
    """Answers for one Content, in each of its languages. Building it raises Collision if two ids share a code.

    `matchers` understand further languages; for one that has none, `matcher` does. Those of languages that the content
    does not have (a save may take one away, and the matchers stay until the new ones have learnt) are left out.
    """

    def __init__(
        self,
        content: Content,
        matcher: Matcher,
        operator: presenting.Operator = presenting.NOBODY,
        matchers: Mapping[str, ForeignMatcher] = MappingProxyType({}),
        languages: tuple[Content, ...] = (),
    ) -> None:
        self.content = content
        self.matcher = matcher
        self._codes = Codes(content)
        self._read = lru_cache(TOKENS_KEPT)(self._settled)
        self._ask = lru_cache(QUESTIONS_KEPT)(self._asked)
        if content.translations:
            languages = content.languages
        self._names = {
            commands.fold(name): one.language
            for one in languages
            for name in (one.language, one.language_name, *one.typed.steering.get("language", ()))
        }
        matchers = {name: one for name, one in matchers.items() if name in content.translations}
        self._in_language = {
            name: Engine(one, matchers.get(name, matcher), operator, languages=languages)
            for name, one in content.translations.items()
        }
        self._matchers = matchers
        self._guides = {
            commands.fold(name): f"flow:{flow.id}"
            for flow in content.flows.values()
            for name in (flow.start, flow.title)
        }
        self._steering = commands.Steerer(tuple(one.typed.steering for one in languages))
        self._present = presenting.Presenter(content, self._codes, operator, languages)

    # --- the front door -------------------------------------------------------

    def respond(self, token: str | None, event: Event, now: datetime) -> Turn:
        """The turn that `event` leads to from the position in `token`. Never raises on odd input.

        `token` is the one recorded after the last turn, or None; `now` is aware of its zone. A button or link
        speaks the language of its own token, everything else that of the recorded one.
        """
        done = guard(_bounded(event.text)) if isinstance(event, Said) else event
        language = self._asked_for(done)
        if language is not None:
            position = self._unpack(token)[0] if token else Position()
            done = Pressed(f"n{self._codes.pack(position.without_offer(), language)}")
        speaker = self._speaker(token_in(done) or token)
        if speaker is self and isinstance(done, Guarded):
            speaker = self._writer(done.text)
        return speaker._respond(token, done, now)

    def _asked_for(self, event: _Guarded) -> str | None:
        """The language whose name someone typed or gave to the command; None for anything else."""
        if isinstance(event, Guarded):
            return self._names.get(commands.fold(event.text))
        if isinstance(event, Commanded) and event.name == "language":
            return self._names.get(commands.fold(event.argument))
        return None

    def _writer(self, text: str) -> Engine:
        """Who answers a text in a Japanese conversation: another language, if it is clearly written in that."""
        return next((self._in_language[name] for name, matcher in self._matchers.items() if matcher.is_own(text)), self)

    def _speaker(self, token: str | None) -> Engine:
        """Who answers in the language of `token`."""
        return self._in_language.get(in_language_of(self.content, token).language, self)

    def _respond(self, token: str | None, event: _Guarded, now: datetime) -> Turn:
        position, notices = self._unpack(token) if token else (Position(), ())
        if isinstance(event, Pressed):
            if event.data == presenting.DELETE:
                return self._commanded(position, Commanded("delete"), now)
            if is_of_list(event.data):
                return self._ticked(position, event, now)
            if event.data[:1] in presenting.FEEDBACK.values():
                return self._heard(position, event, now)
            if is_giving(event.data):
                giving = self._present.giving(event.data, event.about and _bounded(event.about))
                return replace(self._turn(position, (giving.reply,)), given=giving.given)
            return self._turn(*self._pressed(position, event.data, now))
        if isinstance(event, Commanded):
            return self._commanded(position, event, now)
        if isinstance(event, Sent):
            position, replies = self._remark(position, self._present.odd(event.kind), now)
            return self._turn(position, (*notices, *replies))
        warnings = (self._present.secret(event.kinds),) if event.kinds else ()
        understanding = None
        if event.kinds and not event.text.replace(PLACEHOLDER, "").strip():
            position, replies = self._remark(position, self._present.notice("only-secret"), now)
        else:
            position, replies, understanding = self._said(position, event.text, now)
            if not event.kinds:  # what held a secret is handed to nobody
                replies = tuple(self._present.with_question(reply, event.text) for reply in replies)
        turn = self._turn(position, (*notices, *warnings, *replies))
        return replace(turn, redacted=event.text, found=event.kinds, understanding=understanding)

    def show(self, entry_ids: tuple[str, ...], token: str | None, now: datetime) -> Turn:
        """The turn that answers with these entries, for an address that names them. Unknown ids are left out."""
        return self._speaker(token)._show(entry_ids, token, now)

    def _show(self, entry_ids: tuple[str, ...], token: str | None, now: datetime) -> Turn:
        position, notices = self._unpack(token) if token else (Position(), ())
        entries = [entry for entry_id in entry_ids if (entry := self.content.entry(entry_id))]
        if not entries:
            return self._turn(position, (*notices, self._present.nothing_found(self._inside(position))))
        position, replies = self._answer(position, entries, Understood(), now)
        return self._turn(position, (*notices, *replies))

    def _turn(self, position: Position, replies: tuple[Reply, ...]) -> Turn:
        return Turn(self._pack(position) or None, replies, language=self.content.language, words=self.content.words)

    # --- tokens -----------------------------------------------------------------

    def _pack(self, position: Position) -> str:
        """The token of a position; none if there is nothing to remember."""
        another = self.content.language != JAPANESE_ID
        return self._codes.pack(position) if position.flow or position.offered or another else ""

    def _inside(self, position: Position) -> str:
        """The token of the guide that is open; empty outside of guides."""
        return self._codes.pack(position.without_offer()) if position.flow else ""

    def _unpack(self, token: str) -> tuple[Position, tuple[Reply, ...]]:
        """The settled position in a recorded `token`, and what the person should know about it."""
        try:
            return self._read(token)
        except BadToken:
            return Position(), (self._present.notice("bad-token"),)

    def _settled(self, token: str) -> tuple[Position, tuple[Reply, ...]]:
        """As `_unpack`; called through `_read`, which keeps what it gives. Raises BadToken."""
        unpacked = self._codes.unpack(token)
        notices = []
        if unpacked.elsewhere:
            notices.append(self._present.notice("elsewhere"))
        if unpacked.outdated:
            notices.append(self._present.notice("outdated"))
        position = unpacked.position
        flow = self._flow(position)
        if flow is not None:
            position = replace(position, answers=settle(flow, position.answers, self.content.municipality))
        return position, tuple(notices)

    def _flow(self, position: Position) -> Flow | None:
        return self.content.flows.get(position.flow) if position.flow else None

    # --- presses and commands -----------------------------------------------------

    def _pressed(self, position: Position, data: str, now: datetime) -> tuple[Position, tuple[Reply, ...]]:
        action, rest = data[:1], data[1:]
        if data == "n":
            return position, (self._present.languages(position),)
        code = ""
        if action in _CODED:
            code, rest = rest[: _CODED[action]], rest[_CODED[action] :]
        try:
            if not action or action not in "gbefkmlhpsxdctvn":
                raise BadToken(action)
            position, notices = self._read(rest) if rest else (Position(), ())
        except BadToken:
            return self._lost(position, "bad-token", now)
        position, replies = self._act(action, code, position, now)
        return position, (*notices, *replies)

    def _act(self, action: str, code: str, position: Position, now: datetime) -> tuple[Position, tuple[Reply, ...]]:
        token = self._inside(position)
        if action in ("g", "n"):
            return self._go(position, now) if position.flow else self._start(now)
        if action == "b":
            return self._begin(self._flow(position), position.answers, now)
        if action == "e":
            entry = self.content.entry(self._codes.offer(code) or "")
            if entry is None:
                return self._lost(position, "gone", now)
            return self._answer(position, [entry], Understood(), now)
        if action == "f":
            flow = self.content.flows.get((self._codes.offer(code) or "").removeprefix("flow:"))
            return self._begin(flow, Answers(), now) if flow else self._start(now)
        if action == "m":
            return self._offer(position, self._present.menu(token))
        if action == "k":
            return self._offer(
                position, self._present.group((self._codes.offer(code) or "").removeprefix("group:"), token)
            )
        if action in ("t", "v"):
            return self._take_along(position, action, code, now)
        if action == "l" and (flow := self._flow(position)):
            return position, (self._present.answers(flow, position),)
        if action == "x":
            return Position(), (self._present.left(inside=position.flow is not None),)
        simple = {
            "h": self._present.help,
            "p": self._present.privacy,
            "d": self._present.delete,
        }
        if action == "c":
            return position, (self._present.phones(token, now),)
        if action in simple:
            return position, (simple[action](token),)
        return self._start(now)

    def _commanded(self, position: Position, event: Commanded, now: datetime) -> Turn:
        if event.name == "delete":
            return replace(self._turn(Position(), (self._present.deleted(),)), forget=True)
        if event.name == "start" and event.argument.startswith("e-"):
            name = event.argument.removeprefix("e-")
            if self.content.entry(name) is None:
                return self._turn(*self._lost(Position(), "gone", now))
            return self.show((name,), None, now)
        if event.name == "start" and event.argument:
            return self._turn(*self._pressed(Position(), f"g{event.argument}", now))
        if event.name == "language":
            return self._turn(*self._pressed(position, "n", now))
        if event.name == "guide":
            return self._turn(*self._begin(self.content.flows.get(presenting.MAIN_GUIDE), Answers(), now))
        if event.name == "start" and event.speaks.split("-")[0] not in ("", "ja") and self._in_language:
            position, replies = self._start(now)
            return self._turn(position, (*replies, self._present.languages(Position())))
        action = {"help": "h", "menu": "m", "privacy": "p"}.get(event.name, "s")
        return self._turn(*self._act(action, "", position.without_offer(), now))

    def _start(self, now: datetime) -> tuple[Position, tuple[Reply, ...]]:
        return self._offer(Position(), self._present.start(now))

    def _offer(self, position: Position, shown: tuple[Reply, tuple[str, ...]]) -> tuple[Position, tuple[Reply, ...]]:
        reply, offered = shown
        return replace(position, offered=offered), (reply,)

    # --- guides -------------------------------------------------------------------

    def _begin(self, flow: Flow | None, answers: Answers, now: datetime) -> tuple[Position, tuple[Reply, ...]]:
        """Open `flow` with what is already known, saying how that was understood."""
        if flow is None:
            return self._start(now)
        position = Position(flow.id, settle(flow, answers, self.content.municipality))
        opening = self._present.opening(flow, position.answers)
        position, replies = self._go(position, now)
        return position, (opening, *replies) if opening else replies

    def _go(self, position: Position, now: datetime) -> tuple[Position, tuple[Reply, ...]]:
        """Ask the open question, or show the result, going on in the next guide if the route says so."""
        flow = self._flow(position)
        if flow is None:
            return self._start(now)
        position = position.without_offer()
        if (asked := self._ask(position)) is not None:
            return position, (asked,)
        try:
            result = conclude(flow, position.answers, self.content.municipality)
        except NoSingleRoute:
            return position, (self._present.no_route(self._pack(position)),)
        if result.route.goto is None:
            return position, (self._present.result(result, position, now),)
        conclusion = self._present.conclusion(result)
        goto = result.route.goto
        known = Answers(tuple(Answer(q, (choice,), prefilled=True) for q, choice in goto.answers.items()))
        position, replies = self._begin(self.content.flows.get(goto.flow), known, now)
        return position, (conclusion, *replies)

    def _take_along(
        self, position: Position, action: str, code: str, now: datetime
    ) -> tuple[Position, tuple[Reply, ...]]:
        """The file, link or reminder of the result in `position`; goes on in the guide if it is not finished."""
        result = self._result(position)
        if result is None:
            return self._go(position, now)
        token = self._pack(position)
        if action == "v":
            return position, (self._present.visit(result, token, code, now),)
        reply = self._present.handed(result, token, code, now)
        return (position, (reply,)) if reply else self._go(position, now)

    def _result(self, position: Position) -> Result | None:
        """The finished checklist of `position`, or None if there is none."""
        flow = self._flow(position)
        if flow is None or open_question(flow, position.answers, self.content.municipality) is not None:
            return None
        try:
            result = conclude(flow, position.answers, self.content.municipality)
        except NoSingleRoute:
            return None
        return result if result.route.goto is None else None

    def _ticked(self, position: Position, event: Pressed, now: datetime) -> Turn:
        """The checklist whose button was pressed, as it is now; `position` stays if a guide is open."""
        tick = tick_of(event.data)
        token = event.data[4 if tick else 2 :]
        try:
            at, notices = self._read(token)
        except BadToken:
            return self._turn(*self._lost(position, "bad-token", now))
        result = self._result(at)
        if result is None:
            at, replies = self._go(at, now)
            return self._turn(at, (*notices, *replies))
        reasons = tick.reasons if tick else event.data[1:2] == "1"
        reply, ticks = self._present.checklist(result, self._pack(at), event.ticks, tick, reasons=reasons)
        return replace(self._turn(position if position.flow else at, (reply,)), ticks=ticks)

    def _heard(self, position: Position, event: Pressed, now: datetime) -> Turn:
        """Thanks for saying whether an answer or result helped. Nothing else changes."""
        data = event.data
        name = self._codes.offer(data[1:4])
        if name is None or name.startswith(("flow:", "group:")) or len(data) > 4:
            return self._turn(*self._lost(position, "bad-token", now))
        understood = data[0] == presenting.FEEDBACK["yes"]
        about = guard(_bounded(event.about or "")).text.strip()
        turn = self._turn(position, (self._present.heard(self._inside(position), understood=understood, about=about),))
        return replace(turn, heard=Heard(data[1:4], name.removeprefix("route:"), understood))

    def _ask_again(self, position: Position, now: datetime, *, why: bool = False) -> tuple[Reply, ...]:
        """The open question again (`why`: with its reason), or a way back to the result; nothing outside a guide."""
        if position.flow not in self.content.flows:
            return ()
        if (asked := self._ask(position, again=not why)) is not None:
            return (asked,)
        return (self._present.back_to_result(self._pack(position.without_offer())),)

    def _asked(self, position: Position, *, again: bool = False) -> Reply | None:
        """The question that is open at `position`, if one is; called through `_ask`, which keeps it."""
        flow = self._flow(position)
        question = open_question(flow, position.answers, self.content.municipality) if flow else None
        return self._present.question(flow, question, position, again=again) if flow and question else None

    def _remark(self, position: Position, remark: Reply, now: datetime) -> tuple[Position, tuple[Reply, ...]]:
        """Say `remark` about odd input. In a guide the open question follows, and numbers mean its choices again."""
        if position.flow:
            position = position.without_offer()
        return position, (remark, *self._ask_again(position, now))

    def _lost(self, position: Position, notice: str, now: datetime) -> tuple[Position, tuple[Reply, ...]]:
        """What to do after a button or link that leads nowhere: go on where the person is, else begin."""
        if position.flow:
            return self._remark(position, self._present.notice(notice), now)
        position, replies = self._start(now)
        return position, (self._present.notice(notice), *replies)

    def _choose(
        self, position: Position, question: Question, choices: tuple[str, ...], now: datetime
    ) -> tuple[Position, tuple[Reply, ...]]:
        """Take typed `choices` as the finished answer to the open question."""
        alone = [choice.id for choice in question.choices if choice.alone and choice.id in choices]
        taken = choices if question.many and not alone else (alone or list(choices))[:1]
        ordered = tuple(choice.id for choice in question.choices if choice.id in taken)
        answers = position.answers.set(Answer(question.id, ordered))
        flow = self._flow(position)
        if flow is not None:
            answers = settle(flow, answers, self.content.municipality)
        return self._go(replace(position, answers=answers), now)

    def _back(self, position: Position, now: datetime) -> tuple[Position, tuple[Reply, ...]]:
        flow = self._flow(position)
        if flow is None:
            return self._start(now)
        before = one_back(flow, position.answers, self.content.municipality)
        if before is None:
            return self._remark(position, self._present.notice("first-question"), now)
        return self._go(replace(position, answers=before), now)

    # --- texts --------------------------------------------------------------------

    def _said(
        self, position: Position, text: str, now: datetime
    ) -> tuple[Position, tuple[Reply, ...], Understanding | None]:
        """The turn after a text, and what the matcher understood if it was asked."""
        if not text.strip():
            return *self._remark(position, self._present.notice("empty"), now), None
        steering = self._steering.read(text)
        if steering is not None:
            return *self._steer(position, steering, now), None
        chosen = commands.number(text)
        if chosen is not None and position.offered:
            if not 1 <= chosen <= len(position.offered):  # never a choice of the question above that list
                return position, (self._present.notice("no-such-number"),), None
            return *self._take_offer(position, position.offered[chosen - 1], now), None
        flow = self._flow(position)
        question = open_question(flow, position.answers, self.content.municipality) if flow else None
        match = self.matcher.choose(text, question) if question else ChoiceMatch()
        if not match.exact and (plainly := commands.yes_or_no(text)) is not None:
            text = plainly
            match = self.matcher.choose(text, question) if question else match
        if question and match.exact:
            return *self._choose(position, question, match.exact, now), None
        if (named := self._named(position, text)) is not None:
            return *self._take_offer(position, named, now), None
        if chosen is not None:
            if question:
                return *self._remark(position, self._present.notice("no-such-number"), now), None
            return *self._lost(position, "no-list", now), None
        understanding = self.matcher.understand(text)
        if VIOLENCE in understanding.understood.concepts:
            return *self._remark(position.without_offer(), self._present.support(), now), understanding
        near = match.near or self._said_choice(question, understanding.understood)
        if understanding.decision == "smalltalk":
            near = ()  # 「ありがとう」 sounds like 「ある」, and despair like 「変えたい」: it is no answer
        if question and len(near) == 1 and not match.is_question:
            return *self._choose(position, question, near, now), understanding
        return *self._reply(position, question, replace(match, near=near), text, understanding, now), understanding

    def _reply(
        self,
        position: Position,
        question: Question | None,
        match: ChoiceMatch,
        text: str,
        understanding: Understanding,
        now: datetime,
    ) -> tuple[Position, tuple[Reply, ...]]:
        """Steps 4 to 6 of the order above."""
        position = position.without_offer()
        token = self._inside(position)
        if understanding.decision == "answer":
            entries = [entry for name in understanding.answers if (entry := self.content.entry(name))]
            wished = self._wished(entries, understanding.understood, text)
            if wished is not None and self._flow(position) is None:
                return self._begin(self._flow(wished), wished.answers, now)
            return self._answer(position, entries, understanding.understood, now)
        if understanding.decision == "smalltalk":
            said = next((s for s in self.content.vocabulary.smalltalk if s.id == understanding.smalltalk), None)
            if said is not None and question and said.id in _YES_OR_NO:
                return self._remark(position, self._present.notice("choose-one"), now)
            if said is not None:
                return self._remark(position, self._present.smalltalk(said, token), now)
        flow = self._flow(position)
        if flow and question and match.near:
            return position, (self._present.which_choice(flow, question, match.near, position),)
        if question and not match.is_question:
            return self._remark(position, self._present.notice("not-a-choice"), now)
        if understanding.decision == "clarify":
            known = self._known(understanding.understood)
            if not flow and known.answers and not asks(text):
                return self._begin(self._flow(known), known.answers, now)
            return self._offer(position, self._present.clarify(understanding.choices, token))
        return self._remark(position, self._present.nothing_found(token), now)

    def _said_choice(self, question: Question | None, understood: Understood) -> tuple[str, ...]:
        """The choice that the text's own words for a PIN or a visitor stand for, if the open question asks for it."""
        if question is None or question.prefill is None:
            return ()
        value = getattr(understood, question.prefill)
        return tuple(choice.id for choice in question.choices if value in choice.said)

    def _steer(
        self, position: Position, steering: commands.Steering, now: datetime
    ) -> tuple[Position, tuple[Reply, ...]]:
        position = position.without_offer()
        if steering == "back":
            return self._back(position, now)
        if steering == "resume":
            return self._go(position, now) if position.flow else self._start(now)
        if steering == "restart":
            flow = self._flow(position)
            return self._begin(flow, Answers(), now) if flow else self._start(now)
        if steering == "guide":
            return self._begin(self.content.flows.get(presenting.MAIN_GUIDE), Answers(), now)
        if steering == "rescue":
            return self._remark(position, self._present.rescue(self._inside(position)), now)
        if steering == "why":
            return position, self._ask_again(position, now, why=True) or (self._present.nothing_found(""),)
        actions = {"cancel": "x", "menu": "m", "help": "h", "list": "l", "privacy": "p", "delete": "d", "human": "c"}
        position, replies = self._act(actions[steering], "", position, now)
        return position, replies

    def _named(self, position: Position, text: str) -> str | None:
        """What of the last list the whole text names, or the guide it names, as people copy a button's words."""
        said = commands.fold(text)
        offered = [entry for name in position.offered if (entry := self.content.entry(name))]
        listed = {commands.fold(name): entry.id for entry in offered for name in (entry.short, entry.question) if name}
        return listed.get(said) or self._guides.get(said)

    def _take_offer(self, position: Position, name: str, now: datetime) -> tuple[Position, tuple[Reply, ...]]:
        if name.startswith("flow:"):
            return self._begin(self.content.flows.get(name.removeprefix("flow:")), Answers(), now)
        if name.startswith("group:"):
            return self._offer(position, self._present.group(name.removeprefix("group:"), self._inside(position)))
        entry = self.content.entry(name)
        return self._answer(position, [entry], Understood(), now) if entry else self._start(now)

    def _answer(
        self, position: Position, entries: list[Entry], understood: Understood, now: datetime
    ) -> tuple[Position, tuple[Reply, ...]]:
        """Answer from entries; inside a guide go on with it, outside offer the guide or begin it at once."""
        position = position.without_offer()
        flow = self._flow(position)
        inside = flow is not None
        complete = flow is not None and open_question(flow, position.answers, self.content.municipality) is None
        replies: list[Reply] = []
        for entry in entries:
            known = self._prefill(entry.guide, understood) if entry.guide and (complete or not inside) else None
            replies.append(self._present.answer(entry, self._inside(position), known, now, alone=len(entries) == 1))
        if inside:
            return position, (*replies, *self._ask_again(position, now))
        guide = entries[0].guide
        if len(entries) == 1 and guide is not None and guide.start:
            flow = self.content.flows.get(guide.flow)
            position, asked = self._begin(flow, self._prefill(guide, understood).answers, now)
            return position, (*replies, *asked)
        if len(entries) == 1:
            return replace(position, offered=entries[0].see_also), tuple(replies)
        return position, tuple(replies)

    def _wished(self, entries: list[Entry], understood: Understood, text: str) -> Position | None:
        """Where the main guide starts for a text that is a wish about a named PIN, and no question; else None."""
        guides = [entry.guide for entry in entries if entry.guide]
        if len(guides) != 1 or guides[0].flow != presenting.MAIN_GUIDE or _WISH.search(text) is None or asks(text):
            return None
        return self._prefill(guides[0], understood) if self._known(understood).answers else None

    def _known(self, understood: Understood) -> Position:
        """The main guide with what the person's own words say for it."""
        if presenting.MAIN_GUIDE not in self.content.flows:
            return Position()
        return self._prefill(GuideLink(flow=presenting.MAIN_GUIDE), understood)

    def _prefill(self, guide: GuideLink, understood: Understood) -> Position:
        """Where the guide starts, with what is already known: from the entry, else from the person's own words.

        Where both speak and differ, the question is asked.
        """
        flow = self.content.flows[guide.flow]
        answers = Answers()
        for question in flow.questions:
            known = guide.answers.get(question.id)
            said = self._said_choice(question, understood)
            if known and said and known not in said:
                continue
            choice = known or (said[0] if len(said) == 1 else None)
            if choice is not None:
                answers = answers.set(Answer(question.id, (choice,), prefilled=True))
        return Position(flow.id, answers)


def token_in(event: _Guarded | Event) -> str | None:
    """The token that a button or link carries, if any."""
    if isinstance(event, Commanded):
        return event.argument if event.name == "start" and not event.argument.startswith("e-") else None
    if not isinstance(event, Pressed):
        return None
    return event.data[1 + _CODED.get(event.data[:1], 0) :]


def _bounded(text: str) -> str:
    """As much of a text as is read: a few characters stand for many (ﷺ is 18 when normalised)."""
    text = text[:MAX_TEXT]
    return text if len(normalize("NFKC", text)) <= 2 * MAX_TEXT else text[: MAX_TEXT // 18]
