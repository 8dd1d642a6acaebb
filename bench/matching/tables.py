"""What was measured, as Markdown tables in Japanese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.matching.measuring import OURS, Job, Measured, best_threshold
from bench.matching.variations import ALL, written_in
from bot.content.model import Content
from bot.review.evaluate import Outcome, figures

Results = Mapping[Job, Measured]


def goals(results: Results) -> Iterator[str]:
    """Ours on every set beside what is wanted of it."""
    sets = results[Job(OURS)].outcomes
    found = {name: figures(outcomes) for name, outcomes in sets.items()}
    yield _head("", "目標", *sets)
    for key, title, goal in (
        ("top1", "1位が正しい", "≥ 0.92"),
        ("top3", "3位までに正しいもの", "≥ 0.97"),
        ("right_at_once", "すぐ正しく答えた", "–"),
        ("right_or_offered", "答えたか選択肢に入れた", "≥ 0.96"),
        ("wrong_of_all", "まちがった答え（全行）", "≤ 0.02"),
        ("none_answered", "対象外に答えた", "≤ 0.03"),
        ("clarify_answered", "あいまいなのに答えた", "≤ 0.10"),
    ):
        yield _row(title, goal, *(_share(one[key]) for one in found.values()))
    for key, title, goal in (("pin", "暗証番号", "誤 0"), ("visitor", "行く人", "–")):
        yield _row(f"{title} 正 / 誤 / 読まず", goal, *(_understood(one[key]) for one in found.values()))
    lowest = {
        name: min((row["top1"], style) for style, row in one["by_style"].items() if row["top1"] is not None)
        for name, one in found.items()
    }
    yield _row("いちばん低い書き方の1位", "≥ 0.85", *(f"{top1:.3f}（{style}）" for top1, style in lowest.values()))
    for at, goal in ((50, 5), (99, 10)):
        times = (percentile([one.ms for one in outcomes], at) for outcomes in sets.values())
        yield _row(f"p{at} ms", f"≤ {goal}", *(f"{ms:.1f}" for ms in times))


def side_by_side(results: Results, name: str) -> Iterator[str]:
    """Every matcher on one set."""
    yield _head(
        "方法", "1位 [95 %]", "3位まで", "すぐ正しく", "答えか選択肢", "誤答", "対象外に答えた", "番号の誤り",
        "p50 / p99 ms", "記憶 MB（全体 / 自分だけ）", "用意 秒",
    )  # fmt: skip
    for job, measured in results.items():
        if job.variation == ALL:
            outcomes = measured.outcomes[name]
            found = figures(outcomes)
            yield _row(
                job.matcher + (f"（{len(outcomes)} 行だけ）" if job.every > 1 else ""),
                "{} [{}, {}]".format(_share(found["top1"]), *map(_share, interval(outcomes))),
                _share(found["top3"]),
                _share(found["right_at_once"]),
                _share(found["right_or_offered"]),
                _share(found["wrong_of_all"]),
                _share(found["none_answered"]),
                str(found["pin"]["wrong"]) if found["pin"]["lines"] else "–",
                " / ".join(f"{percentile([one.ms for one in outcomes], at):.1f}" for at in (50, 99)),
                " / ".join(f"{size:.0f}" for size in measured.memory),
                f"{measured.load:.1f}",
            )


def at_limit(measured: Measured, name: str) -> float:
    """What of the lines in scope ours would answer rightly with a threshold chosen as the rivals' are."""
    chances = measured.chances[name]
    threshold = best_threshold(chances)
    pairs = zip(measured.outcomes[name], chances, strict=True)
    return float(np.mean([right and chance >= threshold for one, (chance, right) in pairs if one.line.in_scope]))


