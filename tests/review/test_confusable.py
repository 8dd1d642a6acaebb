"""Which wordings go elsewhere, with a matcher that only knows the wordings it was given."""

from __future__ import annotations

from rapidfuzz import fuzz

from bot.content.model import Content
from bot.matching.understanding import Match, Understanding, Understood
from bot.review.confusable import Changed, changed_decisions, confusions, decision, report, with_sentences, wordings


class Nearest:
    """Answers with the entry that has the nearest wording."""

    def __init__(self, content: Content) -> None:
        self.known = list(wordings(content))

    def understand(self, text: str) -> Understanding:
        best: dict[str, Match] = {}
        for entry_id, wording in self.known:
            score = fuzz.ratio(text, wording) / 100
            if entry_id not in best or score > best[entry_id].score:
                best[entry_id] = Match(entry_id, score, wording)
        ranked = tuple(sorted(best.values(), key=lambda one: (-one.score, one.id)))
        return Understanding("answer", (ranked[0].id,), (), ranked, Understood())

    def choose(self, text: str, question: object) -> object:
        raise AssertionError("not asked")


def with_wording(content: Content, entry_id: str, *more: str) -> Content:
    entries = tuple(
        entry.model_copy(update={"also_asked": (*entry.also_asked, *more)}) if entry.id == entry_id else entry
        for entry in content.entries
    )
    return content.model_copy(update={"entries": entries})


def test_a_wording_that_reads_like_another_entry_is_found(content: Content) -> None:
    first, second = content.entries[:2]
    twin = second.question + "か"
    found = confusions(with_wording(content, first.id, twin), Nearest)  # type: ignore[arg-type]
    mine = next(one for one in found if one.wording == twin)
    assert (mine.entry, mine.rival) == (first.id, second.id)
    assert mine.rival_wording == second.question
    assert mine.margin > 0


def test_a_wording_is_asked_of_a_matcher_that_does_not_know_it(content: Content) -> None:
    """Else every wording would find itself."""
    rounds = [len(list(wordings(content)))]

    def learn(part: Content) -> Nearest:
        rounds.append(len(list(wordings(part))))
        return Nearest(part)

    confusions(content, learn)  # type: ignore[arg-type]
    assert sum(rounds[0] - known for known in rounds[1:]) == sum(len(entry.also_asked) for entry in content.entries)


def test_the_sentence_between_goes_to_the_rival(content: Content) -> None:
    first, second = content.entries[:2]
    grown = with_wording(content, first.id, second.question + " 急いでいます")
    found = [one for one in confusions(grown, Nearest) if one.entry == first.id]  # type: ignore[arg-type]
    matcher = Nearest(grown)
    for one in with_sentences(found, matcher):  # type: ignore[arg-type]
        assert not one.between or matcher.understand(one.between).answers == (one.rival,)


def test_the_report_shows_both_wordings(content: Content) -> None:
    first, second = content.entries[:2]
    grown = with_wording(content, first.id, second.question + "か")
    text = "\n".join(report(confusions(grown, Nearest), grown, 50))  # type: ignore[arg-type]
    assert f"「{second.question}か」" in text
    assert f"「{second.question}」" in text


def test_a_new_wording_that_takes_a_question_of_another_entry_is_shown(content: Content) -> None:
    first, second = content.entries[:2]
    new = with_wording(content, first.id, second.question)
    changed = changed_decisions(content, new, (), Nearest)  # type: ignore[arg-type]
    assert all(one.old != one.new for one in changed)
    moved = content.model_copy(
        update={"entries": (first.model_copy(update={"also_asked": (second.question,)}), *content.entries[2:])}
    )
    stolen = changed_decisions(content, moved, (), Nearest)  # type: ignore[arg-type]
    assert any(one.stolen and one.old == second.id for one in stolen)


def test_questions_of_the_city_are_asked_too(content: Content) -> None:
    first = content.entries[0]
    new = with_wording(content, first.id, "ぜんぜん別の話")
    changed = changed_decisions(content, new, ["ぜんぜん別の話ですよ"], Nearest)  # type: ignore[arg-type]
    assert [one.entry for one in changed if one.text == "ぜんぜん別の話ですよ"] in ([""], [])


def test_the_same_teaching_changes_nothing_and_learns_nothing(content: Content) -> None:
    def learn(part: Content) -> Nearest:
        raise AssertionError("nothing to learn")

    assert changed_decisions(content, content, ["何か"], learn) == ()  # type: ignore[arg-type]


def test_a_wording_that_keeps_its_entry_beside_another_is_not_stolen() -> None:
    assert Changed("文", "a", "a", "b").stolen
    assert not Changed("文", "a", "a", "a・b").stolen
    assert not Changed("文", "", "a", "b").stolen
    understood = Understanding("clarify", (), ("a", "b"), (), Understood())
    assert decision(understood) == "聞き返す：a・b"
