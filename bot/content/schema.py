"""The kinds of content files, and the JSON Schema of each for the editors of staff."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Field, StringConstraints

from bot.content.model import (
    Entry,
    Fact,
    Flow,
    Group,
    Id,
    Line,
    Notice,
    Part,
    PlainLanguage,
    Source,
    Vocabulary,
)
from bot.content.municipality import UNCONFIRMED, Municipality

Kind = Literal["entries", "situations", "facts", "municipality", "notices", "vocabulary", "plain", "flow", "language"]


class EntriesFile(Part):
    """`faq/ja.yaml`: the answers."""

    start: tuple[Id, ...] = Field(default=(), description="最初の画面にボタンで出す答えの id")
    groups: tuple[Group, ...] = Field(default=(), description="聞けることの一覧（/menu）の見出しと、その中の答え")
    entries: tuple[Entry, ...] = Field(description="質問と答え")


class FactsFile(Part):
    """`faq/facts.yaml`: what texts name as {id}, and where it comes from."""

    facts: dict[str, Fact] = Field(description="電話番号・金額・時刻など（id: 内容）")
    sources: dict[str, Source] = Field(description="出典（id: 内容）")


class NoticesFile(Part):
    """`faq/notices.yaml`: urgent notices."""

    notices: tuple[Notice, ...] = Field(default=(), description="緊急のお知らせ")


class SituationsFile(Part):
    """`faq/situations.yaml`: how people tell of it in a roundabout way."""

    situations: dict[str, tuple[Line, ...]] = Field(
        default_factory=dict, description="遠回しな言い方（答えの id: 事情や気持ちから書きはじめた文）"
    )


class Translated(Part):
    """One translated text, and the digest of the Japanese that it translates."""

    of: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$")] = Field(
        description="もとの日本語のしるし（translate が書く。日本語が変わると、合わなくなる）"
    )
    text: Annotated[str, StringConstraints(pattern=r"\S", max_length=3000)] | None = Field(
        default=None, description="訳。空ならまだ訳していない。前後の空白も文のうち（英語の「 and 」など）"
    )


LanguageId = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z]{2,8})?$")]
Wordings = dict[str, tuple[Line, ...]]


class LanguageFile(Part):
    """`faq/en.yaml` and the like: the texts in another language, and the words people type in it."""

    language: LanguageId = Field(description="言語の記号（ファイルの名前と同じ。例：en）")
    name: Line = Field(description="その言語での名前（例：English）")
    texts: dict[str, Translated] = Field(default_factory=dict, description="訳（文の場所: もとのしるしと訳）")
    also_asked: Wordings = Field(default_factory=dict, description="その言語での質問の言い方（答えの id: 言い方）")
    also: Wordings = Field(
        default_factory=dict,
        description="その言語で選択肢のかわりに打たれそうな言い方（案内/質問/選択肢、または選択肢の id だけ）",
    )
    steering: Wordings = Field(
        default_factory=dict, description="「戻る」などの言い方（back、cancel、restart、menu、help …: 言い方）"
    )
    smalltalk: Wordings = Field(default_factory=dict, description="あいさつなどの言い方（smalltalk の id: 言い方）")
    concepts: Wordings = Field(default_factory=dict, description="ことば（concepts の id: 言い方）")
    out_of_scope: tuple[Line, ...] = Field(default=(), description="このボットでは答えない質問の例")
    vague: tuple[Line, ...] = Field(default=(), description="あいまいで、聞き返す言い方の例")


MODELS: dict[Kind, type[BaseModel]] = {
    "entries": EntriesFile,
    "situations": SituationsFile,
    "facts": FactsFile,
    "municipality": Municipality,
    "notices": NoticesFile,
    "vocabulary": Vocabulary,
    "plain": PlainLanguage,
    "flow": Flow,
    "language": LanguageFile,
}
"""The form of a file of each kind."""


def json_schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a file of `kind`, with the Japanese descriptions."""
    schema = MODELS[kind].model_json_schema()
    definitions = schema.get("$defs", {})
    if "Condition" in definitions:
        definitions["Condition"] = deepcopy(_CONDITION)  # callers add the ids of their content to it
    _tidy(schema, optional_may_be_unconfirmed=kind == "municipality")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


_VALUES: dict[str, Any] = {"type": ["string", "boolean"]}
_CONDITION: dict[str, Any] = {
    "description": "条件。「質問の id: 選択肢の id」を並べると「かつ」、[ ] で並べた値は「または」",
    "type": "object",
    "minProperties": 1,
    "properties": {
        "not": {"$ref": "#/$defs/Condition", "description": "これが当てはまらないとき"},
        "any": {
            "description": "このうち1つでも当てはまるとき",
            "type": "array",
            "minItems": 1,
            "items": {"$ref": "#/$defs/Condition"},
        },
        "count": {"$ref": "#/$defs/Count", "description": "印（tags）の付いた選択肢がいくつ選ばれたか"},
    },
    "additionalProperties": {"anyOf": [_VALUES, {"type": "array", "minItems": 1, "items": _VALUES}]},
}
"""What staff write as `when`: the model keeps it in another shape."""


def _tidy(schema: Any, optional_may_be_unconfirmed: bool) -> None:
    """Drop what an editor would show as noise, and allow 未確認 where a city may not know yet."""
    if isinstance(schema, list):
        for one in schema:
            _tidy(one, optional_may_be_unconfirmed)
    elif isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            del schema["title"]
        if schema.get("$ref") == "#/$defs/Condition":
            schema.pop("default", None)
        variants = schema.get("anyOf")
        if optional_may_be_unconfirmed and isinstance(variants, list) and {"type": "null"} in variants:
            variants.append({"const": UNCONFIRMED})
        for one in schema.values():
            _tidy(one, optional_may_be_unconfirmed)


def keys_at(model: type[BaseModel], path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that may stand in the mapping at `path` of a file; empty if it takes any."""
    annotation: Any = model
    for step in path:
        annotation = _inside(annotation, step)
    part = _part(annotation)
    return tuple(field.alias or name for name, field in part.model_fields.items()) if part else ()


@cache
def all_keys() -> frozenset[str]:
    """Every key name of every kind of file."""
    names: set[str] = set()
    seen: set[type[BaseModel]] = set()
    waiting: list[type[BaseModel]] = list(MODELS.values())
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        for name, field in part.model_fields.items():
            names.add(field.alias or name)
            waiting.extend(_parts(field.annotation))
    return frozenset(names)


@cache
def fields_named(name: str) -> tuple[Any, ...]:
    """The types of every field of that name, in any kind of file."""
    found: list[Any] = []
    seen: set[type[BaseModel]] = set()
    waiting: list[type[BaseModel]] = list(MODELS.values())
    while waiting:
        part = waiting.pop()
        if part not in seen:
            seen.add(part)
            for key, field in part.model_fields.items():
                found += [field.annotation] if (field.alias or key) == name else []
                waiting.extend(_parts(field.annotation))
    return tuple(found)


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _parts(argument)


def _part(annotation: Any) -> type[BaseModel] | None:
    annotation = _bare(annotation)
    if get_origin(annotation) in (Union, UnionType):
        return next((part for one in get_args(annotation) if (part := _part(one))), None)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _inside(annotation: Any, step: str | int) -> Any:
    annotation = _bare(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return next((found for one in arguments if (found := _inside(one, step)) is not None), None)
    if origin is tuple and isinstance(step, int):
        return arguments[0]
    if origin is dict:
        return arguments[1]
    if part := _part(annotation):
        return next(
            (field.annotation for name, field in part.model_fields.items() if (field.alias or name) == step), None
        )
    return None


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
