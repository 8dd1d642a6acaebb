"""Small mistakes put into a flow, one at a time: what a slip of the pen in flows/*.yaml could do.

Whether anybody would notice is for `bench/mutate-flows`; this only makes the mutants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from bot.content.conditions import ALWAYS, Condition
from bot.content.model import Flow, Part
from bot.content.municipality import condition_values
from bot.content.nodes import Path

PINS = ("sign", "user", "juki", "kenmen")

Kind = Literal["when", "item", "pin", "visits", "note", "alternative"]
AnyPart = TypeVar("AnyPart", bound=Part)


@dataclass(frozen=True)
class Mutant:
    """One mistake. `path` leads to the changed part, `place` to what to look at in the file."""

    flow: str
    kind: Kind
    path: Path
    place: Path
    what: str
    update: dict[str, Any] | None = field(compare=False)
    """The new values of the part's fields; None leaves the part out."""

    def of(self, flow: Flow) -> Flow:
        """The flow with this mistake; its other parts are the very same objects."""
        fields = {name: getattr(flow, name) for name in Flow.model_fields}
        name, number, *rest = self.path
        fields[str(name)] = _replaced(fields[str(name)], int(number), tuple(rest), self.update)
        return Flow.model_construct(**fields)  # not a copy: that would keep what the old one has cached


def _replaced(rows: tuple[AnyPart, ...], number: int, rest: Path, update: dict[str, Any] | None) -> tuple[AnyPart, ...]:
    row = rows[number]
    if rest:
        name, inner, *further = rest
        update = {str(name): _replaced(getattr(row, str(name)), int(inner), tuple(further), update)}
    new = () if update is None else (row.model_copy(update=update),)
    return (*rows[:number], *new, *rows[number + 1 :])


def mutants(flow: Flow) -> Iterator[Mutant]:
    """Every mutant of `flow`, in the order of the file."""
    values = {question.id: tuple(choice.id for choice in question.choices) for question in flow.questions}
    values["route"] = tuple(route.id for route in flow.routes)
    values["reset"] = PINS

    def made(kind: Kind, path: Path, what: str, update: dict[str, Any] | None, field: str | None = None) -> Mutant:
        return Mutant(flow.id, kind, path, (*path, field) if field else path, what, update)

    def conditions(path: Path, when: Condition) -> Iterator[Mutant]:
        for place, what, new in slips(when, values):
            yield Mutant(flow.id, "when", path, (*path, "when", *place), what, {"when": new})

    for number, question in enumerate(flow.questions):
        yield from conditions(("questions", number), question.when)
    for number, route in enumerate(flow.routes):
        path: Path = ("routes", number)
        yield from conditions(path, route.when)
        if route.visits is not None:
            what = f"visits: {route.visits} → {route.visits + 1}"
            yield made("visits", path, what, {"visits": route.visits + 1}, "visits")
        for inner, step in enumerate(route.steps):
            yield from conditions((*path, "steps", inner), step.when)
        for inner, other in enumerate(route.alternatives):
            yield made("alternative", (*path, "alternatives", inner), f"{other.route} をなくす", None)
    for number, pin in enumerate(flow.pins):
        path = ("pins", number)
        yield from conditions(path, pin.when)
        yield made("pin", path, "なくす", None)
        if pin.when != ALWAYS:
            yield made("pin", path, "いつも決め直す", {"when": ALWAYS}, "when")
    for number, item in enumerate(flow.items):
        path = ("items", number)
        yield from conditions(path, item.when)
        yield made("item", path, "なくす", None)
        what = "必ずいるものにする" if item.optional else "「あると安心」にする"
        yield made("item", path, what, {"optional": not item.optional})
        yield made("item", path, f"visit: {item.visit} → {item.visit + 1}", {"visit": item.visit + 1})
    for number, note in enumerate(flow.notes):
        path = ("notes", number)
        yield from conditions(path, note.when)
        if note.kind in ("warn", "avoid"):
            yield made("note", path, "なくす", None)


def slips(when: Condition, values: dict[str, tuple[str, ...]]) -> Iterator[tuple[Path, str, Condition]]:
    """Each key of a condition left out, negated, and with one value mistaken for its neighbour.

    Yields where the key stands in the `when`, the slip in words, and the condition with it.
    """
    for number, (key, chosen) in enumerate(when.answered):
        others = when.answered[:number], when.answered[number + 1 :]
        without = replace(when, answered=(*others[0], *others[1]))
        yield (key,), f"{key} をなくす", without
        negated = Condition(answered=((key, chosen),))
        yield (key,), f"{key} を逆にする", replace(without, none_of=(*when.none_of, negated))
        every = values.get(key) or tuple(sorted(condition_values(key.removeprefix("city.")) or ()))
        for value in sorted(chosen, key=lambda one: every.index(one) if one in every else -1):
            neighbour = _neighbour(value, chosen, every)
            new = chosen - {value} | ({neighbour} if neighbour else set())
            if new:
                what = f"{key}: {value} → {neighbour}" if neighbour else f"{key}: {value} をなくす"
                yield (key,), what, replace(when, answered=(*others[0], (key, frozenset(new)), *others[1]))
    for number, inner in enumerate(when.none_of):
        before, after = when.none_of[:number], when.none_of[number + 1 :]
        yield ("not",), "not をなくす", replace(when, none_of=(*before, *after))
        yield ("not",), "not を逆にする", replace(when, none_of=(*before, *after), any_of=(*when.any_of, (inner,)))
        for place, what, new_inner in slips(inner, values):
            yield ("not", *place), f"not の {what}", replace(when, none_of=(*before, new_inner, *after))
    for number, group in enumerate(when.any_of):
        before_any, after_any = when.any_of[:number], when.any_of[number + 1 :]
        yield ("any",), "any をなくす", replace(when, any_of=(*before_any, *after_any))
        negated_any = Condition(any_of=(group,))
        yield (
            ("any",),
            "any を逆にする",
            replace(when, any_of=(*before_any, *after_any), none_of=(*when.none_of, negated_any)),
        )
        for at, one in enumerate(group):
            for place, what, new_one in slips(one, values):
                new_group = (*group[:at], new_one, *group[at + 1 :])
                yield ("any", at, *place), what, replace(when, any_of=(*before_any, new_group, *after_any))
    for number, count in enumerate(when.counts):
        new_count = replace(count, at_least=count.at_least + 1)
        counts = (*when.counts[:number], new_count, *when.counts[number + 1 :])
        yield ("count",), f"at_least: {count.at_least} → {count.at_least + 1}", replace(when, counts=counts)


def _neighbour(value: str, chosen: frozenset[str], every: tuple[str, ...]) -> str | None:
    """The next value in the order of the file that is not chosen, or None if all are."""
    at = every.index(value) if value in every else 0
    return next((one for one in (*every[at:], *every[:at]) if one not in chosen), None)
