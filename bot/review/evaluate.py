"""Measures matching on labelled questions: how often right, how often wrong, and where.

A file has the columns text, label and, if known, style, pin and visitor, separated by tabs.
Labels: an entry's id, several joined by `|`, `none` (out of scope) or `clarify` (too vague for
one answer). An answer is right only if every answered id is in the label, so answering a
`none` or `clarify` line is wrong.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

from bot.content.model import Content
from bot.matching.understanding import Matcher
from bot.review.asking import ask

NONE, CLARIFY = "none", "clarify"
_NOT_ENTRIES = {NONE, CLARIFY}


class Judged(Protocol):
    """What is measured: an assistant's content and matcher."""

    @property
    def content(self) -> Content: ...

    @property
    def matcher(self) -> Matcher: ...


@dataclass(frozen=True)
class Labelled:
    """One line of the file. `pin` and `visitor` are the allowed values; None if not labelled."""

    text: str
    label: frozenset[str]
    style: str = ""
    pin: frozenset[str] | None = None
    visitor: frozenset[str] | None = None

    @property
    def in_scope(self) -> bool:
        return not self.label & _NOT_ENTRIES


@dataclass(frozen=True)
class Outcome:
    """What became of one line."""

    line: Labelled
    decision: str
    answers: tuple[str, ...]
    choices: tuple[str, ...]
    ranked: tuple[str, ...]
    pins: frozenset[str]
    """Every PIN that was understood or that an answered entry would prefill."""
    visitor: str | None
    ms: float

    @property
    def answered(self) -> bool:
        return self.decision == "answer"

    @property
    def right(self) -> bool:
        return self.answered and set(self.answers) <= self.line.label

    @property
    def offered(self) -> bool:
        return self.decision == "clarify" and bool(self.line.label & set(self.choices))

    def found(self, within: int) -> bool:
        """True if one of the first `within` ranked entries is in the label."""
        return bool(self.line.label & set(self.ranked[:within]))


class BadQuestions(Exception):
    """The file has no column `text` or `label`, or a line without them. Says which."""


def read_questions(path: Path) -> list[Labelled]:
    """The labelled questions of a file. Raises BadQuestions, and OSError if it cannot be read."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = {"text", "label"} - set(rows.fieldnames or ())
        if missing:
            raise BadQuestions(f"{path}:1: 見出しに {'、'.join(sorted(missing))} の列がありません")
        return [_labelled(row, path, number) for number, row in enumerate(rows, start=2)]


def _labelled(row: dict[str, str | None], path: Path, number: int) -> Labelled:
    text, label = (row.get("text") or "").strip(), _set(row.get("label"))
    if not text or not label:
        raise BadQuestions(f"{path}:{number}: text と label を書いてください")
    pin, visitor = _set(row.get("pin")), _set(row.get("visitor"))
    return Labelled(text, label, (row.get("style") or "").strip(), pin or None, visitor or None)


def _set(value: str | None) -> frozenset[str]:
    return frozenset(part.strip() for part in (value or "").split("|") if part.strip())


def judge(lines: Iterable[Labelled], judged: Judged) -> list[Outcome]:
    """Asks every line, in order."""
    outcomes = []
    for line in lines:
        answer = ask(judged.matcher, line.text)
        pins = {answer["understood"]["pin"]} | {
            pin for entry_id in answer["answers"] for pin in prefilled(entry_id, judged.content)
        }
        outcomes.append(
            Outcome(
                line=line,
                decision=answer["decision"],
                answers=tuple(answer["answers"]),
                choices=tuple(answer["choices"]),
                ranked=tuple(match["id"] for match in answer["ranked"]),
                pins=frozenset(pin for pin in pins if pin),
                visitor=answer["understood"]["visitor"],
                ms=answer["ms"],
            )
        )
    return outcomes


def prefilled(entry_id: str, content: Content) -> tuple[str, ...]:
    """The PINs that an entry's guide link answers for the citizen."""
    entry = content.entry(entry_id)
    if entry is None or entry.guide is None or (flow := content.flows.get(entry.guide.flow)) is None:
        return ()
    pins: list[str] = []
    for name, chosen in entry.guide.answers.items():
        question = flow.question(name)
        choice = question.choice(chosen) if question and question.prefill == "pin" else None
        pins += choice.said if choice else ()
    return tuple(pins)


