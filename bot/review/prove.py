"""Walks every path of a guide on the pure core and says what is wrong, with the shortest counter-example.

A path is one complete set of answers. Under every profile (no city, and each sample city) each
path must lead to exactly one route, fit into a token, stay within MAX_SCREENS, and break none of
the rules written in the flow. Besides, わからない must never cost a trip (counter rule 8), and
what no path reaches, or what never changes a result, is reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path

from bot.content.model import Content, Flow, Question
from bot.content.municipality import Municipality
from bot.dialogue.answers import Answer, Answers, Position
from bot.dialogue.token import MAX_LENGTH, Codes
from bot.dialogue.walk import NoSingleRoute, Result, broken_rules, conclude, paths, settle

MAX_SCREENS = 10
"""Questions of a whole journey, with hand-overs, and its result (counter rule 17)."""

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Profile:
    """A municipality to walk under."""

    name: str
    city: Municipality


@dataclass(frozen=True)
class Violation:
    """A rule that a path breaks; the shortest such path is kept, with how many there are."""

    rule: str
    say: str
    profile: str
    answers: Answers
    count: int = 1


@dataclass
class Proof:
    """What walking one flow found."""

    flow: Flow
    paths: int = 0
    profiles: int = 0
    longest_token: int = 0
    screens: Counter[int] = field(default_factory=Counter)
    violations: dict[tuple[str, str], Violation] = field(default_factory=dict)
    routes: Counter[str] = field(default_factory=Counter)
    document_sets: dict[str, set[frozenset[str]]] = field(default_factory=dict)
    phone_only: dict[frozenset[tuple[str, tuple[str, ...]]], str] = field(default_factory=dict)
    unreached: tuple[str, ...] = ()
    never_matter: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.violations and not self.unreached

    def violate(self, rule: str, say: str, profile: str, answers: Answers) -> None:
        """Note a broken rule; of several paths the shortest is kept."""
        old = self.violations.get((rule, profile))
        count = old.count + 1 if old else 1
        shortest = answers if old is None or len(answers.given) < len(old.answers.given) else old.answers
        self.violations[rule, profile] = Violation(rule, say, profile, shortest, count)


class Walked:
    """Every path of one flow under one profile, with its result."""

    def __init__(self, flow: Flow, city: Municipality) -> None:
        self.flow, self.city = flow, city

    @cached_property
    def complete(self) -> dict[tuple[Answer, ...], Result | NoSingleRoute]:
        return {answers.given: self._lead(answers) for answers in paths(self.flow, self.city)}

    def _lead(self, answers: Answers) -> Result | NoSingleRoute:
        try:
            return conclude(self.flow, answers, self.city)
        except NoSingleRoute as error:
            return error

    def instead(self, answers: Answers, question: Question, choice: str) -> Iterator[Result]:
        """The results if `question` had been answered with `choice`, all other answers kept where they still apply."""
        changed = settle(self.flow, answers.set(Answer(question.id, (choice,))), self.city)
        for other in paths(self.flow, self.city, changed):
            result = self.complete.get(self._ordered(other))
            if isinstance(result, Result):
                yield result

    def _ordered(self, answers: Answers) -> tuple[Answer, ...]:
        return tuple(a for question in self.flow.questions if (a := answers.get(question.id)))


def prove(
    content: Content, flow: Flow, profiles: tuple[Profile, ...], progress: Callable[[str], None] = lambda line: None
) -> Proof:
    """Walk all paths of `flow` under all profiles. `progress` gets one line per profile."""
    proof = Proof(flow, profiles=len(profiles))
    codes = Codes(content)
    seen: set[str] = set()
    told: set[frozenset[str]] = set()
    for profile in profiles:
        walked = Walked(flow, profile.city)
        progress(f"{flow.id} / {profile.name}: {len(walked.complete)} 通り")
        for given, result in walked.complete.items():
            answers = Answers(given)
            proof.paths += 1
            proof.longest_token = max(proof.longest_token, len(codes.pack(Position(flow.id, answers))))
            for answer in given:
                seen.update((answer.question, *(f"{answer.question}.{choice}" for choice in answer.choices)))
            if isinstance(result, NoSingleRoute):
                say = "行き先が一つに決まらない" if result.routes else "行き先がない"
                proof.violate("single-route", f"{say}（{'・'.join(result.routes)}）", profile.name, answers)
                continue
            _check(proof, content, profile, answers, result)
            seen.update(_reached(result))
        _check_unknown(proof, walked, profile)
        _told_apart(walked, told)
    if proof.longest_token > MAX_LENGTH:
        proof.violate("token-length", f"ボタンに入らない長さ（{proof.longest_token}）", "-", Answers())
    proof.unreached = tuple(name for name in _everything(flow) if name not in seen)
    proof.never_matter = _never_matter(flow, seen, told)
    return proof


def _check(proof: Proof, content: Content, profile: Profile, answers: Answers, result: Result) -> None:
    flow = result.flow
    rules = {rule.id: rule.say for rule in flow.rules}
    for rule in broken_rules(result, profile.city):
        proof.violate(rule, rules[rule], profile.name, answers)
    screens = len(answers.given) + _screens_after(content, result, profile.city)
    proof.screens[screens] += 1
    if screens > MAX_SCREENS:
        proof.violate("screens", f"画面が{MAX_SCREENS}より多い（{screens}）", profile.name, answers)
    proof.routes[result.route.id] += 1
    documents = frozenset(f"{item.visit}:{item.id}" for item in result.required)
    proof.document_sets.setdefault(result.route.id, set()).add(documents)
    if result.route.kind == "phone":
        proof.phone_only[frozenset((a.question, a.choices) for a in answers)] = profile.name


def _screens_after(content: Content, result: Result, city: Municipality) -> int:
    """Screens from this result on: itself, or the longest way through the guide it hands over to."""
    goto = result.route.goto
    if goto is None:
        return 1
    flow = content.flows[goto.flow]
    known = Answers(tuple(Answer(q, (choice,), prefilled=True) for q, choice in goto.answers.items()))
    known = settle(flow, known, city)
    return _longest(content.digest, flow, known, city)


_LONGEST: dict[tuple[str, str, Answers, Municipality], int] = {}


def _longest(digest: str, flow: Flow, known: Answers, city: Municipality) -> int:
    key = (digest, flow.id, known, city)
    if key not in _LONGEST:
        _LONGEST[key] = 1 + max(sum(not answer.prefilled for answer in answers) for answers in paths(flow, city, known))
    return _LONGEST[key]


def _check_unknown(proof: Proof, walked: Walked, profile: Profile) -> None:
    """Counter rule 8: after わからない no document is missing, no kiosk, no fewer warnings."""
    for given, unsure in walked.complete.items():
        if isinstance(unsure, NoSingleRoute):
            continue
        answers = Answers(given)
        for answer in given:
            if answer.choices != (UNKNOWN,):
                continue
            if unsure.route.kind == "kiosk":
                proof.violate(
                    "unknown-kiosk", f"「{answer.question}」がわからないのにコンビニへ行く", profile.name, answers
                )
            question = walked.flow.by_id[answer.question]
            if question.prefill == "visitor":
                continue  # who goes decides the documents; the rule compares the same visitor
            for choice in question.choices:
                if choice.id != UNKNOWN:
                    for sure in walked.instead(answers, question, choice.id):
                        _compare(proof, profile, answers, question, unsure, sure)


def _compare(
    proof: Proof, profile: Profile, answers: Answers, question: Question, unsure: Result, sure: Result
) -> None:
    if sure.route.kind != "office" or unsure.route.kind == "phone":
        return
    missing = _documents(sure, required=True) - _documents(unsure, required=False)
    if missing:
        say = f"「{question.id}」がわからない人の持ち物に {'・'.join(sorted(missing))} がない"
        proof.violate(f"unknown-documents-{question.id}", say, profile.name, answers)
    fewer = _warnings(sure) - _warnings(unsure)
    if len(_warnings(unsure)) < len(_warnings(sure)):
        say = f"「{question.id}」がわからない人の注意に {'・'.join(sorted(fewer))} がない"
        proof.violate(f"unknown-warnings-{question.id}", say, profile.name, answers)


def _documents(result: Result, *, required: bool) -> set[str]:
    items = result.required if required else result.items
    return {name for item in items for name in (item.classes or (item.id,))}


def _warnings(result: Result) -> set[str]:
    return {note.id for note in result.notes if note.kind == "warn"}


def signature(result: Result) -> tuple[object, ...]:
    """What a citizen would notice of a result: equal signatures read the same."""
    return (
        result.route.id,
        result.pins,
        tuple(item.id for item in result.items),
        tuple(note.id for note in result.notes),
        tuple(step.text for step in result.steps),
    )


def _told_apart(walked: Walked, told: set[frozenset[str]]) -> None:
    """Add to `told` the pairs of choices, as `question.choice`, that lead to different results on some path."""
    for given, result in walked.complete.items():
        if isinstance(result, NoSingleRoute):
            continue
        same = signature(result)
        for answer in given:
            question = walked.flow.by_id[answer.question]
            if question.many or len(answer.choices) != 1:
                continue
            for choice in question.choices:
                pair = _pair(question, answer.choices[0], choice.id)
                if choice.id in answer.choices or pair in told:
                    continue
                if any(signature(other) != same for other in walked.instead(Answers(given), question, choice.id)):
                    told.add(pair)


def _pair(question: Question, one: str, other: str) -> frozenset[str]:
    return frozenset((f"{question.id}.{one}", f"{question.id}.{other}"))


def _never_matter(flow: Flow, seen: set[str], told: set[frozenset[str]]) -> tuple[str, ...]:
    """Questions none of whose choices matter, and pairs of choices that always lead to the same result."""
    names: list[str] = []
    for question in flow.questions:
        if question.many or question.id not in seen:
            continue
        choices = [choice.id for choice in question.choices]
        pairs = [(one, other) for one, other in combinations(choices, 2)]
        alike = [pair for pair in pairs if _pair(question, *pair) not in told]
        if len(alike) == len(pairs):
            names.append(question.id)
        else:
            names += [f"{question.id}.{one} = {question.id}.{other}" for one, other in alike]
    return tuple(names)


def _reached(result: Result) -> set[str]:
    return {
        f"route {result.route.id}",
        *(f"pin {pin}" for pin in result.pins),
        *(f"item {item.id}" for item in result.items),
        *(f"note {note.id}" for note in result.notes),
        *(f"step {result.route.id}: {step.text}" for step in result.steps),
    }


def _everything(flow: Flow) -> list[str]:
    names = [name for q in flow.questions for name in (q.id, *(f"{q.id}.{choice.id}" for choice in q.choices))]
    names += [f"route {route.id}" for route in flow.routes]
    names += [f"pin {pin.id}" for pin in flow.pins]
    names += [f"item {item.id}" for item in flow.items]
    names += [f"note {note.id}" for note in flow.notes]
    names += [f"step {route.id}: {step.text}" for route in flow.routes for step in route.steps]
    return names


def describe(answers: Answers) -> str:
    """A path in one line: question=choice → …"""
    return " → ".join(f"{answer.question}={'+'.join(answer.choices)}" for answer in answers)


def samples(root: Path) -> tuple[Path, ...]:
    """The sample cities that ship with the content."""
    return tuple(sorted((root / "faq" / "samples").glob("*.yaml")))


def summary(proof: Proof) -> Iterator[str]:
    """The proof as lines to read, in Japanese."""
    flow = proof.flow
    yield f"■ {flow.id}（{flow.title}）"
    yield f"  {proof.paths} 通り（{proof.profiles} の市の設定）、規則 {len(flow.rules)}"
    yield f"  トークンは最長 {proof.longest_token} 文字"
    total = sum(proof.screens.values())
    if total:
        ordered = sorted(proof.screens.elements())
        yield f"  画面の数：中央値 {ordered[total // 2]}、最大 {ordered[-1]}"
    for route, count in proof.routes.most_common():
        yield f"  行き先 {route}：{count} 通り、持ち物の組 {len(proof.document_sets[route])}"
    if proof.phone_only:
        yield f"  電話だけで終わる道：{len(proof.phone_only)} 通り"
        order = [question.id for question in flow.questions]
        for path in sorted(proof.phone_only, key=lambda path: (len(path), sorted(path))):
            by_question = sorted(path, key=lambda answer: order.index(answer[0]))
            yield "    " + " → ".join(f"{question}={'+'.join(choices)}" for question, choices in by_question)
    for name in proof.never_matter:
        yield f"  結果を変えない質問・いつも同じ結果の選択肢：{name}"
    for name in proof.unreached:
        yield f"  × どの道でも出てこない：{name}"
    for violation in proof.violations.values():
        yield f"  × {violation.rule}：{violation.say}（{violation.profile}、{violation.count} 通り）"
        yield f"    例：{describe(violation.answers) or '-'}"
    if proof.holds:
        yield "  ○ すべて成り立ちます"
