"""The packed dictionary is the installed one in less memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sudachipy import Dictionary, SplitMode

from bot.matching import dictionary
from bot.settings import PROJECT

TEXTS = [
    line.strip()
    for name in ("faq/ja.yaml", "faq/vocabulary.yaml", "tests/questions.tsv", "tests/questions-8.tsv")
    for line in (PROJECT / name).read_text("utf-8").splitlines()
]
STRANGE = ["", "😀👨‍👩‍👧‍👦", "Ünïcödé", "ﾏｲﾅﾝﾊﾞｰｶｰﾄﾞ", "１２３４５６", "АБВ αβγ", "凜龘𠮷野家", "ーーー", "ァィゥ゛゜"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("learnt")
    command = [sys.executable, "-m", dictionary.__name__, str(place)]
    subprocess.run(command, input="\n".join(TEXTS[:300]), text=True, cwd=PROJECT, check=True)
    return place


@pytest.fixture(autouse=True)
def undone() -> Iterator[None]:
    before = dictionary._packed_in
    yield
    dictionary._packed_in = before
    dictionary.dictionary.cache_clear()


def opened(folder: Path) -> Dictionary:
    dictionary.dictionary.cache_clear()
    dictionary.look_in(folder)
    return dictionary.dictionary()


def test_every_text_has_the_same_words(folder: Path) -> None:
    packed, installed = opened(folder), Dictionary(dict="small")
    assert str(dictionary._place(folder)) in Path("/proc/self/maps").read_text("utf-8"), "it is the packed one"
    ours, theirs = packed.tokenizer(mode=SplitMode.A), installed.tokenizer(mode=SplitMode.A)
    for text in (*TEXTS, *STRANGE):
        for one, other in zip(ours.tokenize(text), theirs.tokenize(text), strict=True):
            assert (one.surface(), one.word_id(), one.is_oov()) == (other.surface(), other.word_id(), other.is_oov())


def test_the_costs_of_a_text_are_the_same(folder: Path) -> None:
    packed, installed = opened(folder).tokenizer(), Dictionary(dict="small").tokenizer()
    assert [packed.tokenize(text).get_internal_cost() for text in TEXTS[::5]] == [
        installed.tokenize(text).get_internal_cost() for text in TEXTS[::5]
    ]


def test_it_is_smaller(folder: Path) -> None:
    installed = dictionary._resources("sudachidict_small") / "system.dic"
    packed = dictionary._place(folder) / "system.dic"
    assert packed.stat().st_blocks * 512 < installed.stat().st_size - 25e6


def test_a_packed_one_that_others_may_change_is_not_opened(folder: Path) -> None:
    assert dictionary._is_ours(dictionary._place(folder))
    (dictionary._place(folder) / "unk.def").chmod(0o666)
    try:
        assert not dictionary._is_ours(dictionary._place(folder))
    finally:
        (dictionary._place(folder) / "unk.def").chmod(0o600)


def test_one_that_is_cut_off_is_not_used(folder: Path, tmp_path: Path) -> None:
    place = dictionary._place(tmp_path)
    shutil.copytree(dictionary._place(folder), place)
    with (place / "system.dic").open("r+b") as file:
        file.truncate(50_000_000)
    assert [word.surface() for word in opened(tmp_path).tokenizer().tokenize("暗証番号")] == ["暗証", "番号"]


def test_nothing_is_packed_of_another_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "system.dic").write_bytes(b"SudachiBinaryDic\x02" + bytes(5000))
    monkeypatch.setattr(dictionary, "_resources", lambda package: other)
    folder = tmp_path / "learnt"
    folder.mkdir()
    with pytest.raises(dictionary.Unexpected):
        dictionary.pack(folder, TEXTS[:3])
    assert list(folder.iterdir()) == []
