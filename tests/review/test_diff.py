"""`diff` names the answers whose result changes, and nothing else."""

from __future__ import annotations

from bot.content.model import Alternative, Content, Fee
from bot.review.diff import changed_entries, diff, markdown
from bot.review.prove import describe


def changed(content: Content, **parts: object) -> Content:
    flow = content.flows["recover"].model_copy(update=parts)
    return content.model_copy(update={"flows": {"recover": flow}})


def test_the_same_content_has_no_changes(content: Content) -> None:
    assert list(diff(content, content)) == []
    assert "変化はありません" in "\n".join(markdown([], []))


def test_a_changed_fee_shows_on_its_route_only(content: Content) -> None:
    office, *others = content.flows["recover"].routes
    new = changed(content, routes=(office.model_copy(update={"fee": Fee(text="1,000円です", yen=1000)}), *others))
    changes = list(diff(content, new))
    assert changes
    assert all(change.parts == ("費用",) for change in changes)
    assert all("visitor=proxy" not in describe(change.answers) for change in changes)
    assert "1,000円です" in "\n".join(markdown(changes, []))


def test_a_dropped_item_shows(content: Content) -> None:
    new = changed(content, items=content.flows["recover"].items[1:])
    assert {part for change in diff(content, new) for part in change.parts} == {"持ち物"}


def test_a_changed_hint_at_an_item_shows(content: Content) -> None:
    card, *others = content.flows["recover"].items
    new = changed(content, items=(card.model_copy(update={"note": "期限を見てください。"}), *others))
    assert {part for change in diff(content, new) for part in change.parts} == {"持ち物"}


def test_another_way_that_came_shows(content: Content) -> None:
    office, *others = content.flows["recover"].routes
    other_way = Alternative(route="call", if_text="電話で聞きたいとき")
    new = changed(content, routes=(office.model_copy(update={"alternatives": (other_way,)}), *others))
    assert {part for change in diff(content, new) for part in change.parts} == {"ほかの方法"}


def test_a_new_question_shows_as_the_next_question(content: Content) -> None:
    questions = content.flows["recover"].questions
    extra = questions[0].model_copy(update={"id": "extra", "ask": "新しい質問？"})
    changes = list(diff(content, changed(content, questions=(*questions, extra))))
    assert any(change.new == {"次の質問": ("新しい質問？",)} for change in changes)


def test_entries_that_came_went_or_changed(content: Content) -> None:
    first, second, *rest = content.entries
    new = content.model_copy(update={"entries": (first.model_copy(update={"answer": "別の答え。"}), *rest)})
    assert sorted(changed_entries(content, new)) == [("-", second.id), ("±", first.id)]
