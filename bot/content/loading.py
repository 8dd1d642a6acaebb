"""The content folder to one immutable Content, or to all its Problems at once.

Reading goes in four steps: the files to Documents (`nodes.py`), the placeholders filled
(`texts.py`), the values to typed models (`model.py`), and what types cannot say checked
(`checks.py`). Every file is read exactly once, so the digest is of what was loaded. Nothing
here knows the clock: who wants to hear of old sources passes `today`.
"""

from __future__ import annotations

import hashlib
import os.path
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.content import checks, easy, languages, plain
from bot.content.fixing import respelt, with_fixes
from bot.content.languages import Original, Translation
from bot.content.model import BadCondition, Content, Flow, Notice, PlainLanguage, Typed, Vocabulary
from bot.content.municipality import Municipality
from bot.content.nodes import Document, Path, read
from bot.content.problems import BrokenContent, Problem
from bot.content.schema import (
    MODELS,
    EntriesFile,
    FactsFile,
    Kind,
    LanguageFile,
    NoticesFile,
    SituationsFile,
    all_keys,
    keys_at,
)
from bot.content.texts import Names, filled, strings_at
from bot.content.words import Words

ENTRIES = "faq/ja.yaml"
SITUATIONS = "faq/situations.yaml"
FACTS = "faq/facts.yaml"
MUNICIPALITY = "faq/municipality.yaml"
NOTICES = "faq/notices.yaml"
VOCABULARY = "faq/vocabulary.yaml"
PLAIN = "faq/plain.yaml"
RETIRED = "flows/retired.txt"


Unsaved = Mapping[str, bytes]
"""Edited files by the name that Problems give them: they are read instead of those on disk."""


def load(root: FilePath, municipality: FilePath | None = None, *, unsaved: Unsaved = MappingProxyType({})) -> Content:
    """The content of the folder `root`, which holds `faq/` and `flows/`.

    `municipality` is the file with the city's settings; without it `faq/municipality.yaml`, if
    there is one. Raises BrokenContent with every error, sorted.
    """
    content, problems = _judge(_Folder.read(root, municipality, unsaved), None)
    if content is None:
        raise BrokenContent(tuple(problem for problem in problems if problem.severity == "error"))
    return content


def inspect(
    root: FilePath, municipality: FilePath | None = None, *, today: date, unsaved: Unsaved = MappingProxyType({})
) -> tuple[Content | None, tuple[Problem, ...]]:
    """The content and everything there is to say about it: errors, warnings, advice, stale sources.

    There is no Content if one of the Problems is an error.
    """
    folder = _Folder.read(root, municipality, unsaved)
    content, problems = _judge(folder, today)
    return content, with_fixes(problems, folder.raw, folder.kinds)


def paths(root: FilePath, municipality: FilePath | None = None) -> dict[str, FilePath]:
    """Where each file that is read stands, by the name that Problems give it."""
    return {name: path for name, path, _ in _files(root, municipality)}


def load_languages(
    root: FilePath, municipality: FilePath | None = None
) -> tuple[dict[str, Original], dict[str, LanguageFile]]:
    """Every text that language files translate, and those files as far as they can be read, by language."""
    folder = _Folder.read(root, municipality)
    files = {name: file for name, document in folder.languages.items() if (file := _language_file(document)[0])}
    return languages.originals(folder.documents, folder.kinds), files


def load_notices(
    root: FilePath, municipality: FilePath | None = None
) -> tuple[tuple[Notice, ...], tuple[Problem, ...]]:
    """The urgent notices alone, whatever state the other files are in, and the mistakes of notices.yaml.

    Each notice stands for itself: one with a mistake does not hold back the next.
    """
    folder = _Folder.read(root, municipality)
    names = folder.names()
    document = folder.documents.get(NOTICES)
    problems = [problem for problem in folder.problems if problem.file == NOTICES]
    if document is None or not document.sound or document.data is None:
        return (), tuple(problems)
    problems += checks.check_texts(document, "notices", names if folder.complete(FACTS) else None)
    data = filled("notices", document.data, names)
    _, mistakes = _validated(NoticesFile, document, data)
    rows = data.get("notices") if isinstance(data, dict) else None
    notices: list[Notice] = []
    for row in rows if isinstance(rows, list) else []:
        try:
            notices.append(Notice.model_validate(row))
        except ValidationError:
            continue
    return tuple(notices), tuple(sorted({*problems, *mistakes}))


