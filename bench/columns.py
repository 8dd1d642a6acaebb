"""All paths of a flow at once, as columns: the same verdicts as `prove`, a few thousand times faster.

`bot/review/prove.py` walks path by path, which is plain to read and takes half a minute. Judging
thousands of slightly changed flows needs milliseconds. Here a table has one row per path and
profile and one numpy column per question, a condition becomes a few array operations, and what
a change does not touch is taken over from the unchanged flow. `tests/review/test_mutations.py`
holds both to the same verdict on every mutant of a flow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.content.conditions import Condition
from bot.content.model import Content, Flow, Question
from bot.dialogue.answers import Answer, Answers
from bot.dialogue.walk import selections
from bot.review.prove import MAX_SCREENS, UNKNOWN, Profile

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
Hashes = NDArray[np.uint64]

NOT_ASKED = -1
FEW = 400
"""Rows tried first when one difference is enough."""


@cache
def weight(*what: object) -> int:
    """A number for `what`, the same in every run; sums of them tell sets apart."""
    return int.from_bytes(hashlib.blake2b(repr(what).encode(), digest_size=8).digest(), "big")


@cache
def _selections(question: Question) -> tuple[tuple[str, ...], ...]:
    return tuple(selections(question))


class Table:
    """Sets of answers, complete up to some question: the profile and the selection of each question by row.

    A column holds the number of the selection (see `selections`) or NOT_ASKED.
    """

    def __init__(self, profiles: tuple[Profile, ...], city: Rows) -> None:
        self.profiles, self.city = profiles, city
        self.questions: list[Question] = []
        self.columns: dict[str, Rows] = {}
        self._known: dict[tuple[str, str], Mask] = {}

    def __len__(self) -> int:
        return len(self.city)

    def has(self, key: str, value: str) -> Mask:
        """The rows where `key` has `value`: a question, or `city.KEY`."""
        if (key, value) not in self._known:
            self._known[key, value] = self._has(key, value)
        return self._known[key, value]

    def _has(self, key: str, value: str) -> Mask:
        if key.startswith("city."):
            setting = key.removeprefix("city.")
            return np.array([profile.city.value(setting) == value for profile in self.profiles])[self.city]
        question = next((question for question in self.questions if question.id == key), None)
        if question is None:
            return np.zeros(len(self), bool)
        # NOT_ASKED is -1, so it reads the last entry: False.
        return np.array([*(value in chosen for chosen in _selections(question)), False])[self.columns[key]]

    def tagged(self, tag: str) -> Rows:
        """How many chosen choices of each row carry the tag."""
        total = np.zeros(len(self), np.intp)
        for question in self.questions:
            carrying = {choice.id for choice in question.choices if tag in choice.tags}
            if carrying:
                numbers = [*(len(carrying.intersection(chosen)) for chosen in _selections(question)), 0]
                total += np.array(numbers)[self.columns[question.id]]
        return total

    def ask(self, question: Question, kept: Rows) -> tuple[Table, Rows]:
        """The table with one more question, and the row of this table that each new row comes from.

        Where the question is asked, a selection in `kept` stays; without one each selection makes a row.
        """
        asked = holds(question.when, self)
        ways = len(_selections(question))
        counts = np.where(asked & (kept == NOT_ASKED), ways, 1)
        origin = np.repeat(np.arange(len(self)), counts)
        number = np.arange(len(origin)) - np.repeat(np.cumsum(counts) - counts, counts)
        column = np.where(asked[origin], np.where(kept[origin] == NOT_ASKED, number, kept[origin]), NOT_ASKED)
        return self.take(origin).with_column(question, column), origin

    def take(self, rows: Rows) -> Table:
        """Only these rows."""
        taken = Table(self.profiles, self.city[rows])
        taken.questions = list(self.questions)
        taken.columns = {name: column[rows] for name, column in self.columns.items()}
        return taken

    def with_column(self, question: Question, column: Rows) -> Table:
        """This table with the answers to one more question."""
        self.questions.append(question)
        self.columns[question.id] = column
        self._known.clear()
        return self

    @cached_property
    def keys(self) -> Hashes:
        """A number per row that tells the rows apart, also from those of another table."""
        total = np.array([weight("profile", number) for number in range(len(self.profiles))], np.uint64)[self.city]
        for question in self.questions:
            weights = [*(weight(question.id, chosen) for chosen in _selections(question)), 0]
            total = total + np.array(weights, np.uint64)[self.columns[question.id]]
        return total

    @cached_property
    def answered(self) -> Rows:
        """How many questions each row answers."""
        asked = [column != NOT_ASKED for column in self.columns.values()]
        return np.asarray(np.sum(asked, axis=0, dtype=np.intp))

    def find(self, keys: Hashes) -> Rows:
        """The rows with these keys. Raises KeyError if one is missing."""
        order = np.argsort(self.keys)
        at = np.searchsorted(self.keys, keys, sorter=order)
        rows: Rows = order[np.minimum(at, len(order) - 1)]
        if not np.array_equal(self.keys[rows], keys):
            raise KeyError("no such row")
        return rows

    def answers(self, row: int) -> Answers:
        """The answers of one row."""
        return Answers(
            tuple(
                Answer(question.id, _selections(question)[number])
                for question in self.questions
                if (number := self.columns[question.id][row]) != NOT_ASKED
            )
        )


def holds(condition: Condition, table: Table, more: Mapping[str, Mapping[str, Mask]] | None = None) -> Mask:
    """The rows where `condition` holds. `more` adds keys such as `route`: the rows by value."""
    found = np.ones(len(table), bool)
    for key, values in condition.answered:
        one = np.zeros(len(table), bool)
        for value in values:
            if more is None or key not in more:
                one |= table.has(key, value)
            elif value in more[key]:
                one |= more[key][value]
        found &= one
    for inner in condition.none_of:
        found &= ~holds(inner, table, more)
    for group in condition.any_of:
        found &= np.logical_or.reduce([holds(one, table, more) for one in group])
    for count in condition.counts:
        number = table.tagged(count.tag)
        found &= number >= count.at_least
        if count.at_most is not None:
            found &= number <= count.at_most
    return found


def walk(flow: Flow, profiles: tuple[Profile, ...], known: Mapping[str, str] | None = None) -> Table:
    """Every path of `flow` under every profile, in the order of `bot.dialogue.walk.paths`.

    `known` answers are taken, not tried, where their question is asked.
    """
    table = Table(profiles, np.arange(len(profiles)))
    for question in flow.questions:
        chosen = (known or {}).get(question.id)
        kept = _selections(question).index((chosen,)) if chosen else NOT_ASKED
        table, _ = table.ask(question, np.full(len(table), kept))
    return table


def instead(flow: Flow, table: Table, rows: Rows, question: Question, choices: tuple[str, ...]) -> tuple[Rows, Rows]:
    """What `rows` become if `question` is answered with each of `choices`, other answers kept where they apply.

    Returns two columns of row numbers of `table`: the row before and one that it becomes.
    """
    at = flow.questions.index(question)
    numbers = np.array([_selections(question).index((choice,)) for choice in choices])
    origin = np.repeat(rows, len(numbers))
    changed = Table(table.profiles, table.city[origin])
    for earlier in flow.questions[:at]:
        changed.with_column(earlier, table.columns[earlier.id][origin])
    changed.with_column(question, np.tile(numbers, len(rows)))
    for later in flow.questions[at + 1 :]:
        changed, came_from = changed.ask(later, table.columns[later.id][origin])
        origin = origin[came_from]
    return origin, table.find(changed.keys)


class Pairs(NamedTuple):
    """Two columns of row numbers: after わからない to `question`, and after another choice."""

    question: str
    unsure: Rows
    sure: Rows


class Paths:
    """The table of all paths of a flow and what depends on its questions alone."""

    def __init__(self, flow: Flow, profiles: tuple[Profile, ...]) -> None:
        self.flow = flow
        self.table = walk(flow, profiles)

    @cached_property
    def pairs(self) -> tuple[Pairs, ...]:
        """What counter rule 8 compares."""
        return tuple(
            Pairs(question.id, *instead(self.flow, self.table, rows, question, others))
            for question in self.flow.questions
            if question.prefill != "visitor"
            if (others := tuple(choice.id for choice in question.choices if choice.id != UNKNOWN))
            if len(rows := self._unsure(question))
        )

    @cached_property
    def unsure(self) -> Mask:
        """The rows with a わからない."""
        found = np.zeros(len(self.table), bool)
        for question in self.flow.questions:
            found[self._unsure(question)] = True
        return found

    def _unsure(self, question: Question) -> Rows:
        chosen = (UNKNOWN,)
        if chosen not in _selections(question):
            return np.zeros(0, np.intp)
        return np.flatnonzero(self.table.columns[question.id] == _selections(question).index(chosen))


@dataclass(frozen=True)
class _Led:
    """Where rows lead. Alternatives are rows of their own behind those of the paths."""

    routes: tuple[Mask, ...]
    """By route, the paths that it holds for."""
    single: Mask
    at: Rows
    """The path of each row."""
    route: Rows
    told_as: tuple[tuple[int, str], ...]
    """The order and condition of the alternatives, by row behind the paths."""
    table: Table


@dataclass(frozen=True)
class _Shown:
    """What of a flow's parts is shown, by row."""

    pins: tuple[Mask, ...]
    items: tuple[Mask, ...]
    notes: tuple[Mask, ...]
    steps: tuple[tuple[Mask, ...], ...]


