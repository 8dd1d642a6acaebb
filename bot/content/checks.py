"""What types cannot say about the content: names that lead nowhere, sentences that must not be.

The checks read the values of the files, not the models, so that one wrong key does not hide
what else is wrong in the same file. Whether every path of a flow ends in one route is for
`review/prove.py`, which walks them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from rapidfuzz import fuzz, process

from bot.content.model import FRESH_DAYS, PICTURE_FACTS, WARN_DAYS
from bot.content.municipality import LISTS, SAFE_DEFAULTS, condition_values
from bot.content.nodes import Document, Path
from bot.content.problems import Problem
from bot.content.schema import Kind
from bot.content.secrets import asked_for, told
from bot.content.texts import PLACEHOLDER, Names, citizen_texts, strings_at, values_at

LABEL_WIDTH = 20
"""Full-width characters that a button shows on a narrow phone."""
FIRST_SENTENCE = 60
"""Characters of a first sentence that holds a condition (counter rule 16)."""
FEW_WORDINGS = 12

_ID = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)
_SAID: dict[str, frozenset[str]] = {
    "pin": frozenset({"sign", "user", "kenmen", "juki", "both", "phone"}),
    "visitor": frozenset({"self", "parent_of_child", "guardian", "proxy"}),
}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that `word` is probably a slip of, if any."""
    found = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=66)
    return found[0] if found else None


def bad_id(written: str) -> str:
    """What to say about an id of the wrong form."""
    return f"id の「{written}」は使えません。半角の英小文字で始め、英小文字・数字・ハイフンだけで書いてください。"


def check(
    documents: Mapping[str, Document], kinds: Mapping[str, Kind], names: Names, today: date | None
) -> list[Problem]:
    """Every mistake of sense in the files that could be read, unsorted.

    `today` is the date for the freshness of sources; None leaves freshness out.
    """
    known = _Known.of(documents, kinds)
    problems: list[Problem] = []
    for name, document in documents.items():
        if not document.sound:
            continue
        kind = kinds[name]
        problems += check_texts(document, kind, names if known.facts is not None else None)
        problems += _check_twelve_digits(document)
        problems += _check_unfilled(document, kind)
        if kind in ("facts", "municipality"):
            problems += _check_html(document, list(_all_strings(document.data, ())))
        if kind == "entries":
            problems += _check_entries(document, known, names)
        elif kind == "facts":
            problems += _check_facts(document, known)
        elif kind == "vocabulary":
            problems += _check_vocabulary(document, known)
        elif kind == "situations":
            problems += _check_situations(document, known)
        elif kind == "flow":
            problems += _check_flow(document, known, names)
        elif kind == "municipality":
            problems += _check_addresses(document, ("source_url", "easy_japanese_url", "reservation/url"))
        if today is not None:
            problems += _check_freshness(document, kind, today)
    return problems


def check_retired(
    file: str, retired: Mapping[str, int], documents: Mapping[str, Document], kinds: Mapping[str, Kind]
) -> list[Problem]:
    """A retired choice must not be in use: an old poster would suddenly mean something new."""
    known = _Known.of(documents, kinds)
    problems: list[Problem] = []
    for words, line in retired.items():
        flow, question, choice = words.split()
        if choice in (known.choices.get((flow, question)) or ()):
            message = (
                f"「{words}」は今も使われています。この行を消すか、flows/{flow}.yaml の選択肢の id を変えてください。"
            )
            problems.append(Problem(file, line, 1, "retired", message))
    return problems


# --- what there is ------------------------------------------------------------


