"""The personal checklist: a Result in the order in which a worried person needs it.

First where and what to beware of, then how often and how much, what to bring, what to do,
where and when, and last what is good to know. The words of the parts come from the flow.
"""

from __future__ import annotations

from datetime import date, datetime

from bot.content.model import Content, Flow, Item
from bot.content.municipality import Office
from bot.dialogue.answers import Answer
from bot.dialogue.dates import TOKYO, in_words, next_maintenance
from bot.dialogue.explaining import PIN_NAMES, explain
from bot.dialogue.replies import Block, Bullets, CheckItem, Checklist, Details, Heading, Text, Warning
from bot.dialogue.standing import Standing
from bot.dialogue.token import choice_code
from bot.dialogue.walk import Result

GIVEN = "お答えの内容"
INFO = "知っておくと安心なこと"
"""Headings of the parts that a printed result may leave out."""

_WITH_A_TRIP = ("office", "letter", "kiosk")
_CALL_FIRST = ("phone", "letter")
_INFO_AT_ONCE = 4
_AHEAD = 60
"""Days ahead that a city's own weekend and evening openings are listed."""


class Results:
    """Makes the blocks of results for one Content."""

    def __init__(self, content: Content, standing: Standing) -> None:
        self._city = content.municipality
        self._facts = content.facts
        self._standing = standing

    def blocks(self, result: Result, now: datetime) -> tuple[Block, ...]:
        """The whole result. `now` decides on notices and the days that are closed."""
        today = now.astimezone(TOKYO).date()
        ask = self._ask(result)
        call_first = result.route.kind in _CALL_FIRST
        trip = result.route.kind in _WITH_A_TRIP
        return (
            *self._standing.notices(now),
            *self._standing.sample(),
            Heading(result.route.title),
            *_warnings(result),
            *_cost(result),
            *(self._standing.whose_city() if trip or self._city.known else ()),
            *(ask if call_first else ()),
            *_checklists(result.items),
            *_steps(result),
            *self._picture(result),
            *(self._where(result, today) if trip else ()),
            *(() if call_first else ask),
            *_pins(result),
            *_avoid(result),
            *_info(result),
            *self._alternatives(result),
            Details(
                GIVEN,
                "\n".join(f"・{question_of(result.flow, a)}：{said(result.flow, a)}" for a in result.answers),
            ),
            self._standing.sources(_source_names(result)),
        )

    def conclusion(self, result: Result) -> tuple[Block, ...]:
        """The short result of a guide that another guide goes on from."""
        steps = tuple(Text(step.text) for step in result.steps)
        return (Heading(result.route.title), *_warnings(result), *steps, *_info(result))

    def _picture(self, result: Result) -> list[Block]:
        picture = explain("kiosk", self._facts) if result.route.kind == "kiosk" else None
        return [picture] if picture else []

    def _ask(self, result: Result) -> list[Block]:
        """What to confirm by phone, word for word (counter rule 9)."""
        questions = _texts(result, "ask")
        if not questions:
            return []
        phone = [] if result.route.kind == "embassy" else [Text(f"電話：{self._city.text('phone')}")]
        return [Heading("電話で確かめること"), *phone, Bullets(questions)]

    def _where(self, result: Result, today: date) -> list[Block]:
        """The city's own counters, reservation and days, and the days on which nothing can be done (rule 13)."""
        places = [] if result.route.kind == "kiosk" else self._offices(result)
        closed = [Warning(self._closed(day)) for day in next_maintenance(today, self._city)]
        days = [] if result.route.kind == "kiosk" else self._days(result, today)
        found: list[Block] = [*places, *([Text("\n".join(days))] if days else [])]
        return [*([Heading("行き先と日")] if found else []), *found, *closed]

    def _closed(self, day: date) -> str:
        if day in self._city.maintenance.extra_dates:
            return f"{in_words(day)}は手続きできない日です。別の日にしてください。"
        return f"{in_words(day)}は全国のシステム保守に当たる見込みです。手続きできないと考えて、別の日にしてください。"

    def _offices(self, result: Result) -> list[Block]:
        lines = []
        for office in self._city.offices:
            refused = office.handles_proxy is False if result.route.represented else False
            if office.handles_reset is not False and not refused:
                lines.append(_office(office))
        if not result.route.represented and result.route.kind == "office":
            lines += [f"{_office(office)}（ご本人だけ。代理はできません）" for office in self._city.post_offices]
        return [Bullets(tuple(lines))] if lines else []

    def _days(self, result: Result, today: date) -> list[str]:
        city = self._city
        lines = []
        if city.hours and not any(office.hours for office in city.offices):
            lines.append(f"受付時間：{city.hours}")
        for title, dates in (("土日に開く日", city.weekend_days), ("夜も開く日", city.evening_days)):
            coming = [in_words(day) for day in dates if 0 <= (day - today).days <= _AHEAD]
            if coming:
                lines.append(f"{title}：{'、'.join(coming)}")
        closed = [in_words(day) for day in city.closed_days if 0 <= (day - today).days <= _AHEAD]
        if closed:
            lines.append(f"閉まる日：{'、'.join(closed)}")
        need = {"required": "予約が必要です", "recommended": "予約をおすすめします"}.get(city.value("reservation.need"))
        if need:
            booking = city.reservation
            ways = [booking.phone and f"電話 {booking.phone}", booking.url]
            if booking.deadline_business_days:
                ways.append(f"{booking.deadline_business_days}開庁日前まで")
            found = "、".join(way for way in ways if way)
            lines.append(f"予約：{need}" + (f"（{found}）" if found else ""))
        if result.route.kind == "letter":
            if city.proxy.letter_days:
                lines.append(f"照会書が届くまで：およそ{city.proxy.letter_days}日")
            if city.proxy.letter_deadline_days:
                lines.append(f"照会書の回答の期限：{city.proxy.letter_deadline_days}日")
        return lines

    def _alternatives(self, result: Result) -> list[Block]:
        """Plan B and other ways, each with its own things to bring."""
        blocks: list[Block] = []
        for if_text, other in result.alternatives:
            blocks += [Heading(f"ほかの方法：{other.route.title}"), Text(if_text)]
            blocks += _checklists(other.items, "この方法の")
            questions = _texts(other, "ask")
            if questions:
                blocks += [Text(f"行く前に電話で確かめること（{self._city.text('phone')}）"), Bullets(questions)]
        return blocks