@dataclass
class Outcome:
    """The results of all paths of `flow`."""

    flow: Flow
    paths: Paths
    led: _Led
    shown: _Shown
    _signatures: dict[bool, Hashes] = field(default_factory=dict)

    def signatures(self, *, whole: bool) -> Hashes:
        """A number per path: equal numbers read the same.

        As `prove` compares results; `whole` adds visits, what is optional, and the alternatives.
        """
        if whole not in self._signatures:
            self._signatures[whole] = self._sign(whole)
        return self._signatures[whole]

    def _sign(self, whole: bool) -> Hashes:
        flow, led, shown = self.flow, self.led, self.shown
        total = np.zeros(len(led.at), np.uint64)

        def add(where: Mask, *what: object) -> None:
            total[where] += np.uint64(weight(*what))

        for number, route in enumerate(flow.routes):
            here = led.route == number
            add(here, "route", route.id, route.visits if whole else None)
            for step, where in zip(route.steps, shown.steps[number], strict=True):
                add(where & here, "step", step.text)
        for pin, where in zip(flow.pins, shown.pins, strict=True):
            add(where, "pin", pin.id)
        for item, where in zip(flow.items, shown.items, strict=True):
            add(where, "item", item.id, (item.visit, item.optional) if whole else None)
        for note, where in zip(flow.notes, shown.notes, strict=True):
            add(where, "note", note.id)
        paths = len(self.paths.table)
        signed = total[:paths].copy()
        if whole:
            told = [weight("alternative", one, int(sum_)) for one, sum_ in zip(led.told_as, total[paths:], strict=True)]
            np.add.at(signed, led.at[paths:], np.array(told, np.uint64))
        return signed


