"""The prover finds what it promises to find; a small flow is broken in one way per test."""

from __future__ import annotations

from typing import Any

import pytest

from bot.content.model import Content, Flow
from bot.content.municipality import Municipality
from bot.dialogue.walk import paths
from bot.review.prove import MAX_SCREENS, Profile, Proof, describe, prove, summary

CITY = (Profile("市の設定なし", Municipality()),)


def question(name: str, choices: list[str], **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "ask": f"{name}？",
        "why": "試験のため。",
        "choices": [{"id": choice, "label": choice} for choice in choices],
        **more,
    }


def flow(**changes: Any) -> Flow:
    """A clean flow of two questions; `changes` replace its parts."""
    parts: dict[str, Any] = {
        "id": "recover",
        "title": "試験",
        "start": "始める",
        "questions": [
            question("visitor", ["self", "proxy", "unknown"], prefill="visitor"),
            question("photo", ["have", "lack", "unknown"], when={"visitor": "self"}),
        ],
        "routes": [
            {"id": "office", "title": "窓口", "kind": "office", "visits": 1, "when": {"visitor": "self"}},
            {"id": "call", "title": "電話", "kind": "phone", "when": {"visitor": ["proxy", "unknown"]}},
        ],
        "items": [
            {"id": "card", "text": "カード", "why": "要る", "when": {"route": "office"}},
            {"id": "photo-id", "text": "写真つき", "why": "要る", "when": {"photo": ["have", "unknown"]}},
            {"id": "two-papers", "text": "写真なし2点", "why": "要る", "when": {"photo": ["lack", "unknown"]}},
        ],
        "rules": [{"id": "card", "say": "窓口ならカードを持つ", "if": {"route": "office"}, "always": {"item": "card"}}],
    }
    return Flow.model_validate({**parts, **changes})


def proof_of(content: Content, broken: Flow) -> Proof:
    return prove(content.model_copy(update={"flows": {broken.id: broken}}), broken, CITY)


def rules(proof: Proof) -> set[str]:
    return {rule for rule, _ in proof.violations}


def test_a_clean_flow_holds(content: Content) -> None:
    proof = proof_of(content, flow())
    assert proof.holds, list(summary(proof))
    assert proof.paths == 5
    assert proof.never_matter == ("visitor.proxy = visitor.unknown",)


def test_answers_without_a_route_are_found_with_the_shortest_path(content: Content) -> None:
    routes = [{"id": "office", "title": "窓口", "kind": "office", "when": {"visitor": "self"}}]
    proof = proof_of(content, flow(routes=routes))
    assert "single-route" in rules(proof)
    assert describe(proof.violations["single-route", CITY[0].name].answers) == "visitor=proxy"


def test_two_routes_at_once_are_found(content: Content) -> None:
    routes = [
        {"id": "office", "title": "窓口", "kind": "office"},
        {"id": "call", "title": "電話", "kind": "phone", "when": {"visitor": "proxy"}},
    ]
    assert "single-route" in rules(proof_of(content, flow(routes=routes)))


def test_a_broken_rule_is_found(content: Content) -> None:
    proof = proof_of(content, flow(items=[{"id": "card", "text": "カード", "why": "要る", "when": {"photo": "have"}}]))
    assert "card" in rules(proof)


def test_unsure_people_are_never_sent_without_a_document(content: Content) -> None:
    items = [
        {"id": "card", "text": "カード", "why": "要る", "when": {"route": "office"}},
        {"id": "photo-id", "text": "写真つき", "why": "要る", "when": {"photo": "have"}},
        {"id": "two-papers", "text": "写真なし2点", "why": "要る", "when": {"photo": ["lack", "unknown"]}},
    ]
    proof = proof_of(content, flow(items=items))
    assert "unknown-documents-photo" in rules(proof)


def test_unsure_people_are_never_sent_to_a_kiosk(content: Content) -> None:
    routes = [
        {"id": "kiosk", "title": "店", "kind": "kiosk", "when": {"photo": "unknown"}},
        {"id": "office", "title": "窓口", "kind": "office", "when": {"photo": ["have", "lack"]}},
        {"id": "call", "title": "電話", "kind": "phone", "when": {"visitor": ["proxy", "unknown"]}},
    ]
    assert "unknown-kiosk" in rules(proof_of(content, flow(routes=routes)))


def test_unsure_people_get_no_fewer_warnings(content: Content) -> None:
    notes = [{"id": "careful", "kind": "warn", "text": "注意", "when": {"photo": "have"}}]
    assert "unknown-warnings-photo" in rules(proof_of(content, flow(notes=notes)))


def test_what_no_path_reaches_is_listed(content: Content) -> None:
    questions = [
        question("visitor", ["self", "proxy", "unknown"], prefill="visitor"),
        question("photo", ["have", "lack", "unknown"], when={"visitor": "self"}),
        question("never", ["yes", "unknown"], when={"visitor": "proxy", "photo": "have"}),
    ]
    proof = proof_of(content, flow(questions=questions))
    assert set(proof.unreached) == {"never", "never.yes", "never.unknown"}


def test_a_question_that_changes_nothing_is_listed(content: Content) -> None:
    questions = [
        question("visitor", ["self", "proxy", "unknown"], prefill="visitor"),
        question("photo", ["have", "lack", "unknown"], when={"visitor": "self"}),
        question("weather", ["fine", "unknown"]),
    ]
    assert proof_of(content, flow(questions=questions)).never_matter == ("visitor.proxy = visitor.unknown", "weather")


def test_too_many_screens_are_found(content: Content) -> None:
    more = [question(f"extra-{number}", ["yes"]) for number in range(MAX_SCREENS)]
    questions = [question("visitor", ["self", "proxy", "unknown"], prefill="visitor"), *more]
    items = [{"id": "card", "text": "カード", "why": "要る", "when": {"route": "office"}}]
    assert "screens" in rules(proof_of(content, flow(questions=questions, items=items)))


def test_a_token_too_long_for_a_button_is_found(content: Content) -> None:
    many = [question(f"many-{number}", ["a", "b", "c"], many=True) for number in range(7)]
    questions = [question("visitor", ["self", "proxy", "unknown"], prefill="visitor"), *many]
    long = flow(
        questions=questions, items=[{"id": "card", "text": "カード", "why": "要る", "when": {"route": "office"}}]
    )
    first = next(iter(paths(long, Municipality())))
    assert len(first.given) == 8
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.review.prove.paths", lambda flow, city, answers=None: iter([_fullest(flow, city)]))
        assert "token-length" in rules(proof_of(content, long))


def _fullest(flow: Flow, city: Municipality) -> Any:
    """The path with every choice of every `many` question: there are too many paths to walk them all."""
    from bot.dialogue.answers import Answer, Answers

    chosen = [Answer("visitor", ("self",))]
    chosen += [Answer(q.id, tuple(choice.id for choice in q.choices)) for q in flow.questions[1:]]
    return Answers(tuple(chosen))
