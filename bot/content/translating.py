"""Writing the file of a further language: `python -m bot translate`.

The file is always written whole, in the order of the originals, the Japanese beside each row as a
comment, so that a translator sees what there is to translate. Rows whose Japanese is gone are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from pydantic import ValidationError

from bot.content.languages import Original, Translation, names_in
from bot.content.nodes import read
from bot.content.schema import LanguageFile, Translated, all_keys

CHANGED = "日本語が変わりました。訳を直し、of を {digest} にしてください。"

_HEAD = """\
# {name}（{language}）の訳です。書き方は docs/languages.md にあります。
#
#   texts … 文ごとに、of（もとの日本語のしるし）と text（訳）。# の行は今の日本語です
#   {{ }} の名前は、日本語と同じものを、訳にもそのまま書きます
#   `python -m bot translate {language}` で、足りない行がふえ、要らない行が消えます
"""


class NoSuchText(Exception):
    """An id or a file of translations that fits no text; the message is for the translator."""


def new(language: str, name: str) -> LanguageFile:
    """A language with nothing translated yet. Raises NoSuchText if that can be no language."""
    try:
        return LanguageFile(language=language, name=name)
    except ValidationError as error:
        raise NoSuchText(
            f"「{language}」は言語の記号として使えません。en や ja-easy のように書いてください。"
        ) from error


def todo(file: LanguageFile, originals: Mapping[str, Original]) -> list[str]:
    """A line for each text without a translation that fits: its id, whether it is stale, and the Japanese."""
    translation = Translation(file, originals)
    return [
        f"{one.id}\t{'古い' if translation.is_stale(one.id) else '未訳'}\t{json.dumps(one.text, ensure_ascii=False)}"
        for one in translation.missing()
    ]


def filled_from(file: LanguageFile, raw: bytes, originals: Mapping[str, Original]) -> LanguageFile:
    """The file with the translations of a YAML mapping, text id to text. Raises NoSuchText."""
    document, problems = read("", raw, all_keys())
    data = document.data
    if problems or not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        where = f"（{problems[0].line}行目）" if problems else ""
        raise NoSuchText(f"「文の id: 訳」を並べた YAML として読めません{where}。")
    texts = dict(file.texts)
    for text_id, text in data.items():
        original = _original(text_id, originals)
        if names_in(text) != names_in(original.text):
            raise NoSuchText(f"「{text_id}」の訳の {{ }} の名前が、日本語と同じではありません。")
        texts[text_id] = Translated(of=original.digest, text=text)
    return file.model_copy(update={"texts": texts})


def stamped(file: LanguageFile, ids: Iterable[str], originals: Mapping[str, Original]) -> LanguageFile:
    """The file with these translations confirmed for today's Japanese. Raises NoSuchText."""
    texts = dict(file.texts)
    for text_id in ids:
        if text_id not in texts:
            raise NoSuchText(f"「{text_id}」の訳はありません。")
        texts[text_id] = Translated(of=_original(text_id, originals).digest, text=texts[text_id].text)
    return file.model_copy(update={"texts": texts})


def _original(text_id: str, originals: Mapping[str, Original]) -> Original:
    if text_id not in originals:
        raise NoSuchText(f"「{text_id}」という文は、日本語の内容にありません。")
    return originals[text_id]


def written(file: LanguageFile, originals: Mapping[str, Original]) -> str:
    """The text of the language file: every Japanese text once, with its translation if there is one."""
    lines = [
        _HEAD.format(name=file.name, language=file.language),
        f"language: {file.language}",
        f"name: {_scalar(file.name)}",
        "",
    ]
    lines += ["texts:", *_rows(file, originals)]
    for title, key, said in (
        ("この言語での質問の言い方（答えの id: 言い方）", "also_asked", file.also_asked),
        ("選択肢のかわりに打たれそうな言い方（案内/質問/選択肢: 言い方）", "also", file.also),
        ("「戻る」「やめる」などの言い方", "steering", file.steering),
        ("あいさつなどの言い方（faq/vocabulary.yaml の smalltalk の id: 言い方）", "smalltalk", file.smalltalk),
        ("ものの名前の言い方（faq/vocabulary.yaml の concepts の id: 言い方）", "concepts", file.concepts),
    ):
        if said:
            lines += ["", f"# {title}", f"{key}:"]
            for name, words in said.items():
                lines += [f"  {name}:", *(f"    - {_scalar(word)}" for word in words)]
    for title, key, examples in (
        ("このボットでは答えない質問の例", "out_of_scope", file.out_of_scope),
        ("あいまいで、選択肢を出して聞き返す言い方の例", "vague", file.vague),
    ):
        if examples:
            lines += ["", f"# {title}", f"{key}:", *(f"  - {_scalar(one)}" for one in examples)]
    return "\n".join(lines) + "\n"


def _rows(file: LanguageFile, originals: Mapping[str, Original]) -> Iterator[str]:
    translation = Translation(file, originals)
    seen: set[str] = set()
    part = ""
    for one in originals.values():
        row = file.texts.get(one.id)
        if one.digest in seen and (row is None or row.text is None):
            continue  # the same Japanese has its row above
        seen.add(one.digest)
        top = _part(one.id)
        if top != part:
            part = top
            yield f"\n  # --- {part} ---"
        yield ""
        if translation.is_stale(one.id):
            yield f"  # {CHANGED.format(digest=one.digest)}"
        yield from (f"  # {line}" for line in one.text.split("\n"))
        text = row.text if row is not None and row.text is not None else translation.text(one.id)
        of = row.of if row is not None and row.text is not None else one.digest
        yield f"  {one.id}:"
        yield f'    of: "{of}"'
        yield f"    text: {_scalar(text or '', indent=6)}" if text else "    text:"


def _part(text_id: str) -> str:
    """The part of the content that an id belongs to: a whole answer, question or route stays together."""
    steps = text_id.split("/")
    return "/".join(steps[: 4 if steps[0] == "flows" else 2]) if len(steps) > 2 else steps[0]


def _scalar(text: str, *, indent: int = 0) -> str:
    if "\n" not in text:
        return json.dumps(text, ensure_ascii=False)
    blank = " " * indent
    return "|-\n" + "\n".join(f"{blank}{line}" if line else "" for line in text.split("\n"))