def conclude_all(flow: Flow, profiles: tuple[Profile, ...], base: Outcome | None = None) -> Outcome:
    """The results of all paths of `flow`; what it has in common with the flow of `base` is taken from there."""
    if base is not None and base.flow.questions is flow.questions:
        paths = base.paths
    else:
        paths, base = Paths(flow, profiles), None
    led = base.led if base is not None and base.flow.routes is flow.routes else _lead(flow, paths.table)
    return Outcome(flow, paths, led, _show(flow, led, base))


def _lead(flow: Flow, table: Table) -> _Led:
    routes = tuple(holds(route.when, table) for route in flow.routes)
    matching = np.sum(routes, axis=0)
    single: Mask = matching == 1
    main = np.argmax(np.array(routes), axis=0)
    by_id = {route.id: number for number, route in enumerate(flow.routes)}
    at, route, told_as = [np.arange(len(table))], [main], []
    for number, one in enumerate(flow.routes):
        rows = np.flatnonzero(single & (main == number))
        for order, other in enumerate(one.alternatives):
            at.append(rows)
            route.append(np.full(len(rows), by_id[other.route]))
            told_as += [(order, other.if_text)] * len(rows)
    rows = np.concatenate(at)
    return _Led(routes, single, rows, np.concatenate(route), tuple(told_as), table.take(rows))


