"""The mutants that `bench/mutate-flows` makes, and that its fast verdict is the one `prove` gives."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.columns import Outcome, broken, changed, conclude_all, never_matter, walk
from bench.mutants import Mutant, mutants
from bench.verdicts import Judge
from bot.content.model import Content, Flow
from bot.content.municipality import Municipality
from bot.dialogue.walk import paths
from bot.review.prove import Profile, Proof, prove
from tests.review.test_talk import GOOD

PROFILES = (
    Profile("市の設定なし", Municipality()),
    Profile("一点の市", Municipality.model_validate({"name": "一点の市", "self_id_rule": "card_plus_1_AB"})),
)


def question(name: str, choices: list[str], **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "ask": f"{name}？",
        "why": "試験のため。",
        "choices": [{"id": choice, "label": choice} for choice in choices],
        **more,
    }


TINY = Flow.model_validate(
    {
        "id": "tiny",
        "title": "試験",
        "start": "始める",
        "questions": [
            question("visitor", ["self", "proxy", "unknown"], prefill="visitor"),
            question("pin", ["sign", "four", "unknown"], when={"visitor": ["self", "unknown"]}),
            question("known", ["sure", "unknown"], when={"pin": "sign", "not": {"visitor": "unknown"}}),
            question("photo", ["have", "lack", "unknown"], when={"any": [{"pin": "four"}, {"known": "unknown"}]}),
            question("have", ["card", "paper", "nothing"], many=True, when={"photo": "lack", "city.known": "true"}),
        ],
        "routes": [
            {
                "id": "kiosk",
                "title": "店",
                "kind": "kiosk",
                "when": {"known": "sure"},
                "visits": 0,
                "alternatives": [{"route": "office", "if_text": "できないとき"}],
            },
            {
                "id": "office",
                "title": "窓口",
                "kind": "office",
                "visits": 1,
                "when": {"visitor": ["self", "unknown"], "not": {"known": "sure"}},
                "steps": [{"text": "電話する", "when": {"city.known": "false"}}, {"text": "行く"}],
            },
            {"id": "call", "title": "電話", "kind": "phone", "when": {"visitor": "proxy"}},
        ],
        "pins": [
            {"id": "sign", "when": {"pin": ["sign", "unknown"]}},
            {"id": "user", "when": {"pin": ["four", "unknown"], "route": "office"}},
        ],
        "items": [
            {"id": "card", "text": "カード", "why": "要る", "when": {"route": ["kiosk", "office"]}},
            {
                "id": "photo-id",
                "text": "写真つき",
                "why": "要る",
                "when": {"route": "office", "not": {"photo": "lack"}},
                "classes": ["photo-id"],
            },
            {"id": "papers", "text": "写真なし", "why": "要る", "when": {"photo": ["lack", "unknown"]}},
            {"id": "notice", "text": "封筒", "why": "あれば", "optional": True, "when": {"reset": "sign"}},
        ],
        "notes": [
            {"id": "call-first", "kind": "warn", "text": "先に電話", "when": {"photo": ["lack", "unknown"]}},
            {"id": "new-pins", "kind": "info", "text": "決めておく", "when": {"reset": ["sign", "user"]}},
        ],
        "rules": [
            {"id": "card", "say": "カードを持つ", "if": {"route": "office"}, "always": {"item": "card"}},
            {"id": "kiosk-sure", "say": "覚えている人だけ", "if": {"route": "kiosk"}, "always": {"known": "sure"}},
            {"id": "never-both", "say": "電話で決め直さない", "if": {"route": "call"}, "never": {"reset": "sign"}},
        ],
    }
)


def every() -> list[Mutant]:
    return list(mutants(TINY))


def mutant(what: str, path: tuple[str | int, ...]) -> Mutant:
    return next(one for one in every() if one.what == what and one.path == path)


def base() -> Outcome:
    return conclude_all(TINY, PROFILES)


def test_the_table_has_every_path_in_the_order_of_the_walk() -> None:
    table = walk(TINY, PROFILES)
    assert [table.answers(row) for row in range(len(table))] == [
        answers for profile in PROFILES for answers in paths(TINY, profile.city)
    ]


def test_each_part_gives_the_mutants_it_promises() -> None:
    kinds = Counter(one.kind for one in every())
    assert kinds["item"] == 3 * len(TINY.items)
    assert kinds["pin"] == 2 * len(TINY.pins)
    assert kinds["visits"] == 2
    assert kinds["note"] == 1  # the warning
    assert kinds["alternative"] == 1
    assert all(one.of(TINY) != TINY for one in every())


def test_a_key_is_left_out_negated_and_its_values_mistaken() -> None:
    slips = [one.what for one in every() if one.path == ("notes", 0) and one.kind == "when"]
    assert slips == ["photo をなくす", "photo を逆にする", "photo: lack → have", "photo: unknown → have"]


def test_keys_inside_not_and_any_are_mutated_where_they_stand() -> None:
    places = {one.place[2:] for one in every() if one.path in (("questions", 2), ("questions", 3))}
    assert ("when", "not", "visitor") in places
    assert ("when", "any", 1, "known") in places


def test_a_mutant_leaves_the_other_parts_as_they_are() -> None:
    changed_flow = mutant("visit: 1 → 2", ("items", 1)).of(TINY)
    assert changed_flow.items[1].visit == 2
    assert changed_flow.items[0] is TINY.items[0]
    assert changed_flow.questions is TINY.questions


def agreed(content: Content, flow: Flow, wrong: Flow) -> Proof:
    """The proof of `wrong`, after comparing it with the columns'."""
    alone = content.model_copy(update={"flows": {wrong.id: wrong}})
    proof = prove(alone, wrong, PROFILES)
    outcome = conclude_all(wrong, PROFILES, conclude_all(flow, PROFILES))
    found = {one.rule for one in broken(alone, outcome)}
    unreached = {one for one in found if one.startswith("unreached ")}
    assert found - unreached == {rule for rule, _ in proof.violations}
    assert unreached == {f"unreached {name}" for name in proof.unreached}
    assert tuple(never_matter(outcome)) == proof.never_matter
    return proof