# --- the files ----------------------------------------------------------------


@dataclass(frozen=True)
class _Folder:
    """The files as they are: bytes read once, Documents, and the mistakes of their writing."""

    documents: dict[str, Document]
    kinds: dict[str, Kind]
    retired: dict[str, int]
    problems: tuple[Problem, ...]
    digest: str
    raw: dict[str, bytes] = field(repr=False)
    languages: dict[str, Document] = field(default_factory=dict)
    """Files of translations, by the id of their language. Their mistakes never block."""

    @classmethod
    def read(cls, root: FilePath, municipality: FilePath | None, unsaved: Unsaved = MappingProxyType({})) -> _Folder:
        documents: dict[str, Document] = {}
        kinds: dict[str, Kind] = {}
        retired: dict[str, int] = {}
        problems: list[Problem] = []
        raws: dict[str, bytes] = {}
        translations: dict[str, Document] = {}
        digest = hashlib.sha256()
        known_keys = all_keys()
        files = _files(root, municipality)
        if municipality is None and MUNICIPALITY in unsaved and not (root / MUNICIPALITY).exists():
            files.append((MUNICIPALITY, root / MUNICIPALITY, "municipality"))
        for name, path, kind in files:
            try:
                raw = unsaved[name] if name in unsaved else path.read_bytes()
            except FileNotFoundError:
                if name in (ENTRIES, FACTS) or kind == "municipality":
                    problems.append(Problem(name, 1, 1, "no-file", "このファイルがありません。"))
                continue
            except OSError as error:
                message = f"このファイルを開けません（{error.strerror}）。"
                problems.append(Problem(name, 1, 1, "no-file", message))
                continue
            raws[name] = raw
            digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
            if kind is None:
                retired, mistakes = _read_retired(name, raw)
            elif kind == "language":
                translations[path.stem], mistakes = read(name, raw, known_keys)
                mistakes = [_of_translation(mistake) for mistake in mistakes]
            else:
                documents[name], mistakes = read(name, raw, known_keys)
                kinds[name] = kind
                if documents[name].sound and documents[name].data is None and kind not in ("municipality", "notices"):
                    mistakes.append(Problem(name, 1, 1, "empty-file", "このファイルには何も書かれていません。"))
            problems += mistakes
        problems += [
            Problem(
                path.relative_to(root).as_posix(), 1, 1, "extension", "ファイルの名前の終わりを .yaml にしてください。"
            )
            for folder in ("faq", "flows")
            for path in sorted((root / folder).glob("*.yml"))
        ]
        return cls(documents, kinds, retired, tuple(problems), digest.hexdigest(), raws, translations)

    def complete(self, name: str) -> bool:
        """Whether the file could be read to its end, so that what it lacks is really missing."""
        return name in self.documents and self.documents[name].whole

    def municipality(self) -> Municipality:
        """The settings if they are clean, else those of no city."""
        for name, kind in self.kinds.items():
            document = self.documents[name]
            if kind == "municipality" and document.sound and document.data is not None:
                made, _ = _validated(Municipality, document, document.data)
                return made if isinstance(made, Municipality) else Municipality()
        return Municipality()

    def names(self) -> Names:
        """What placeholders stand for, as far as it can be read."""
        document = self.documents.get(FACTS)
        return Names(_facts(document.data if document else None), self.municipality())


def _facts(data: Any) -> dict[str, str]:
    return {str(path[1]): value for path, value in strings_at(data, "facts/*/value")}


def _of_translation(problem: Problem) -> Problem:
    return replace(problem, severity="translation")


