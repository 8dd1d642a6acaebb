"""The personal checklist: a Result in the order in which a worried person needs it.

First where and what to beware of, then how often and how much, what to bring, what to do,
where and when, and last what is good to know. The words of the parts come from the flow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from bot.content.model import Content, Flow, Item
from bot.content.municipality import Office
from bot.content.words import Words
from bot.dialogue.answers import Answer
from bot.dialogue.dates import TOKYO, in_spans, in_words, next_maintenance
from bot.dialogue.explaining import explain
from bot.dialogue.replies import (
    Block,
    Bullets,
    Button,
    CheckItem,
    Checklist,
    Copy,
    Details,
    Heading,
    Place,
    Text,
    Ticks,
    Warning,
)
from bot.dialogue.standing import Standing
from bot.dialogue.ticking import TICK, Tick, item_code
from bot.dialogue.walk import Result

_WITH_A_TRIP = ("office", "letter", "kiosk")
_CALL_FIRST = ("phone", "letter")
_INFO_AT_ONCE = 4
_AHEAD = 60
"""Days ahead that a city's own weekend and evening openings are listed."""

_LABEL = 20
"""Full-width characters that a button shows on a phone without cutting."""

_NAMED_OFFICES = 3
"""Offices whose phone, address and place are handed out; a city with more is better served by its list."""

_COPY_LIMIT = 256
"""Characters that a copy button can hold (Bot API, CopyTextButton)."""


