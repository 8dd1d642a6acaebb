"""Which things a text is about: the vocabulary's concepts, and from them the PIN and the visitor.

Found by their words, with negation and contrast: in 「署名用は覚えているけど、利用者証明用を忘れた」
the first PIN is fine and the second is the one in trouble. A wrong PIN sends a citizen to the
wrong counter, so every rule here prefers to say nothing: bare 4桁 is three PINs and means none
of them by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bot.content.model import Concept
from bot.matching.kana import hiragana
from bot.matching.normalise import Spelling, clean
from bot.matching.understanding import PinName, Understood, Visitor

Standing = Literal["denied", "fine", "trouble", "open"]

FOUR_DIGITS = "four-digits"
"""The concept of 「4桁」: three PINs at once. It never decides, but it can conflict."""

_UNMARKED = re.compile(r"[\s「」『』()\[\]【】<>\"'`*_ー]+")

_OF_PIN = r"(?:電子証明書|証明書|暗証番号|ぱすわど|番号|4桁|の|用|ほう|方|やつ|だけ|って)*"
_DENIED = re.compile(
    _OF_PIN
    + r"(?:(?:じゃ|では|や|で)(?:ない|なく|なし)(?!と|です?か|だろ|よね|か[。?])|じゃねえ|以外|とは別|とはちが|とは違"
    + r"|のことではな|ではあり?ませんで?、|ちゃう(?:て|く)|は関係)"
)
_FINE = re.compile(
    r"(?:覚えて(?:い|る|ま|お|て|と)|おぼえて(?:い|る|ま)|覚えと|(?<!忘れて)わか(?:る|り(?!にく)|って|っと|ってて)|分か(?:る|り(?!にく)|って|っと)"
    r"|使え(?:る|ま(?!せ)|て|た|とる)|大丈夫|だいじょうぶ|問題な|平気|無事|通(?:る|った|りま)|合って|あってる|正しく入|入力でき(?:る|た|ま(?!せ))"
    r"|(?:ろっく)(?:は|も|が)?(?:され|かか|して|なって?)[^。、]{0,4}(?:ない|ません|ず)|忘れて(?:い)?(?:ない|ません|ず)|忘れない|生きて|控えがあ|めもがあ|めもして)"
)
_TROUBLE = re.compile(
    r"(?:忘れ|わすれ|わからない|わからなく|ろっく|間違|まちが|使えない|できない|弾か|はじか|通らない|入れない|だめ|あかん|思い出|凍結"
    r"|再設定|初期化|解除|変え|変更|直し|直す|失効|期限切れ)"
)
_JOINED = re.compile(_OF_PIN + r"(?:と|も|や|、|及び|および|か|or|and|&|\+|/|・)+$")
_QUALIFIES = re.compile(r"(?:電子証明書|証明書|暗証番号|ぱすわど)*の?")
"""Between two names of one PIN: 利用者証明用の4桁."""
_COMPARED = re.compile(r"違い|ちがい|違う|どれ|どの|なに|何が|種類|いくつ|見分|区別")
_ASKED_FOR = re.compile(r"4桁|暗証番号|ぱすわど|ろっく|番号.{0,6}(?:間違|忘れ|押|打|わから)")
_SUPPOSED = re.compile(
    r"ろっく(?:中|され?て(?:い)?(?:ると|ても|たら)|されたら|したら|で|してなければ)|なしで|たら.*も|れば|なら"
)
"""A case that is only supposed, so no PIN is in trouble yet."""

_HOLDER = (
    r"(?:の(?:まいな|かど|暗証|ぱす|番号|署名|利用者|電子|保険|分|4桁|ろっく|代わり)"
    r"|が(?:まいな|かどを?|暗証番号|ろっく|番号)|のぶん)"
)
_CHILD = re.compile(
    rf"(?:子ども|息子|娘){_HOLDER}|15歳未満|十五歳未満|未成年の(?!とき|頃|ころ)|(?<!\d)(?:\d|1[0-4])(?:歳|才)の(?:子|息子|娘|孫)"
)
_GROWN = re.compile(r"(?:1[5-9]|[2-9]\d)(?:歳|才)の?(?:子|息子|娘)|高校生|大学生|成人した|社会人")
_RELATIVE = re.compile(
    rf"(?:母|父|祖母|祖父|妻|夫|兄|姉|弟|妹|親|両親|家族|友人|友達|知人|叔母|叔父|おば|おじ|利用者さん|入所者){_HOLDER}"
)
_INSTEAD = re.compile(
    r"(?<![桁号証字どで書類]の)(?<!その)代わりに(?!もら)|代理人?(?:で|が|の|と|に|は|も|を|申請|でも|$|、|。|\?)|委任状|本人(?:以外|(?:じゃ|では|で)な(?!いと|ければ|きゃ))|代わりの"
)
_MYSELF = re.compile(
    r"本人が(?:窓口|直接|市役所|行き(?!ま?せ)|行く(?!の?は?無理|こと))|自分で(?:行(?!か)|窓口|市役所)|自分が行|私が行[くき](?:ま|つもり|予定)"
)


@dataclass(frozen=True)
class Mention:
    """A concept at a place of the text, and how the text speaks of it."""

    concept: str
    begin: int
    end: int
    standing: Standing = "open"


class Concepts:
    """Finds the vocabulary's concepts in texts whose spelling is already normalised."""

    def __init__(self, concepts: Iterable[Concept], spelling: Spelling) -> None:
        self._by_id = {concept.id: concept for concept in concepts}
        self._starting: dict[str, list[tuple[str, str]]] = {}
        words: set[tuple[str, str]] = set()
        for concept in self._by_id.values():
            for word in (*concept.words, concept.name) if concept.kind == "pin" else concept.words:
                words.add((_even(spelling.apply(clean(word))), concept.id))
        for word, concept_id in sorted(words, key=lambda pair: (-len(pair[0]), pair)):
            if word:
                self._starting.setdefault(word[0], []).append((word, concept_id))

    def find(self, text: str) -> tuple[Mention, ...]:
        """The concepts mentioned, in order; PINs with their standing."""
        text = _even(text)
        mentions: list[Mention] = []
        covered: dict[str, int] = {}
        for begin, character in enumerate(text):
            for word, concept in self._starting.get(character, ()):
                if begin >= covered.get(concept, 0) and text.startswith(word, begin) and _whole(text, begin, word):
                    covered[concept] = begin + len(word)
                    mentions.append(Mention(concept, begin, begin + len(word)))
        return self._with_standing(text, mentions)

    def understand(self, text: str, mentions: tuple[Mention, ...]) -> tuple[Understood, bool]:
        """The PIN and the visitor the text is about, and whether its PIN concepts conflict."""
        text = _even(text)
        pin, conflict = self._pin(text, mentions)
        found = tuple(dict.fromkeys(m.concept for m in mentions if m.standing not in ("denied", "fine")))
        return Understood(pin, self._visitor(text, found), found), conflict

    # --- the PIN ---------------------------------------------------------------------

    def _is_pin(self, mention: Mention) -> bool:
        return self._by_id[mention.concept].kind == "pin" or mention.concept == FOUR_DIGITS

    def _with_standing(self, text: str, mentions: list[Mention]) -> tuple[Mention, ...]:
        pins = [mention for mention in mentions if self._is_pin(mention)]
        standing: dict[Mention, Standing] = {}
        following: Standing = "open"
        for position in range(len(pins) - 1, -1, -1):
            mention = pins[position]
            limit = pins[position + 1].begin if position + 1 < len(pins) else len(text)
            stop = text.find("。", mention.end)
            clause = text[mention.end : min(limit, stop if stop >= 0 else len(text), mention.end + 40)]
            now = _standing(clause)
            if now == "open" and position + 1 < len(pins) and len(clause) < 12 and _is_joint(clause):
                now = following
            standing[mention] = following = now
        return tuple(
            Mention(m.concept, m.begin, m.end, standing[m]) if m in standing else m
            for m in sorted(mentions, key=lambda m: (m.begin, m.end, m.concept))
        )

    def _pin(self, text: str, mentions: tuple[Mention, ...]) -> tuple[PinName | None, bool]:
        pins = [m for m in mentions if self._is_pin(m) and m.standing not in ("denied", "fine")]
        troubled = [m for m in pins if m.standing == "trouble"]
        live = {self._name(m) for m in troubled or pins}
        compared = _COMPARED.search(text) is not None
        if "phone" in live:
            return ("phone", False) if live <= {"phone", "four", "sign", "user"} and not compared else (None, False)
        if "both" in live:
            return ("both" if troubled and "four" not in live - {"sign", "user", "four"} else None), False
        if self._contradict(text, [m for m in mentions if self._is_pin(m) and m.standing != "denied"]):
            return None, not compared
        if {"sign", "user"} <= live or live == {"sign", "four"}:
            every = len({self._name(m) for m in troubled}) >= 2 and not _SUPPOSED.search(text)
            return ("both" if every and not compared and not live & {"kenmen", "juki"} else None), False
        live.discard("four")
        if len(live) == 1:
            return _PIN_NAMES[live.pop()], False
        if not live and not compared:
            return self._pin_of_use(text, mentions), False
        return None, False

    def _name(self, mention: Mention) -> str:
        return self._by_id[mention.concept].pin or "four"

    def _contradict(self, text: str, pins: list[Mention]) -> bool:
        """True for 「署名用の4桁」: one noun phrase that names two PINs."""
        for left, right in pairwise(pins):
            between = text[left.end : right.begin]
            names = {self._name(left), self._name(right)}
            if _QUALIFIES.fullmatch(between) and names in (
                {"sign", "four"},
                {"sign", "user"},
                {"sign", "kenmen"},
                {"sign", "juki"},
            ):
                return True
        return False

    def _pin_of_use(self, text: str, mentions: tuple[Mention, ...]) -> PinName | None:
        """「コンビニ交付の4桁」: the use tells which of the PINs it is."""
        denied = any(self._is_pin(m) and m.standing in ("denied", "fine") for m in mentions)
        uses = {
            self._by_id[m.concept].pin for m in mentions if self._by_id[m.concept].kind == "service" and not denied
        } - {None}
        if len(uses) != 1:
            return None
        for mention in mentions:
            concept = self._by_id[mention.concept]
            if concept.kind != "service" or concept.pin is None:
                continue
            begin = text.rfind("。", 0, mention.begin) + 1
            end = text.find("。", mention.end)
            sentence = text[begin : end if end >= 0 else len(text)]
            if _SUPPOSED.search(sentence) or not _ASKED_FOR.search(sentence):
                return None
        return uses.pop()

    # --- the visitor ------------------------------------------------------------------

    def _visitor(self, text: str, found: tuple[str, ...]) -> Visitor | None:
        told = {self._by_id[concept].visitor for concept in found}
        if "guardian" in told:
            return "guardian"
        if _CHILD.search(text) and not _GROWN.search(text):
            return "parent_of_child"
        if _INSTEAD.search(text) or _RELATIVE.search(text):
            return "proxy"
        if _MYSELF.search(text):
            return "self"
        return None


_PIN_NAMES: dict[str, PinName] = {"sign": "sign", "user": "user", "kenmen": "kenmen", "juki": "juki"}


def _even(text: str) -> str:
    """Hiragana without spaces, quotes and long-vowel marks; sentence marks stay."""
    return _UNMARKED.sub("", hiragana(text)).replace("!", "。").replace("?", "。").replace("\n", "。")


def _whole(text: str, begin: int, word: str) -> bool:
    """A word that begins or ends with a digit or letter is not cut out of a longer one."""
    end = begin + len(word)
    if word[0].isascii() and word[0].isalnum() and begin and text[begin - 1].isascii() and text[begin - 1].isalnum():
        return False
    last = word[-1]
    return not (last.isascii() and last.isalnum() and end < len(text) and text[end].isascii() and text[end].isalnum())


def _standing(clause: str) -> Standing:
    if _DENIED.match(clause):
        return "denied"
    fine, trouble = _FINE.search(clause), _TROUBLE.search(clause)
    if fine and (trouble is None or fine.start() <= trouble.start()):
        return "fine"
    return "trouble" if trouble else "open"


def _is_joint(clause: str) -> bool:
    return _QUALIFIES.fullmatch(clause) is not None or _JOINED.fullmatch(clause) is not None
