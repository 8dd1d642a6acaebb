"""What is learnt from a Content, as plain arrays: made from its texts, or read back from a cache.

Learning reads every wording of the FAQ and its vocabulary (for its time see docs/matching.md); nothing that a
citizen wrote is in it. `Cache` keeps it by the digest of what it was made from: those texts,
this package's code and the dictionary. A cache that is missing, damaged, or not ours is ignored.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching import dictionary, packing
from bot.matching.corpus import Text, read
from bot.matching.forms import BLOCKS
from bot.matching.hashing import first
from bot.matching.linear import Arrays, Linear
from bot.matching.normalise import sentences
from bot.matching.vocabulary import Concept, Vocabulary

if TYPE_CHECKING:
    from bot.content.model import Content

log = logging.getLogger(__name__)

OUT_OF_SCOPE, VAGUE = "@none", "@vague"
"""Labels of the vocabulary's examples in the linear layer; @ keeps them apart from entry ids."""

_PENALTY_ASKED, _PENALTY_SITUATION, _PENALTY_TOLD = 0.3, 0.3, 1.0
"""How freely the linear layer may miss a wording, a roundabout wording, and a sentence of an answer,
which says in other words what the entry is about (docs/matching.md)."""
_TRAINED_AT_MOST = 12_000
"""Examples of the linear layer: each thousand takes a tenth of a second and 20 MB. The other opinions know all
wordings."""
_NOT_PACKED = 3
"""Exit code of a process that learnt, and could not pack the dictionary: its log goes nowhere."""
_PATIENCE = 120
"""Seconds that learning may take."""
_KEPT = 6
"""Caches that stay: of the content that serves, of the one before, of another city; each in two languages."""


class Told(NamedTuple):
    """The texts of one entry that are learnt from."""

    id: str
    question: str
    also_asked: Sequence[str]
    answer: str
    more: str | None
    situations: Sequence[str]


@dataclass(frozen=True)
class Source:
    """All texts of a Content that are learnt from."""

    entries: Sequence[Told]
    vocabulary: Vocabulary

    @classmethod
    def of(cls, content: Content) -> Source:
        """The texts of a Content."""
        told = [
            Told(e.id, e.question, e.also_asked, e.answer, e.more, content.situations.get(e.id, ()))
            for e in content.entries
        ]
        return cls(told, Vocabulary.of(content.vocabulary))

    @classmethod
    def from_json(cls, text: str) -> Source:
        """What `to_json` wrote."""
        entries, (synonyms, fillers, concepts, out_of_scope, vague) = json.loads(text)
        vocabulary = Vocabulary(synonyms, fillers, [Concept(*one) for one in concepts], out_of_scope, vague)
        return cls([Told(*one) for one in entries], vocabulary)

    def to_json(self) -> str:
        """One line of ASCII."""
        return json.dumps([self.entries, self.vocabulary])

    @property
    def examples(self) -> list[tuple[str, str]]:
        """Every wording and example with its label, by label."""
        examples = [
            *((told.id, text) for told in self.entries for text in (told.question, *told.also_asked)),
            *((OUT_OF_SCOPE, text) for text in self.vocabulary.out_of_scope),
            *((VAGUE, text) for text in self.vocabulary.vague),
        ]
        return sorted(examples, key=lambda example: example[0])


@dataclass(frozen=True)
class Learnt:
    """Everything the matcher needs of the examples. `arrays` is what a cache keeps."""

    labels: tuple[str, ...]
    """The label of each example, sorted."""
    wordings: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]]

    @property
    def linear(self) -> Arrays:
        """What the linear layer learnt."""
        return {name: self.arrays[f"linear-{name}"] for name in _LINEAR}

    def lines(self, name: str) -> list[str]:
        """The strings kept under a name."""
        return bytes(self.arrays[name]).decode("utf-8", "surrogatepass").split("\n")[:-1]


def learn(content: Content, kept: Cache | None = None) -> Learnt:
    """What is learnt from the content; from the cache if it has it, else made and put there.

    With a cache it is made in a process of its own, so that this one never needs the memory.
    """
    source = Source.of(content)
    arrays = (kept.load(source) or kept.make(source)) if kept else None
    if kept:
        dictionary.look_in(kept.folder)
    labels, wordings = zip(*source.examples, strict=True)
    return Learnt(labels, wordings, arrays or _make(source))


def _make(source: Source, processes: int = 1) -> Arrays:
    asked = source.examples
    situations = [(entry.id, text) for entry in source.entries for text in entry.situations]
    told = [(entry.id, sentence) for entry in source.entries for sentence in _told(entry)]
    labels, texts = zip(*asked, *situations, *told, strict=True)
    spelled_well = [label[0] != "@" for label, _ in (*asked, *situations)] + [False] * len(told)
    trained_on = _trained([label for label, _ in asked]) + [True] * (len(situations) + len(told))
    given = [Text(*one) for one in zip(texts, spelled_well, trained_on, strict=True)]
    lexicon, found = read(source.vocabulary, given, processes)
    penalties = [_PENALTY_ASKED] * len(asked) + [_PENALTY_SITUATION] * len(situations) + [_PENALTY_TOLD] * len(told)
    linear = Linear.train(
        found.features, list(compress(labels, trained_on)), BLOCKS, list(compress(penalties, trained_on))
    )
    words, words_each = first(found.words, len(asked))
    concepts, concepts_each = first(found.concepts, len(asked))
    return {
        **{f"linear-{name}": array for name, array in linear.items()},
        "written": _lines(found.written[: len(asked)]),
        "sound": _lines(found.heard[: len(asked)]),
        "lexicon": _lines(lexicon.lines()),
        "words": words,
        "words-each": words_each.astype(np.int32),
        "concepts": concepts,
        "concepts-each": concepts_each.astype(np.int32),
    }


