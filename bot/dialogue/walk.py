"""How a flow is walked: which answers count, what is asked next, and where complete answers lead.

Engine, prover, diff, diagram and coverage all read a flow through these functions, so they
cannot disagree. The rules:

* Answers are settled top down: one whose question is not asked (any more), or whose choice
  is gone, is dropped. Those behind the open question wait.
* The open question is the first one whose `when` holds and that has no finished answer.
* With no question open, exactly one route holds.

Keys of a `when`: an earlier question's id; `city.KEY`; `tag:NAME` (written `count:`); in
steps, items, notes, pins and rules also `route`; in steps, items, notes and rules also
`reset`, the PINs that the flow's `pins` part resets (`sign`, `user`, `juki`, `kenmen`). A key `item`, for
rules only, holds the ids of the items on the list, `note` those of the notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from bot.content.conditions import Lookup
from bot.content.model import Flow, Item, Note, Question, Route, Step
from bot.content.municipality import Municipality
from bot.dialogue.answers import Answer, Answers

NOTHING = Answers()
MANY_PATHS = 3
"""Paths try every set of up to so many choices of a `many` question."""


class NoSingleRoute(Exception):
    """Complete answers fit no route, or more than one: a mistake of the flow that `prove` finds."""

    def __init__(self, flow: Flow, answers: Answers, routes: tuple[str, ...]) -> None:
        chosen = ", ".join(f"{a.question}={'+'.join(a.choices)}" for a in answers)
        super().__init__(f"{flow.id}: {routes or 'no route'} for {chosen}")
        self.routes = routes


@dataclass(frozen=True)
class Result:
    """What complete answers lead to. `alternatives` are other routes with their own items and steps."""

    flow: Flow
    answers: Answers
    route: Route
    pins: tuple[str, ...]
    items: tuple[Item, ...]
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    alternatives: tuple[tuple[str, Result], ...] = ()

    @property
    def required(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.optional)


class _Values(dict[str, Iterable[str]]):
    """The values of each key; what is not an answer is worked out when it is first asked for."""

    def __init__(self, flow: Flow, city: Municipality, known: Mapping[str, Iterable[str]]) -> None:
        super().__init__(known)
        self._flow, self._city = flow, city

    def __missing__(self, key: str) -> Iterable[str]:
        values: tuple[str, ...] = ()
        if key.startswith("city."):
            values = (self._city.value(key.removeprefix("city.")),)
        elif key.startswith("tag:"):
            tag = key.removeprefix("tag:")
            values = tuple(
                choice.id
                for question in self._flow.questions
                for choice in question.choices
                if tag in choice.tags and choice.id in self.get(question.id, ())
            )
        self[key] = values
        return values


def lookup(
    flow: Flow, answers: Answers, city: Municipality, extra: Mapping[str, Iterable[str]] = MappingProxyType({})
) -> Lookup:
    """The function that conditions are asked with; `extra` adds keys such as `route`."""
    chosen = {answer.question: answer.choices for answer in answers.given if answer.finished}
    return _Values(flow, city, {**chosen, **extra}).__getitem__


def settle(flow: Flow, answers: Answers, city: Municipality) -> Answers:
    """The answers that still count, top down: question asked, choices known, one choice if only one may be taken.

    Answers behind the open question are kept as they are (prefilled, or given before an earlier
    one was changed): whether they apply is decided once the open question is answered.
    """
    kept, decided = Answers(), True
    for question in flow.questions:
        answer = answers.get(question.id)
        if decided and not question.when.holds(lookup(flow, kept, city)):
            continue
        if answer is not None:
            choices = tuple(choice.id for choice in question.choices if choice.id in answer.choices)
            if len(choices) == len(answer.choices) and (question.many or len(choices) == 1):
                kept = kept.set(Answer(question.id, choices, answer.prefilled, answer.finished))
        decided = decided and (now := kept.get(question.id)) is not None and now.finished
    return kept


def open_question(flow: Flow, answers: Answers, city: Municipality) -> Question | None:
    """The question to ask now, given settled answers; None when they are complete."""
    asking = lookup(flow, answers, city)
    for question in flow.questions:
        answer = answers.get(question.id)
        if (answer is None or not answer.finished) and question.when.holds(asking):
            return question
    return None


def one_back(flow: Flow, answers: Answers, city: Municipality) -> Answers | None:
    """Settled `answers` without the last one before the open question that was given on screen; None without any.

    Answers waiting behind the open question stay: it is being changed, they are not.
    """
    question, last = open_question(flow, answers, city), None
    for asked in flow.questions:
        if asked is question:
            break
        answer = answers.get(asked.id)
        if answer is not None and not answer.prefilled:
            last = asked.id
    return answers.drop(last) if last else None


def conclude(flow: Flow, answers: Answers, city: Municipality) -> Result:
    """The result of complete, settled answers. Raises NoSingleRoute."""
    asking = lookup(flow, answers, city)
    routes = tuple(route for route in flow.routes if route.when.holds(asking))
    if len(routes) != 1:
        raise NoSingleRoute(flow, answers, tuple(route.id for route in routes))
    route = routes[0]
    by_id = {other.id: other for other in flow.routes}
    alternatives = tuple(
        (other.if_text, _by_route(flow, answers, city, by_id[other.route])) for other in route.alternatives
    )
    return _by_route(flow, answers, city, route, alternatives)


def _by_route(
    flow: Flow, answers: Answers, city: Municipality, route: Route, alternatives: tuple[tuple[str, Result], ...] = ()
) -> Result:
    with_route = lookup(flow, answers, city, {"route": (route.id,)})
    pins = tuple(pin.id for pin in flow.pins if pin.when.holds(with_route))
    asking = lookup(flow, answers, city, {"route": (route.id,), "reset": pins})
    return Result(
        flow,
        answers,
        route,
        pins,
        items=tuple(item for item in flow.items if item.when.holds(asking)),
        steps=tuple(step for step in route.steps if step.when.holds(asking)),
        notes=tuple(note for note in flow.notes if note.when.holds(asking)),
        alternatives=alternatives,
    )


def broken_rules(result: Result, city: Municipality) -> tuple[str, ...]:
    """The ids of the flow's rules that this result breaks."""
    asking = lookup(
        result.flow,
        result.answers,
        city,
        {
            "route": (result.route.id,),
            "reset": result.pins,
            "item": tuple(item.id for item in result.items),
            "note": tuple(note.id for note in result.notes),
        },
    )
    return tuple(
        rule.id
        for rule in result.flow.rules
        if rule.if_.holds(asking)
        and (
            (rule.never is not None and rule.never.holds(asking))
            or (rule.always is not None and not rule.always.holds(asking))
        )
    )


def selections(question: Question) -> Iterator[tuple[str, ...]]:
    """Every answer that a path tries: each choice, and for `many` sets of up to MANY_PATHS choices."""
    if not question.many:
        yield from ((choice.id,) for choice in question.choices)
        return
    yield from ((choice.id,) for choice in question.choices if choice.alone)
    together = [choice.id for choice in question.choices if not choice.alone]
    for size in range(1, min(MANY_PATHS, len(together)) + 1):
        yield from combinations(together, size)


def paths(flow: Flow, city: Municipality, answers: Answers = NOTHING) -> Iterator[Answers]:
    """Every way to complete settled `answers`, depth first in the order of the questions and choices."""
    question = open_question(flow, answers, city)
    if question is None:
        yield answers
        return
    behind = flow.questions[flow.questions.index(question) + 1 :]
    waiting = any(answers.get(later.id) for later in behind)
    for choices in selections(question):
        taken = answers.set(Answer(question.id, choices))
        yield from paths(flow, city, settle(flow, taken, city) if waiting else taken)