@dataclass(frozen=True)
class _Known:
    """The ids that exist. None where a file could not be read: then nothing is said about names of it."""

    entries: frozenset[str] | None = None
    facts: frozenset[str] | None = None
    sources: frozenset[str] | None = None
    concepts: frozenset[str] | None = None
    flows: dict[str, Document] = field(default_factory=dict)
    choices: dict[tuple[str, str], frozenset[str] | None] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Mapping[str, Document], kinds: Mapping[str, Kind]) -> _Known:
        by_kind: dict[Kind, Document] = {kinds[name]: document for name, document in documents.items()}
        flows = {_stem(document): document for name, document in documents.items() if kinds[name] == "flow"}
        choices = {
            (flow, question): _sure(text for _, text in strings_at(row, "choices/*/id"))
            for flow, document in flows.items()
            for _, row in values_at(document.data, "questions/*")
            if isinstance(row, dict) and isinstance(question := row.get("id"), str)
        }

        def ids(kind: Kind, pattern: str) -> frozenset[str] | None:
            document = by_kind.get(kind)
            if document is None or not document.whole:
                return None
            return _sure(text for _, text in strings_at(document.data, pattern))

        def keys(kind: Kind, pattern: str) -> frozenset[str] | None:
            document = by_kind.get(kind)
            if document is None or not document.whole:
                return None
            return frozenset(str(path[-1]) for path, _ in values_at(document.data, pattern))

        return cls(
            entries=ids("entries", "entries/*/id"),
            facts=keys("facts", "facts/*"),
            sources=keys("facts", "sources/*"),
            concepts=ids("vocabulary", "concepts/*/id"),
            flows=flows,
            choices=choices,
        )


def _sure(ids: Iterable[str]) -> frozenset[str] | None:
    """The ids, or None if one is repeated or malformed: then a name that is missing may be meant by it."""
    ids = list(ids)
    known = frozenset(ids)
    return known if ids and len(known) == len(ids) and all(_ID.fullmatch(one) for one in ids) else None


def _stem(document: Document) -> str:
    return document.file.rpartition("/")[2].removesuffix(".yaml")


# --- names --------------------------------------------------------------------


def _unknown(document: Document, path: Path, what: str, known: Collection[str] | None) -> Iterator[Problem]:
    """A Problem if the id at `path` is none of `known` (None: not knowable)."""
    written = _at(document.data, path)
    if known is None or not isinstance(written, str) or written in known:
        return
    yield document.problem(path, "unknown-id", f"「{written}」という{what}はありません。{_suggest(written, known)}")


def _suggest(written: str, known: Collection[str]) -> str:
    if hint := nearest(written, known):
        return f"「{hint}」のまちがいではありませんか。"
    if 0 < len(known) <= 8:
        return f"書けるのは {'、'.join(sorted(known))} です。"
    return "id を確かめてください。"


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _repeated(document: Document, pattern: str, what: str) -> Iterator[Problem]:
    """Problems for an id that stands twice at `pattern`."""
    first: dict[str, Path] = {}
    for path, written in strings_at(document.data, pattern):
        if written in first:
            lines = f"{document.place(first[written]).line}行目と{document.place(path).line}行目"
            message = f"{what}の id「{written}」が2回使われています（{lines}）。どちらかを別の id にしてください。"
            yield document.problem(path, "repeated-id", message)
        first.setdefault(written, path)


def _check_answers(document: Document, path: Path, flow: str | None, known: _Known) -> Iterator[Problem]:
    """The answers that a link hands to a flow."""
    answers = _at(document.data, path)
    if flow not in known.flows or not known.flows[flow].whole or not isinstance(answers, dict):
        return
    questions = {question for of, question in known.choices if of == flow}
    for question, choice in answers.items():
        if question not in questions:
            message = f"案内「{flow}」に「{question}」という質問はありません。{_suggest(question, questions)}"
            yield document.key_problem((*path, question), "unknown-id", message)
            continue
        choices = known.choices[flow, question]
        if choices is not None and isinstance(choice, str) and choice not in choices:
            message = f"質問「{question}」に「{choice}」という選択肢はありません。{_suggest(choice, choices)}"
            yield document.problem((*path, question), "unknown-id", message)


# --- entries ------------------------------------------------------------------


