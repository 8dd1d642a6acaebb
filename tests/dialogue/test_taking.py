"""Which days are offered, and what a reminder says."""

from datetime import date, datetime, timedelta

import pytest

from bot.content.loading import load
from bot.content.municipality import Municipality
from bot.dialogue.answers import Position
from bot.dialogue.conversation import Conversation
from bot.dialogue.dates import TOKYO, open_days
from bot.dialogue.engine import Engine
from bot.dialogue.replies import Handed, Pressed, Reminder, Reply
from bot.dialogue.taking import day_code, day_of
from bot.dialogue.token import MAX_LENGTH, Codes
from bot.dialogue.walk import conclude, paths
from bot.matching.learning import Cache
from bot.matching.matcher import TrainedMatcher
from bot.settings import PROJECT
from tests.shipped import LEARNT

NOW = datetime(2026, 12, 18, 14, 30, tzinfo=TOKYO)
CONTENT = load(PROJECT)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(CONTENT, TrainedMatcher(CONTENT, Cache(LEARNT)))


@pytest.fixture(scope="module")
def tokens() -> dict[str, str]:
    """A token of each route of the main guide."""
    flow, codes, found = CONTENT.flows["recover"], Codes(CONTENT), dict[str, str]()
    for answers in paths(flow, CONTENT.municipality):
        route = conclude(flow, answers, CONTENT.municipality).route.id
        if route not in found:
            found[route] = codes.pack(Position(flow.id, answers))
    return found


def pressed(engine: Engine, data: str, now: datetime = NOW) -> Reply:
    return engine.respond(None, Pressed(data), now).replies[-1]


def test_offices_are_not_expected_to_be_open_on_holidays_and_at_the_turn_of_the_year() -> None:
    days = open_days(date(2026, 12, 18), Municipality(), 8)
    assert [(day.month, day.day) for day in days] == [
        (12, 21), (12, 22), (12, 23), (12, 24), (12, 25), (12, 28), (1, 4), (1, 5),
    ]  # fmt: skip
    assert date(2026, 11, 23) not in open_days(date(2026, 11, 20), Municipality(), 3)


def test_a_city_closes_and_opens_its_own_days_and_wants_time_for_a_reservation() -> None:
    city = Municipality.model_validate(
        {
            "closed_days": ["2026-12-21"],
            "weekend_days": ["2026-12-19", "2026-12-20"],
            "maintenance": {"extra_dates": ["2026-12-22"]},
        }
    )
    assert open_days(date(2026, 12, 18), city, 2) == (date(2026, 12, 19), date(2026, 12, 23))
    booked = Municipality.model_validate({"reservation": {"need": "required", "deadline_business_days": 2}})
    assert open_days(date(2026, 12, 1), booked, 1) == (date(2026, 12, 4),)


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(2026, 12, 18), date(2099, 12, 31)])
def test_a_day_travels_in_three_characters(day: date) -> None:
    assert len(day_code(day)) == 3
    assert day_of(day_code(day)) == day
    assert day_of("???") is None


def test_every_result_offers_itself_to_be_taken_along(engine: Engine, tokens: dict[str, str]) -> None:
    for route, token in tokens.items():
        take = pressed(engine, f"g{token}").take
        assert take is not None, route
        assert take.token == token, route
        buttons = (*take.files, take.share, *((take.plan,) if take.plan else ()), *take.days)
        assert all(len(button.data) - len(token) + MAX_LENGTH <= 64 for button in buttons), route
        assert (take.plan is not None) == (route in PLANNED), route


PLANNED = {
    "kiosk",
    "office-one",
    "office-all",
    "issue-sign",
    "renew",
    "residence",
    "office-legal",
    "unstop",
    "proxy-phone",
}


@pytest.mark.parametrize(("how", "what"), [("p", "pdf"), ("i", "picture"), ("l", "link")])
def test_a_press_hands_out_what_it_says(engine: Engine, tokens: dict[str, str], how: str, what: str) -> None:
    reply = pressed(engine, f"t{how}{tokens['office-one']}")
    assert reply.handed == Handed(what, tokens["office-one"])  # type: ignore[arg-type]


def test_the_hours_of_the_kiosk_run_from_the_press_and_end_when_it_closes(
    engine: Engine, tokens: dict[str, str]
) -> None:
    reminder = pressed(engine, f"tr{tokens['kiosk']}").handed
    assert isinstance(reminder, Reminder)
    assert (reminder.begins, reminder.ends) == (NOW, NOW + timedelta(hours=24))
    late = pressed(engine, f"tr{tokens['kiosk']}", NOW.replace(hour=23, minute=30)).handed
    assert isinstance(late, Reminder)
    assert late.ends == datetime(2026, 12, 19, 23, 0, tzinfo=TOKYO)
    early = pressed(engine, f"tr{tokens['kiosk']}", NOW.replace(hour=3)).handed
    assert isinstance(early, Reminder)
    assert early.ends == datetime(2026, 12, 18, 23, 0, tzinfo=TOKYO)


def test_only_a_kiosk_result_has_its_hours(engine: Engine, tokens: dict[str, str]) -> None:
    assert pressed(engine, f"tr{tokens['office-one']}").handed is None
    assert pressed(engine, f"tx{tokens['kiosk']}").take is not None, "an unknown letter shows the result"


def test_a_day_is_asked_for_and_put_on_the_calendar(engine: Engine, tokens: dict[str, str]) -> None:
    asked = pressed(engine, f"tv{tokens['office-one']}")
    days = [button for button in asked.buttons if button.role == "choice"]
    assert [button.label for button in days] == [
        "12月21日（月）",
        "12月22日（火）",
        "12月23日（水）",
        "12月24日（木）",
        "12月25日（金）",
    ]
    reminder = pressed(engine, days[2].data).handed
    assert isinstance(reminder, Reminder)
    assert reminder.begins == date(2026, 12, 23)
    assert reminder.remind_at == datetime(2026, 12, 22, 18, 0, tzinfo=TOKYO)
    assert "マイナンバーカード" in reminder.text


@pytest.mark.parametrize("day", [date(2026, 12, 20), date(2026, 12, 1), date(2030, 1, 8)])
def test_a_day_that_cannot_be_chosen_is_asked_for_again(engine: Engine, tokens: dict[str, str], day: date) -> None:
    reply = pressed(engine, f"v{day_code(day)}{tokens['office-one']}")
    assert reply.handed is None
    assert reply.buttons


def test_an_unfinished_guide_goes_on_instead(engine: Engine) -> None:
    start = Codes(CONTENT).pack(Position("recover"))
    assert pressed(engine, f"tp{start}").question == "visitor"


def test_a_shared_link_holds_no_answer_that_the_checklist_does_not_need() -> None:
    small = load(PROJECT / "tests" / "dialogue" / "content")
    there, codes = Engine(small, TrainedMatcher(small)), Codes(small)
    conversation = Conversation(lambda: there, lambda: NOW)
    for line in ("/guide", "本人が行く", "数字4けた", "運転免許証"):
        conversation.say(line)
    conversation.press("答えを変える")
    conversation.press(next(button.label for button in conversation.buttons if button.label.startswith("変える：")))
    turn = conversation.press("本人は行けない")
    assert turn.replies[-1].route == "letter"
    take = turn.replies[-1].take
    assert take is not None
    kept = codes.unpack(take.token).position
    assert [answer.question for answer in kept.answers] == ["visitor"], "which PIN and which papers are not in it"
    assert kept.offered == ()