def fewer_wordings(results: Results, name: str) -> Iterator[str]:
    """Ours on one set with all, half and a quarter of the wordings, and without those that are like its lines."""
    yield _head(
        "言い方", "1位", "3位まで", "すぐ正しく", "答えか選択肢", "誤答", "対象外に答えた", "番号 正 / 誤 / 読まず"
    )
    titles = {ALL: "ぜんぶ", "half": "半分", "a quarter": "四分の一"}
    titles |= {
        job.variation: "この質問に近いものを外す"
        for job in results
        if job.variation.startswith("unlike ") and Path(job.variation).name == name
    }
    for variation, title in titles.items():
        found = figures(results[Job(OURS, variation)].outcomes[name])
        shares = ("top1", "top3", "right_at_once", "right_or_offered", "wrong_of_all", "none_answered")
        yield _row(title, *(_share(found[key]) for key in shares), _understood(found["pin"]))


def styles(results: Results, name: str, content: Content) -> Iterator[str]:
    """Ours on one set by style: as it is, and without the wordings that are written in that style."""
    yield _head("書き方", "行", "1位", "3位まで", "答えか選択肢", "誤答", "外した言い方", "外したときの1位")
    for style, row in figures(results[Job(OURS)].outcomes[name])["by_style"].items():
        without = results.get(Job(OURS, f"without {style}"))
        yield _row(
            style,
            str(row["lines"]),
            *(_share(row[key]) for key in ("top1", "top3", "right_or_offered")),
            str(row["wrong"]),
            str(written_in(content, style)) if without else "",
            _share(figures(without.outcomes[name])["by_style"][style]["top1"]) if without else "",
        )


def calibration(results: Results) -> Iterator[str]:
    """How often the first topic was right, by the chance that was said."""
    tenths = [f"{low / 10:.1f}–{(low + 1) / 10:.1f}" for low in range(10)]
    yield _head("言った見込み", *tenths)
    for name, pairs in results[Job(OURS)].chances.items():
        yield _row(name, *(f"{right:.2f}（{count}）" if count else "–" for _, right, count in curve(pairs)))


def curve(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """For each tenth: the chance said on average, the share that was right, and the number of lines."""
    points = []
    for tenth in range(10):
        inside = [(chance, right) for chance, right in pairs if min(9, int(chance * 10)) == tenth]
        said, right = np.mean(inside, axis=0) if inside else (0.0, 0.0)
        points.append((float(said), float(right), len(inside)))
    return points


def scale(results: Results, counts: Sequence[int]) -> Iterator[str]:
    """Time and memory by the number of wordings."""
    yield _head("方法", "言い方", "p50 ms", "p99 ms", "記憶 MB（全体 / 自分だけ）", "用意 秒", "学習 秒")
    for job, measured in results.items():
        if job.variation in {f"{count} wordings" for count in counts}:
            count = int(job.variation.removesuffix(" wordings"))
            learning = f"{measured.learning:.1f}" if measured.learning else ""
            times = [f"{percentile(measured.spent, at):.1f}" for at in (50, 99)]
            yield _row(
                job.matcher,
                f"{count:,}",
                *times,
                " / ".join(f"{size:.0f}" for size in measured.memory),
                f"{measured.load:.1f}",
                learning,
            )


def interval(outcomes: Sequence[Outcome], rounds: int = 2000) -> tuple[float, float]:
    """The 95 % interval of top-1, by drawing the lines anew (bootstrap)."""
    hits = np.array([one.found(1) for one in outcomes if one.line.in_scope], dtype=float)
    drawn = np.random.default_rng(0).choice(hits, (rounds, len(hits))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def percentile(spent: Sequence[float], at: int) -> float:
    """The time that so many percent of the texts stay below."""
    return float(np.percentile(spent, at))


def _head(*titles: str) -> str:
    return f"{_row(*titles)}\n|{'---|' * len(titles)}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _understood(found: Mapping[str, int]) -> str:
    return " / ".join(str(found[key]) for key in ("right", "wrong", "silent")) if found["lines"] else "–"


def _share(value: Any) -> str:
    return "–" if value is None else f"{value:.3f}"