# --- figures ---------------------------------------------------------------------------


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All figures as shares from 0 to 1 (null where nothing counts), with the counts they come from."""
    scope = [one for one in outcomes if one.line.in_scope]
    none = [one for one in outcomes if NONE in one.line.label]
    vague = [one for one in outcomes if CLARIFY in one.line.label]
    pins = [one for one in outcomes if one.line.pin is not None]
    visitors = [one for one in outcomes if one.line.visitor is not None]
    spent = sorted(one.ms for one in outcomes)
    return {
        "lines": {"all": len(outcomes), "in_scope": len(scope), "none": len(none), "clarify": len(vague)},
        "top1": _share(scope, lambda one: one.found(1)),
        "top3": _share(scope, lambda one: one.found(3)),
        "right_at_once": _share(scope, lambda one: one.right),
        "right_or_offered": _share(scope, lambda one: one.right or one.offered),
        "wrong_of_all": _share(outcomes, lambda one: one.answered and not one.right),
        "wrong_in_scope": _share(scope, lambda one: one.answered and not one.right),
        "none_answered": _share(none, lambda one: one.answered),
        "none_offered": _share(none, lambda one: one.decision == "clarify"),
        "clarify_answered": _share(vague, lambda one: one.answered),
        "silent_in_scope": _share(scope, lambda one: one.decision in ("none", "smalltalk")),
        "pin": _understood([(one.pins, one.line.pin or frozenset()) for one in pins]),
        "visitor": _understood(
            [(frozenset(filter(None, [one.visitor])), one.line.visitor or frozenset()) for one in visitors]
        ),
        "ms": {"p50": _quantile(spent, 0.5), "p99": _quantile(spent, 0.99), "max": spent[-1] if spent else None},
        "by_style": _grouped(outcomes, lambda one: [one.line.style or "-"]),
        "by_topic": _grouped(scope, lambda one: sorted(one.line.label)),
        "confused": [
            {"label": "|".join(label), "ranked_first": first, "lines": count}
            for (label, first), count in Counter(
                (tuple(sorted(one.line.label)), one.ranked[0]) for one in scope if one.ranked and not one.found(1)
            ).most_common(20)
        ],
    }


def _share(outcomes: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> float | None:
    return round(sum(map(holds, outcomes)) / len(outcomes), 4) if outcomes else None


def _understood(pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> dict[str, Any]:
    """Right, wrong (something outside the label) and silent. The label `null` allows only silence."""
    wrong = sum(bool(said - label) for said, label in pairs)
    silent = sum(not said and label != {"null"} for said, label in pairs)
    return {
        "lines": len(pairs),
        "wrong": wrong,
        "silent": silent,
        "right": len(pairs) - wrong - silent,
    }


def _grouped(outcomes: Sequence[Outcome], keys: Callable[[Outcome], Iterable[str]]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        for key in keys(one):
            groups.setdefault(key, []).append(one)
    return {
        key: {
            "lines": len(group),
            "top1": _share([one for one in group if one.line.in_scope], lambda one: one.found(1)),
            "top3": _share([one for one in group if one.line.in_scope], lambda one: one.found(3)),
            "right_or_offered": _share(
                [one for one in group if one.line.in_scope], lambda one: one.right or one.offered
            ),
            "wrong": sum(one.answered and not one.right for one in group),
        }
        for key, group in sorted(groups.items())
    }


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


# --- the report ------------------------------------------------------------------------

_TITLES = {
    "top1": "1位が正しい",
    "top3": "3位までに正しいもの",
    "right_at_once": "すぐ正しく答えた",
    "right_or_offered": "答えたか選択肢に入れた",
    "wrong_of_all": "まちがった答え（全行のうち）",
    "wrong_in_scope": "まちがった答え（対象の質問のうち）",
    "none_answered": "対象外なのに答えた",
    "none_offered": "対象外に選択肢を出した",
    "clarify_answered": "あいまいなのに答えた",
    "silent_in_scope": "対象なのにわからないと言った",
}


def render(found: dict[str, Any]) -> str:
    """The figures as a plain Japanese table."""
    lines = found["lines"]
    out = [
        f"質問 {lines['all']} 行（対象 {lines['in_scope']}、対象外 {lines['none']}、あいまい {lines['clarify']}）",
        "",
        *(f"{_percent(found[key])}  {title}" for key, title in _TITLES.items()),
    ]
    for key, title in (("pin", "暗証番号の読み取り"), ("visitor", "行く人の読み取り")):
        got = found[key]
        out.append(f"{title}（{got['lines']} 行）: 正 {got['right']}、誤 {got['wrong']}、読まず {got['silent']}")
    if found["ms"]["p50"] is not None:
        out.append("時間 ms: " + "、".join(f"{name} {value:.2f}" for name, value in found["ms"].items()))
    for key, title in (("by_style", "書き方ごと"), ("by_topic", "話題ごと")):
        out += ["", f"{title}: 行数 1位 3位まで 答えか選択肢 誤答"]
        out += [
            f"  {name:<26}{row['lines']:>4} {_percent(row['top1'])} {_percent(row['top3'])}"
            f" {_percent(row['right_or_offered'])} {row['wrong']:>3}"
            for name, row in found[key].items()
        ]
    if found["confused"]:
        out += ["", "取りちがえ（正しい話題 → 1位になった話題）"]
        out += [f"  {pair['lines']:>3}  {pair['label']} → {pair['ranked_first']}" for pair in found["confused"]]
    return "\n".join(out) + "\n"


def _percent(share: float | None) -> str:
    return "     -" if share is None else f"{share * 100:5.1f}%"


def evaluate_file(path: Path, judged: Judged, out: TextIO, *, as_json: bool = False) -> int:
    """Writes the report of a file to `out`. Returns 0, or 2 if the file is no question list."""
    try:
        lines = read_questions(path)
    except (BadQuestions, OSError, UnicodeDecodeError) as error:
        out.write(f"{error}\n")
        return 2
    found = figures(judge(lines, judged))
    out.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n" if as_json else render(found))
    return 0
