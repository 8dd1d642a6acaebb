"""Tokens carry a whole position, whatever happens to the content between packing and unpacking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.model import Choice, Content, Question
from bot.dialogue.answers import Answer, Answers, Position
from bot.dialogue.token import MAX_LENGTH, BadToken, Codes, Collision, collisions
from bot.dialogue.walk import paths


def test_every_path_survives_packing(content: Content) -> None:
    codes = Codes(content)
    flow = content.flows["recover"]
    for answers in paths(flow, content.municipality):
        token = codes.pack(Position(flow.id, answers))
        assert len(token) <= MAX_LENGTH
        assert codes.unpack(token).position == Position(flow.id, answers)


def test_an_open_selection_and_prefilled_answers_survive(content: Content) -> None:
    codes = Codes(content)
    answers = Answers(
        (
            Answer("pin", ("sign",), prefilled=True),
            Answer("visitor", ("self",)),
            Answer("papers", ("license", "care"), finished=False),
        )
    )
    assert codes.unpack(codes.pack(Position("recover", answers))).position.answers == answers


def test_an_offered_list_survives(content: Content) -> None:
    codes = Codes(content)
    position = Position("recover", Answers((Answer("visitor", ("self",)),)), offered=("cost", "flow:recover"))
    assert codes.unpack(codes.pack(position)).position == position


@given(st.text(max_size=80))
def test_no_text_is_taken_for_a_token_and_breaks(content: Content, text: str) -> None:
    try:
        unpacked = Codes(content).unpack(text)
    except BadToken:
        return
    assert unpacked.position is not None


@given(st.integers(0, 40), st.integers(1, 63))
def test_a_changed_character_is_noticed_or_harmless(content: Content, at: int, by: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    codes = Codes(content)
    token = codes.pack(Position("recover", Answers((Answer("visitor", ("self",)), Answer("pin", ("sign",))))))
    at %= len(token)
    changed = token[:at] + alphabet[(alphabet.index(token[at]) + by) % 64] + token[at + 1 :]
    try:
        unpacked = codes.unpack(changed)
    except BadToken:
        return
    known = {question.id for question in content.flows["recover"].questions}
    assert {answer.question for answer in unpacked.position.answers} <= known


def test_a_renamed_choice_is_dropped_and_said(content: Content) -> None:
    token = Codes(content).pack(Position("recover", Answers((Answer("visitor", ("self",)), Answer("pin", ("sign",))))))
    flow = content.flows["recover"]
    questions = tuple(
        q.model_copy(update={"choices": (Choice(id="signature", label="英数字"), *q.choices[1:])})
        if q.id == "pin"
        else q
        for q in flow.questions
    )
    renamed = content.model_copy(update={"flows": {"recover": flow.model_copy(update={"questions": questions})}})
    unpacked = Codes(renamed).unpack(token)
    assert unpacked.outdated
    assert unpacked.position.answers == Answers((Answer("visitor", ("self",)),))


def test_several_choices_of_which_one_is_gone_are_open_again(content: Content) -> None:
    papers = Answer("papers", ("care", "pension"))
    token = Codes(content).pack(Position("recover", Answers((Answer("visitor", ("self",)), papers))))
    flow = content.flows["recover"]
    questions = tuple(
        q.model_copy(update={"choices": tuple(c for c in q.choices if c.id != "care")}) if q.id == "papers" else q
        for q in flow.questions
    )
    fewer = content.model_copy(update={"flows": {"recover": flow.model_copy(update={"questions": questions})}})
    unpacked = Codes(fewer).unpack(token)
    assert unpacked.outdated
    assert unpacked.position.answers.get("papers") == Answer("papers", ("pension",), finished=False)


def test_colliding_codes_are_refused(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dialogue.token._hash", lambda text, size: 7)
    with pytest.raises(Collision) as refused:
        Codes(content)
    assert len(refused.value.ids) == 2
    assert "どちらかの id を変えてください" in str(collisions(content)[0])


def test_a_question_inserted_later_does_not_disturb_a_token(content: Content) -> None:
    token = Codes(content).pack(Position("recover", Answers((Answer("visitor", ("self",)),))))
    flow = content.flows["recover"]
    new = Question(
        id="extra", ask="新しい質問ですか？", why="試験のためです。", choices=(Choice(id="yes", label="はい"),)
    )
    changed = content.model_copy(
        update={"flows": {"recover": flow.model_copy(update={"questions": (new, *flow.questions)})}}
    )
    unpacked = Codes(changed).unpack(token)
    assert not unpacked.outdated
    assert unpacked.position.answers == Answers((Answer("visitor", ("self",)),))