def _check_entries(document: Document, known: _Known, names: Names) -> Iterator[Problem]:
    yield from _repeated(document, "entries/*/id", "答え")
    yield from _repeated(document, "groups/*/id", "見出し")
    for pattern in ("start/*", "groups/*/entries/*"):
        for at, _ in strings_at(document.data, pattern):
            yield from _unknown(document, at, "答え", known.entries)
    yield from _check_wordings(document)
    for path, row in values_at(document.data, "entries/*"):
        if not isinstance(row, dict):
            continue
        for at, _ in strings_at(row, "see_also/*"):
            if _at(row, at) == row.get("id"):
                message = "see_also に自分自身の id があります。この行を消してください。"
                yield document.problem((*path, *at), "self-reference", message)
            yield from _unknown(document, (*path, *at), "答え", known.entries)
        for at, _ in strings_at(row, "sources/*"):
            yield from _unknown(document, (*path, *at), "出典（faq/facts.yaml の sources）", known.sources)
        for at, _ in strings_at(row, "concepts/*"):
            yield from _unknown(document, (*path, *at), "ことば（faq/vocabulary.yaml の concepts）", known.concepts)
        for at, flow in strings_at(row, "guide/flow"):
            yield from _unknown(document, (*path, *at), "案内（flows のファイル）", known.flows)
            if values := list(values_at(row, "guide/answers")):
                yield from _check_answers(document, (*path, *values[0][0]), flow, known)
        for at, picture in strings_at(row, "picture"):
            missing = [fact for fact in PICTURE_FACTS.get(picture, ()) if fact not in names.facts]
            if missing:
                message = f"「{picture}」の絵に要る「{'」「'.join(missing)}」が faq/facts.yaml にありません。"
                yield document.problem((*path, *at), "picture-fact", message)
        for at, short in strings_at(row, "short"):
            yield from _too_wide(document, (*path, *at), names.fill(short))
        yield from _check_first_sentence(document, path, row, names)
        wordings = row.get("also_asked")
        if isinstance(wordings, list) and len(wordings) < FEW_WORDINGS:
            message = f"言い方が{len(wordings)}個だけです。{FEW_WORDINGS}個以上あると、よく当たります。"
            yield document.key_problem((*path, "also_asked"), "few-wordings", message, severity="warning")
        if isinstance(row.get("sources"), list) and not row["sources"]:
            message = "出典がありません。faq/facts.yaml の sources の id を書いてください。"
            yield document.key_problem((*path, "sources"), "no-source", message)


def wording_key(text: str) -> str:
    """A wording without what does not tell wordings apart: width, case, spaces, punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] not in "ZPC")


def _check_wordings(document: Document) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for number, _ in enumerate(_list(document.data, "entries")):
        own: list[tuple[Path, str]] = [
            (("entries", number, "question"), _text(document.data, ("entries", number, "question")))
        ]
        own += [
            (("entries", number, *path), text)
            for path, text in strings_at(document.data["entries"][number], "also_asked/*")
        ]
        for path, text in own:
            key = wording_key(text)
            if not key:
                continue
            if key not in first:
                first[key] = path
                continue
            line = document.place(first[key]).line
            if first[key][:2] == path[:2]:
                message = f"「{text}」は{line}行目にもあります。どちらかを消してください。"
                yield document.problem(path, "repeated-wording", message, severity="warning")
            else:
                other = _text(document.data, (*first[key][:2], "id"))
                message = (
                    f"「{text}」は、別の答え「{other}」（{line}行目）にもあります。"
                    "どちらの答えか決められないので、片方を消してください。"
                )
                yield document.problem(path, "repeated-wording", message)


def _list(data: Any, key: str) -> list[Any]:
    rows = data.get(key) if isinstance(data, dict) else None
    return rows if isinstance(rows, list) else []


def _text(data: Any, path: Path) -> str:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return ""
    return data if isinstance(data, str) else ""


def _check_first_sentence(document: Document, path: Path, row: dict[str, Any], names: Names) -> Iterator[Problem]:
    answer = row.get("answer")
    if not row.get("depends_on") or not isinstance(answer, str):
        return
    if found := re.match(r"\s*(はい|いいえ)", answer):
        message = (
            f"人や市区町村によって変わる答えは、「{found[1]}」で始められません。"
            "最初の文に条件か「市区町村によって違います」を書いてください（窓口の決まり16）。"
        )
        yield document.problem((*path, "answer"), "yes-no-answer", message)
    first = re.split(r"(?<=[。！？])|\n", names.fill(answer).strip(), maxsplit=1)[0]
    if len(first) > FIRST_SENTENCE:
        message = f"最初の文が{len(first)}字あります。{FIRST_SENTENCE}字までにしてください（窓口の決まり16）。"
        yield document.problem((*path, "answer"), "long-first-sentence", message)


def width(text: str) -> float:
    """How wide a text is, in full-width characters."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in text)


