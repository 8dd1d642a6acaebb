"""The packed dictionary is the installed one in less memory."""

from __future__ import annotations

import json
import logging
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sudachipy import Dictionary, SplitMode

from bot.matching import dictionary, learning, packing
from bot.matching.learning import Cache, Source
from bot.settings import PROJECT
from tests.matching.sample import content

TEXTS = [
    line.strip()
    for name in ("faq/ja.yaml", "faq/vocabulary.yaml", "tests/questions.tsv", "tests/questions-8.tsv")
    for line in (PROJECT / name).read_text("utf-8").splitlines()
]
STRANGE = ["", "😀👨‍👩‍👧‍👦", "Ünïcödé", "ﾏｲﾅﾝﾊﾞｰｶｰﾄﾞ", "１２３４５６", "АБВ αβγ", "凜龘𠮷野家", "ーーー", "ァィゥ゛゜"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("learnt")
    packed(place, "\n".join(TEXTS[:300]), umask=0o002)
    return place


def packed(folder: Path, texts: str, umask: int = -1) -> None:
    command = [sys.executable, "-m", packing.__name__, str(folder)]
    subprocess.run(command, input=texts, text=True, cwd=PROJECT, check=True, umask=umask)


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    """A packed one to be damaged, and looked for."""
    dictionary.dictionary.cache_clear()
    dictionary.look_in(tmp_path)
    place = dictionary.place(tmp_path)
    place.mkdir(mode=0o755)
    for name in (dictionary.SYSTEM, dictionary.UNKNOWN):
        subprocess.run(["cp", "--sparse=always", dictionary.place(folder) / name, place], check=True)
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
    assert str(dictionary.place(folder)) in Path("/proc/self/maps").read_text("utf-8"), "it is the packed one"
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
    installed = dictionary.resources("sudachidict_small") / "system.dic"
    packed = dictionary.place(folder) / "system.dic"
    assert packed.stat().st_blocks * 512 < installed.stat().st_size - 25e6


def words(opened: Dictionary | None) -> list[str]:
    assert opened
    return [word.surface() for word in opened.tokenizer(mode=SplitMode.A).tokenize("暗証番号")]


def test_only_two_files_of_data_are_kept_that_all_may_read_and_only_the_owner_write(
    folder: Path, tmp_path: Path
) -> None:
    packed(tmp_path, "", umask=0o077)
    for place in (dictionary.place(folder), dictionary.place(tmp_path)):
        modes = {path.name: path.stat().st_mode & 0o777 for path in (place, *place.iterdir())}
        assert modes == {place.name: 0o755, "system.dic": 0o644, "unk.def": 0o644}
    packed(tmp_path, "")  # what is there already stays
    assert [path.name for path in tmp_path.iterdir()] == [dictionary.place(tmp_path).name]


def test_nothing_else_in_the_folder_is_read(
    copied: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    config = {"oovProviderPlugin": [{"class": "planted"}], "characterDefinitionFile": "planted"}
    for where in (copied, copied.parent):
        (where / "sudachi.json").write_text(json.dumps(config), "utf-8")
        for name in ("char.def", "rewrite.def"):
            (where / name).write_text("planted planted planted planted\n", "utf-8")
    monkeypatch.chdir(copied)
    ours, theirs = dictionary.opened(copied), Dictionary(dict="small").tokenizer()
    assert ours
    for text in (*STRANGE, *TEXTS[:50]):
        assert packing._words(ours.tokenizer(), text) == packing._words(theirs, text)
    assert not caplog.records


@pytest.mark.parametrize("damage", ["no number", "empty", "cut off", "others", "link"])
def test_one_that_is_damaged_or_that_others_may_change_is_not_used(copied: Path, damage: str) -> None:
    assert words(dictionary.opened(copied)) == ["暗証", "番号"]
    unknown = copied / "unk.def"
    if damage == "no number":
        unknown.write_text("DEFAULT,$(id),1,3857,補助記号,一般,*,*,*,*\n", "utf-8")
    elif damage == "empty":
        unknown.write_text("")
    elif damage == "cut off":
        os.truncate(copied / "system.dic", 50_000_000)
    elif damage == "others":
        unknown.chmod(0o664)
    else:
        unknown.rename(copied.parent / "elsewhere")
        unknown.symlink_to(copied.parent / "elsewhere")
    assert dictionary.opened(copied) is None
    assert not dictionary.is_packed(copied.parent)
    assert words(dictionary.dictionary()) == ["暗証", "番号"]


def test_a_panic_of_the_library_is_caught_and_a_stop_is_not(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        pass

    for raised in (Panic, KeyboardInterrupt):
        monkeypatch.setattr(dictionary, "Dictionary", lambda raised=raised, **_: (_ for _ in ()).throw(raised))
        if raised is Panic:
            assert dictionary.opened(copied) is None
        else:
            with pytest.raises(raised):
                dictionary.opened(copied)


def test_one_that_is_of_no_use_is_packed_anew(copied: Path) -> None:
    os.truncate(copied / "system.dic", 5_000)
    packing.pack(copied.parent, TEXTS[:3])
    assert dictionary.is_packed(copied.parent)


def test_it_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    sync = os.fsync

    def note(handle: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{handle}")).suffix)
        sync(handle)

    monkeypatch.setattr(os, "fsync", note)
    packing.pack(tmp_path, TEXTS[:3])
    assert synced == [".dic", ".def", ".new"]


@pytest.mark.parametrize("texts", [[], ["窓口は何時までですか"]])
def test_one_with_other_words_or_costs_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: list[str]
) -> None:
    pack = packing._pack

    def wrong(folder: Path, texts: list[str]) -> None:
        pack(folder, texts)
        with (folder / "system.dic").open("r+b") as file:
            begin, _ = packing._block(np.fromfile(file, dtype=np.uint8), b"ConnMatrix")
            file.seek(begin + 4)
            file.write(bytes(10_000_000))

    monkeypatch.setattr(packing, "_pack", wrong)
    with pytest.raises(packing.Unexpected, match="other words"):
        packing.pack(tmp_path, texts)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_packed_of_another_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "system.dic").write_bytes(b"SudachiBinaryDic\x02" + bytes(5000))
    monkeypatch.setattr(packing, "resources", lambda package: other)
    folder = tmp_path / "learnt"
    folder.mkdir()
    with pytest.raises(packing.Unexpected):
        packing.pack(folder, TEXTS[:3])
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("error", [IndexError, KeyError, struct.error, packing.Unexpected, OSError])
def test_whatever_is_wrong_with_packing_is_only_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise error("a text")

    monkeypatch.setattr(packing, "pack", fail)
    assert not learning._pack_dictionary(tmp_path, Source.of(content()))
    assert caplog.messages == [f"the dictionary is not packed: {error.__name__}"]


@pytest.mark.parametrize("code", [3, 1, -9, None])
def test_what_was_kept_is_not_learnt_again_however_packing_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, code: int | None
) -> None:
    source, cache = Source.of(content()), Cache(tmp_path)
    arrays = {name: np.zeros(len(source.examples)) for name in learning._NAMES}

    def ended(command: list[str], given: bytes) -> int:
        cache.save(source, arrays)
        if code is None:
            raise subprocess.TimeoutExpired(command, 120)
        return code

    monkeypatch.setattr(learning._LEARNERS, "run", ended)
    with caplog.at_level(logging.WARNING):
        assert (cache.make(source) or {}).keys() == arrays.keys()
    assert ("TimeoutExpired" if code is None else f"exit code {code}") in caplog.text