class Results:
    """Makes the blocks of results for one Content."""

    def __init__(self, content: Content, standing: Standing) -> None:
        self._content = content
        self._city = content.municipality
        self._say = content.words
        self._standing = standing

    def blocks(self, result: Result, now: datetime, token: str = "") -> tuple[Block, ...]:
        """The whole result, with nothing ticked yet; `token` opens it again.

        `now` decides on notices and the days that are closed.
        """
        today = now.astimezone(TOKYO).date()
        ask = self._ask(result)
        call_first = result.route.kind in _CALL_FIRST
        trip = result.route.kind in _WITH_A_TRIP
        return (
            *self._standing.notices(now),
            *self._standing.sample(),
            Heading(result.route.title),
            *_warnings(result),
            *self._cost(result),
            *(self._standing.whose_city() if trip or self._city.known else ()),
            *(ask if call_first else ()),
            *self.living(result, token, Ticks(item_codes(result))),
            *self._steps(result),
            *self._picture(result),
            *(self._where(result, today) if trip else ()),
            *(() if call_first else ask),
            *self._pins(result),
            *self._avoid(result),
            *self._info(result),
            *self._alternatives(result),
            Details(self._say("result.given"), "\n".join(self._given(result.flow, a) for a in result.answers), "given"),
            self._standing.sources(_source_names(result), today),
        )

    def conclusion(self, result: Result) -> tuple[Block, ...]:
        """The short result of a guide that another guide goes on from."""
        steps = tuple(Text(step.text) for step in result.steps)
        return (Heading(result.route.title), *_warnings(result), *steps, *self._info(result))

    def _picture(self, result: Result) -> list[Block]:
        picture = explain("kiosk", self._content) if result.route.kind == "kiosk" else None
        return [picture] if picture else []

    def _ask(self, result: Result) -> list[Block]:
        """What to confirm by phone, word for word (counter rule 9)."""
        questions = _texts(result, "ask")
        if not questions:
            return []
        phone = (
            [] if result.route.kind == "embassy" else [Text(self._say("phone", phone=self._content.city_text("phone")))]
        )
        return [Heading(self._say("result.ask")), *phone, Bullets(questions)]

    def _where(self, result: Result, today: date) -> list[Block]:
        """The city's own counters, reservation and days, and the days on which nothing can be done (rule 13)."""
        places = [] if result.route.kind == "kiosk" else self._offices(result)
        closed = [Warning(self._closed(day)) for day in next_maintenance(today, self._city)]
        days = [] if result.route.kind == "kiosk" else self._days(result, today)
        found: list[Block] = [*places, *([Text("\n".join(days))] if days else [])]
        return [*([Heading(self._say("result.where"))] if found else []), *found, *closed]

    def _closed(self, day: date) -> str:
        if day in self._city.maintenance.extra_dates:
            return self._say("result.closed", day=in_words(day, self._say))
        return self._say("result.maintenance", day=in_words(day, self._say))

    def living(self, result: Result, token: str, ticks: Ticks, *, reasons: bool = False) -> tuple[Checklist, ...]:
        """The things to bring with buttons that tick them; `token` opens the result. With `reasons` they say why."""
        lists = []
        several = _has_visits(result.items)
        for visit, optional, items in _lists(result.items):
            listed = tuple(
                CheckItem(
                    code := item_code(item.id),
                    item.text,
                    item.note,
                    item.why,
                    on := code in ticks.on,
                    Button(
                        _cut(
                            self._say("item.visit", visit=visit, item=short(item.text)) if several else short(item.text)
                        ),
                        f"{TICK}{Tick(code, not on, reasons).code}{token}",
                        "toggle",
                        on,
                    ),
                )
                for item in items
            )
            missing = sum(not item.on for item in listed)
            left = self._say(
                "list.all-there" if not missing else "list.one-left" if missing == 1 else "list.left", count=missing
            )
            lists.append(Checklist(self._title(visit, optional, several), listed, optional, "" if optional else left))
        return tuple(lists)

    def copies(self, result: Result) -> tuple[Copy, ...]:
        """The phones and addresses of the city's counters for this result; else the city's own phone."""
        if result.route.kind == "embassy":
            return ()
        offices = self._counters(result)[:_NAMED_OFFICES] if result.route.kind in ("office", "letter") else []
        copies = []
        for office in offices:
            for what, text in (("phone", office.phone), ("address", office.address)):
                if text:
                    label = self._say(f"button.copy-{what}")
                    if len(offices) > 1:
                        label = self._say("pair", label=label, text=office.name)
                    copies.append(Copy(_cut(label), text[:_COPY_LIMIT]))
        if self._city.phone and not any(office.phone for office in offices):
            copies.append(Copy(self._say("button.copy-phone"), self._city.phone[:_COPY_LIMIT]))
        return tuple(copies)

    def places(self, result: Result) -> tuple[Place, ...]:
        """The city's counters for this result that have coordinates."""
        if result.route.kind not in ("office", "letter"):
            return ()
        return tuple(
            Place(office.name, office.address or "", office.latitude, office.longitude)
            for office in self._counters(result)[:_NAMED_OFFICES]
            if office.latitude is not None and office.longitude is not None
        )

    def _counters(self, result: Result) -> list[Office]:
        """The city's offices that do what this result needs."""
        return [
            office
            for office in self._city.offices
            if office.handles_reset is not False and not (result.route.represented and office.handles_proxy is False)
        ]

    def _offices(self, result: Result) -> list[Block]:
        lines = [self._office(office) for office in self._counters(result)]
        if not result.route.represented and result.route.kind == "office":
            lines += [
                self._say("office.holder-only", office=self._office(office)) for office in self._city.post_offices
            ]
        return [Bullets(tuple(lines))] if lines else []

    def _days(self, result: Result, today: date) -> list[str]:
        city = self._city
        lines = []
        if city.hours and not any(office.hours for office in city.offices):
            lines.append(self._say("hours", hours=city.hours))
        for title, dates in (
            ("days.weekend", city.weekend_days),
            ("days.evening", city.evening_days),
            ("days.closed", city.closed_days),
        ):
            coming = in_spans((day for day in dates if 0 <= (day - today).days <= _AHEAD), self._say)
            if coming:
                lines.append(self._say(title, days=self._say("comma").join(coming)))
        need = city.value("reservation.need")
        if need in ("required", "recommended"):
            booking = city.reservation
            ways = [booking.phone and self._say("phone.inline", phone=booking.phone), booking.url]
            if booking.deadline_business_days:
                ways.append(self._say("reservation.deadline", days=booking.deadline_business_days))
            found = self._say("comma").join(way for way in ways if way)
            said = self._say(f"reservation.{need}")
            lines.append(self._say("with-note", text=said, note=found) if found else said)
        if result.route.kind == "letter":
            if city.proxy.letter_days:
                lines.append(self._say("letter.days", days=city.proxy.letter_days))
            if city.proxy.letter_deadline_days:
                lines.append(self._say("letter.deadline", days=city.proxy.letter_deadline_days))
        return lines

    def _alternatives(self, result: Result) -> list[Block]:
        """Plan B and other ways, each with its own things to bring."""
        blocks: list[Block] = []
        for if_text, other in result.alternatives:
            blocks += [Heading(self._say("other-way", title=other.route.title)), Text(if_text)]
            blocks += self._read_only(other.items)
            questions = _texts(other, "ask")
            if questions:
                before = self._say("other-way.ask", phone=self._content.city_text("phone"))
                blocks += [Text(before), Bullets(questions)]
        return blocks

    def _given(self, flow: Flow, answer: Answer) -> str:
        return "・" + self._say("pair", label=question_of(flow, answer), text=said(flow, answer, self._say))

    def _cost(self, result: Result) -> list[Block]:
        """How often one goes, and what it costs."""
        route, lines = result.route, []
        if route.visits is not None:
            if route.kind == "embassy":
                lines.append(self._say("cost.embassy", times=route.visits))
            elif route.visits:
                lines.append(self._say("cost.once" if route.visits == 1 else "cost.visits", times=route.visits))
            else:
                lines.append(self._say("cost.kiosk" if route.kind == "kiosk" else "cost.no-visit"))
        if route.fee is not None:
            lines.append(self._say("cost.fee", fee=route.fee.text))
        return [Text("\n".join(lines), main=True)] if lines else []

    def _steps(self, result: Result) -> list[Block]:
        if not result.steps:
            return []
        return [Heading(self._say("result.steps")), Bullets(tuple(step.text for step in result.steps), ordered=True)]

    def _pins(self, result: Result) -> list[Block]:
        if not result.pins:
            return []
        return [Heading(self._say("result.pins")), Bullets(tuple(self._say(f"pin.{pin}") for pin in result.pins))]

    def _avoid(self, result: Result) -> list[Block]:
        avoid = _texts(result, "avoid")
        return [Heading(self._say("result.avoid")), Bullets(avoid)] if avoid else []

    def _info(self, result: Result) -> list[Block]:
        """What is good to know; the first few at once, the rest folded."""
        info = _texts(result, "info")
        if not info:
            return []
        blocks: list[Block] = [Heading(self._say("result.info")), Bullets(info[:_INFO_AT_ONCE])]
        if len(info) > _INFO_AT_ONCE:
            rest = "\n".join(f"・{text}" for text in info[_INFO_AT_ONCE:])
            blocks.append(Details(self._say("result.more-info"), rest))
        return blocks

    def _read_only(self, items: tuple[Item, ...]) -> list[Block]:
        """The things to bring for another way: read, not ticked."""
        several = _has_visits(items)
        return [
            Checklist(
                self._say("items.of-other-way", items=self._title(visit, optional, several)),
                tuple(CheckItem(item_code(item.id), item.text, item.note, item.why) for item in listed),
                optional,
            )
            for visit, optional, listed in _lists(items)
        ]

    def _title(self, visit: int, optional: bool, several: bool) -> str:
        title = self._say("items.optional" if optional else "items")
        return self._say("items.of-visit", visit=visit, items=title) if several else title

    def _office(self, office: Office) -> str:
        phone = office.phone and self._say("phone.inline", phone=office.phone)
        parts = (office.name, office.address, phone, office.hours, office.notes)
        return self._say("comma").join(part for part in parts if part)


