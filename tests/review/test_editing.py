"""A part of a file edited through its fields: only what was changed is written again."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from bot.content.loading import load
from bot.review.editing import (
    ENTRY,
    FACT,
    SOURCE,
    NotThere,
    entry_block,
    entry_fields,
    keyed_block,
    keyed_fields,
    notices_fields,
    with_entry,
    with_keyed,
    with_new_entry,
    with_new_keyed,
    with_notices,
)
from bot.settings import PROJECT

FAQ = (PROJECT / "faq" / "ja.yaml").read_text("utf-8")
FACTS = (PROJECT / "faq" / "facts.yaml").read_text("utf-8")

ODD = """entries:
  - id: one   # the first
    question:   'いくら？'
    also_asked:
        - いくらですか   # from the phone
        - "無料？"
    answer:  >-
      無料です。
    # a comment inside
    sources: [ a,  b ]

  # --- next ---
  - id: two
    question: どこ？
    also_asked: []
    answer: 窓口です。
    sources: [a]
# the end
"""


def changes(old: str, new: str) -> list[str]:
    lines = unified_diff(old.split("\n"), new.split("\n"), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_shipped_entries_facts_and_sources_go_through_their_forms_unchanged() -> None:
    content = load(PROJECT)
    for entry in content.entries[::3]:
        assert with_entry(FAQ, entry.id, entry_fields(entry_block(FAQ, entry.id))) == FAQ
    for part, names, columns in (("facts", content.facts, FACT), ("sources", content.sources, SOURCE)):
        for name in list(names)[::10]:
            fields = keyed_fields(keyed_block(FACTS, part, name), columns)
            assert with_keyed(FACTS, part, name, fields) == FACTS


def test_one_wording_more_is_one_line_more() -> None:
    fields = entry_fields(entry_block(FAQ, "unlock-cost"))
    fields["also_asked"] += "\n印紙代はかかりますか"
    assert changes(FAQ, with_entry(FAQ, "unlock-cost", fields)) == ["+      - 印紙代はかかりますか"]


def test_a_change_keeps_the_comments_and_quotes_around_it() -> None:
    fields = {**entry_fields(entry_block(ODD, "one")), "also_asked": "いくらですか\n無料？\n# いくら"}
    new = with_entry(ODD, "one", fields)
    for kept in ("# the first", "'いくら？'", "# from the phone", '"無料？"', "# a comment inside", "# --- next ---"):
        assert kept in new
    assert new.endswith(ODD[ODD.index("  # --- next") :])
    assert entry_fields(entry_block(new, "one")) == fields


def test_a_block_ends_before_the_comment_of_the_next_row() -> None:
    assert entry_block(ODD, "one").text.endswith("sources: [ a,  b ]\n")
    assert entry_block(ODD, "two").text.endswith("sources: [a]\n")


@pytest.mark.parametrize(
    "text", ["はい: いいえ", "- 線", "#1", "yes", "0120", "{id} です", "「かぎ」", "a #b", "'", '"', "[x", "2026-11-28"]
)
def test_whatever_is_typed_is_read_back_as_it_was_typed(text: str) -> None:
    fields = {**entry_fields(entry_block(ODD, "two")), "answer": text, "also_asked": text, "short": text}
    assert entry_fields(entry_block(with_entry(ODD, "two", fields), "two")) == fields


def test_a_guide_with_its_answers_goes_through_the_form() -> None:
    fields = entry_fields(entry_block(ODD, "two"))
    fields |= {"guide.flow": "recover", "guide.answers": "visitor: self", "guide.start": "true"}
    new = with_entry(ODD, "two", fields)
    assert changes(ODD, new) == ["+    guide: {flow: recover, answers: {visitor: self}, start: true}"]
    assert entry_fields(entry_block(new, "two")) == fields


def test_a_new_entry_stands_at_the_end_and_under_its_heading() -> None:
    fields = {**dict.fromkeys(ENTRY, ""), "id": "parking", "question": "駐車場は？", "answer": "あります。"}
    new = with_new_entry(FAQ, fields, "about")
    assert load_group(new) == ["about-bot", "privacy", "parking"]
    assert new.endswith("\n\n  - id: parking\n    question: 駐車場は？\n    also_asked: []\n    answer: あります。\n")
    assert sum(line.startswith("-") for line in changes(FAQ, new)) == 1


def load_group(text: str) -> list[str]:
    row = next(line for line in text.split("\n") if "about-bot, privacy" in line)
    return row.partition("[")[2].rstrip("]").split(", ")


def test_an_entry_that_is_not_there_or_not_readable_is_refused() -> None:
    with pytest.raises(NotThere):
        entry_block(ODD, "three")
    with pytest.raises(NotThere):
        entry_fields(entry_block(ODD.replace("'いくら？'", "'いくら"), "one"))


def test_a_day_of_a_source_is_written_without_quotes() -> None:
    fields = keyed_fields(keyed_block(FACTS, "sources", "sakata"), SOURCE)
    new = with_keyed(FACTS, "sources", "sakata", {**fields, "confirmed_by_city_on": "2026-11-28"})
    old, now = changes(FACTS, new)
    assert now[1:] == old[1:].replace("}", ", confirmed_by_city_on: 2026-11-28}")


def test_a_new_fact_stands_below_the_others() -> None:
    fields = {"kind": "phone", "value": "188", "label": "", "source": "kanda"}
    new = with_new_keyed(FACTS, "facts", "new-line", fields)
    assert changes(FACTS, new) == ['+  new-line: {kind: phone, value: "188", source: kanda}']
    assert keyed_fields(keyed_block(new, "facts", "new-line"), FACT) == fields


def test_notices_come_and_go_and_the_explanation_above_them_stays() -> None:
    empty = (PROJECT / "faq" / "notices.yaml").read_text("utf-8")
    notice = {"text": "本日は15時まで: 台風", "from": "2026-09-10 08:00", "until": "2026-09-10"}
    written = with_notices(empty, [notice])
    assert notices_fields(written) == [notice]
    assert written.startswith(empty.removesuffix("notices: []\n"))
    assert with_notices(written, []) == empty
