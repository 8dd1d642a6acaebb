"""The shipped languages: everything that is said is translated, and the choice travels in the token."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from bot.content.model import Content, Flow
from bot.dialogue.conversation import Conversation
from bot.dialogue.dates import TOKYO
from bot.dialogue.plain import plain
from bot.dialogue.replies import COMMANDS, Button, Commanded, Pressed, Said, Sent, Sources, Turn
from bot.dialogue.token import MAX_LENGTH, language_token, spoken
from tests.dialogue.running import Transcript, play, read
from tests.shipped import shipped

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=TOKYO)
ASSISTANT = shipped()
LANGUAGES = tuple(ASSISTANT.content.translations)
_JAPANESE = re.compile(r"[ぁ-ヺ㐀-鿿々]")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
WALKS = 80


def in_english(turn: Turn, content: Content) -> list[str]:
    """The Japanese left in an English turn outside brackets, where official names may stand."""
    names = {one.language_name for one in content.languages}
    said: list[str] = []
    for reply in turn.replies:
        blocks = tuple(block for block in reply.blocks if not isinstance(block, Sources))
        buttons = tuple(button for button in reply.buttons if button.label not in names)
        said += plain(type(reply)(reply.kind, blocks, buttons), turn.words).split("\n")
        said += [block.freshness for block in reply.blocks if isinstance(block, Sources)]
        if reply.take:
            taking = (*reply.take.files, reply.take.share, *reply.take.days, reply.take.plan)
            said += [button.label for button in taking if button]
    titles = {one.words("language.title") for one in content.languages}
    return [line for line in said if _JAPANESE.search(outside_brackets(line)) and not any(t in line for t in titles)]


def outside_brackets(text: str) -> str:
    """The text without what stands in brackets, and in brackets inside those."""
    shorter = _BRACKETS.sub("", text)
    return shorter if shorter == text else outside_brackets(shorter)


def walk(language: str, flow: Flow, used: Counter[str]) -> list[Turn]:
    """Every turn of one way through a guide, by the choices that were least used before."""
    token: str | None = language_token(language)
    turns = [ASSISTANT.engine.respond(token, Pressed(_start_of(language, flow)), NOW)]
    for _ in range(30):
        choices = [b for reply in turns[-1].replies[-1:] for b in reply.buttons if b.role in ("choice", "toggle")]
        question = turns[-1].replies[-1].question
        ways: list[Button] = [b for b in turns[-1].replies[-1].buttons if b.role == "primary"] or choices
        if question is None or not ways:
            return turns
        pick = min(ways, key=lambda button: used[f"{flow.id}/{question}/{button.label}"])
        used[f"{flow.id}/{question}/{pick.label}"] += 1
        turns.append(ASSISTANT.engine.respond(turns[-1].token, Pressed(pick.data), NOW))
    raise AssertionError(f"no end of {flow.id}")


def _start_of(language: str, flow: Flow) -> str:
    start = ASSISTANT.engine.respond(language_token(language), Commanded("start"), NOW)
    content = ASSISTANT.content.in_language(language)
    label = content.flows[flow.id].start
    return next(button.data for reply in start.replies for button in reply.buttons if button.label == label)


def test_english_replies_hold_no_japanese_but_official_names_in_brackets() -> None:
    used: Counter[str] = Counter()
    asked, routes, left = set(), set(), set()
    content = ASSISTANT.content.translations["en"]
    for flow in ASSISTANT.content.flows.values():
        for _ in range(WALKS if flow.id == "recover" else WALKS // 4):
            for turn in walk("en", flow, used):
                assert turn.language == "en"
                asked |= {reply.question for reply in turn.replies}
                routes |= {reply.route for reply in turn.replies}
                left |= set(in_english(turn, ASSISTANT.content))
    assert not left
    of_cities = {"household", "honseki"}
    assert asked >= {question.id for question in content.flows["recover"].questions} - of_cities
    assert len(routes) > 20


def test_english_answers_and_screens_hold_no_japanese() -> None:
    token = language_token("en")
    events = [*(Commanded(name) for name in COMMANDS), *(Sent(kind) for kind in ("photo", "voice", "other"))]  # type: ignore[arg-type]
    events += [Said("my pin is 4821 and my number is 123456789018"), Said("he beats me"), Said("why"), Said("xyzzy")]
    turns = [ASSISTANT.engine.respond(token, event, NOW) for event in events]
    turns += [ASSISTANT.engine.show((entry.id,), token, NOW) for entry in ASSISTANT.content.entries]
    assert all(turn.language == "en" for turn in turns)
    assert not {line for turn in turns for line in in_english(turn, ASSISTANT.content)}


def conversation() -> Conversation:
    return Conversation(lambda: ASSISTANT.engine, lambda: NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_of_another_language_carries_it_and_fits(language: str) -> None:
    used: Counter[str] = Counter()
    for flow in ASSISTANT.content.flows.values():
        for turn in walk(language, flow, used):
            assert turn.token is not None
            assert spoken(turn.token) == spoken(language_token(language))
            for reply in turn.replies:
                for button in reply.buttons:
                    assert len(button.data.encode()) <= 64
                    again = ASSISTANT.engine.respond(None, Pressed(button.data), NOW)
                    switches = button.data.startswith("n")
                    assert switches or again.language == language or button.data in ("z",), button
            assert len(turn.token) <= MAX_LENGTH or turn.replies[-1].kind == "menu"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_answers_lead_to_the_same_result_in_every_language(language: str) -> None:
    japanese = ASSISTANT.engine.respond(None, Commanded("guide"), NOW)
    other = ASSISTANT.engine.respond(language_token(language), Commanded("guide"), NOW)
    while japanese.replies[-1].question:
        assert other.replies[-1].question == japanese.replies[-1].question
        place = len([b for b in japanese.replies[-1].buttons if b.role == "choice"]) // 2
        japanese = ASSISTANT.engine.respond(japanese.token, Pressed(japanese.replies[-1].buttons[place].data), NOW)
        other = ASSISTANT.engine.respond(other.token, Pressed(other.replies[-1].buttons[place].data), NOW)
    assert other.replies[-1].route == japanese.replies[-1].route


def test_the_first_screen_offers_the_other_languages_in_their_own_words() -> None:
    labels = [
        button.label
        for reply in ASSISTANT.engine.respond(None, Commanded("start"), NOW).replies
        for button in reply.buttons
    ]
    assert "English" in labels
    assert "日本語" not in labels


def test_switching_the_language_keeps_the_place() -> None:
    talk = conversation()
    talk.say("/guide")
    first = talk.press("本人が行く").replies[-1].question
    talk.say("/language")
    assert talk.press("English").replies[-1].question == first
    assert talk.last is not None
    assert talk.last.language == "en"
    assert talk.say("日本語").replies[-1].question == first
    assert talk.last.language == "ja"


@pytest.mark.parametrize("typed", ["English", "english", "ＥＮＧＬＩＳＨ", "/language en", "/language English"])
def test_a_languages_name_switches_to_it(typed: str) -> None:
    assert conversation().say(typed).language == "en"


def test_a_question_in_english_is_answered_in_english_from_a_japanese_screen() -> None:
    turn = conversation().say("how many times can I enter a wrong PIN?")
    assert turn.language == "en"
    assert turn.replies[0].entry == "attempt-limit"


@pytest.mark.parametrize("typed", ["pin o wasureta", "rokku kaijo", "my number card no pin wo wasureta", "JPKI", "OK"])
def test_romaji_and_single_words_stay_japanese(typed: str) -> None:
    assert conversation().say(typed).language == "ja"


def test_japanese_typed_in_an_english_conversation_is_understood_and_answered_in_english() -> None:
    talk = conversation()
    talk.say("English")
    turn = talk.say("ロックの解除にお金はかかりますか")
    assert (turn.language, turn.replies[0].entry) == ("en", "unlock-cost")


def test_an_english_start_by_telegram_offers_the_languages_and_switches_nothing() -> None:
    turn = ASSISTANT.engine.respond(None, Commanded("start", speaks="en-GB"), NOW)
    assert turn.language == "ja"
    assert [reply.kind for reply in turn.replies] == ["menu", "language"]
    assert ASSISTANT.engine.respond(None, Commanded("start", speaks="ja"), NOW).replies[-1].kind == "menu"


def test_a_token_of_a_language_that_is_gone_goes_on_in_japanese() -> None:
    turn = ASSISTANT.engine.respond(language_token("xx"), Commanded("help"), NOW)
    assert turn.language == "ja"


def test_secrets_are_taken_out_of_english_texts_before_anything_reads_them() -> None:
    turn = conversation().say("I forgot my PIN, I think it is 4821")
    assert turn.redacted is not None
    assert "4821" not in turn.redacted
    assert turn.found == ("pin4",)
    assert turn.language == "en"


TALKS = [talk for path in sorted((Path(__file__).parent / "languages").glob("*.txt")) for talk in read(path)]


@pytest.mark.parametrize("transcript", TALKS, ids=lambda talk: talk.title)
def test_transcript_in_a_language(transcript: Transcript) -> None:
    play(transcript, ASSISTANT.engine)