def question_of(flow: Flow, answer: Answer) -> str:
    """The short heading of the question that this answers."""
    question = flow.question(answer.question)
    return (question.short or question.ask.split("？")[0]) if question else answer.question


def said(flow: Flow, answer: Answer) -> str:
    """The labels of the choices taken."""
    question = flow.question(answer.question)
    labels = [c.label for c in question.choices if c.id in answer.choices] if question else answer.choices
    return "・".join(labels)


def _texts(result: Result, kind: str) -> tuple[str, ...]:
    return tuple(note.text for note in result.notes if note.kind == kind)


def _warnings(result: Result) -> list[Block]:
    return [Warning(text) for text in _texts(result, "warn")]


def _cost(result: Result) -> list[Block]:
    """How often one goes, and what it costs."""
    route, lines = result.route, []
    if route.visits is not None:
        if route.kind == "embassy":
            lines.append(f"窓口へ行く回数：{route.visits}回")
        elif route.visits:
            lines.append(f"役所へ行く回数：{route.visits}回")
        elif route.kind == "kiosk":
            lines.append("役所へ行く回数：0回（店の端末で手続きします）")
        else:
            lines.append("役所へは行かなくてよい見込みです")
    if route.fee is not None:
        lines.append(f"費用：{route.fee.text}")
    return [Text("\n".join(lines))] if lines else []


def _steps(result: Result) -> list[Block]:
    if not result.steps:
        return []
    return [Heading("すること"), Bullets(tuple(step.text for step in result.steps), ordered=True)]


def _pins(result: Result) -> list[Block]:
    if not result.pins:
        return []
    return [Heading("決め直す暗証番号"), Bullets(tuple(PIN_NAMES[pin] for pin in result.pins))]


def _avoid(result: Result) -> list[Block]:
    avoid = _texts(result, "avoid")
    return [Heading("しないでください"), Bullets(avoid)] if avoid else []


def _info(result: Result) -> list[Block]:
    """What is good to know; the first few at once, the rest folded."""
    info = _texts(result, "info")
    if not info:
        return []
    blocks: list[Block] = [Heading(INFO), Bullets(info[:_INFO_AT_ONCE])]
    if len(info) > _INFO_AT_ONCE:
        blocks.append(Details("ほかに知っておくこと", "\n".join(f"・{text}" for text in info[_INFO_AT_ONCE:])))
    return blocks


def _checklists(items: tuple[Item, ...], of: str = "") -> list[Block]:
    """The things to bring, per visit, what is required apart from what is good to have."""
    blocks: list[Block] = []
    visits = sorted({item.visit for item in items})
    for visit in visits:
        which = of + (f"{visit}回目の" if len(visits) > 1 else "")
        for optional, title in ((False, f"{which}持ち物"), (True, f"{which}あると安心なもの")):
            listed = tuple(
                CheckItem(f"{choice_code('item', item.id):x}", item.text, item.note, item.why)
                for item in items
                if item.visit == visit and item.optional == optional
            )
            if listed:
                blocks.append(Checklist(title, listed, optional))
    return blocks


def _office(office: Office) -> str:
    parts = (office.name, office.address, office.phone and f"電話 {office.phone}", office.hours, office.notes)
    return "、".join(part for part in parts if part)


def _source_names(result: Result) -> list[str | None]:
    named = [item.source for one in (result, *(other for _, other in result.alternatives)) for item in one.items]
    named += [step.source for step in result.steps]
    named += [note.source for note in result.notes]
    return named
