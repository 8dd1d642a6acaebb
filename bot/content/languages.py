"""Further languages: a file of translations that is laid over the Japanese content.

`faq/LANGUAGE.yaml` has a row per Japanese text that citizens read. Each row keeps the digest of the
Japanese it translates (`of`), so a translation whose Japanese was changed is known as stale and is not
shown: the Japanese is, with a mark. Rows are found by the text's id, else by the digest, so the same
Japanese needs to be translated only once. Nothing in such a file can stop the Japanese from serving.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2s
from typing import Any

from bot.content.model import NO_DATE
from bot.content.nodes import Document, Path
from bot.content.problems import Problem
from bot.content.schema import Kind, LanguageFile
from bot.content.secrets import asked_for, told
from bot.content.texts import PLACEHOLDER, citizen_texts, copied, strings_at
from bot.content.words import JAPANESE, is_japanese

FILE = re.compile(r"faq/(?P<language>[a-z]{2,3}(?:-[a-z]{2,8})?)\.yaml")
"""Names of language files. `faq/ja.yaml` is none: it holds the originals."""

_LETTERS = re.compile(r"[\u3041-\u30fa\u3400-\u9fff]")

READY = 0.9
"""Share of the texts from which a language is offered: a draft may lie beside the others."""


_ALSO_TRANSLATED: dict[Kind, tuple[str, ...]] = {
    "facts": ("facts/*/value", "facts/*/label", "sources/*/source_date"),
    "municipality": (
        "name",
        "phone_label",
        "operator",
        "hours",
        "offices/*/name",
        "offices/*/address",
        "offices/*/hours",
        "offices/*/notes",
        "post_offices/*/name",
        "post_offices/*/address",
        "post_offices/*/hours",
        "post_offices/*/notes",
    ),
}
"""Values that citizens read besides the texts, since they stand in them or beside them."""


@dataclass(frozen=True)
class Original:
    """A Japanese text and where it stands."""

    id: str
    text: str
    document: Document | None = field(default=None, repr=False)
    path: Path = ()

    @property
    def digest(self) -> str:
        return digest_of(self.text)


def digest_of(text: str) -> str:
    """Eight hexadecimal digits that change with the text."""
    return blake2s(text.strip().encode(), digest_size=4).hexdigest()


def originals(documents: Mapping[str, Document], kinds: Mapping[str, Kind]) -> dict[str, Original]:
    """Every text that a language file translates, by its id, in the order in which it is best read."""
    found: dict[str, Original] = {}
    for name, document in documents.items():
        for path, text in _in_order(document.data, _texts(kinds[name], document.data)):
            text_id = id_of(kinds[name], name, document.data, path)
            if is_japanese(text):
                found.setdefault(text_id, Original(text_id, text.strip(), document, path))
    for word, text in JAPANESE.items():
        found[f"words/{word}"] = Original(f"words/{word}", text)
    return found


def _texts(kind: Kind, data: Any) -> Iterator[tuple[Path, str]]:
    yield from citizen_texts(kind, data)
    for pattern in _ALSO_TRANSLATED.get(kind, ()):
        yield from ((path, text) for path, text in strings_at(data, pattern) if text != NO_DATE)


def _in_order(data: Any, texts: Iterable[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """The texts as they follow each other in the file."""

    def position(path: Path) -> Iterator[int]:
        inside = data
        for step in path:
            yield step if isinstance(step, int) else list(inside).index(step)
            inside = inside[step]

    return sorted(texts, key=lambda one: tuple(position(one[0])))


def id_of(kind: Kind, file: str, data: Any, path: Path) -> str:
    """The ids that lead to a text, by slashes; rows without an id count from 1."""
    steps: list[str] = []
    if kind == "flow":
        steps.append(file.removesuffix(".yaml"))
    elif kind == "municipality":
        steps.append("city")
    for step in path:
        data = data[step]
        own = data.get("id") if isinstance(data, dict) else None
        if isinstance(step, int):
            steps.append(own if isinstance(own, str) else str(step + 1))
        else:
            steps.append(step)
    return "/".join(steps)


class Translation:
    """The usable rows of one language file."""

    def __init__(self, file: LanguageFile, sources: Mapping[str, Original]) -> None:
        self.file = file
        self._sources = sources
        self._by_digest: dict[str, str] = {}
        for row in file.texts.values():
            if row.text is not None:
                self._by_digest.setdefault(row.of, row.text)

    def text(self, text_id: str) -> str | None:
        """The translation of the text with that id; None if there is none of its Japanese as it is now."""
        source = self._sources[text_id]
        row = self.file.texts.get(text_id)
        if row is not None and row.of == source.digest and row.text is not None:
            found: str | None = row.text
        else:
            found = self._by_digest.get(source.digest)
        return found if found is not None and names_in(found) == names_in(source.text) else None

    def without(self, ids: frozenset[str]) -> Translation:
        """The same without the rows of these ids, and without their text elsewhere."""
        own = self.file.texts
        gone = {own[text_id].text if text_id in own else self.text(text_id) for text_id in ids}
        texts = {name: row for name, row in self.file.texts.items() if row.text not in gone}
        return Translation(self.file.model_copy(update={"texts": texts}), self._sources)

    @property
    def is_ready(self) -> bool:
        """Whether so much is translated that citizens are offered the language."""
        return len(self.missing()) <= (1 - READY) * len({one.digest for one in self._sources.values()})

    def missing(self) -> tuple[Original, ...]:
        """The Japanese texts without a translation, each text once."""
        lacking: dict[str, Original] = {}
        for text_id, source in self._sources.items():
            if self.text(text_id) is None:
                lacking.setdefault(source.digest, source)
        return tuple(lacking.values())

    def is_stale(self, text_id: str) -> bool:
        """Whether there is a translation, but of what the Japanese was before."""
        row = self.file.texts.get(text_id)
        source = self._sources.get(text_id)
        return (
            row is not None
            and row.text is not None
            and source is not None
            and row.of != source.digest
            and self.text(text_id) is None
        )

    def words(self) -> dict[str, str]:
        """The program's own sentences; those without a translation are marked."""
        return {word: self.text(f"words/{word}") or self.marked(text) for word, text in JAPANESE.items()}

    def marked(self, text: str) -> str:
        """A Japanese text as it is shown where its translation is missing."""
        if not _LETTERS.search(PLACEHOLDER.sub("", text)):
            return text
        mark = self.text("words/untranslated") or JAPANESE["untranslated"]
        return mark.replace("{text}", text)

    def translated(self, kind: Kind, file: str, data: Any) -> Any:
        """A copy of a file's values in this language, with what is missing marked."""
        made = copied(data)
        for path, text in list(_texts(kind, data)):
            if not is_japanese(text):
                continue
            *parents, last = path
            holder = made
            for step in parents:
                holder = holder[step]
            found = self.text(id_of(kind, file, data, path))
            holder[last] = found or (text if kind in ("facts", "municipality") else self.marked(text))
        return made

    def typed(self, kind: Kind, data: Any) -> Any:
        """The values of a file with the words that people type in this language.

        Questions are asked in its own wordings; for choices, small talk and concepts the Japanese ones stay too.
        """
        if kind == "entries" and self.file.also_asked:
            entries = [{**row, "also_asked": self.file.also_asked.get(row["id"], ())} for row in data["entries"]]
            return {**data, "entries": entries}
        if kind == "flow":
            return {**data, "questions": [self._typed_choices(data["id"], row) for row in data["questions"]]}
        if kind == "vocabulary":
            own: dict[str, Any] = {
                "smalltalk": _with_words(data.get("smalltalk", ()), self.file.smalltalk),
                "concepts": _with_words(data.get("concepts", ()), self.file.concepts),
            }
            if self.file.also_asked:
                own |= {"out_of_scope": self.file.out_of_scope, "vague": self.file.vague}
            return {**data, **own}
        return data

    def _typed_choices(self, flow: str, question: Any) -> Any:
        choices = []
        for row in question["choices"]:
            name = f"{flow}/{question['id']}/{row['id']}"
            label = self._sources.get(f"flows/{flow}/questions/{question['id']}/choices/{row['id']}/label")
            japanese = [label.text] if label is not None and label.text != row["label"] else []
            own = (*self.file.also.get(name, ()), *self.file.also.get(row["id"], ()))
            choices.append({**row, "also": [*own, *japanese, *(row.get("also") or ())]})
        return {**question, "choices": choices}


