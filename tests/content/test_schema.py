"""The JSON Schema that editors of staff use agrees with what loads."""

from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot.content.model import Flow
from bot.content.schema import Kind, all_keys, json_schema, keys_at

GOOD = Path(__file__).parent / "good"


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_file_has_a_schema_that_refuses_unknown_keys(kind: Kind) -> None:
    schema = json_schema(kind)
    assert schema["additionalProperties"] is False
    assert schema["properties"]


def test_a_condition_is_described_as_it_is_written() -> None:
    schema = json_schema("flow")["$defs"]["Condition"]
    written = yaml.safe_load((GOOD / "flows/recover.yaml").read_text("utf-8"))["items"][1]["when"]
    assert set(written) - {"city.self_id_rule"} <= set(schema["properties"])


def test_a_city_may_leave_a_setting_unconfirmed() -> None:
    schema = json_schema("municipality")
    assert {"const": "未確認"} in schema["properties"]["self_id_rule"]["anyOf"]


def test_the_keys_of_a_place_are_those_of_its_model() -> None:
    assert keys_at(Flow, ("questions", 0, "choices", 3)) == ("id", "label", "also", "said", "tags", "strict", "alone")
    assert "if" in keys_at(Flow, ("rules", 0))
    assert keys_at(Flow, ("questions", 0, "when")) == ()


def test_all_keys_know_the_deepest_ones() -> None:
    assert {"if_text", "read_on", "koseki_waiver", "until"} <= all_keys()