def _too_wide(document: Document, path: Path, text: str) -> Iterator[Problem]:
    if width(text.strip()) > LABEL_WIDTH:
        message = (
            f"ボタンの文字が全角{width(text.strip()):g}字分あります。"
            f"画面で切れるので、全角{LABEL_WIDTH}字までにしてください。"
        )
        yield document.problem(path, "wide-label", message)


# --- facts and vocabulary -----------------------------------------------------


def _check_facts(document: Document, known: _Known) -> Iterator[Problem]:
    for pattern in ("facts/*", "sources/*"):
        for path, _ in values_at(document.data, pattern):
            if not _ID.fullmatch(str(path[-1])):
                yield document.key_problem(path, "id", bad_id(str(path[-1])))
    for path, _ in strings_at(document.data, "facts/*/source"):
        yield from _unknown(document, path, "出典（sources）", known.sources)
    for path, row in values_at(document.data, "facts/*"):
        value = row.get("value") if isinstance(row, dict) else None
        if isinstance(value, str) and row.get("kind") == "phone" and not re.fullmatch(r"#?[0-9-]+", value, re.ASCII):
            message = f"電話番号の「{value}」は、半角の数字とハイフンだけで書いてください（例：0120-95-0178）。"
            yield document.problem((*path, "value"), "phone-form", message)
    yield from _check_addresses(document, ("sources/*/url",))


def _check_addresses(document: Document, patterns: tuple[str, ...]) -> Iterator[Problem]:
    for pattern in patterns:
        for path, url in strings_at(document.data, pattern):
            if url in ("未確認", "/privacy") or re.fullmatch(
                r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?(/[!-~]*)?", url
            ):
                continue
            message = (
                f"アドレスの「{url}」が正しい形ではありません。「https://www.example.jp/page」の形で書いてください。"
            )
            yield document.problem(path, "url-form", message)


def _check_vocabulary(document: Document, known: _Known) -> Iterator[Problem]:
    yield from _repeated(document, "concepts/*/id", "ことば（concepts）")
    yield from _repeated(document, "smalltalk/*/id", "あいさつ（smalltalk）")
    for path, _ in strings_at(document.data, "vague_choices/*"):
        yield from _unknown(document, path, "答え（faq/ja.yaml）", known.entries)
    if len(_list(document.data, "vague_choices")) > 4:
        message = "聞き返すときの選択肢は4つまでです。"
        yield document.key_problem(("vague_choices",), "too-many", message)


def _check_situations(document: Document, known: _Known) -> Iterator[Problem]:
    for path, _ in values_at(document.data, "situations/*"):
        if known.entries is not None and path[-1] not in known.entries:
            message = f"「{path[-1]}」という答えは faq/ja.yaml にありません。{_suggest(str(path[-1]), known.entries)}"
            yield document.key_problem(path, "unknown-id", message)


# --- flows --------------------------------------------------------------------


