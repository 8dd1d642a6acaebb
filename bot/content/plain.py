"""Whether the texts for citizens are plain: short sentences, few commas, known words.

What counts, the lists and their sources are in `faq/plain.yaml`, so that staff can add a name or
a word. Without that file nothing is said. A plain-language Problem is a severity of its own
("plain"): it is shown by `check` and never blocks starting, reloading or saving. A comment on the
line above keeps one kind of warning away from one text, and must give its reason:

    # plain 長い文: 公式の申請書の名前なので、短くできない
    - {id: embassy, text: …}
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.content.checks import width
from bot.content.model import Jargon, PlainLanguage
from bot.content.nodes import Document, Path
from bot.content.problems import Problem
from bot.content.schema import Kind
from bot.content.texts import PLACEHOLDER, Names, citizen_texts

RULES = {
    "plain-sentence": "長い文",
    "plain-commas": "読点",
    "plain-kanji": "漢字の続き",
    "plain-negative": "二重否定",
    "plain-jargon": "専門のことば",
    "plain-label": "長い見出し",
    "plain-emoji": "絵文字",
}
"""The rules, and the names by which staff read of them and silence them."""

_LABELS = frozenset({"title", "short", "start", "label"})
"""The keys whose texts are buttons or headings, not sentences. A route's title is a sentence."""
_BUTTONS = {"entries": frozenset({"short"}), "flow": frozenset({"start", "label"})}
"""The labels whose length is an error already (`checks.py`, wide-label): a cut button cannot be read."""

_OPENING, _CLOSING = "「『（(【［", "」』）)】］"
_ENDING = "。！？!?"
_CONTINUES = re.compile(r"[ぁ-ん、，・：]")
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠々]")
_MARKER = re.compile(r"^[\s　]*(?:(?:[・●○]|[①-⑳]|[0-9０-９]+[.．）)](?![0-9０-９]))[\s　]*)?")

