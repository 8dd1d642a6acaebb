"""How a text sounds and which words it has: SudachiPy with its small dictionary.

A word that was converted to wrong kanji (案所番号) still sounds right, so texts are compared
by sound too; and a text without kanji is written back in the spelling of the FAQ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from threading import local
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein
from sudachipy import Morpheme, SplitMode, Tokenizer

from bot.matching.dictionary import dictionary
from bot.matching.kana import sound, sounds

_CONTENT_WORDS = ("名詞", "動詞", "形容詞", "形状詞", "副詞", "接尾辞", "接頭辞", "連体詞")
_EMPTY_WORDS = frozenset(
    word
    for line in (
        "為る 有る 居る 成る 事 物 よう れる られる てる する ある いる なる こと もの 其れ 此れ",
        "私 さん お ご 御 方 時 様 訳 所為 此の 其の そう",
    )
    for word in line.split()
)
_KANJI = re.compile(r"[一-鿿々]")
_HIRAGANA = re.compile(r"[ぁ-ん]")
_RUN = 24
"""Words in a row that are looked through for what they sound like: people write a dozen at most."""
_KANA = re.compile(r"[ぁ-ヿ]")
_KANA_RUN = re.compile(r"[ぁ-ヶー]+")


class Token(NamedTuple):
    """One word of a text: as written, in dictionary form, and its sound. A space sounds like nothing."""

    written: str
    base: str
    sound: str
    is_content: bool
    has_kanji: bool


_END = Token("", "", "", is_content=False, has_kanji=False)

_of_thread = local()


def _tokenizer() -> Tokenizer:
    """The tokenizer of this thread: one that is in use refuses every other thread."""
    found: Tokenizer | None = getattr(_of_thread, "tokenizer", None)
    if found is None:
        found = _of_thread.tokenizer = dictionary().tokenizer(mode=SplitMode.A)
    return found


def tokens(text: str) -> list[Token]:
    """The words of a text, shortest units (mode A): joined as they are written, they are the text."""
    found = []
    for morpheme in _tokenizer().tokenize(text):
        word = morpheme.word_id(), morpheme.surface()
        found.append(_known.get(word) or _read(morpheme, word))
    return found


_known: dict[tuple[int, str], Token] = {}
"""Words of the dictionary as they were read before; nothing stays of words that are not in it."""
_KNOWN_AT_MOST, _LONGEST_KNOWN = 4096, 24


def _read(morpheme: Morpheme, word: tuple[int, str]) -> Token:
    written, base = word[1], morpheme.normalized_form()
    is_space = not written.strip()
    token = Token(
        written,
        base,
        "" if is_space else _sound_of(morpheme.reading_form() or written) or written,
        not is_space and base not in _EMPTY_WORDS and _is_content(morpheme.part_of_speech_id()),
        _KANJI.search(written) is not None,
    )
    if len(written) <= _LONGEST_KNOWN and not morpheme.is_oov():
        if len(_known) >= _KNOWN_AT_MOST:
            _known.clear()
        _known[word] = token
    return token


@cache
def _is_content(part_of_speech: int) -> bool:
    return dictionary().pos_of(part_of_speech)[0] in _CONTENT_WORDS


def _sound_of(reading: str) -> str | None:
    """The sound of one word's reading, or None if it has none (marks, foreign letters)."""
    return sound(reading) if all("ぁ" <= character <= "ヿ" for character in reading) else None


def is_katakana(text: str) -> bool:
    """True for a text without kanji and hiragana: its words are not spelt as usual (ﾅｶﾞｲﾎｳ)."""
    return not _HIRAGANA.search(text) and not _KANJI.search(text)


def _is_kana(text: str) -> bool:
    """True for a text of kana with (nearly) no kanji."""
    kanji = len(_KANJI.findall(text))
    return kanji * 7 <= len(text) and len(_KANA.findall(text)) >= max(4, kanji * 6)