def _files(root: FilePath, municipality: FilePath | None) -> list[tuple[str, FilePath, Kind | None]]:
    files: list[tuple[str, FilePath, Kind | None]] = [
        (ENTRIES, root / ENTRIES, "entries"),
        (FACTS, root / FACTS, "facts"),
        (NOTICES, root / NOTICES, "notices"),
        (VOCABULARY, root / VOCABULARY, "vocabulary"),
        (PLAIN, root / PLAIN, "plain"),
        (RETIRED, root / RETIRED, None),
    ]
    if (root / SITUATIONS).exists():
        files.append((SITUATIONS, root / SITUATIONS, "situations"))
    if municipality is not None:
        inside = os.path.relpath(municipality, root)
        name = municipality.name if inside.startswith("..") else FilePath(inside).as_posix()
        files.append((name, municipality, "municipality"))
    elif (root / MUNICIPALITY).exists():
        files.append((MUNICIPALITY, root / MUNICIPALITY, "municipality"))
    files += [(f"flows/{path.name}", path, "flow") for path in sorted((root / "flows").glob("*.yaml"))]
    files += [
        (f"faq/{path.name}", path, "language")
        for path in sorted((root / "faq").glob("*.yaml"))
        if f"faq/{path.name}" != ENTRIES and languages.FILE.fullmatch(f"faq/{path.name}")
    ]
    return files


def _read_retired(name: str, raw: bytes) -> tuple[dict[str, int], list[Problem]]:
    """The retired choices with the line each stands on."""
    retired: dict[str, int] = {}
    problems: list[Problem] = []
    for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) == 3 and all(re.fullmatch(r"[a-z][a-z0-9-]*", word) for word in words):
            retired[" ".join(words)] = number
        else:
            message = "「案内の id 質問の id 選択肢の id」の3つを、空白で区切って書いてください。"
            problems.append(Problem(name, number, 1, "retired", message))
    return retired, problems


# --- values to models -------------------------------------------------------


def _judge(folder: _Folder, today: date | None) -> tuple[Content | None, tuple[Problem, ...]]:
    problems = list(folder.problems)
    names = folder.names()
    made: dict[str, BaseModel | None] = {}
    for name, document in folder.documents.items():
        if document.sound and document.data is not None:
            kind = folder.kinds[name]
            made[name], mistakes = _validated(MODELS[kind], document, filled(kind, document.data, names))
            problems += mistakes
    problems += checks.check(folder.documents, folder.kinds, names, today)
    rules = made.get(PLAIN)
    if today is not None and isinstance(rules, PlainLanguage):  # who only loads reads no advice
        problems += plain.check(folder.documents, folder.kinds, names, rules)
    problems += checks.check_retired(RETIRED, folder.retired, folder.documents, folder.kinds)
    found = tuple(sorted(_told_once([_of_advice(problem) for problem in problems])))
    if any(problem.severity == "error" for problem in found):
        return None, found
    content = _content(folder, made)
    translations, more = _translations(folder, rules if isinstance(rules, PlainLanguage) else None, today)
    content = content.model_copy(update={"translations": translations})
    return content, tuple(sorted({*found, *more}))


def _translations(
    folder: _Folder, rules: PlainLanguage | None, today: date | None
) -> tuple[dict[str, Content], list[Problem]]:
    """The content in each further language, and what is wrong with their files; less of it without `today`."""
    sources = languages.originals(folder.documents, folder.kinds)
    made: dict[str, Content] = {}
    problems: list[Problem] = []
    for language, document in folder.languages.items():
        file, mistakes = _language_file(document)
        problems += map(_of_translation, mistakes)
        if file is None:
            continue
        translation = Translation(file, sources)
        if today is not None:  # who only loads reads no advice
            problems += languages.check_language(document, translation, sources)
            if language.startswith("ja-") and rules is not None and rules.easy is not None:
                problems += easy.check_easy(document, file, rules.easy)
        if asking := languages.asking(document, file):
            problems += asking.values()
            translation = translation.without(frozenset(asking))
        content, mistakes = _in_language(folder, language, document, translation)
        problems += map(_of_translation, mistakes)
        if content is not None and translation.is_ready:
            made[language] = content
    return made, problems


def _language_file(document: Document) -> tuple[LanguageFile | None, list[Problem]]:
    """The rows of a language file that are in form: each stands for itself."""
    if not isinstance(document.data, dict):
        return None, []
    data = document.data
    file, mistakes = _validated(LanguageFile, document, data)
    if file is None:
        bad = {location[:2] for one in _mistakes(LanguageFile, data) if len(location := one["loc"]) >= 2}
        whole = {location[0] for one in _mistakes(LanguageFile, data) if len(location := one["loc"]) == 1}
        data = {
            key: {name: row for name, row in rows.items() if (key, name) not in bad} if isinstance(rows, dict) else rows
            for key, rows in data.items()
            if key not in whole
        }
        file, _ = _validated(LanguageFile, document, data)
    return (file if isinstance(file, LanguageFile) else None), mistakes