_NEGATION = r"(?:ません|ない|なく|ず|ぬ)"
_DOUBLE_NEGATIVES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"(?:ない|ません|ず)(?:という)?(?:わけ|もの|こと|の)?(?:で|に)?[はも](?:ない|ありません|いません)"),
        "打ち消さずに「〜です」「〜できます」と言い切ってください。",
    ),
    (re.compile(r"な[くき](?:に)?[はも](?:ない|ありません)"), "打ち消さずに「〜です」と言い切ってください。"),
    (
        re.compile(r"ない(?:人|方|もの|市|日|場合)[はも](?:ない|ありません|いません)"),
        "「だれでも」「いつでも」のように、打ち消さずに書いてください。",
    ),
    (
        re.compile(r"(?:なければ|なくては|ないと)(?:なら|いけ)(?:ない|ません|なく)"),
        "「〜してください」「〜が要ります」のように書いてください。",
    ),
    (
        re.compile(
            r"(?:ないと(?![きこ思言いい答])|なければ|なくては|なしでは|なしには|ずに[はも]|ない限り、?)"
            rf"[^。！？\n「」]{{0,30}}?(?:{_NEGATION})(?=[。、，）」]|$|です|ので|ため|場合|こと|とき|方|人|の)"
        ),
        "「〜すれば〜できます」「〜が要ります」「〜してください」のように書いてください。",
    ),
)
"""What counts as a double negative.

The forms that 公用文作成の考え方 Ⅲ-3 コ warns of (「…しないわけではない」), and ours: 「〜ないと〜できません」 and
「〜なければ〜ない」 in one sentence, because a hurried reader misses one of the two negations just as easily.
「〜しか〜ない」 and 「〜以外は〜ない」 are left alone: they hold one negation.
"""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text begin and end, without list markers.

    A sentence ends at 。, ！, ？ or the end of the line. Inside brackets it ends too, unless the
    bracket closes at once and the sentence around it goes on: 「行けますか？」と聞きます。 is one.
    """
    at = 0
    for line in text.split("\n"):
        begin, position = at, at
        end = at + len(line)
        while position < end:
            if text[position] not in _ENDING:
                position += 1
                continue
            while position < end and text[position] in _ENDING:
                position += 1
            closed = position
            while closed < end and text[closed] in _CLOSING:
                closed += 1
            goes_on = closed > position and closed < end and _CONTINUES.match(text[closed])
            position = closed
            if not goes_on:
                yield from _trimmed(text, begin, position)
                begin = position
        yield from _trimmed(text, begin, end)
        at = end + 1


def _trimmed(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    marker = _MARKER.match(text[begin:end])
    begin += marker.end() if marker else 0
    end = begin + len(text[begin:end].rstrip(" 　"))
    if begin < end:
        yield begin, end


def check(
    documents: Mapping[str, Document], kinds: Mapping[str, Kind], names: Names, rules: PlainLanguage
) -> list[Problem]:
    """Every place of the files that could be plainer, and every silencing comment that is wrong."""
    problems: list[Problem] = []
    for name, document in documents.items():
        if document.sound and document.data is not None:
            found = list(_Texts(document, kinds[name], names, rules).check())
            problems += _without_reasoned(document, found)
    return problems


@dataclass(frozen=True)
class _Found:
    """A Problem and the line of the key whose text it is in."""

    line: int
    problem: Problem


@dataclass(frozen=True)
class _Texts:
    """The texts of one file under the rules."""

    document: Document
    kind: Kind
    names: Names
    rules: PlainLanguage

    def check(self) -> Iterator[_Found]:
        answers: dict[Path, str] = {}
        for path, text in citizen_texts(self.kind, self.document.data):
            if path[-1] in _LABELS and path[0] != "routes":
                yield from self._check_label(path, text)
                yield from self._check_kanji(path, text)
                continue
            for begin, end in sentences(text):
                yield from self._check_sentence(path, text, begin, end)
            yield from self._check_kanji(path, text)
            yield from self._check_negatives(path, text)
            if path[-1] == "answer":
                answers[path[:-1]] = text
            if self.kind == "entries" and path[-1] == "question":
                continue  # the answer below it explains
            # an entry's details are read after its answer
            yield from self._check_jargon(path, answers.get(path[:-1], "") if path[-1] == "more" else "", text)

    def _found(self, path: Path, text: str, at: int, rule: str, message: str) -> _Found:
        line_begin = text.rfind("\n", 0, at) + 1
        line_end = text.find("\n", at)
        whole = text[line_begin : line_end if line_end >= 0 else len(text)]
        line, column = self.document.place_of(path, whole) if whole.strip() else self.document.place(path)
        exact = self.document.lines[line - 1][column - 1 :].startswith(whole) if self.document.lines else False
        place = (line, column + (at - line_begin if exact else 0))
        problem = Problem(self.document.file, *place, rule, f"{RULES[rule]}：{message}", "plain")
        return _Found(self.document.key_place(path).line, problem)

    def _check_label(self, path: Path, text: str) -> Iterator[_Found]:
        filled = self.names.fill(text).strip()
        if path[-1] not in _BUTTONS.get(self.kind, ()) and width(filled) > self.rules.limits.label:
            message = f"全角{width(filled):g}字分あります。全角{self.rules.limits.label}字までにしてください。"
            yield self._found(path, text, 0, "plain-label", message)
        if filled and _is_emoji(filled[0]):
            message = "はじめに絵文字があります。読み上げの妨げになるので、言葉で始めてください。"
            yield self._found(path, text, 0, "plain-emoji", message)

    def _check_sentence(self, path: Path, text: str, begin: int, end: int) -> Iterator[_Found]:
        written = text[begin:end]
        filled = self.names.fill(written)
        limits = self.rules.limits
        if not _JAPANESE.search(written):
            return
        if len(filled) > limits.sentence:
            message = f"この文は{len(filled)}字です。{limits.sentence}字までの文に分けてください。"
            yield self._found(path, text, begin, "plain-sentence", message)
        commas = [found.start() for found in re.finditer("[、，]", written)]
        if len(re.findall("[、，]", filled)) >= limits.commas:
            message = (
                f"1つの文に読点（、）が{len(re.findall('[、，]', filled))}つあります。"
                "文を分けるか、「・」で始まる行に並べてください。"
            )
            yield self._found(path, text, begin + (commas[-1] if commas else 0), "plain-commas", message)

    def _check_kanji(self, path: Path, text: str) -> Iterator[_Found]:
        masked = PLACEHOLDER.sub(lambda found: "*" * len(found[0]), text)
        for name in sorted(self.rules.official_names, key=len, reverse=True):
            masked = masked.replace(name, "*" * len(name))
        for run in re.finditer(rf"[一-龠々〆]{{{self.rules.limits.kanji},}}", masked):
            message = (
                f"漢字が{len(run[0])}字続いています（「{run[0]}」）。言いかえるか、間に「の」などを入れてください。"
                "正式な名前なら、faq/plain.yaml の official_names に足してください。"
            )
            yield self._found(path, text, run.start(), "plain-kanji", message)

    def _check_negatives(self, path: Path, text: str) -> Iterator[_Found]:
        found = [(one.start(), one[0], hint) for pattern, hint in _DOUBLE_NEGATIVES for one in pattern.finditer(text)]
        end = 0
        for at, written, hint in sorted(found):
            if at >= end:
                end = at + len(written)
                message = f"「{written}」は、打ち消しが重なっています。{hint}"
                yield self._found(path, text, at, "plain-negative", message)

    def _check_jargon(self, path: Path, before: str, text: str) -> Iterator[_Found]:
        for term in self.rules.jargon:
            at = _first(term.term, text, self.rules)
            if at is None or _first(term.term, before, self.rules) is not None or _explained(term, before, text, at):
                continue
            message = (
                f"「{term.term}」の説明がありません。初めて出るところで、"
                f"「{term.term}（{term.means}）」のように書くか、言いかえてください。"
            )
            yield self._found(path, text, at, "plain-jargon", message)


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character) == "So" or character in "‼⁉〰〽㊗㊙"


def _first(term: str, text: str, rules: PlainLanguage) -> int | None:
    """Where a term first stands by itself, not as a part of a longer term of the list."""
    for one in rules.jargon:
        if term in one.term and term != one.term:
            text = text.replace(one.term, " " * len(one.term))
    at = text.find(term)
    return at if at >= 0 else None


def _explained(term: Jargon, before: str, text: str, at: int) -> bool:
    """Whether the first use says what it means: in brackets behind it, as a bracket behind plain
    words, by 「とは」, or by one of the term's plain words earlier or in the same sentence."""
    if re.match(r"[」』]?(?:[（(]|とは)", text[at + len(term.term) :]):
        return True
    opened = text.rfind("（", 0, at)
    if opened > text.rfind("）", 0, at) and opened > 0 and "\n" not in text[opened:at]:
        return True
    end = next((end for begin, end in sentences(text) if begin <= at < end), len(text))
    # a plain word may hold the term (の中の電子証明書), then it must end with this use of it
    said = (before, text[:at], text[at + len(term.term) : end])
    return any(
        text[: at + len(term.term)].endswith(word) if term.term in word else any(word in part for part in said)
        for word in term.plain
    )