def _check_flow(document: Document, known: _Known, names: Names) -> Iterator[Problem]:
    data, stem = document.data, _stem(document)
    if (flow_id := _text(data, ("id",))) and flow_id != stem:
        message = f"id の「{flow_id}」がファイルの名前と違います。「{stem}」と書くか、ファイルの名前を変えてください。"
        yield document.problem(("id",), "file-name", message)
    for pattern, what in (
        ("questions/*/id", "質問"),
        ("routes/*/id", "行き先"),
        ("items/*/id", "持ち物"),
        ("notes/*/id", "注意"),
        ("rules/*/id", "決まり"),
    ):
        yield from _repeated(document, pattern, what)
    for path, start in strings_at(data, "start"):
        yield from _too_wide(document, path, names.fill(start))
    yield from _check_questions(document, names)
    if document.whole:
        yield from _check_whens(document)
    routes = _sure(text for _, text in strings_at(data, "routes/*/id"))
    for path, _ in strings_at(data, "routes/*/alternatives/*/route"):
        yield from _unknown(document, path, "行き先（routes）", routes if document.whole else None)
    for pattern in ("routes/*/steps/*/source", "notes/*/source", "items/*/source"):
        for path, _ in strings_at(data, pattern):
            yield from _unknown(document, path, "出典（faq/facts.yaml の sources）", known.sources)
    for path, flow in strings_at(data, "routes/*/goto/flow"):
        yield from _unknown(document, path, "案内（flows のファイル）", known.flows)
        if "answers" in _at(data, path[:-1]):
            yield from _check_answers(document, (*path[:-1], "answers"), flow, known)
    for path, kind in strings_at(data, "routes/*/kind"):
        if kind == "handover" and not isinstance(_at(data, path[:-1]).get("goto"), dict):
            message = "kind が handover の行き先には、goto で次の案内を書いてください。"
            yield document.problem(path, "no-goto", message)


def _check_questions(document: Document, names: Names) -> Iterator[Problem]:
    for path, row in values_at(document.data, "questions/*"):
        if not isinstance(row, dict):
            continue
        choices = row.get("choices")
        if isinstance(choices, list) and not choices:
            yield document.key_problem(
                (*path, "choices"), "no-choice", "選択肢が1つもありません。「- {id: …, label: …}」を書いてください。"
            )
        if not isinstance(choices, list):
            continue
        prefill = row.get("prefill")
        first: dict[str, Path] = {}
        ids: dict[str, Path] = {}
        for number, choice in enumerate(choices):
            if not isinstance(choice, dict):
                continue
            at: Path = (*path, "choices", number)
            if isinstance(choice_id := choice.get("id"), str):
                if choice_id in ids:
                    lines = f"{document.place(ids[choice_id]).line}行目と{document.place((*at, 'id')).line}行目"
                    message = (
                        f"選択肢の id「{choice_id}」が2回使われています（{lines}）。どちらかを別の id にしてください。"
                    )
                    yield document.problem((*at, "id"), "repeated-id", message)
                ids.setdefault(choice_id, (*at, "id"))
            if isinstance(label := choice.get("label"), str):
                yield from _too_wide(document, (*at, "label"), names.fill(label))
            for inner, text in (*strings_at(choice, "label"), *strings_at(choice, "also/*")):
                key = wording_key(text)
                if key and key in first and first[key][: len(at)] != at:
                    line = document.place(first[key]).line
                    message = f"「{text}」は、同じ質問の別の選択肢（{line}行目）にもあります。片方を変えてください。"
                    yield document.problem((*at, *inner), "repeated-wording", message)
                first.setdefault(key, (*at, *inner))
            for inner, said in strings_at(choice, "said/*"):
                known = _SAID.get(prefill) if isinstance(prefill, str) else None
                if known is None and prefill is None:
                    message = "said は、質問に prefill（pin か visitor）があるときだけ書けます。"
                    yield document.problem((*at, *inner), "said", message)
                elif known is not None and said not in known:
                    message = f"said に「{said}」は使えません。使えるのは {'、'.join(sorted(known))} です。"
                    yield document.problem((*at, *inner), "said", message)