class Lexicon:
    """The words of the FAQ by sound: writes a text back as the FAQ spells it."""

    def __init__(self, words: Mapping[tuple[str, str], int]) -> None:
        """`words`: the words of the FAQ, as `words_of` finds them, with their sounds and how often each is there."""
        spellings: dict[str, Counter[str]] = {}
        known: set[str] = set()
        for (written, heard), times in words.items():
            known.add(written)
            if len(heard) >= 3:
                spellings.setdefault(heard, Counter())[written] += times
        self._take(
            known,
            {
                heard: max(sorted(counts), key=lambda written: (counts[written], written))
                for heard, counts in spellings.items()
            },
        )

    def _take(self, known: set[str], written: dict[str, str]) -> None:
        self._known, self._written = known, written
        self._longest = max(map(len, written), default=0)
        self._compounds = [heard for heard in written if len(heard) >= 7]

    def lines(self) -> list[str]:
        """All it knows, one sound and word a line, for `from_lines`."""
        return [f"{heard}\t{written}" for heard, written in self._written.items()] + [
            f"\t{written}" for written in sorted(self._known)
        ]

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> Lexicon:
        """The lexicon that gave these lines."""
        lexicon = cls({})
        pairs = [line.split("\t") for line in lines]
        known = {word: word for sound, word in pairs if not sound}  # the same word is one string
        lexicon._take(set(known), {sound: known.get(word, word) for sound, word in pairs if sound})
        return lexicon

    def correct(self, text: str, words: Sequence[Token]) -> str:
        """The text, whose words these are, with wrongly converted ones (案所番号) as the FAQ writes their sound."""
        if not any(map(self._is_unknown, words)):
            return text
        pieces: list[str] = []
        run: list[Token] = []
        for token in (*words, _END):
            if token.is_content or token.has_kanji:
                run.append(token)
                continue
            pieces += [self._correct_run(run), token.written]
            run = []
        return "".join(pieces)

    def _correct_run(self, run: list[Token]) -> str:
        unknown = [self._is_unknown(token) for token in run]
        if not any(unknown) or len(run) > _RUN:
            return "".join(token.written for token in run)
        for size in range(min(4, len(run)), 0, -1):
            for begin in range(len(run) - size + 1):
                end = begin + size
                if any(unknown[begin:end]) and (meant := self._meant(run[begin:end])) is not None:
                    return self._correct_run(run[:begin]) + meant + self._correct_run(run[end:])
        return "".join(token.written for token in run)

    def _is_unknown(self, token: Token) -> bool:
        return token.has_kanji and token.written not in self._known

    def _meant(self, part: list[Token]) -> str | None:
        """The FAQ's word that these words sound like, if they are none of its own."""
        written = "".join(token.written for token in part)
        heard = "".join(token.sound for token in part)
        if written in self._known or len(heard) < 3:
            return None
        meant = self._written.get(heard)
        if meant is not None and len(heard) < 5 and (len(meant) < 2 or len(written) < 2):
            return None
        if meant is None and len(heard) >= 6 and len(part) > 1:
            near = process.extractOne(heard, self._compounds, scorer=Levenshtein.distance, score_cutoff=1)
            meant = self._written[near[0]] if near else None
        return meant

    def restore(self, text: str, *, anyway: bool = False) -> str:
        """The text with known words as the FAQ writes them, if it has (nearly) no kanji itself, or `anyway`."""
        if not anyway and not _is_kana(text):
            return text
        return _KANA_RUN.sub(lambda run: self._restore_run(run.group()), text)

    def _restore_run(self, run: str) -> str:
        heard, places = sounds(run)
        places.append(len(run))
        pieces: list[str] = []
        position = 0
        while position < len(heard):
            for length in range(min(self._longest, len(heard) - position), 2, -1):
                written = self._written.get(heard[position : position + length])
                if written is not None:
                    pieces.append(written)
                    position += length
                    break
            else:
                pieces.append(run[places[position] : places[position + 1]])
                position += 1
        return "".join(pieces)


def words_of(found: Sequence[Token]) -> Iterable[tuple[str, str]]:
    """The words with kanji or katakana of a text, and compounds of them, with their sounds."""
    compound: list[Token] = []
    for token in (*found, _END):
        if token.is_content and (token.has_kanji or "ァ" <= token.written[0] <= "ヿ"):
            yield token.written, token.sound
            compound.append(token)
            continue
        if token.written.isspace():
            continue
        if 1 < len(compound) <= 4:
            yield "".join(t.written for t in compound), "".join(t.sound for t in compound)
        compound = []
