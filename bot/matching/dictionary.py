"""SudachiPy's small dictionary, packed so that a worker has less of it in memory.

68 MB of it are a table: what it costs that a word of one class follows a word of another, for 5,981 classes. A text
asks for some thousand of these costs all over the table, and for each the system brings 64 KB or more. Packed, it has
no classes that no word has, those with the same costs are one, and those come first that the words of our texts
have. Every cost stays what it was (`pack` compares them all), and so do the words of every text.

It is packed once, where what is learnt is kept, by the process that learns; or beside this module by who installs it,
so that several workers of a machine have one in memory (`python -m bot.matching.dictionary FOLDER`, with some texts as
input). The layout of the file is that of
sudachi.rs (dic/description.rs, dic/word_info/layout.rs); with any other, or if anything is unexpected, nothing is
packed, and the dictionary serves as it was installed.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from struct import unpack_from

import numpy as np
from numpy.typing import NDArray
from sudachipy import Dictionary
from sudachipy.errors import SudachiError

log = logging.getLogger(__name__)

Ids = NDArray[np.int64]

_MAGIC = b"SudachiBinaryDic\x01\0\0\0\0\0\0\0"
_FIRST_ENTRY, _SPLITS, _USER_DATA = 32, 26, 31
_LETTERS = 8
"""Of the words that are looked for in the texts: longer ones are few, and of no other classes."""
_TEXTS = 3_000
_FILES = ("char.def", "rewrite.def")


class Unexpected(Exception):
    """The dictionary is not as this module knows it."""


_packed_in: Path | None = None


def look_in(folder: Path) -> None:
    """Let the dictionary be opened from this folder, if it is there; before any text is read."""
    global _packed_in
    _packed_in = folder


@cache
def dictionary() -> Dictionary:
    """The dictionary: packed, if there is such a one, else as installed."""
    for folder in _places():
        if not _is_ours(folder):
            continue
        try:
            return Dictionary(
                config_path=str(folder / "sudachi.json"), resource_dir=str(folder), dict=str(folder / "system.dic")
            )
        except SudachiError:
            log.warning("the packed dictionary cannot be opened")
    return Dictionary(dict="small")


def _places() -> list[Path]:
    return [_place(folder) for folder in (Path(__file__).parent, _packed_in) if folder]


def _is_ours(folder: Path) -> bool:
    """Whether it was packed by this user or by root, and nobody else may have changed it."""
    try:
        found = [path.stat() for path in (folder, folder / "system.dic", folder / "sudachi.json", folder / "unk.def")]
    except OSError:
        return False
    return all(one.st_uid in (0, os.getuid()) and not one.st_mode & 0o022 for one in found)


def is_packed(folder: Path) -> bool:
    """Whether there is one to be opened, here or where this was installed."""
    return _is_ours(_place(folder)) or _is_ours(_place(Path(__file__).parent))


def pack(folder: Path, texts: Sequence[str]) -> None:
    """Pack the dictionary into this folder, for texts like these. Raises Unexpected or OSError, and leaves nothing."""
    place = _place(folder)
    beside = Path(tempfile.mkdtemp(dir=folder, prefix=f"{place.name}-", suffix=".new"))
    try:
        _pack(beside, texts[:: max(1, -(-len(texts) // _TEXTS))])
        beside.chmod(0o755)
        beside.rename(place)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    for other in folder.glob("sudachi-*"):  # of other versions; who has one open keeps it
        if other != place:
            shutil.rmtree(other, ignore_errors=True)


def _place(folder: Path) -> Path:
    digest = blake2b(Path(__file__).read_bytes(), digest_size=8)
    for package in ("SudachiPy", "sudachidict-small"):
        digest.update(f"{package} {version(package)}\n".encode())
    return folder / f"sudachi-{digest.hexdigest()}"


def _pack(folder: Path, texts: Iterable[str]) -> None:
    rules, installed = _resources("sudachipy"), _resources("sudachidict_small") / "system.dic"
    raw = np.fromfile(installed, dtype=np.uint8)
    table_at, table_size = _block(raw, b"ConnMatrix")
    entries_at, entries_size = _block(raw, b"Entries")
    size = int(raw[table_at : table_at + 2].view("<u2")[0])
    if table_size != 4 + 2 * size * size or entries_at % 2:
        raise Unexpected("the table of costs is not square")
    costs = raw[table_at + 4 : table_at + table_size].view("<i2").reshape(size, size)
    entries = raw[entries_at : entries_at + entries_size]
    at = np.fromiter(_entries(entries.data), dtype=np.int64) // 2
    words = entries.view("<i2") if entries_size % 2 == 0 else entries[:-1].view("<i2")
    left, right = words[at].astype(np.int64), words[at + 1].astype(np.int64)  # -1 for what is no word by itself
    config = json.loads((rules / "sudachi.json").read_bytes())
    unknown = [line.split(",") for line in (rules / "unk.def").read_text("utf-8").splitlines() if line]
    simple = [plugin for plugin in config["oovProviderPlugin"] if "leftId" in plugin]
    asked = np.fromiter((id_ for text in texts for id_ in _asked(text, words)), dtype=np.int64).reshape(-1, 2)
    lefts = [0, *(int(row[1]) for row in unknown), *(plugin["leftId"] for plugin in simple)]
    rights = [0, *(int(row[2]) for row in unknown), *(plugin["rightId"] for plugin in simple)]
    rows = _Classes(costs, np.concatenate([left, lefts]), asked[:, 0])
    columns = _Classes(costs.T, np.concatenate([right, rights]), asked[:, 1])
    square = max(len(rows.first), len(columns.first))
    table = np.zeros((square, square), dtype="<i2")
    table[: len(rows.first), : len(columns.first)] = costs[np.ix_(rows.first, columns.first)]
    of_columns = columns.of[columns.used]
    if not all(np.array_equal(table[rows.of[row], of_columns], costs[row, columns.used]) for row in rows.used):
        raise Unexpected("a cost has changed")
    words[at] = np.where(left < 0, left, rows.of[left])
    words[at + 1] = np.where(right < 0, right, columns.of[right])
    with (folder / "system.dic").open("wb") as file:
        for part in (raw[:table_at], np.array([square, square], dtype="<u2"), table):
            file.write(part.data)
        file.seek(table_at + table_size)  # what is left of the table is a hole
        file.write(raw[table_at + table_size :].data)
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):  # who opens it is to have in memory what is asked for, not what was written
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    for row in unknown:
        row[1:3] = str(rows.of[int(row[1])]), str(columns.of[int(row[2])])
    for plugin in simple:
        plugin["leftId"], plugin["rightId"] = int(rows.of[plugin["leftId"]]), int(columns.of[plugin["rightId"]])
    (folder / "unk.def").write_text("".join(",".join(row) + "\n" for row in unknown), "utf-8")
    (folder / "sudachi.json").write_text(json.dumps(config), "utf-8")
    for name in _FILES:
        shutil.copyfile(rules / name, folder / name)


class _Classes:
    """The rows of the table that are used, each kind once, and first those that are asked for most."""

    def __init__(self, costs: NDArray[np.int16], ids: Ids, asked: Ids) -> None:
        self.used = np.unique(ids[ids >= 0])
        kinds: dict[bytes, int] = {}
        kind = np.array([kinds.setdefault(_digest(costs[id_]), len(kinds)) for id_ in self.used])
        of = np.zeros(len(costs), dtype=np.int64)
        of[self.used] = kind
        times = np.bincount(of[asked[asked >= 0]], minlength=len(kinds))
        times[of[0]] = np.iinfo(np.int64).max  # the beginning and the end of a text are 0 by definition
        order = np.argsort(-times, kind="stable")
        new = np.empty_like(order)
        new[order] = np.arange(len(order))
        self.of: Ids = new[of]
        """The new id of each old one."""
        self.first: Ids = self.used[np.unique(kind, return_index=True)[1]][order]
        """An old id of each new one."""


def _digest(row: NDArray[np.int16]) -> bytes:
    return blake2b(row.tobytes(), digest_size=16).digest()


def _asked(text: str, words: NDArray[np.int16]) -> Iterator[int]:
    """The two classes of each word that may be in a text, one after the other."""
    for begin in range(len(text)):
        for end in range(begin + 1, min(begin + _LETTERS, len(text)) + 1):
            for found in _looked_up(text[begin:end]):
                yield from words[found * 4 : found * 4 + 2].tolist()


@cache
def _looked_up(word: str) -> tuple[int, ...]:
    """Places in the entries, in units of 8 bytes."""
    return tuple(one.word_id() & 0x0FFF_FFFF for one in dictionary().lookup(word))


def _block(raw: NDArray[np.uint8], name: bytes) -> tuple[int, int]:
    """Where a block of the file begins, and its size."""
    head = raw[:1024].tobytes()
    named = bytes([len(name)]) + name
    if not head.startswith(_MAGIC) or head.count(named) != 1:
        raise Unexpected("the dictionary has another layout")
    at = head.index(named) + len(named)
    numbers = []
    for _ in range(2):
        number = shift = 0
        while True:
            number |= (head[at] & 127) << shift
            shift, at = shift + 7, at + 1
            if head[at - 1] < 128:
                break
        numbers.append(number)
    if sum(numbers) > len(raw):
        raise Unexpected("the dictionary is cut off")
    return numbers[0], numbers[1]


def _entries(raw: memoryview) -> Iterator[int]:
    """Where each entry begins. They stand one after another, each in whole units of 8 bytes."""
    at = _FIRST_ENTRY
    while at < len(raw):
        yield at
        split_c, split_b, split_a, structure, synonyms = unpack_from("<5b", raw, at + _SPLITS)
        size = 32 + 4 * (split_c + max(0, split_b) + max(0, split_a) + max(0, structure) + synonyms)
        if raw[at + _USER_DATA]:
            size += 2 + 2 * unpack_from("<h", raw, at + size)[0]
        at += size + 7 & ~7


def _resources(package: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise Unexpected(f"{package} has no folder")
    return Path(found.origin).parent / "resources"


if __name__ == "__main__":
    pack(Path(sys.argv[1]), sys.stdin.read().splitlines())