def _show(flow: Flow, led: _Led, base: Outcome | None) -> _Shown:
    old: dict[int, Mask] = {}
    if base is not None and base.led is led:
        old = {id(part): where for part, where in zip(base.flow.pins, base.shown.pins, strict=True)}
        if base.flow.pins is flow.pins:
            rest = (*base.flow.items, *base.flow.notes, *(step for route in base.flow.routes for step in route.steps))
            masks = (*base.shown.items, *base.shown.notes, *(mask for steps in base.shown.steps for mask in steps))
            old.update({id(part): where for part, where in zip(rest, masks, strict=True)})
    more: dict[str, dict[str, Mask]] = {
        "route": {route.id: led.route == number for number, route in enumerate(flow.routes)}
    }

    def shown(part: object, when: Condition) -> Mask:
        known = old.get(id(part))
        return holds(when, led.table, more) if known is None else known

    pins = tuple(shown(pin, pin.when) for pin in flow.pins)
    more["reset"] = {}
    for pin, where in zip(flow.pins, pins, strict=True):
        more["reset"][pin.id] = more["reset"].get(pin.id, np.zeros(len(led.at), bool)) | where
    return _Shown(
        pins,
        tuple(shown(item, item.when) for item in flow.items),
        tuple(shown(note, note.when) for note in flow.notes),
        tuple(tuple(shown(step, step.when) for step in route.steps) for route in flow.routes),
    )


class Broken(NamedTuple):
    """What `prove` would report, and a row that shows it (None: what no path reaches)."""

    rule: str
    row: int | None


def broken(content: Content, outcome: Outcome) -> Iterator[Broken]:
    """All that `prove` finds wrong with a flow, cheapest checks first; each name at least once."""
    led, table = outcome.led, outcome.paths.table
    if not led.single.all():
        yield Broken("single-route", int(np.argmin(led.single)))
    yield from _broken_rules(outcome)
    yield from _broken_screens(content, outcome)
    yield from _costly_unknowns(outcome)
    yield from (Broken(f"unreached {name}", None) for name in _unreached(outcome, table))


def _by_id(parts: Iterator[tuple[str, Mask]], rows: int) -> dict[str, Mask]:
    found: dict[str, Mask] = {}
    for name, where in parts:
        found[name] = found[name] | where[:rows] if name in found else where[:rows]
    return found


def _broken_rules(outcome: Outcome) -> Iterator[Broken]:
    flow, led, shown, table = outcome.flow, outcome.led, outcome.shown, outcome.paths.table
    rows = len(table)
    more = {
        "route": {route.id: led.route[:rows] == number for number, route in enumerate(flow.routes)},
        "reset": _by_id(((pin.id, where) for pin, where in zip(flow.pins, shown.pins, strict=True)), rows),
        "item": _by_id(((item.id, where) for item, where in zip(flow.items, shown.items, strict=True)), rows),
        "note": _by_id(((note.id, where) for note, where in zip(flow.notes, shown.notes, strict=True)), rows),
    }
    for rule in flow.rules:
        applies = led.single & holds(rule.if_, table, more)
        if not applies.any():
            continue
        wrong = np.zeros(rows, bool)
        if rule.never is not None:
            wrong |= holds(rule.never, table, more)
        if rule.always is not None:
            wrong |= ~holds(rule.always, table, more)
        wrong &= applies
        if wrong.any():
            yield Broken(rule.id, int(np.argmax(wrong)))


def _broken_screens(content: Content, outcome: Outcome) -> Iterator[Broken]:
    table, led = outcome.paths.table, outcome.led
    after = np.ones(len(table), np.intp)
    for number, route in enumerate(outcome.flow.routes):
        if route.goto is not None:
            known = tuple(sorted(route.goto.answers.items()))
            longest = _longest(_Same(content.flows[route.goto.flow]), known, _Same(table.profiles))
            after = np.where(led.route[: len(table)] == number, longest[table.city], after)
    over = led.single & (table.answered + after > MAX_SCREENS)
    if over.any():
        yield Broken("screens", int(np.argmax(over)))


