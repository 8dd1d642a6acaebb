"""In the shipped guides every label and alias means its own choice, and every number the choice in that place."""

import pytest

from bot.content.loading import load
from bot.content.model import Content, Question
from bot.matching.learning import Cache
from bot.matching.matcher import TrainedMatcher
from bot.settings import PROJECT
from tests.shipped import LEARNT

CONTENT: Content = load(PROJECT)
QUESTIONS = [(flow.id, question) for flow in CONTENT.flows.values() for question in flow.questions]


@pytest.fixture(scope="module")
def matcher() -> TrainedMatcher:
    return TrainedMatcher(CONTENT, Cache(LEARNT))


@pytest.mark.parametrize(("flow", "question"), QUESTIONS, ids=lambda part: part if isinstance(part, str) else part.id)
def test_labels_aliases_and_numbers(matcher: TrainedMatcher, flow: str, question: Question) -> None:
    for number, choice in enumerate(question.choices, 1):
        for name in (choice.label, *choice.also):
            assert matcher.choose(name, question).exact == (choice.id,), name
        if number <= 9:
            assert matcher.choose(str(number), question).exact == (choice.id,), number


@pytest.mark.parametrize("hesitation", ["うーん", "うーーん…", "そうか", "せやな", "なるほど", "ふーん", "へえ"])
def test_hesitation_is_no_answer(matcher: TrainedMatcher, hesitation: str) -> None:
    sure = CONTENT.flows["recover"].by_id["other-sign"]
    assert matcher.choose(hesitation, sure).exact == ()


@pytest.mark.parametrize("yes", ["はい", "うん", "ええ", "ハイ！"])
def test_yes_is_an_answer(matcher: TrainedMatcher, yes: str) -> None:
    assert matcher.choose(yes, CONTENT.flows["recover"].by_id["other-sign"]).exact == ("sure",)