def question_of(flow: Flow, answer: Answer) -> str:
    """The short heading of the question that this answers."""
    question = flow.question(answer.question)
    return (question.short or re.split("[？?]", question.ask)[0]) if question else answer.question


def said(flow: Flow, answer: Answer, words: Words) -> str:
    """The labels of the choices taken."""
    question = flow.question(answer.question)
    labels = [c.label for c in question.choices if c.id in answer.choices] if question else answer.choices
    return words("said.and").join(labels)


def item_codes(result: Result) -> tuple[str, ...]:
    """The codes of everything to bring, in the order of the lists."""
    return tuple(item_code(item.id) for _, _, items in _lists(result.items) for item in items)


def all_there(lists: Iterable[Checklist]) -> bool:
    """Whether everything that is required is ticked."""
    return all(item.on for one in lists if not one.optional for item in one.items)


def short(text: str) -> str:
    """The name of a thing for a button: without examples in brackets, and cut where a phone would cut it."""
    return _cut(re.split("[（(。]", text)[0].strip() or text)


def _cut(label: str) -> str:
    wide = 0.0
    for at, character in enumerate(label):
        wide += 0.5 if character.isascii() else 1
        if wide > _LABEL:
            return label[: at - 1] + "…"
    return label


def _has_visits(items: tuple[Item, ...]) -> bool:
    return len({item.visit for item in items}) > 1


def _lists(items: tuple[Item, ...]) -> Iterator[tuple[int, bool, tuple[Item, ...]]]:
    """Visit, whether it is only good to have, and the things: per visit, what is required first."""
    for visit in sorted({item.visit for item in items}):
        for optional in (False, True):
            listed = tuple(item for item in items if item.visit == visit and item.optional == optional)
            if listed:
                yield visit, optional, listed


def _texts(result: Result, kind: str) -> tuple[str, ...]:
    return tuple(note.text for note in result.notes if note.kind == kind)


def _warnings(result: Result) -> list[Block]:
    return [Warning(text) for text in _texts(result, "warn")]


def _source_names(result: Result) -> list[str | None]:
    named = [item.source for one in (result, *(other for _, other in result.alternatives)) for item in one.items]
    named += [step.source for step in result.steps]
    named += [note.source for note in result.notes]
    return named
