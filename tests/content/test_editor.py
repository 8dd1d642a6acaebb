"""The editor's set-up is written from the models and the content, and is current."""

import json
from pathlib import Path
from typing import get_args

import pytest

from bot.content.editor import files, outdated, schema_with_ids, write
from bot.content.loading import load
from bot.content.model import Content
from bot.content.schema import Kind
from bot.settings import PROJECT
from tests.content.test_broken_content import HERE


@pytest.fixture(scope="module")
def content() -> Content:
    return load(HERE / "good")


def test_the_committed_schemas_are_current() -> None:
    assert not outdated(PROJECT, load(PROJECT)), "run: python -m bot schema"


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_key_of_a_schema_has_a_japanese_description(kind: Kind, content: Content) -> None:
    schema = schema_with_ids(kind, content)
    for part in (schema, *schema.get("$defs", {}).values()):
        bare = [name for name, node in part.get("properties", {}).items() if not node.get("description")]
        assert not bare, part


def test_ids_that_exist_are_offered_and_others_are_not_refused(content: Content) -> None:
    see_also = schema_with_ids("entries", content)["$defs"]["Entry"]["properties"]["see_also"]["items"]
    offered, anything = see_also["anyOf"]
    assert offered["enum"] == ["cost", "phone"]
    assert anything["type"] == "string"


def test_a_condition_offers_questions_their_choices_and_the_settings_of_the_city(content: Content) -> None:
    keys = schema_with_ids("flow", content)["$defs"]["Condition"]["properties"]
    assert {"self", "proxy"} <= set(keys["visitor"]["anyOf"][0]["enum"])
    assert "card_only" in keys["city.self_id_rule"]["anyOf"][0]["enum"]
    assert "何点" in keys["city.self_id_rule"]["description"]


def test_the_settings_attach_a_schema_to_every_kind_of_file(content: Content) -> None:
    made = files(content)
    attached = json.loads(made[".vscode/settings.json"])["yaml.schemas"]
    assert {name.removeprefix("./") for name in attached} <= set(made)
    assert len(attached) == len(get_args(Kind))


def test_only_what_is_outdated_is_written(content: Content, tmp_path: Path) -> None:
    assert set(write(tmp_path, content)) == set(files(content))
    (tmp_path / ".vscode" / "settings.json").write_text("{}", "utf-8")
    assert write(tmp_path, content) == (".vscode/settings.json",)
    assert write(tmp_path, content) == ()