class _Same:
    """A value as a cache key: equal only to itself."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value


@cache
def _longest(flow: _Same, known: tuple[tuple[str, str], ...], profiles: _Same) -> Rows:
    """Screens of the longest way through a guide that is handed these answers, by profile."""
    assert isinstance(flow.value, Flow)
    assert isinstance(profiles.value, tuple)
    table = walk(flow.value, profiles.value, dict(known))
    pressed = table.answered - np.sum([table.columns[q] != NOT_ASKED for q, _ in known], axis=0, dtype=np.intp)
    return np.array([1 + pressed[table.city == number].max() for number in range(len(profiles.value))])


def _costly_unknowns(outcome: Outcome) -> Iterator[Broken]:
    """Counter rule 8: after わからない no document is missing, no kiosk, no fewer warnings."""
    flow, led, shown, paths = outcome.flow, outcome.led, outcome.shown, outcome.paths
    rows = len(paths.table)
    kind = np.array([route.kind for route in flow.routes])[led.route[:rows]]
    lured = led.single & paths.unsure & (kind == "kiosk")
    if lured.any():
        yield Broken("unknown-kiosk", int(np.argmax(lured)))
    classes = sorted({name for item in flow.items for name in (item.classes or (item.id,))})
    bits = {name: np.uint64(1 << number) for number, name in enumerate(classes)}
    required, listed = np.zeros(rows, np.uint64), np.zeros(rows, np.uint64)
    for item, where in zip(flow.items, shown.items, strict=True):
        bit = np.bitwise_or.reduce([bits[name] for name in item.classes or (item.id,)])
        listed[where[:rows]] |= bit
        if not item.optional:
            required[where[:rows]] |= bit
    warnings = _by_id(
        ((note.id, where) for note, where in zip(flow.notes, shown.notes, strict=True) if note.kind == "warn"), rows
    )
    warned = np.asarray(np.sum([*warnings.values(), np.zeros(rows, bool)], axis=0, dtype=np.intp))
    office, phone = kind == "office", kind == "phone"
    for question, unsure, sure in paths.pairs:
        compared = led.single[unsure] & led.single[sure] & office[sure] & ~phone[unsure]
        missing = compared & ((required[sure] & ~listed[unsure]) != 0)
        if missing.any():
            yield Broken(f"unknown-documents-{question}", int(unsure[np.argmax(missing)]))
        fewer = compared & (warned[unsure] < warned[sure])
        if fewer.any():
            yield Broken(f"unknown-warnings-{question}", int(unsure[np.argmax(fewer)]))


def _unreached(outcome: Outcome, table: Table) -> Iterator[str]:
    flow, led, shown = outcome.flow, outcome.led, outcome.shown
    rows, single = len(table), led.single
    for question in flow.questions:
        if not (table.columns[question.id] != NOT_ASKED).any():
            yield question.id
        for choice in question.choices:
            if not table.has(question.id, choice.id).any():
                yield f"{question.id}.{choice.id}"
    for number, route in enumerate(flow.routes):
        here = single & (led.route[:rows] == number)
        if not here.any():
            yield f"route {route.id}"
        for step, where in zip(route.steps, shown.steps[number], strict=True):
            if not (here & where[:rows]).any():
                yield f"step {route.id}: {step.text}"
    named: tuple[tuple[str, list[str], tuple[Mask, ...]], ...] = (
        ("pin", [pin.id for pin in flow.pins], shown.pins),
        ("item", [item.id for item in flow.items], shown.items),
        ("note", [note.id for note in flow.notes], shown.notes),
    )
    for kind, names, masks in named:
        for name, where in zip(names, masks, strict=True):
            if not (single & where[:rows]).any():
                yield f"{kind} {name}"


def never_matter(outcome: Outcome) -> Iterator[str]:
    """The questions none of whose choices change a result, and pairs of choices that always read the same."""
    table, signed, single = outcome.paths.table, outcome.signatures(whole=False), outcome.led.single
    for question in outcome.flow.questions:
        column = table.columns[question.id]
        if question.many or not (column != NOT_ASKED).any():
            continue
        names = tuple(choice.id for choice in question.choices)
        pairs = [(one, other) for one in range(len(names)) for other in range(one + 1, len(names))]
        alike = set(pairs)
        rows = np.flatnonzero(single & (column != NOT_ASKED))
        for some in (rows[:: max(1, len(rows) // FEW)], rows):
            if not alike:
                break
            before, after = instead(outcome.flow, table, some, question, names)
            told = single[after] & (signed[before] != signed[after])
            chosen = np.sort(np.stack([column[before[told]], column[after[told]]], axis=1), axis=1)
            alike -= {(int(one), int(other)) for one, other in np.unique(chosen, axis=0)}
        if len(alike) == len(pairs):
            yield question.id
        else:
            yield from (
                f"{question.id}.{names[one]} = {question.id}.{names[other]}"
                for one, other in pairs
                if (one, other) in alike
            )


def changed(old: Outcome, new: Outcome) -> tuple[Mask, Mask]:
    """The paths of `old` and of `new` that the other does not have, or whose result reads differently there."""
    before, after = (one.paths.table.keys for one in (old, new))
    if old.paths is new.paths:
        different = old.signatures(whole=True) != new.signatures(whole=True)
        return different, different
    was, now = (keys * np.uint64(3) + one.signatures(whole=True) for keys, one in ((before, old), (after, new)))
    return ~np.isin(was, now), ~np.isin(now, was)