def _check_whens(document: Document) -> Iterator[Problem]:
    data = document.data
    choices: dict[str, frozenset[str] | None] = {}
    tags: set[str] = set()
    later = [text for _, text in strings_at(data, "questions/*/id")]
    for number, row in enumerate(_list(data, "questions")):
        if not isinstance(row, dict):
            continue
        scope = _Scope(document, dict(choices), frozenset(tags), frozenset(later))
        for pattern in ("when", "hints/*/when"):
            for path, _ in values_at(row, pattern):
                yield from scope.check(("questions", number, *path))
        if isinstance(question := row.get("id"), str):
            choices[question] = _sure(text for _, text in strings_at(row, "choices/*/id"))
        tags.update(text for _, text in strings_at(row, "choices/*/tags/*"))
    routed = {**choices, "route": _sure(text for _, text in strings_at(data, "routes/*/id"))}
    resetting = {**routed, "reset": frozenset(text for _, text in strings_at(data, "pins/*/id"))}
    listed = {
        **resetting,
        "item": frozenset(text for _, text in strings_at(data, "items/*/id")),
        "note": frozenset(text for _, text in strings_at(data, "notes/*/id")),
    }
    for patterns, keys in (
        (("routes/*/when",), choices),
        (("pins/*/when",), routed),
        (("routes/*/steps/*/when", "items/*/when", "notes/*/when"), resetting),
        (("rules/*/if", "rules/*/never", "rules/*/always"), listed),
    ):
        scope = _Scope(document, keys, frozenset(tags), frozenset())
        for pattern in patterns:
            for path, _ in values_at(data, pattern):
                yield from scope.check(path)


def condition_settings() -> tuple[str, ...]:
    """The keys of a `when` that name a setting of the city."""
    return tuple(f"city.{name}" for name in ("known", *SAFE_DEFAULTS, *LISTS))


@dataclass(frozen=True)
class _Scope:
    """What the `when`s of one place may name: keys with their values, tags, and questions that come too late."""

    document: Document
    keys: dict[str, frozenset[str] | None]
    tags: frozenset[str]
    later: frozenset[str]

    def check(self, path: Path) -> Iterator[Problem]:
        """Problems of the condition at `path`; one of the wrong shape is left to the model."""
        written = _at(self.document.data, path)
        if not isinstance(written, dict):
            return
        for key, value in written.items():
            here = (*path, key)
            if key == "not":
                yield from self.check(here)
            elif key == "any":
                for number in range(len(value)) if isinstance(value, list) else ():
                    yield from self.check((*here, number))
            elif key == "count":
                yield from self._check_count(here)
            else:
                yield from self._check_key(here, key, value)

    def _check_count(self, path: Path) -> Iterator[Problem]:
        tag = _text(self.document.data, (*path, "tag"))
        if tag and tag not in self.tags:
            message = f"「{tag}」という印（tags）の付いた選択肢は、ここまでにありません。{_suggest(tag, self.tags)}"
            yield self.document.problem((*path, "tag"), "unknown-tag", message)

    def _check_key(self, path: Path, key: str, value: Any) -> Iterator[Problem]:
        known = condition_values(key.removeprefix("city.")) if key.startswith("city.") else self.keys.get(key)
        if known is None and key not in self.keys:
            yield self.document.key_problem(path, "unknown-id", self._no_such_key(key))
        if known is None:
            return
        values = enumerate(value) if isinstance(value, list) else ((None, value),)
        for number, one in values:
            if isinstance(one, str) and one not in known:
                message = f"「{key}」に「{one}」という値はありません。{_suggest(one, known)}"
                at = path if number is None else (*path, number)
                yield self.document.problem(at, "unknown-id", message)

    def _no_such_key(self, key: str) -> str:
        if key.startswith("city."):
            return f"「{key}」という市の設定はありません。{_suggest(key, condition_settings())}"
        if key in self.later:
            return f"「{key}」は、ここより前の質問ではありません。条件には、前の質問か city.… だけを書けます。"
        if key in ("route", "reset", "item", "note"):
            return f"ここの条件に「{key}」は使えません。質問の id か city.… を書いてください。"
        return f"「{key}」という質問はありません。{_suggest(key, self.keys)}"


