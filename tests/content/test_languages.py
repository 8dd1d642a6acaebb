"""Language files: what they translate, what is wrong with them, and that they never stop the Japanese."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.easy import check_easy
from bot.content.languages import digest_of
from bot.content.loading import inspect, load, load_languages
from bot.content.model import Content, EasyLimits
from bot.content.nodes import read
from bot.content.problems import Problem
from bot.content.schema import LanguageFile, all_keys
from bot.content.translating import todo
from bot.content.words import JAPANESE
from bot.settings import PROJECT

TODAY = date(2026, 11, 23)
GOOD = Path(__file__).parent / "good"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small content whose every text has the translation «id»."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    originals, _ = load_languages(tmp_path)
    rows = [_row(one.id, one.digest, _translation(one.id, one.text)) for one in originals.values()]
    (tmp_path / "faq" / "en.yaml").write_text("language: en\nname: English\ntexts:\n" + "".join(rows), "utf-8")
    return tmp_path


def _translation(text_id: str, text: str) -> str:
    names = "".join(text[at : text.index("}", at) + 1] for at in range(len(text)) if text[at] == "{")
    return f"<{text_id[-18:]}>{names}".replace("<", "").replace(">", "")


def _row(text_id: str, digest: str, text: str) -> str:
    return f'  {text_id}:\n    of: "{digest}"\n    text: "{text}"\n'


def english(root: Path) -> Content:
    return load(root).translations["en"]


def problems(root: Path) -> list[Problem]:
    content, found = inspect(root, today=TODAY)
    assert content is not None, "a language file never stops the Japanese"
    return [problem for problem in found if problem.severity == "translation"]


def edit(root: Path, old: str, new: str, file: str = "faq/en.yaml") -> None:
    path = root / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def first_question(root: Path) -> str:
    return load(root).entries[0].question


def test_a_whole_language_file_has_no_problem_and_translates_every_text(root: Path) -> None:
    assert problems(root) == []
    content = english(root)
    assert (content.language, content.language_name) == ("en", "English")
    assert content.entries[0].question == f"entries/{content.entries[0].id}/question"[-18:]
    assert content.words("button.back") == "words/button.back"[-18:]
    assert [entry.id for entry in content.entries] == [entry.id for entry in load(root).entries]


def test_what_was_translated_from_other_japanese_is_not_shown(root: Path) -> None:
    question = first_question(root)
    edit(root, digest_of(question), digest_of("前の日本語"))
    (found,) = problems(root)
    assert (found.rule, found.file) == ("stale-translation", "faq/en.yaml")
    assert "of:" in (root / "faq/en.yaml").read_text("utf-8").split("\n")[found.line - 1]
    assert english(root).entries[0].question.endswith(question)
    assert english(root).entries[0].question != question, "it is marked"


def test_changed_japanese_makes_its_translation_stale(root: Path) -> None:
    question = first_question(root)
    edit(root, question, question + "（新しい）", "faq/ja.yaml")
    assert [problem.rule for problem in problems(root)] == ["stale-translation"]


def test_the_same_japanese_needs_one_translation(root: Path) -> None:
    question = first_question(root)
    edit(root, f"entries/{load(root).entries[0].id}/question:", "entries/moved-away/question:")
    assert problems(root) == []
    assert english(root).entries[0].question != question


def test_a_missing_translation_is_told_where_its_japanese_stands(root: Path) -> None:
    question = first_question(root)
    edit(root, f'    of: "{digest_of(question)}"\n    text: "', '    of: "00000000"\n    text: "')
    edit(root, f"entries/{load(root).entries[0].id}/question:", "entries/nothing/question:")
    found = {problem.rule: problem for problem in problems(root)}
    assert set(found) == {"missing-translation", "gone-translation"}
    missing = found["missing-translation"]
    assert missing.file == "faq/ja.yaml"
    assert question in (root / "faq/ja.yaml").read_text("utf-8").split("\n")[missing.line - 1]


def test_a_translation_must_use_the_same_names(root: Path) -> None:
    original = next(one for one in load_languages(root)[0].values() if "{" in one.text)
    text = _translation(original.id, original.text)
    edit(root, f'    of: "{original.digest}"\n    text: "{text}"', f'    of: "{original.digest}"\n    text: "nothing"')
    rules = {problem.rule for problem in problems(root)}
    assert "translation-names" in rules
    assert english(root).language == "en"


@pytest.mark.parametrize(
    ("old", "new"),
    [("language: en", "language: fr"), ("name: English\n", ""), ("texts:\n", "texts: [\n"), ("    of: ", "    off: ")],
)
def test_a_mistake_in_a_language_file_is_told_and_blocks_nothing(root: Path, old: str, new: str) -> None:
    edit(root, old, new)
    assert problems(root)


def test_a_translation_that_does_not_fit_is_left_out_alone(root: Path) -> None:
    question = first_question(root)
    text = _translation(f"entries/{load(root).entries[0].id}/question", question)
    edit(root, f'text: "{text}"', f'text: "{"x" * 500}"')
    assert [problem.rule for problem in problems(root)] == ["too-long"]
    assert english(root).entries[0].question.endswith(question)


def test_a_translation_that_asks_for_a_secret_is_told_and_not_shown(root: Path) -> None:
    entry = load(root).entries[0]
    original = load_languages(root)[0][f"entries/{entry.id}/answer"]
    text = _translation(original.id, original.text)
    edit(root, f'text: "{text}"', f'text: "Please tell us your PIN. {text}"')
    assert [problem.rule for problem in problems(root)] == ["asks-secret"]
    assert "再設定は" in english(root).entries[0].answer, "the Japanese, marked"


def test_a_draft_is_not_offered(root: Path) -> None:
    text = (root / "faq/en.yaml").read_text("utf-8")
    (root / "faq/en.yaml").write_text(text[: text.index("words/date.")], "utf-8")
    assert load(root).translations == {}


def test_words_that_people_type_are_added_to_the_japanese_ones(root: Path) -> None:
    content = load(root)
    flow = content.flows["recover"]
    question, choice = flow.questions[0], flow.questions[0].choices[0]
    entry = content.entries[0].id
    also = f"also:\n  recover/{question.id}/{choice.id}: [me]\n  unknown: [dunno]\n"
    more = f"also_asked:\n  {entry}: [first wording]\n{also}"
    path = root / "faq/en.yaml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    translated = english(root)
    typed = translated.flows["recover"].questions[0].choices[0].also
    assert typed[0] == "me"
    assert choice.label in typed
    assert set(choice.also) <= set(typed)
    assert translated.entries[0].also_asked == ("first wording",)
    assert translated.typed.own_questions


def test_translate_writes_every_text_once_and_keeps_what_is_translated(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAINAKAGI_CONTENT", str(root))
    assert main(["translate", "en"]) == 0
    assert problems(root) == []
    before = (root / "faq/en.yaml").read_bytes()
    assert main(["translate", "en"]) == 0
    assert (root / "faq/en.yaml").read_bytes() == before
    assert f"# {first_question(root)}" in before.decode()

    assert main(["translate", "zh", "--name", "中文"]) == 0
    originals, files = load_languages(root)
    distinct = {one.digest for one in originals.values()}
    assert len(todo(files["zh"], originals)) == len(distinct)
    capsys.readouterr()
    assert main(["translate", "zh", "--todo"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == len(distinct)


def test_translations_are_taken_in_and_stamped(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINAKAGI_CONTENT", str(root))
    entry = load(root).entries[0]
    edit(root, entry.question, "新しい質問です", "faq/ja.yaml")
    assert [problem.rule for problem in problems(root)] == ["stale-translation"]
    assert main(["translate", "en", "--stamp", f"entries/{entry.id}/question"]) == 0
    assert problems(root) == []
    filling = tmp_path / "more.yaml"
    filling.write_text(f'entries/{entry.id}/question: "A new question"\n', "utf-8")
    assert main(["translate", "en", "--fill", str(filling)]) == 0
    assert english(root).entries[0].question == "A new question"
    filling.write_text('entries/nothing/question: "?"\n', "utf-8")
    assert main(["translate", "en", "--fill", str(filling)]) == 3


def test_strict_check_counts_missing_translations(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINAKAGI_CONTENT", str(root))
    edit(root, digest_of(first_question(root)), "00000000")
    assert main(["check"]) == 0
    assert main(["check", "--strict"]) == 1


def test_the_shipped_languages_are_whole() -> None:
    _, found = inspect(PROJECT, today=TODAY)
    assert [problem for problem in found if problem.severity == "translation"] == []


def test_every_word_of_the_program_is_used_and_every_used_one_exists() -> None:
    used = "\n".join(
        path.read_text("utf-8")
        for pattern in ("*.py", "*.html", "*.typ", "*.js")
        for path in sorted((PROJECT / "bot").rglob(pattern))
        if path.name != "words.py"
    )
    made = tuple(re.findall(r"""\b(?:_?say|words|w)\(\s*f["']([a-z0-9.-]+)\{""", used))
    asked_for = re.findall(r"""\b(?:_?say|words|w)\(\s*["']([a-z0-9.-]+)["']""", used)
    assert len(asked_for) > 100
    assert set(asked_for) <= set(JAPANESE)
    assert not [name for name in JAPANESE if f'"{name}"' not in used and not name.startswith(made)]


EASY = EasyLimits(sentence=30, average=24, words=("窓口", "役所"))


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("窓口（まどぐち）へ 行ってください。窓口で 話します。", []),
        ("窓口へ行ってください。", ["easy-reading"]),
        ("「窓口へ行きたい」と言います。数字（役所用）です。", []),
        ("あ" * 30 + "。", ["easy-average"]),
        ("あ" * 31 + "。" + "い。" * 5, ["easy-sentence"]),
        ("あ" * 26 + "{city.phone}。" + "い。" * 5, []),
        ("あ" * 26 + "（" + "い" * 20 + "）。" + "い。" * 5, []),
        ("あ " * 30 + "。" + "い。" * 5, []),
    ],
)
def test_easy_japanese_has_short_sentences_and_readings(text: str, rules: list[str]) -> None:
    raw = f'texts:\n  entries/a/answer:\n    of: "00000000"\n    text: "{text}"\n'.encode()
    document, _ = read("faq/ja-easy.yaml", raw, all_keys())
    file = LanguageFile.model_validate({"language": "ja-easy", "name": "やさしい日本語", **document.data})
    assert [problem.rule for problem in check_easy(document, file, EASY)] == rules
