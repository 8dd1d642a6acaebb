"""The municipality's settings as a questionnaire in Japanese, and what a city has not confirmed yet.

The questions are the descriptions of the settings (content/municipality.py). Six matter first
(counter rule 18). Whatever is left 未確認 works with its safe default.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from bot.content.municipality import SAFE_DEFAULTS, UNCONFIRMED, Municipality, Office, Setting

FIRST = ("phone", "hours", "closed_days", "offices", "reservation.need", "self_id_rule", "proxy.first_step")
"""What matters first: phone, hours and closed days, which office, reservation, ID rule, proxy's first step."""

_NOT_ASKED = ("sample", "stale_after_days", "opens", "closes")
_DEFAULT_WORDS = {"true": "はい", "false": "いいえ", "unknown": "電話で確かめてもらう"}


@dataclass(frozen=True)
class Asked:
    """One question of the questionnaire. `values` are the words that may be answered, if only some may."""

    key: str
    question: str
    values: tuple[str, ...]
    answered: bool
    default: str | None

    @property
    def first(self) -> bool:
        return self.key in FIRST


def questions(city: Municipality) -> tuple[Asked, ...]:
    """Every setting as a question, those that matter first in front."""
    asked = [one for one in _walk(city, "") if one.key not in _NOT_ASKED]
    return tuple(sorted(asked, key=lambda one: FIRST.index(one.key) if one.first else len(FIRST)))


def unconfirmed(city: Municipality) -> tuple[Asked, ...]:
    """What the city has not answered."""
    return tuple(one for one in questions(city) if not one.answered)


def report(city: Municipality) -> Iterator[str]:
    """What the city has not confirmed, as lines to read."""
    if not city.known:
        yield "市の設定（faq/municipality.yaml）がありません。どの市区町村でも困らない、安全な既定で案内します。"
        yield "設定を始めるには、faq/municipality-blank.yaml を faq/municipality.yaml に写して、答えを書いてください。"
        return
    everything, missing = questions(city), unconfirmed(city)
    yield f"{city.name}：{len(everything)} 項目のうち {len(missing)} 項目が未確認です。"
    for title, first in (("はじめに決めたい項目", True), ("そのほかの項目", False)):
        listed = [one for one in missing if one.first is first]
        if listed:
            yield f"■ {title}"
        for one in listed:
            default = f"（今は「{_DEFAULT_WORDS.get(one.default, one.default)}」として案内）" if one.default else ""
            yield f"  {one.key}：{one.question}{default}"


def blank() -> str:
    """The questionnaire as a YAML file in which every answer is still 未確認."""
    lines = [
        "# 市区町村の設定の質問票です。faq/municipality.yaml という名前で写して、答えを書いてください。",
        f"# 分からない項目は「{UNCONFIRMED}」のままにします。そのときは、安全な既定で案内します。",
        "# 書いたら `python -m bot check --city` で、まだ決めていない項目を見られます。",
        "",
    ]
    asked = questions(Municipality())
    group = ""
    lines.append("# --- はじめに決めたい項目 " + "-" * 40)
    for one in (one for one in asked if "." not in one.key):
        if not one.first and group == "":
            lines += ["", "# --- そのほかの項目 " + "-" * 44]
            group = "others"
        lines += [*_comment(one, ""), f"{one.key}: {UNCONFIRMED}"]
    for name in dict.fromkeys(one.key.split(".")[0] for one in asked if "." in one.key):
        lines += ["", f"{name}:"]
        for one in (one for one in asked if one.key.startswith(f"{name}.")):
            lines += [*_comment(one, "  "), f"  {one.key.split('.')[1]}: {UNCONFIRMED}"]
    return "\n".join(lines) + "\n"


def _comment(one: Asked, indent: str) -> list[str]:
    mark = "★ " if one.first else ""
    lines = [f"{indent}# {mark}{one.question}"]
    if one.values:
        lines.append(f"{indent}#   書けることば：{'、'.join(one.values)}")
    if one.default:
        lines.append(f"{indent}#   {UNCONFIRMED}のとき：{one.default}")
    return lines


def _walk(setting: Setting, prefix: str) -> Iterator[Asked]:
    for name, field in type(setting).model_fields.items():
        value = getattr(setting, name)
        key = f"{prefix}{name}"
        if isinstance(value, BaseModel):
            yield from _walk(value, f"{key}.")  # type: ignore[arg-type]
        elif field.description:
            answered = bool(value) if isinstance(value, tuple) else value is not None
            yield Asked(key, field.description, _values(field.annotation), answered, SAFE_DEFAULTS.get(key))


def _values(annotation: Any) -> tuple[str, ...]:
    """The words that a setting takes; for lists of offices an example."""
    if get_origin(annotation) is Literal:
        return tuple(str(value) for value in get_args(annotation))
    if annotation is bool:
        return ("true", "false")
    if annotation == tuple[Office, ...]:
        return (
            "[{name: 市民課, phone: 000-000-0000, hours: 平日 8:30〜17:00, handles_reset: true, handles_proxy: true}]",
        )
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(word for one in get_args(annotation) for word in _values(one))
    arguments = get_args(annotation)
    return _values(arguments[0]) if arguments and get_origin(annotation) is not tuple else ()
