"""Secrets that exist once: what people type, in every writing, and the search for it in bytes.

A canary is a text with a secret, a private word or a name in it that occurs nowhere else. A
Searcher knows each of them as typed, normalised (NFKC), as digits alone, escaped as in JSON and
as in an address, each in UTF-8 and UTF-16, and says where it meets one.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

_ASCII = "0123456789"


def _script(digits: str) -> Callable[[str], str]:
    table = str.maketrans(_ASCII, digits)
    return lambda number: number.translate(table)


def _joined(by: str, size: int) -> Callable[[str], str]:
    return lambda number: by.join(number[at : at + size] for at in range(0, len(number), size))


WRITINGS: dict[str, Callable[[str], str]] = {
    "half width": str,
    "full width": _script("０１２３４５６７８９"),
    "kanji": _script("〇一二三四五六七八九"),
    "circled": _script("⓪①②③④⑤⑥⑦⑧⑨"),
    "bold": _script("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    "Arabic": _script("٠١٢٣٤٥٦٧٨٩"),
    "spaces": _joined(" ", 4),
    "wide spaces": _joined("\u3000", 4),
    "hyphens": _joined("-", 4),
    "wide hyphens": lambda number: _joined("－", 4)(WRITINGS["full width"](number)),
    "long vowel marks": _joined("ー", 4),
    "dots": _joined("・", 4),
    "line breaks": _joined("\n", 4),
    "each alone": _joined(" ", 1),
    "invisible between": _joined("\u200b", 3),
    "emoji keycaps": _joined("\ufe0f\u20e3", 1),
}
"""How a number is written."""

_WORDS = (
    "亜哀愛悪握圧扱安暗案以位依偉囲委威尉意慰易為異移維緯胃衣違遺医井域育壱逸稲芋印員因姻引飲院陰隠韻右宇羽雨渦浦運雲営影映栄"
    "永泳英衛詠鋭液疫益駅悦謁越閲円園宴延援沿演炎煙猿縁遠鉛塩汚凹央奥往応押横欧殴王翁黄沖億屋憶乙卸恩温穏"
)

Kind = str


@dataclass(frozen=True)
class Canary:
    """A `text` to type, and what of it must be found nowhere."""

    text: str
    secret: str
    """The part that exists once: the number, the password, the private word."""
    kind: Kind
    guarded: bool
    """Whether the guard has to take it out, so that not even the answer may show it."""


def canaries(seed: int) -> Iterator[Canary]:
    """Canaries without end, each kind and writing in turn; the same for the same seed."""
    chance = random.Random(seed)

    def number(size: int) -> str:
        return str(chance.randrange(1, 10)) + "".join(chance.choice(_ASCII) for _ in range(size - 1))

    def word() -> str:
        return "".join(chance.choice(_WORDS) for _ in range(8))

    while True:
        for name, write in WRITINGS.items():
            written = write(number(12))
            yield Canary(f"番号は{written}です。ロックされました", written, f"個人番号, {name}", True)
        for name in ("half width", "full width", "kanji", "circled", "bold"):
            secret = word()
            pin = WRITINGS[name](number(4))
            yield Canary(f"{secret}です。暗証番号は{pin}で入れない", secret, f"PIN beside a word, {name}", False)
        for wide in (False, True):
            password = "".join(chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(6)) + number(8)
            written = "".join(chr(ord(one) + 0xFEE0) for one in password) if wide else password
            yield Canary(f"パスワード {written} で入れません", written, f"password, wide: {wide}", True)
        phone = f"090-{number(4)}-{number(4)}"
        yield Canary(f"連絡先は{phone}です。折り返してください", phone, "phone", True)
        mail = f"{number(6)}.{chance.choice('abcdef')}{number(5)}@example.com"
        yield Canary(f"メールは {mail} です", mail, "mail", True)
        card = _joined(" ", 4)(f"4{number(15)}")
        yield Canary(f"クレジットカードは {card} です", card, "card", True)
        secret = word()
        yield Canary(f"{secret}のことで、4けたを忘れました", secret, "private word", False)


_ANCHOR = 10
"""Bytes by which a needle is looked up; none is shorter."""


@dataclass
class Searcher:
    """Finds what was added to it in any bytes. `found` has what and where, once each."""

    found: set[tuple[str, str]] = field(default_factory=set)
    searched: int = 0
    """Bytes looked at."""
    needles: int = 0
    _by_anchor: dict[bytes, list[tuple[bytes, str]]] = field(default_factory=dict)

    def add(self, secret: str) -> None:
        """Look for this from now on."""
        plain = unicodedata.normalize("NFKC", secret)
        digits = "".join(str(unicodedata.digit(one, "")) for one in secret)
        kanji = secret.translate(str.maketrans("〇一二三四五六七八九", _ASCII))
        forms = {secret, plain, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret), kanji}
        if len(digits) >= _ANCHOR:
            forms.add(digits)
        for form in forms:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                needle = form.encode(encoding)
                if len(needle) >= _ANCHOR:
                    self._by_anchor.setdefault(needle[:_ANCHOR], []).append((needle, secret))
                    self.needles += 1

    def search(self, data: bytes, where: str) -> None:
        """Note what of it is in `data`, which is from `where`."""
        self.searched += len(data)
        anchors = self._by_anchor
        for at in range(len(data) - _ANCHOR + 1):
            if data[at : at + _ANCHOR] in anchors:
                for needle, secret in anchors[data[at : at + _ANCHOR]]:
                    if data.startswith(needle, at):
                        self.found.add((secret, where))
