"""One text to what was decided and why: the object of `ask --json`, and the same for people to read."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from bot.content.model import Content
from bot.dialogue.guard import guard
from bot.matching.understanding import Match, Matcher

DECISIONS = {
    "answer": "答える",
    "clarify": "選んでもらう",
    "none": "わからないと伝える",
    "smalltalk": "あいさつを返す",
}
"""What each decision means, for people."""
PARTS = {
    "linear": "学習",
    "lexical": "近い言い方の語",
    "words": "話題の語",
    "concepts": "ことば",
    "written": "文字",
    "sound": "音",
}
"""The opinions that a score is made of, for people."""


def ask(matcher: Matcher, text: str) -> dict[str, Any]:
    """What `ask --json` prints for a text.

    The text in it is redacted. `ranked` has every opinion on each entry; `rival` is the second of them and
    how far its score is behind, which is what an answer hangs on. `ms` is guard and matching alone.
    """
    begin = time.perf_counter()
    guarded = guard(text)
    understanding = matcher.understand(guarded.text)
    spent = (time.perf_counter() - begin) * 1000
    return {
        "text": guarded.text,
        "decision": understanding.decision,
        "answers": list(understanding.answers),
        "choices": list(understanding.choices),
        "ranked": [
            {"id": match.id, "score": match.score, "wording": match.wording, "parts": match.parts}
            for match in understanding.ranked
        ],
        "rival": _rival(understanding.ranked),
        "understood": {
            "pin": understanding.understood.pin,
            "visitor": understanding.understood.visitor,
            "concepts": list(understanding.understood.concepts),
        },
        "guard": [{"kind": kind} for kind in guarded.kinds],
        "smalltalk": understanding.smalltalk,
        "ms": round(spent, 3),
    }


def _rival(ranked: Sequence[Match]) -> dict[str, Any] | None:
    if len(ranked) < 2:
        return None
    return {"id": ranked[1].id, "behind": round(ranked[0].score - ranked[1].score, 4)}


def explain(answer: dict[str, Any], content: Content) -> str:
    """The object of `ask` as Japanese lines: the decision, the entries by score, what was understood."""
    lines = [f"文: {answer['text']}", f"決定: {DECISIONS[answer['decision']]}"]
    for name, title in (("answers", "答え"), ("choices", "選択肢")):
        for entry_id in answer[name]:
            lines.append(f"{title}: {_titled(entry_id, content)}")
    for match in answer["ranked"][:5]:
        parts = " ".join(f"{PARTS.get(name, name)} {value:.2f}" for name, value in match["parts"].items())
        lines.append(f"  {match['score']:.2f} {_titled(match['id'], content)}")
        lines.append(f"       近い言い方「{match['wording']}」 {parts}")
    understood = answer["understood"]
    lines.append(f"暗証番号: {understood['pin'] or '不明'}  行く人: {understood['visitor'] or '不明'}")
    lines.append(f"ことば: {'、'.join(understood['concepts']) or 'なし'}")
    if answer["guard"]:
        lines.append("伏せたもの: " + "、".join(found["kind"] for found in answer["guard"]))
    return "\n".join(lines)


def _titled(entry_id: str, content: Content) -> str:
    entry = content.entry(entry_id)
    return f"{entry_id}「{entry.question}」" if entry else entry_id