# --- sentences for citizens ---------------------------------------------------

_BARE: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "bare-phone",
        "電話番号",
        re.compile(r"(?<![\d-])\d{2,4}-\d{2,4}-\d{3,4}(?![\d-])|#\d{4}|(?<![\d,.-])188(?![\d,.-])"),
    ),
    (
        "bare-money",
        "金額",
        re.compile(r"(?<![\d,])\d[\d,]*(?:\.\d+)? ?[百千万億]?円|[一二三四五六七八九十百千万]{1,20}円"),
    ),
    ("bare-clock", "時刻", re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)|(?<!\d)\d{1,2}時(?!間)")),
    (
        "bare-date",
        "日付",
        re.compile(
            r"(?:令和|平成|昭和)(?:\d+|元)年|(?<!\d)\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|(?<!\d)\d{1,2}月\d{1,2}日|(?<!\d)\d{4}[-/]\d{1,2}[-/]\d{1,2}"
        ),
    ),
    ("bare-address", "住所", re.compile(r"〒|\d丁目|\d番地|(?<!\d)\d{3}-\d{4}(?![\d-])")),
    (
        "bare-url",
        "アドレス",
        re.compile(
            r"https?://[!-~]*|(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]+\.)+(?:jp|com|net|org)(?![A-Za-z])|www\.", re.ASCII
        ),
    ),
)
_TWELVE_DIGITS = re.compile(r"(?<!\d)(?:\d{12}|\d{4}([ -])\d{4}\1\d{4})(?!\d)")
_HTML = re.compile(r"</?[A-Za-z][^<>\n]*>|&(?:[A-Za-z]+|#\d+);")
_DASHES = str.maketrans("‐‑‒–—−", "------")


def _narrow(text: str) -> str:
    """`text` with the same length and half-width digits and signs, so that places stay right."""
    folded = (unicodedata.normalize("NFKC", character) for character in text)
    return "".join(one if len(one) == 1 else " " for one in folded).translate(_DASHES)


def check_texts(document: Document, kind: Kind, names: Names | None) -> list[Problem]:
    """What must not stand in a sentence for citizens. Without `names` placeholders are not looked up.

    Urgent notices may hold dates and phones of their own: they are written in a hurry and expire.
    """
    problems: list[Problem] = []
    for path, text in citizen_texts(kind, document.data):
        problems += _check_placeholders(document, path, text, names)
        problems += _check_html(document, [(path, text)])
        if path[-1] not in ("question", "short"):  # what citizens say themselves
            problems += _check_secrets(document, path, text)
        if kind == "notices":
            continue
        narrow = PLACEHOLDER.sub(lambda found: "{" + " " * (len(found[0]) - 2) + "}", _narrow(text))
        taken: list[tuple[int, int]] = [found.span() for found in _TWELVE_DIGITS.finditer(narrow)]
        for rule, what, pattern in _BARE:
            for bare in pattern.finditer(narrow):
                if any(start < bare.end() and bare.start() < end for start, end in taken):
                    continue
                taken.append(bare.span())
                written = text[bare.start() : bare.end()]
                message = (
                    f"{what}の「{written}」が文の中にじかに書かれています。"
                    "faq/facts.yaml に書いて、ここには {id} と書いてください。"
                )
                problems.append(Problem(document.file, *document.place_of(path, written), rule, message))
    return problems


def _check_secrets(document: Document, path: Path, text: str) -> Iterator[Problem]:
    for sentence in asked_for(text):
        yield Problem(document.file, *document.place_of(path, sentence), "asks-secret", told(sentence))


