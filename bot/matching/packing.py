"""Packs SudachiPy's small dictionary, so that a worker has less of it in memory; dictionary.py opens it.

68 MB of it are a table: what it costs that a word of one class follows a word of another, for 5,981 classes. A text
asks for some thousand of these costs all over the table, and for each the system brings 64 KB or more. Packed, it has
no classes that no word has, those with the same costs are one, and those come first that the words of our texts
have. Every cost stays what it was (`_pack` compares them all), and so do the words of every text (`_prove` compares
those of ours).

It is packed once, where what is learnt is kept, by the process that learns; or beside this module by who installs it,
so that several workers of a machine have one in memory (`python -m bot.matching.packing FOLDER`, with some texts as
input). The layout of the file is that of
sudachi.rs (dic/description.rs, dic/word_info/layout.rs); with any other, or if anything is unexpected, nothing is
packed, and the dictionary serves as it was installed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from struct import unpack_from

import numpy as np
from numpy.typing import NDArray
from sudachipy import SplitMode, Tokenizer

from bot.matching.dictionary import (
    SYSTEM,
    UNKNOWN,
    default_ids,
    installed,
    installed_config,
    opened,
    place,
    resources,
)

Ids = NDArray[np.int64]

_MAGIC = b"SudachiBinaryDic\x01\0\0\0\0\0\0\0"
_FIRST_ENTRY, _SPLITS, _USER_DATA = 32, 26, 31
_LETTERS = 8
"""Of the words that are looked for in the texts: longer ones are few, and of no other classes."""
_TEXTS = 3_000
_SOME_TEXTS = ("暗証番号を忘れたので、市役所で初期化したいです。", "ﾏｲﾅﾝﾊﾞｰｶｰﾄﾞ １２３４ Ünï 凜龘 αβ ーーっ 😀")
"""To compare where there are no others: with words of every kind that the dictionary does not know."""


class Unexpected(Exception):
    """The dictionary is not as this module knows it."""


def pack(folder: Path, texts: Sequence[str]) -> None:
    """Pack the dictionary into this folder, for texts like these; nothing if it is there and opens.

    Raises Unexpected or OSError if it cannot be, or whatever comes of a layout that is not known, and leaves nothing.
    """
    ready = place(folder)
    if opened(ready):
        return
    _remove(ready)
    chosen = texts[:: max(1, -(-len(texts) // _TEXTS))]
    beside = Path(tempfile.mkdtemp(dir=folder.absolute(), prefix=f"{ready.name}-", suffix=".new"))
    try:
        _pack(beside, chosen)
        beside.chmod(0o755)
        _prove(beside, chosen or _SOME_TEXTS)
        for path in (beside / SYSTEM, beside / UNKNOWN, beside):
            _sync(path)
        beside.rename(ready)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    for other in folder.glob("sudachi-*"):  # of other versions; who has one open keeps it
        if other.name != ready.name:
            shutil.rmtree(other, ignore_errors=True)


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Have it on the disk, and what was written of a file no longer in memory: who opens it brings what is asked."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
        if hasattr(os, "posix_fadvise") and path.is_file():
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


def _prove(place: Path, texts: Iterable[str]) -> None:
    """Raises Unexpected unless each text has the same words there as in the installed one, at the same cost."""
    packed = opened(place)
    if packed is None:
        raise Unexpected("what was packed cannot be opened")
    ours, theirs = packed.tokenizer(mode=SplitMode.A), installed().tokenizer(mode=SplitMode.A)
    if any(_words(ours, text) != _words(theirs, text) for text in texts):
        raise Unexpected("a text has other words")


def _words(tokenizer: Tokenizer, text: str) -> tuple[int, list[tuple[str, int, bool]]]:
    """What it costs that a text has these words, and its words."""
    found = tokenizer.tokenize(text)
    return found.get_internal_cost(), [(word.surface(), word.word_id(), word.is_oov()) for word in found]


def _pack(folder: Path, texts: Iterable[str]) -> None:
    raw: NDArray[np.uint8] = np.asarray(np.memmap(resources("sudachidict_small") / SYSTEM, dtype=np.uint8, mode="c"))
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
    rules = (resources("sudachipy") / UNKNOWN).read_text("utf-8")
    unknown = [line.split(",") for line in rules.splitlines() if line]
    simple = [plugin for plugin in installed_config()["oovProviderPlugin"] if "leftId" in plugin]
    if any((plugin["leftId"], plugin["rightId"]) != default_ids(rules) for plugin in simple):
        raise Unexpected("words that are like no others have two classes")
    asked = np.fromiter((id_ for text in texts for id_ in _asked(text, words)), dtype=np.int64).reshape(-1, 2)
    rows = _Classes(costs, np.concatenate([left, [0, *(int(row[1]) for row in unknown)]]), asked[:, 0])
    columns = _Classes(costs.T, np.concatenate([right, [0, *(int(row[2]) for row in unknown)]]), asked[:, 1])
    square = max(len(rows.first), len(columns.first))
    table = np.zeros((square, square), dtype="<i2")
    for new, row in enumerate(rows.first):
        table[new, : len(columns.first)] = costs[row, columns.first]
    of_columns = columns.of[columns.used]
    if not all(np.array_equal(table[rows.of[row], of_columns], costs[row, columns.used]) for row in rows.used):
        raise Unexpected("a cost has changed")
    words[at] = np.where(left < 0, left, rows.of[left])
    words[at + 1] = np.where(right < 0, right, columns.of[right])
    with (folder / SYSTEM).open("wb") as file:
        for part in (raw[:table_at], np.array([square, square], dtype="<u2"), table):
            file.write(part.data)
        file.seek(table_at + table_size)  # what is left of the table is a hole
        file.write(raw[table_at + table_size :].data)
    for row in unknown:
        row[1:3] = str(rows.of[int(row[1])]), str(columns.of[int(row[2])])
    (folder / UNKNOWN).write_text("".join(",".join(row) + "\n" for row in unknown), "utf-8")
    for name in (SYSTEM, UNKNOWN):
        (folder / name).chmod(0o644)  # whatever the umask: the services that read it may be other users


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
    return blake2b(np.ascontiguousarray(row).data, digest_size=16).digest()


def _asked(text: str, words: NDArray[np.int16]) -> Iterator[int]:
    """The two classes of each word that may be in a text, one after the other."""
    for begin in range(len(text)):
        for end in range(begin + 1, min(begin + _LETTERS, len(text)) + 1):
            for found in _looked_up(text[begin:end]):
                yield from words[found * 4 : found * 4 + 2].tolist()


@cache
def _looked_up(word: str) -> tuple[int, ...]:
    """Places in the entries, in units of 8 bytes."""
    return tuple(one.word_id() & 0x0FFF_FFFF for one in installed().lookup(word))


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


if __name__ == "__main__":
    pack(Path(sys.argv[1]), sys.stdin.read().splitlines())