# --- reasons for leaving a text as it is ---------------------------------------

_COMMENT = re.compile(r"^\s*#\s*plain\s+(?P<rule>[^\s:：]+)\s*[:：]\s*(?P<reason>.*)$")


def _without_reasoned(document: Document, found: list[_Found]) -> Iterator[Problem]:
    """The Problems that no comment above their text gives a reason for, and the comments that are wrong."""
    used: set[int] = set()
    for one in found:
        silencing = _silencing(document, one)
        if silencing is None:
            yield one.problem
        else:
            used.add(silencing)
    for number, line in enumerate(document.lines, 1):
        if not re.match(r"\s*#\s*plain\s", line):
            continue
        column = line.index("#") + 1
        comment = _COMMENT.match(line)
        if comment is None or comment["rule"] not in RULES.values() or not comment["reason"].strip():
            message = (
                "わけの書き方が正しくありません。「# plain 長い文: 理由」の形で書いてください"
                f"（書けるのは {'、'.join(RULES.values())}。理由は必ず書きます）。"
            )
            yield Problem(document.file, number, column, "plain-reason", message, "plain")
        elif number not in used:
            message = f"すぐ下の文に「{comment['rule']}」の注意はありません。この行を消してください。"
            yield Problem(document.file, number, column, "plain-unused", message, "plain")


def _silencing(document: Document, one: _Found) -> int | None:
    """The line of the comment that gives the reason, among the comments right above the text's key."""
    number = one.line - 1
    while number >= 1 and document.lines[number - 1].lstrip().startswith("#"):
        comment = _COMMENT.match(document.lines[number - 1])
        if comment and comment["rule"] == RULES[one.problem.rule] and comment["reason"].strip():
            return number
        number -= 1
    return None
