"""What a change of content means for citizens: answer combinations that now get another result.

Every path of the old flow is taken under the new content as well, and the other way round, and
what a citizen reads of the two results is compared word for word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.model import Content, Flow, Item
from bot.content.municipality import Municipality
from bot.dialogue.answers import Answers
from bot.dialogue.walk import NoSingleRoute, Result, conclude, open_question, paths, settle


@dataclass(frozen=True)
class Change:
    """One combination of answers whose result differs. `old` or `new` is empty where it cannot be answered."""

    flow: str
    answers: Answers
    old: dict[str, tuple[str, ...]]
    new: dict[str, tuple[str, ...]]

    @property
    def parts(self) -> tuple[str, ...]:
        """Which parts of the result differ."""
        return tuple(name for name in {**self.old, **self.new} if self.old.get(name) != self.new.get(name))


def diff(old: Content, new: Content) -> Iterator[Change]:
    """Every change of a result, flow by flow in the order of the paths."""
    for flow_id in sorted({*old.flows, *new.flows}):
        before, after = old.flows.get(flow_id), new.flows.get(flow_id)
        seen: set[frozenset[tuple[str, tuple[str, ...]]]] = set()
        for flow, city in ((before, old.municipality), (after, new.municipality)):
            for answers in paths(flow, city) if flow else ():
                key = frozenset((answer.question, answer.choices) for answer in answers)
                if key in seen:
                    continue
                seen.add(key)
                was = _read(before, answers, old.municipality)
                now = _read(after, answers, new.municipality)
                if was != now:
                    yield Change(flow_id, answers, was, now)


def changed_entries(old: Content, new: Content) -> Iterator[tuple[str, str]]:
    """Entries that came (`+`), went (`-`) or read differently (`±`)."""
    before = {entry.id: entry for entry in old.entries}
    after = {entry.id: entry for entry in new.entries}
    for name in sorted({*before, *after}):
        if name not in before:
            yield "+", name
        elif name not in after:
            yield "-", name
        elif before[name] != after[name]:
            yield "±", name


def _read(flow: Flow | None, answers: Answers, city: Municipality) -> dict[str, tuple[str, ...]]:
    """What a citizen with these answers reads, by part; a question instead where they are not complete."""
    if flow is None:
        return {}
    settled = settle(flow, answers, city)
    asked = open_question(flow, settled, city)
    if asked is not None:
        return {"次の質問": (asked.ask,)}
    try:
        return _parts(conclude(flow, settled, city))
    except NoSingleRoute as error:
        return {"行き先": error.routes}


def _parts(result: Result) -> dict[str, tuple[str, ...]]:
    route = result.route
    return {
        "行き先": (route.title,),
        "回数": (str(route.visits),),
        "費用": (route.fee.text if route.fee else "",),
        "決め直す番号": result.pins,
        "持ち物": tuple(_read_item(item) for item in result.items),
        "すること": tuple(step.text for step in result.steps),
        "注意と確認": tuple(note.text for note in result.notes),
        "ほかの方法": tuple(
            line
            for if_text, other in result.alternatives
            for line in (if_text, other.route.title, *(_read_item(item) for item in other.items))
        ),
    }


def _read_item(item: Item) -> str:
    optional = "（あると安心）" if item.optional else ""
    note = f"（{item.note}）" if item.note else ""
    return f"{item.visit}回目 {optional}{item.text}{note}"


def markdown(changes: list[Change], entries: list[tuple[str, str]]) -> Iterator[str]:
    """The changes as a table that a supervisor can sign."""
    if not changes and not entries:
        yield "市民に見える変化はありません。"
        return
    if entries:
        yield "| 答え | 変化 |"
        yield "| --- | --- |"
        yield from (f"| {name} | {sign} |" for sign, name in entries)
        yield ""
    grouped: dict[tuple[str, tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]], list[Answers]] = {}
    for change in changes:
        what = tuple((part, change.old.get(part, ()), change.new.get(part, ())) for part in change.parts)
        grouped.setdefault((change.flow, what), []).append(change.answers)
    if grouped:
        yield "| 案内 | 答えの組み合わせ（最も短い例） | 通り | 前 | 後 |"
        yield "| --- | --- | --- | --- | --- |"
    for (flow, what), answers in grouped.items():
        shortest = min(answers, key=lambda one: len(one.given))
        path = "、".join(f"{answer.question}={'+'.join(answer.choices)}" for answer in shortest)
        before = "<br>".join(f"{part}：{'・'.join(sorted(set(old) - set(now)) or old)}" for part, old, now in what)
        after = "<br>".join(f"{part}：{'・'.join(sorted(set(now) - set(old)) or now)}" for part, old, now in what)
        yield f"| {flow} | {path} | {len(answers)} | {before} | {after} |"