def _with_words(rows: Any, more: Mapping[str, tuple[str, ...]]) -> list[Any]:
    return [{**row, "words": [*more.get(row["id"], ()), *row["words"]]} for row in rows]


def names_in(text: str) -> frozenset[str]:
    """The names in braces that a text uses."""
    return frozenset(PLACEHOLDER.findall(text))


SHOWN = 20
"""Missing translations told one by one; of more, only how many."""


def check_language(document: Document, translation: Translation, sources: Mapping[str, Original]) -> Iterator[Problem]:
    """What is wrong, stale or missing in a language file. None of it blocks."""
    file = translation.file
    if (found := FILE.fullmatch(document.file)) and file.language != found["language"]:
        message = f"language の「{file.language}」がファイルの名前と違います。「{found['language']}」と書いてください。"
        yield document.problem(("language",), "language-name", message, severity="translation")
    digests = {source.digest for source in sources.values()}
    for text_id, row in file.texts.items():
        at: Path = ("texts", text_id)
        source = sources.get(text_id)
        if source is None and row.of not in digests:
            message = f"「{text_id}」という文は、日本語の内容にありません。translate で消えます。"
            yield document.key_problem(at, "gone-translation", message, severity="translation")
        elif source is not None and row.text is not None and row.of != source.digest:
            if translation.is_stale(text_id):
                message = (
                    f"日本語が変わりました。訳を確かめて、of を「{source.digest}」にしてください：{_start(source.text)}"
                )
                yield document.problem((*at, "of"), "stale-translation", message, severity="translation")
        elif source is not None and row.text is not None and names_in(row.text) != names_in(source.text):
            lost = "、".join(f"{{{name}}}" for name in sorted(names_in(source.text) ^ names_in(row.text)))
            message = f"訳の {{ }} の名前が、日本語と同じではありません：{lost}"
            yield document.problem((*at, "text"), "translation-names", message, severity="translation")
    lacking = [source for source in translation.missing() if not translation.is_stale(source.id)]
    for source in lacking[:SHOWN]:
        message = f"{file.name}（{file.language}）の訳がありません：{_start(source.text)}"
        if source.id in file.texts:
            yield document.key_problem(("texts", source.id), "missing-translation", message, severity="translation")
        elif source.document is not None:
            yield source.document.problem(source.path, "missing-translation", message, severity="translation")
        else:
            yield document.problem((), "missing-translation", f"{message}（{source.id}）", severity="translation")
    if len(lacking) > SHOWN:
        message = f"訳のない文が、ほかに{len(lacking) - SHOWN}あります（translate {file.language} --todo）。"
        yield document.problem((), "missing-translation", message, severity="translation")


_SAID_BY_CITIZENS = ("/question", "/short")
"""Ends of the ids of texts in which a citizen speaks, and may ask: 「暗証番号を教えてほしい」."""


def asking(document: Document, file: LanguageFile) -> dict[str, Problem]:
    """The translations that ask citizens for a secret, by the text's id. They are not shown."""
    found: dict[str, Problem] = {}
    for text_id, row in file.texts.items():
        if row.text is None or text_id.endswith(_SAID_BY_CITIZENS):
            continue
        for sentence in asked_for(row.text, file.language):
            place = ("texts", text_id, "text")
            found[text_id] = document.problem(place, "asks-secret", told(sentence), severity="translation")
    return found


def _start(text: str) -> str:
    first = text.split("\n")[0]
    return f"「{first[:30]}…」" if len(first) > 30 or "\n" in text else f"「{first}」"
