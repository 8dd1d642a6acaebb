"""What a change of content means for citizens: answer combinations that now get another result.

Every path of the old flow is taken under the new content as well, and the other way round, and
what a citizen reads of the two results is compared word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from bot.content.model import Content, Entry, Flow, Item
from bot.content.municipality import Municipality
from bot.dialogue.answers import Answers
from bot.dialogue.walk import NoSingleRoute, Result, conclude, open_question, paths, settle
from bot.review.confusable import Changed


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
        if before == after and old.municipality == new.municipality:
            continue
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


# --- as tables to sign ------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """One table; a cell may have several lines."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Titles:
    """What the ids of two contents are called, for people who read and sign the tables."""

    old: Content
    new: Content

    def entry(self, name: str) -> str:
        """The short question of an entry with its id; the id alone if there is none."""
        entry = self.new.entry(name) or self.old.entry(name)
        return f"{entry.short or entry.question}（{name}）" if entry else name

    def decision(self, text: str) -> str:
        """What was decided (`confusable.decision`), with questions for ids."""
        start, colon, names = text.rpartition("：")
        return start + colon + "・".join(self.entry(name) for name in names.split("・"))

    def flow(self, name: str) -> str:
        flow = self.new.flows.get(name) or self.old.flows.get(name)
        return flow.title if flow else name

    def path(self, flow_id: str, answers: Answers) -> str:
        """The questions with the answers that were chosen."""
        flows = [one for one in (self.new.flows.get(flow_id), self.old.flows.get(flow_id)) if one]
        parts = []
        for answer in answers:
            question = next((one for flow in flows if (one := flow.question(answer.question))), None)
            labels = [
                choice.label if question and (choice := question.choice(name)) else name for name in answer.choices
            ]
            asked = (question.short or question.ask.strip().split("\n")[0]) if question else answer.question
            parts.append(f"{asked} → {'・'.join(labels)}")
        return "\n".join(parts)

    def texts(self, name: str) -> tuple[str, str]:
        """The parts of an entry that differ, before and after."""
        old, new = _entry_parts(self.old.entry(name)), _entry_parts(self.new.entry(name))
        before, after = [], []
        for part in {**old, **new}:
            was, now = old.get(part, ()), new.get(part, ())
            if was != now:
                before += [f"{part}：{text}" for text in was if text not in now]
                after += [f"{part}：{text}" for text in now if text not in was]
        return "\n".join(before), "\n".join(after)


def _entry_parts(entry: Entry | None) -> dict[str, tuple[str, ...]]:
    if entry is None:
        return {}
    guide = entry.guide
    return {
        "質問": (entry.question,),
        "ボタン": (entry.short,) if entry.short else (),
        "答え": (entry.answer,),
        "くわしく": (entry.more,) if entry.more else (),
        "言い方": entry.also_asked,
        "案内": (f"{guide.flow} {guide.answers or ''}".strip(),) if guide else (),
        "出典": entry.sources,
        "あわせて読む": entry.see_also,
    }


def tables(
    changes: Iterable[Change],
    entries: Iterable[tuple[str, str]],
    decisions: Iterable[Changed] = (),
    titles: Titles | None = None,
) -> tuple[Table, ...]:
    """What changed: the answers, the results of the guides, and which questions now go elsewhere.

    With `titles` the tables speak in questions and labels, and show the answers before and after.
    """
    signs = {"+": "＋ 新しい", "-": "－ なくなる", "±": "± 変わる"}
    named, decided = (titles.entry, titles.decision) if titles else (str, str)
    found = [
        Table(
            "変わる答え",
            ("答え", "変化", "前", "後") if titles else ("答え", "変化"),
            tuple((named(name), signs[sign], *(titles.texts(name) if titles else ())) for sign, name in entries),
        ),
        Table("変わる結果", ("案内", "答えの組み合わせ（最も短い例）", "通り", "前", "後"), _results(changes, titles)),
        Table(
            "行き先の変わる質問",
            ("質問", "だれの言い方か", "前", "後", "注意"),
            tuple(
                (
                    one.text,
                    named(one.entry) if one.entry else "市の質問",
                    decided(one.old),
                    decided(one.new),
                    STOLEN if one.stolen else "",
                )
                for one in decisions
            ),
        ),
    ]
    return tuple(table for table in found if table.rows)


STOLEN = "元の答えを失う"
"""Marks a wording that its own entry has lost."""


def _results(changes: Iterable[Change], titles: Titles | None) -> tuple[tuple[str, ...], ...]:
    grouped: dict[tuple[str, tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]], list[Answers]] = {}
    for change in changes:
        what = tuple((part, change.old.get(part, ()), change.new.get(part, ())) for part in change.parts)
        grouped.setdefault((change.flow, what), []).append(change.answers)
    rows = []
    for (flow, what), answers in grouped.items():
        shortest = min(answers, key=lambda one: len(one.given))
        path = "、".join(f"{answer.question}={'+'.join(answer.choices)}" for answer in shortest)
        before = "\n".join(f"{part}：{'・'.join(sorted(set(old) - set(now)) or old)}" for part, old, now in what)
        after = "\n".join(f"{part}：{'・'.join(sorted(set(now) - set(old)) or now)}" for part, old, now in what)
        named = (titles.flow(flow), titles.path(flow, shortest)) if titles else (flow, path)
        rows.append((*named, str(len(answers)), before, after))
    return tuple(rows)


_NOTHING = "市民に見える変化はありません。"


def markdown(
    changes: Iterable[Change],
    entries: Iterable[tuple[str, str]],
    decisions: Iterable[Changed] = (),
    titles: Titles | None = None,
) -> Iterator[str]:
    """The changes as tables that a supervisor can sign, in Markdown."""
    found = tables(changes, entries, decisions, titles)
    if not found:
        yield _NOTHING
    for table in found:
        yield f"| {' | '.join(table.header)} |"
        yield f"|{' --- |' * len(table.header)}"
        for row in table.rows:
            yield f"| {' | '.join(cell.replace('|', '｜').replace(chr(10), '<br>') for cell in row)} |"
        yield ""


def html(found: Sequence[Table], old: str, new: str, today: date) -> str:
    """The tables as one page to print and sign. `old` and `new` name the two contents."""
    parts = [f"<p>{escape(old)} → {escape(new)}（{today.year}年{today.month}月{today.day}日）</p>"]
    if not found:
        parts.append(f"<p>{_NOTHING}</p>")
    for table in found:
        head = "".join(f"<th>{escape(cell)}</th>" for cell in table.header)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell).replace(chr(10), '<br>')}</td>" for cell in row) + "</tr>\n"
            for row in table.rows
        )
        parts.append(f"<h2>{escape(table.title)}（{len(table.rows)}）</h2>\n<table><tr>{head}</tr>\n{body}</table>")
    return _PAGE.format(body="\n".join(parts))


_PAGE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>内容の変更</title><style>
@page {{ size: A4 landscape; margin: 12mm }}
body {{ font: 10.5pt/1.5 "Noto Sans CJK JP", "Noto Sans JP", sans-serif; margin: 1.5em }}
table {{ border-collapse: collapse; width: 100%; margin-bottom: 1.5em }}
th, td {{ border: 1px solid #666; padding: .25em .5em; text-align: left; vertical-align: top }}
th {{ background: #eee }} tr {{ break-inside: avoid }}
.sign td {{ height: 4em; width: 33% }}
</style></head><body>
<h1>内容の変更の確認</h1>
{body}
<table class="sign"><tr><th>作った人</th><th>確かめた人</th><th>認めた人</th></tr>
<tr><td></td><td></td><td></td></tr></table>
</body></html>
"""