def _check_html(document: Document, texts: Iterable[tuple[Path, str]]) -> Iterator[Problem]:
    for path, text in texts:
        if found := _HTML.search(text):
            message = f"HTML の「{found[0]}」は使えません。ふつうの文だけを書いてください。"
            yield Problem(document.file, *document.place_of(path, found[0]), "html", message)


def _check_placeholders(document: Document, path: Path, text: str, names: Names | None) -> Iterator[Problem]:
    for found in PLACEHOLDER.finditer(text):
        if names is None or names.value(found[1]) is not None:
            continue
        place = document.place_of(path, found[0])
        what = "名前（faq/facts.yaml の facts か city.…）"
        message = f"「{found[0]}」という{what}はありません。{_suggest(found[1], names.all())}"
        yield Problem(document.file, *place, "unknown-name", message)
    rest = PLACEHOLDER.sub("", text)
    if odd := re.search(r"[{}｛｝]", rest):
        message = f"かっこの「{odd[0]}」が余っています。値の名前は、半角で {{id}} と書いてください。"
        yield Problem(document.file, *document.place_of(path, odd[0]), "brace", message)


def _check_unfilled(document: Document, kind: Kind) -> Iterator[Problem]:
    """Placeholders where nobody fills them."""
    read_by_citizens = {path for path, _ in citizen_texts(kind, document.data)}
    for path, text in _all_strings(document.data, ()):
        if path not in read_by_citizens and (found := PLACEHOLDER.search(text)):
            message = f"ここでは「{found[0]}」は値に置きかわりません。言葉をそのまま書いてください。"
            yield Problem(document.file, *document.place_of(path, found[0]), "unfilled", message)


def _check_twelve_digits(document: Document) -> Iterator[Problem]:
    for path, text in _all_strings(document.data, ()):
        if str(path[-1] if path else "").endswith("url"):
            continue
        if found := _TWELVE_DIGITS.search(_narrow(text)):
            written = text[found.start() : found.end()]
            message = "12けたの数字があります。マイナンバーかもしれない番号は書かないでください。"
            yield Problem(document.file, *document.place_of(path, written), "twelve-digits", message)


def _all_strings(data: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, one in data.items():
            yield from _all_strings(one, (*path, key))
    elif isinstance(data, list):
        for number, one in enumerate(data):
            yield from _all_strings(one, (*path, number))


# --- freshness ----------------------------------------------------------------


def _check_freshness(document: Document, kind: Kind, today: date) -> Iterator[Problem]:
    if kind == "facts":
        for path, written in strings_at(document.data, "sources/*/read_on"):
            if (read_on := _day(written)) is None:
                continue
            if read_on > today:
                message = f"読んだ日の「{written}」が、今日（{today}）より後です。年を確かめてください。"
                yield document.problem(path, "future", message, severity="warning")
                continue
            confirmed = _day(_text(document.data, (*path[:-1], "confirmed_by_city_on")))
            what = f"出典「{path[1]}」を{'市が確認した日' if confirmed and confirmed > read_on else '読んだ日'}"
            yield from _age(document, path, max(read_on, confirmed or read_on), FRESH_DAYS, today, what)
    elif kind == "municipality":
        verified_on = _day(_text(document.data, ("verified_on",)))
        days = _text(document.data, ("stale_after_days",)) or str(FRESH_DAYS)
        if verified_on is not None and days.isascii() and days.isdigit():
            yield from _age(document, ("verified_on",), verified_on, int(days), today, "市が内容を確認した日")


def _age(document: Document, path: Path, since: date, days: int, today: date, what: str) -> Iterator[Problem]:
    left = (since + timedelta(days=days) - today).days
    if left < 0:
        message = f"{what}から{(today - since).days}日たちました。内容を確かめて、日付を新しくしてください。"
        yield document.problem(path, "stale", message, severity="stale")
    elif left <= WARN_DAYS:
        message = f"{what}から、あと{left}日で「古い可能性」の表示になります。内容を確かめてください。"
        yield document.problem(path, "stale-soon", message, severity="stale")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None