def _mistakes(model: type[BaseModel], data: Any) -> list[Any]:
    try:
        model.model_validate(data)
    except ValidationError as error:
        return list(error.errors(include_url=False))
    return []


def _in_language(
    folder: _Folder, language: str, document: Document, translation: Translation
) -> tuple[Content | None, list[Problem]]:
    """The content with its texts replaced; a translation that does not fit where it belongs is left out."""
    words = Words(translation.words())

    def values(name: str) -> Any:
        return translation.translated(folder.kinds[name], name, folder.documents[name].data)

    written = [name for name, one in folder.documents.items() if one.data is not None]
    cities = [values(name) for name in written if folder.kinds[name] == "municipality"]
    city = Municipality.model_validate(cities[0]) if cities else Municipality()
    names = Names(_facts(values(FACTS)), city, words)
    made: dict[str, BaseModel | None] = {}
    unfit: dict[str, Problem] = {}
    for name in written:
        kind, original = folder.kinds[name], folder.documents[name]
        if kind in ("situations", "plain"):  # those are about Japanese
            continue
        ready = filled(kind, translation.typed(kind, values(name)), names)
        made[name], _ = _validated(MODELS[kind], original, ready)
        for mistake in _mistakes(MODELS[kind], ready) if made[name] is None else []:
            text_id = languages.id_of(kind, name, original.data, _known(original, mistake["loc"]))
            told = _problem(MODELS[kind], original, mistake)
            unfit[text_id] = document.problem(("texts", text_id, "text"), told.rule, told.message)
    if unfit:
        rest = translation.without(frozenset(unfit))
        if len(rest.file.texts) == len(translation.file.texts):  # it is no text that is unfit
            return None, list(unfit.values())
        content, more = _in_language(folder, language, document, rest)
        return content, [*unfit.values(), *more]
    content = _content(folder, made)
    typed = Typed(steering=translation.file.steering, own_questions=bool(translation.file.also_asked))
    spoken = {"language": language, "language_name": translation.file.name, "words": words}
    return content.model_copy(update={**spoken, "municipality": city, "typed": typed}), []


def _of_advice(problem: Problem) -> Problem:
    """A mistake in the rules of plain language is never more than a warning: advice holds nothing back."""
    return replace(problem, severity="warning") if (problem.file, problem.severity) == (PLAIN, "error") else problem


def _told_once(problems: list[Problem]) -> set[Problem]:
    """Without the second of two errors at the same place: the first found is the plainer one."""
    told: dict[tuple[str, int, int, str], Problem] = {}
    for problem in problems:
        kind = problem.rule if problem.severity == "plain" else problem.severity  # two pieces of advice are two
        told.setdefault((problem.file, problem.line, problem.column, kind), problem)
    return set(told.values())


def _content(folder: _Folder, made: dict[str, BaseModel | None]) -> Content:
    entries, facts = made[ENTRIES], made[FACTS]
    assert isinstance(entries, EntriesFile)
    assert isinstance(facts, FactsFile)
    notices, vocabulary, situations = made.get(NOTICES), made.get(VOCABULARY), made.get(SITUATIONS)
    flows = [one for name, one in made.items() if folder.kinds[name] == "flow"]
    return Content(
        entries=entries.entries,
        groups=entries.groups,
        start=entries.start,
        facts=facts.facts,
        sources=facts.sources,
        vocabulary=vocabulary if isinstance(vocabulary, Vocabulary) else Vocabulary(),
        situations=situations.situations if isinstance(situations, SituationsFile) else {},
        flows={flow.id: flow for flow in flows if isinstance(flow, Flow)},
        municipality=folder.municipality(),
        notices=notices.notices if isinstance(notices, NoticesFile) else (),
        retired=frozenset(folder.retired),
        digest=folder.digest,
    )


def _validated(model: type[BaseModel], document: Document, data: Any) -> tuple[BaseModel | None, list[Problem]]:
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        # A misspelt key is one mistake, though pydantic also misses the right one.
        misspelt = {
            (*location, checks.nearest(str(key), keys_at(model, _known(document, location))))
            for *location, key in (one["loc"] for one in mistakes if one["type"] == "extra_forbidden")
        }
        return None, [
            _problem(model, document, one) for one in mistakes if one["type"] != "missing" or one["loc"] not in misspelt
        ]


