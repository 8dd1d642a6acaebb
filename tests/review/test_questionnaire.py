"""The questionnaire asks every setting, and a blank one is the same as no settings."""

from pathlib import Path

from bot.content.loading import load
from bot.content.municipality import SAFE_DEFAULTS, Municipality
from bot.review.questionnaire import FIRST, blank, questions, report, unconfirmed
from bot.settings import PROJECT


def test_every_setting_with_a_default_is_asked() -> None:
    assert set(SAFE_DEFAULTS) <= {one.key for one in questions(Municipality())}


def test_what_matters_first_stands_first() -> None:
    assert tuple(one.key for one in questions(Municipality()))[: len(FIRST)] == FIRST


def test_the_blank_questionnaire_is_current() -> None:
    """Written by `python -m bot check --city --blank > faq/municipality-blank.yaml`."""
    assert (PROJECT / "faq" / "municipality-blank.yaml").read_text(encoding="utf-8") == blank()


def test_a_blank_questionnaire_loads_as_no_settings(tmp_path: Path) -> None:
    path = tmp_path / "municipality.yaml"
    path.write_text(blank(), encoding="utf-8")
    assert load(PROJECT, path).municipality == Municipality()


def test_a_city_sees_what_it_has_not_confirmed() -> None:
    city = load(PROJECT, PROJECT / "faq" / "samples" / "pf-1.yaml").municipality
    keys = {one.key for one in unconfirmed(city)}
    assert "proxy.letter_days" in keys
    assert "self_id_rule" not in keys
    text = "\n".join(report(city))
    assert "見本市（PF-1）" in text
    assert "照会書は何日くらいで届きますか？" in text
