"""What is learnt from a Content, as plain arrays: made from its texts, or read back from a cache.

Learning reads every wording of the FAQ and its vocabulary (about two seconds); nothing that a
citizen wrote is in it. `Cache` keeps it by the digest of what it was made from: those texts,
this package's code and the dictionary. A cache that is missing, damaged, or not ours is ignored.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.content.model import Content, Entry
from bot.matching.forms import BLOCKS, Forms
from bot.matching.linear import Arrays, Features, Linear, hashed
from bot.matching.normalise import clean, sentences
from bot.matching.reading import Lexicon

log = logging.getLogger(__name__)

OUT_OF_SCOPE, VAGUE = "@none", "@vague"
"""Labels of the vocabulary's examples in the linear layer; @ keeps them apart from entry ids."""

_PENALTY_ASKED, _PENALTY_TOLD = 0.3, 1.0
"""How freely the linear layer may miss a wording, and a sentence of an answer, which says in other
words what the entry is about (+2 points on unseen wordings, docs/matching.md)."""
_KEPT = 3
"""Caches that stay: of the content that serves, of the one before, of another city."""


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
    """What is learnt from the content; from the cache if it has it, else made and put there."""
    examples = _examples(content)
    labels, wordings = tuple(label for label, _ in examples), tuple(text for _, text in examples)
    key = _digest(content) if kept else ""
    arrays = kept.load(key) if kept else None
    if arrays is None or not _complete(arrays, len(labels)):
        arrays = _make(content, labels, wordings)
        if kept:
            kept.save(key, arrays)
        _give_back_memory()
    return Learnt(labels, wordings, arrays)


def _examples(content: Content) -> list[tuple[str, str]]:
    examples = [
        *((entry.id, text) for entry in content.entries for text in (entry.question, *entry.also_asked)),
        *((OUT_OF_SCOPE, text) for text in content.vocabulary.out_of_scope),
        *((VAGUE, text) for text in content.vocabulary.vague),
    ]
    return sorted(examples, key=lambda example: example[0])


def _make(content: Content, labels: tuple[str, ...], wordings: tuple[str, ...]) -> Arrays:
    spelling = Forms(content.vocabulary).spelling
    asked = [spelling.apply(clean(text)) for label, text in zip(labels, wordings, strict=True) if label[0] != "@"]
    lexicon = Lexicon(asked + _names(content))
    forms = Forms(content.vocabulary, lexicon)
    told = [(entry.id, sentence) for entry in content.entries for sentence in _told(entry)]
    keys: list[str] = []
    heard: list[str] = []
    words: list[NDArray[np.uint32]] = []
    concepts: list[NDArray[np.uint32]] = []

    def features() -> Iterator[Features]:
        for text in wordings:
            one = forms.prepare(forms.spell(text))
            keys.append(one.key)
            heard.append(one.heard)
            words.append(hashed(one.words))
            concepts.append(hashed(one.concepts))
            yield one.features
        for _, sentence in told:
            yield forms.prepare(forms.spell(sentence)).features

    linear = Linear.train(
        features(),
        [*labels, *(label for label, _ in told)],
        BLOCKS,
        [_PENALTY_ASKED] * len(labels) + [_PENALTY_TOLD] * len(told),
    )
    return {
        **{f"linear-{name}": array for name, array in linear.items()},
        "written": _lines(keys),
        "sound": _lines(heard),
        "lexicon": _lines(lexicon.lines()),
        "words": np.concatenate(words),
        "words-each": np.array([len(found) for found in words], dtype=np.int32),
        "concepts": np.concatenate(concepts),
        "concepts-each": np.array([len(found) for found in concepts], dtype=np.int32),
    }


_LINEAR = ("keys", "idf", "unseen", "weights")
_NAMES = {f"linear-{name}" for name in _LINEAR} | {"written", "sound", "lexicon"}
_NAMES |= {"words", "words-each", "concepts", "concepts-each"}


def _complete(arrays: Mapping[str, NDArray[Any]], examples: int) -> bool:
    return arrays.keys() >= _NAMES and len(arrays["words-each"]) == len(arrays["concepts-each"]) == examples


def _lines(texts: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("".join(f"{text}\n" for text in texts).encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _told(entry: Entry) -> list[str]:
    """The sentences of an entry's answer."""
    return [part for part in sentences(f"{entry.answer}\n{entry.more or ''}") if len(part) > 8]


def _names(content: Content) -> list[str]:
    return [text for concept in content.vocabulary.concepts for text in (concept.name, *concept.words)] + list(
        content.vocabulary.synonyms
    )


def _give_back_memory() -> None:
    """Returns what training has freed to the system: glibc keeps it otherwise (about 40 MB)."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError):
        return  # another C library: nothing to do


# --- the cache -------------------------------------------------------------------------


def _digest(content: Content) -> str:
    """Names what is learnt: by the texts it comes from, the code that reads them, and the dictionary."""
    vocabulary = content.vocabulary
    texts = [
        [[entry.id, entry.question, entry.also_asked, entry.answer, entry.more] for entry in content.entries],
        vocabulary.model_dump(mode="json", exclude={"smalltalk", "vague_choices"}),
    ]
    digest = blake2b(json.dumps(texts, ensure_ascii=True).encode(), digest_size=16)
    digest.update(_code())
    return digest.hexdigest()


@cache
def _code() -> bytes:
    digest = blake2b(digest_size=16)
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    for package in ("numpy", "SudachiPy", "sudachidict-small"):
        digest.update(f"{package} {version(package)}\n".encode())
    return digest.digest()


class Cache:
    """Keeps what was learnt in a folder, one file per digest. It never fails: at worst it does nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: str) -> Arrays | None:
        """The arrays kept under a key; None if there are none, or they are damaged or another user's."""
        path = self._path(key)
        try:
            status = path.stat()
            if status.st_uid != os.getuid() or status.st_mode & 0o022:
                return None
            with np.load(path, allow_pickle=False) as kept:  # every member has a checksum
                arrays = {name: kept[name] for name in kept.files}
            path.touch()
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, NotImplementedError):
            return None
        return arrays

    def save(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keeps the arrays: written beside, then renamed, so that nobody sees half a file."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, beside = tempfile.mkstemp(dir=self._folder, prefix="learnt-", suffix=".new")
            try:
                with os.fdopen(handle, "wb") as file:
                    np.savez(file, **dict(arrays))
                os.replace(beside, self._path(key))
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise
            for old in sorted(self._folder.glob("learnt-*.npz"), key=lambda path: -path.stat().st_mtime_ns)[_KEPT:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            log.warning("what was learnt is not kept: %s", error.strerror)

    def _path(self, key: str) -> Path:
        return self._folder / f"learnt-{key}.npz"