_LINEAR = ("keys", "idf", "unseen", "weights", "scale")
_NAMES = {f"linear-{name}" for name in _LINEAR} | {"written", "sound", "lexicon"}
_NAMES |= {"words", "words-each", "concepts", "concepts-each"}


def _complete(arrays: Mapping[str, NDArray[Any]], examples: int) -> bool:
    return arrays.keys() >= _NAMES and len(arrays["words-each"]) == len(arrays["concepts-each"]) == examples


def _lines(texts: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("".join(f"{text}\n" for text in texts).encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _trained(labels: Sequence[str]) -> list[bool]:
    """Which examples the linear layer is trained on: all, or of very many each so-manieth of a label."""
    step = -(-len(labels) // _TRAINED_AT_MOST)
    seen: Counter[str] = Counter()
    chosen = []
    for label in labels:
        chosen.append(seen[label] % step == 0)
        seen[label] += 1
    return chosen


def _told(entry: Told) -> list[str]:
    """The sentences of an entry's answer."""
    return [part for part in sentences(f"{entry.answer}\n{entry.more or ''}") if len(part) > 8]


# --- the cache -------------------------------------------------------------------------


@cache
def _code() -> bytes:
    """Names the code and the dictionary that texts are read with."""
    digest = blake2b(digest_size=16)
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    for package in ("numpy", "SudachiPy", "sudachidict-small"):
        digest.update(f"{package} {version(package)}\n".encode())
    return digest.digest()


class Ended(Exception):
    """Nothing is learnt any more: this process stops."""


_SURROUNDINGS = {
    "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    "OPENBLAS_NUM_THREADS": "1",  # products are small: where cores are shared, its threads wait more than they work
}
"""Of a process that learns: none of our secrets."""


class _Learners:
    """The processes that learn, so that a stop need not wait for them."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._ended = False
        self._lock = threading.Lock()

    def run(self, command: Sequence[str], given: bytes) -> int:
        """The exit code of a command. Raises Ended, OSError or SubprocessError."""
        with self._lock:
            if self._ended:
                raise Ended
            process = subprocess.Popen(  # noqa: S603 - this interpreter, this module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_SURROUNDINGS,
                start_new_session=True,  # a group of its own, so that its helpers end with it
            )
            self._running.add(process)
        try:
            process.communicate(given, timeout=_PATIENCE)
        finally:
            with self._lock:
                self._running.discard(process)
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        if self._ended:
            raise Ended
        return process.returncode

    def end(self) -> None:
        with self._lock:
            self._ended = True
            for process in self._running:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)


_LEARNERS = _Learners()


def end_learning() -> None:
    """End whatever is being learnt, at once and for good: this process stops. Callable from any thread."""
    _LEARNERS.end()


class Cache:
    """Keeps what was learnt in a folder, one file per digest. It never fails: at worst it does nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, source: Source) -> Arrays | None:
        """The arrays kept for these texts; None if there are none, or they are damaged or another user's."""
        path = self._path(source)
        try:
            status = path.stat()
            if status.st_uid != os.getuid() or status.st_mode & 0o022:
                return None
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:  # members have checksums
                arrays = {name: kept[name] for name in kept.files}
            path.touch()
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, NotImplementedError):
            return None
        return arrays if _complete(arrays, len(source.examples)) else None

    def make(self, source: Source) -> Arrays | None:
        """Has another process learn from these texts and keep it here; None if that does not work. Raises Ended.

        It keeps first and packs the dictionary then: however that ends, what was kept is not learnt again.
        """
        try:
            status = _LEARNERS.run(
                [sys.executable, "-m", __name__, str(self.folder.absolute())], source.to_json().encode()
            )
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("learning in a process of its own failed: %s", type(error).__name__)
        else:
            if status == _NOT_PACKED:
                log.warning("the dictionary is not packed: exit code %s", status)
            elif status != 0:
                log.warning("learning failed in a process of its own: exit code %s", status)
        return self.load(source)

    def save(self, source: Source, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keeps the arrays: written beside, then renamed, so that nobody sees half a file."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, beside = tempfile.mkstemp(dir=self.folder, prefix="learnt-", suffix=".new")
            try:
                with os.fdopen(handle, "wb") as file:
                    np.savez(file, allow_pickle=False, **arrays)
                os.replace(beside, self._path(source))
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise
            for old in sorted(self.folder.glob("learnt-*.npz"), key=lambda path: -path.stat().st_mtime_ns)[_KEPT:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            log.warning("what was learnt is not kept: %s", error.strerror)

    def _path(self, source: Source) -> Path:
        name = blake2b(source.to_json().encode() + _code(), digest_size=16).hexdigest()
        return self.folder / f"learnt-{name}.npz"


def _pack_dictionary(folder: Path, source: Source) -> bool:
    """Whether it is packed, there or where this was installed; else it serves as it is."""
    try:
        if not dictionary.is_packed(folder):
            packing.pack(folder, [text for _, text in source.examples])
    except Exception as error:  # of a layout that is not known anything may come
        log.warning("the dictionary is not packed: %s", type(error).__name__)
        return False
    return True


if __name__ == "__main__":
    gc.disable()  # it lives for seconds, and nothing large in it is a cycle
    wanted = Source.from_json(sys.stdin.read())
    kept = Cache(Path(sys.argv[1]))
    kept.save(wanted, _make(wanted, processes=2))
    status = 0 if _pack_dictionary(kept.folder, wanted) else _NOT_PACKED
    os._exit(status)  # at once: who waits would wait until all that was read is freed
