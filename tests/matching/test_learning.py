"""What is learnt is kept, and whatever is wrong with the keeping is ignored."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.matching.learning import Cache, Source
from bot.matching.matcher import TrainedMatcher
from tests.matching.sample import content, matcher

TEXTS = ["手数料は", "番号がわからん", "窓口 持ち物", "今日の天気は", "案所番号を忘れた。手数料はいくら？"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("learnt")
    TrainedMatcher(content(), Cache(folder))
    return folder


def kept(folder: Path) -> Path:
    (file,) = folder.glob("learnt-*.npz")
    return file


def same(other: TrainedMatcher) -> bool:
    return [other.understand(text) for text in TEXTS] == [matcher().understand(text) for text in TEXTS]


def test_a_matcher_from_the_cache_understands_the_same(folder: Path) -> None:
    assert Cache(folder).load(Source.of(content())) is not None
    assert same(TrainedMatcher(content(), Cache(folder)))


def test_the_file_is_for_its_owner_only(folder: Path) -> None:
    assert kept(folder).stat().st_mode & 0o077 == 0


def test_a_roundabout_wording_leads_to_its_entry_and_is_not_shown_as_the_nearest_one() -> None:
    text = "財布が寂しいので心配です"
    told = content().model_copy(update={"situations": {"unlock-cost": (text, "財布が寂しいとだめですか")}})
    best = TrainedMatcher(told).understand(text).ranked[0]
    assert best.id == "unlock-cost"
    assert matcher().understand(text).ranked[0].score < best.score
    assert best.wording != text


def test_other_texts_have_another_file(folder: Path) -> None:
    fewer = content().model_copy(update={"entries": content().entries[1:]})
    assert Cache(folder).load(Source.of(fewer)) is None


@pytest.mark.parametrize("damage", ["half", "text", "flipped", "others"])
def test_a_damaged_or_foreign_file_is_ignored(folder: Path, tmp_path: Path, damage: str) -> None:
    whole = kept(folder).read_bytes()
    file = tmp_path / kept(folder).name
    if damage == "others":
        np.savez(file, keys=np.zeros(3))
    else:
        middle = len(whole) // 2
        flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
        file.write_bytes({"half": whole[:middle], "text": b"hello", "flipped": flipped}[damage])
    file.chmod(0o600)
    assert Cache(tmp_path).load(Source.of(content())) is None


def test_a_file_that_others_may_write_is_ignored(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / kept(folder).name
    file.write_bytes(kept(folder).read_bytes())
    file.chmod(0o666)
    assert Cache(tmp_path).load(Source.of(content())) is None


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert same(TrainedMatcher(content(), Cache(tmp_path / "file" / "learnt")))


def test_only_a_few_files_stay(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(8):
        entries = (content().entries[0].model_copy(update={"question": f"質問{number}"}),)
        cache.save(Source.of(content().model_copy(update={"entries": entries})), {"a": np.zeros(1)})
    assert len(list(tmp_path.glob("*"))) == 6


def test_the_process_that_learns_imports_no_models() -> None:
    imported = "import sys, bot.matching.learning; sys.exit('pydantic' in sys.modules)"
    subprocess.run([sys.executable, "-c", imported], check=True)


def test_texts_come_to_the_process_that_learns_as_they_are() -> None:
    line = Source.of(content()).to_json()
    assert Source.from_json(line).to_json() == line