def _problem(model: type[BaseModel], document: Document, details: Any) -> Problem:
    """A Problem in Japanese from one of pydantic's errors."""
    kind: str = details["type"]
    context: dict[str, Any] = details.get("ctx", {})
    location: tuple[str | int, ...] = details["loc"]
    path = _known(document, location)
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), document.file)
    written = details["input"] if isinstance(details["input"], str) else None

    if kind == "missing":
        key = str(location[-1])
        if (*path, key) in document.keys or (path and path[-1] == key):
            at = path if path and path[-1] == key else (*path, key)
            return document.key_problem(at, "empty", f"「{key}」が空です。内容を書いてください。")
        return document.problem(path, "missing", f"「{key}」がありません。「{key}: …」の行を書いてください。")
    if kind == "extra_forbidden":
        key = str(location[-1])
        known = keys_at(model, path[:-1])
        hint = checks.nearest(key, known)
        message = f"「{key}」という項目はありません。"
        if hint:
            message += f"「{hint}」のまちがいではありませんか。"
        elif len(known) <= 12:
            message += f"書けるのは {'、'.join(known)} です。"
        else:
            message += "この行を消すか、項目の名前を確かめてください。"
        line, column = document.key_place(path)
        used = {str(step) for *parent, step in document.keys if tuple(parent) == path[:-1]}
        fix = respelt(document.lines[line - 1], column, key, known, used)
        return document.key_problem(path, "unknown-key", message, fix=fix)
    if kind == "value_error":
        reason = context["error"]
        if isinstance(reason, BadCondition):
            return document.key_problem(_known(document, (*path, *reason.path)), "when", f"{reason}。")
        return document.problem(path, "value", f"「{name}」：{reason}。")
    if details["input"] is None:
        return document.problem(path, "empty", f"「{name}」に空の行があります。内容を書くか、行を消してください。")
    if kind == "string_too_short":
        return document.problem(path, "empty", f"「{name}」が空です。内容を書いてください。")
    if kind == "string_too_long":
        length = len(written or "")
        message = f"「{name}」が長すぎます（{length}字）。{context['max_length']}字までにしてください。"
        return document.problem(path, "too-long", message)
    if kind == "string_pattern_mismatch":
        if context["pattern"].startswith("^\\d"):
            message = f"「{name}」の「{written}」は使えません。半角の数字だけで、5桁か6桁で書いてください。"
        else:
            message = (
                f"id の「{written}」は使えません。半角の英小文字で始め、英小文字・数字・ハイフンだけで書いてください。"
            )
        return document.problem(path, "id", message)
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        hint = checks.nearest(written or "", choices)
        message = f"「{name}」に「{written}」は使えません。使えるのは {'、'.join(choices)} です。"
        return document.problem(path, "value", message + (f"「{hint}」のまちがいではありませんか。" if hint else ""))
    if kind.startswith("date"):
        return document.problem(path, "date", f"「{written}」という日付はありません。2026-11-22 の形で書いてください。")
    if kind in ("int_parsing", "int_type", "float_parsing", "float_type"):
        return document.problem(path, "number", f"「{name}」には半角の数字を書いてください（今は「{written}」）。")
    if kind in ("tuple_type", "list_type"):
        return document.problem(path, "list", f"「{name}」は、「- 」で始まる行を並べて書いてください。")
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return document.problem(path, "mapping", f"「{name}」には「項目: 値」の形で書いてください。")
    if kind == "string_type":
        message = f"「{name}」には文を1つ書いてください。"
        if isinstance(details["input"], dict):
            message = (
                f'「{name}」が文として読めません。{{ }} や「: 」を文に使うときは、文全体を引用符「"」で囲んでください。'
            )
        return document.problem(path, "text", message)
    return document.problem(path, "value", f"「{name}」の書き方が正しくありません。")


def _known(document: Document, location: Iterable[str | int]) -> Path:
    """The part of pydantic's location that the file has: it also names variants of a type."""
    path: Path = ()
    for step in location:
        if (*path, step) in document.values:
            path = (*path, step)
    return path