@pytest.mark.parametrize("number", range(len(every())))
def test_prove_agrees_on_every_mutant(content: Content, number: int) -> None:
    agreed(content, TINY, every()[number].of(TINY))


def test_prove_agrees_where_choices_are_counted(content: Content) -> None:
    flow = content.flows["recover"]
    proofs = [agreed(content, flow, one.of(flow)) for one in mutants(flow)]
    assert {proof.holds for proof in proofs} == {True, False}


def test_a_talk_catches_what_no_rule_does(tmp_path: Path) -> None:
    root = tmp_path / "content"
    shutil.copytree(Path(__file__).parent.parent / "dialogue" / "content", root)
    flow = Judge(root).content.flows["recover"]
    twice = next(one for one in mutants(flow) if one.path == ("routes", 0) and one.kind == "visits")
    alone = Judge(root).judge(twice)
    assert not alone.caught
    assert not alone.same
    assert alone.path == "visitor=unknown → pin=sign"

    (root / "flows" / "talks").mkdir()
    (root / "flows" / "talks" / "office.txt").write_text(GOOD, encoding="utf-8")
    assert (Judge(root).judge(twice).talk or "").startswith("office.txt:")


def test_a_lost_document_is_caught(content: Content) -> None:
    wrong = mutant("route: office → call", ("items", 0)).of(TINY)
    assert "card" in {one.rule for one in broken(content, conclude_all(wrong, PROFILES, base()))}


def test_what_only_a_citizen_sees_still_counts_as_a_change() -> None:
    for one in (mutant("visit: 1 → 2", ("items", 0)), mutant("office をなくす", ("routes", 0, "alternatives", 0))):
        before, after = changed(base(), conclude_all(one.of(TINY), PROFILES, base()))
        assert np.count_nonzero(before) == np.count_nonzero(after) > 0


def test_rules_alone_change_nothing_for_a_citizen() -> None:
    before, after = changed(base(), conclude_all(TINY.model_copy(update={"rules": ()}), PROFILES, base()))
    assert not before.any()
    assert not after.any()
