"""Which things a text is about: the vocabulary's concepts, and from them the PIN and the visitor.

Found by their words. How a text speaks of its PINs (negation, contrast) is read in `pins.py`;
who goes to the counter is read here. Both prefer to say nothing when in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from bot.matching import asked, pins
from bot.matching.kana import hiragana
from bot.matching.normalise import Spelling, clean
from bot.matching.understanding import Understood, Visitor
from bot.matching.vocabulary import Concept

FOUR_DIGITS = "four-digits"
"""The concept of 「4桁」: three PINs at once. It never decides, but it can conflict."""

_UNMARKED = re.compile(r"[「」『』()\[\]【】<>\"'`*_ー]+")
_SPACES = re.compile(r"\s+")
_NOT_BETWEEN_WORDS = re.compile(r"(?<![a-z0-9]) | (?![a-z0-9])")

_HOLDER = (
    r"(?:の(?:まいな|かど|暗証|ぱす|番号|署名|利用者|電子|保険|分|4桁|ろっく|代わり)"
    r"|が(?:まいな|かどを?|暗証番号|ろっく|番号)|のぶん)"
)
_CHILD = re.compile(
    rf"(?:子ども|息子|娘)(?:{_HOLDER}|まいなんばかど|暗証番号)|15歳未満|十五歳未満|未成年の(?!とき|頃|ころ)|(?<!\d)(?:\d|1[0-4])(?:歳|才)の(?:子|息子|娘|孫)"
)
_GROWN = re.compile(r"(?:1[5-9]|[2-9]\d)(?:歳|才)の?(?:子|息子|娘)|高校生|大学生|成人した|社会人")
_KIN = "(?:母|父|祖母|祖父|妻|夫|兄|姉|弟|妹|親|両親|家族|友人|友達|知人|叔母|叔父|おば|おじ|利用者さん|入所者)"
_RELATIVE = re.compile(_KIN + _HOLDER)
_INSTEAD = re.compile(
    rf"{_KIN}の変わりに(?:行|い)|"
    r"(?<![桁号証字どで書類]の)(?<!その)(?<!しょうの)代わりに(?!もら|は?な[らりる]|使)|代理人?(?:で|が|の|と|に|は|も|を|申請|でも|$|、|。|\?)|委任状(?!は?(?:いら|要ら|不要|必要な|なくて))|本人(?:以外|(?:じゃ|では|で)な(?!いと|ければ|きゃ))|代わりの"
)
_MYSELF = re.compile(
    r"本人が(?:窓口|直接|市役所|行き(?!ま?せ)|行く(?!の?は?無理|こと))|自分で(?:行(?!か)|窓口|市役所)|自分が行|私が行[くき](?:ま|つもり|予定)"
    r"|本人(?:だけ|一人|ひとり)で(?:行|い[くき])|私本人(?:です|なんです)|^本人です|(?:自分|(?<!の)私|わたし|俺|僕)の(?:まいなんばかど|かど|暗証番号)(?!を?家族)"
)
_BY_STAFF = re.compile(
    r"(?:係|職員|窓口|すたっふ|役所|市役所|店員|担当)(?:の|員|者)*(?:方|人|かた)?(?:に|が|は|さんに|さんが)、?代わりに"
)
_ACTING = re.compile(
    r"(?:私|わたし|俺|僕|うち|娘|息子|孫|嫁|家族)(?:が|でも|だけで)|行って|行ける|行く|行きた|行け|代わ|代理|頼|預かって(?:い)?(?:く|行)"
    r"|直せ|直し|(?:でき|出来)(?:る|ます|ない)|した[いく]|手続|再設定|解除|変更|変えられ|変えたい|必要|いりますか|どうしたら|どうすれば|ろっく|忘れ|わすれ|わからな|間違"
)
"""Words of someone who wants to do something for the card's holder."""
_HEARSAY = re.compile(r"(?:って|という|との)話(?:を|も|が)|(?:職員|すたっふ|施設|へるぱ)[^。?]{0,8}(?:預か|管理|保管)")
_WARD_CARD = re.compile(
    r"かど|番号|ぱすわど|ろっく|4桁|署名|利用者|役所|役場|窓口|手続|再設定|解除|行|[見佐助]人(?:です|だ|なん|をして|の者)"
)
_APPOINTED = re.compile("後見|保佐|補助人|補佐")
"""A child's 法定代理人 is a parent, an adult's one of these."""
_COURT_MATTER = re.compile(r"報酬|申し?立|選任")
_CANNOT_GO = re.compile(
    r"行けない|入院|動けな|寝たきり|歩けな|頼み?|任せ|代わ|変わりに|家族|外出|施設|持って行か|持たせ|(?:嫁|妻|夫|旦那|息子|娘|母|父|親)(?:はん|さん)?(?:に|が)"
)


class Mention(NamedTuple):
    """A concept at a place of the text, and how the text speaks of it. Mentions sort by their places."""

    begin: int
    end: int
    concept: str
    standing: pins.State = "open"


class Heard(NamedTuple):
    """What was understood; whether the text names two PINs as one; and the PINs that it hardly asks for."""

    understood: Understood
    conflict: bool
    unlikely: frozenset[pins.Name]


class Concepts:
    """Finds the vocabulary's concepts in texts whose spelling is already normalised."""

    def __init__(self, concepts: Iterable[Concept], spelling: Spelling) -> None:
        self._by_id = {concept.id: concept for concept in concepts}
        self._pins: dict[str, pins.Name] = {one.id: one.pin for one in self._by_id.values() if one.pin}
        self._pins[FOUR_DIGITS] = "four"
        self._starting: dict[str, list[tuple[str, str]]] = {}
        words: set[tuple[str, str]] = set()
        for concept in self._by_id.values():
            for word in (*concept.words, concept.name) if concept.kind == "pin" else concept.words:
                words.add((_even(spelling.apply(clean(word))), concept.id))
        for word, concept_id in sorted(words, key=lambda pair: (-len(pair[0]), pair)):
            if word:
                self._starting.setdefault(word[:2], []).append((word, concept_id))
        for start, found in self._starting.items():  # longest first, words of one letter last
            found += self._starting.get(start[0], ()) if len(start) > 1 else ()

    def find(self, text: str) -> tuple[Mention, ...]:
        """The concepts mentioned, in order; PINs with their standing."""
        text, gaps = _joined(text)
        mentions: list[Mention] = []
        covered: dict[str, int] = {}
        for begin, character in enumerate(text):
            for word, concept in self._starting.get(text[begin : begin + 2]) or self._starting.get(character) or ():
                if (
                    text.startswith(word, begin)
                    and begin >= covered.get(concept, 0)
                    and _whole(text, begin, word, gaps)
                ):
                    covered[concept] = end = begin + len(word)
                    mentions.append(Mention(begin, end, concept))
        return self._with_standing(text, sorted(mentions))

    def understand(self, text: str, mentions: tuple[Mention, ...]) -> Heard:
        """The PIN and the visitor the text is about, and what speaks against others."""
        text = _even(text)
        things = self._things(text, mentions)
        grammar, conflict = pins.read(text, things)
        read = asked.Asked() if conflict else asked.read(text, things, grammar)
        found = tuple(dict.fromkeys(m.concept for m in mentions if m.standing not in ("denied", "fine")))
        return Heard(Understood(read.pin, self._visitor(text, found), found), conflict, read.unlikely)

    # --- the PIN ---------------------------------------------------------------------

    def named_things(self, text: str, mentions: Iterable[Mention]) -> tuple[str, tuple[pins.Named, ...]]:
        """The evened text and the PINs that it names, as the grammar and the judges read it."""
        text = _even(text)
        return text, tuple(self._things(text, mentions))

    def spared(self, mentions: Iterable[Mention]) -> frozenset[str]:
        """The PINs of which the text says that they are not meant, or in order."""
        return frozenset(
            self._by_id[mention.concept].pin or "four" for mention in mentions if mention.standing in ("denied", "fine")
        )

    def named(self, mentions: Iterable[Mention]) -> frozenset[str]:
        """The PINs that the text names and does not spare."""
        concepts = (self._by_id[m.concept] for m in mentions if m.standing not in ("denied", "fine"))
        return frozenset(concept.pin for concept in concepts if concept.kind == "pin" and concept.pin)

    def _with_standing(self, text: str, mentions: list[Mention]) -> tuple[Mention, ...]:
        things = self._things(text, mentions)
        if not things:
            return tuple(mentions)
        states = {
            (thing.begin, thing.end): phrase.state
            for phrase in pins.phrases(text, things)
            for thing in phrase.things
            if not thing.is_use
        }
        return tuple(one._replace(standing=states.get((one.begin, one.end), "open")) for one in mentions)

    def _things(self, text: str, mentions: Iterable[Mention]) -> list[pins.Named]:
        """The PINs, 4桁 and uses among the mentions, as the grammar of `pins.py` takes them."""
        things = pins.spotted(text)
        for mention in mentions:
            name = self._pins.get(mention.concept)
            if name is None:
                continue
            is_use = self._by_id[mention.concept].kind == "service"
            things.append(pins.Named(name, mention.begin, mention.end, is_use))
        return things

    # --- the visitor ------------------------------------------------------------------

    def _visitor(self, text: str, found: tuple[str, ...]) -> Visitor | None:
        told = {self._by_id[concept].visitor for concept in found}
        if "guardian" in told and not (_CHILD.search(text) and not _APPOINTED.search(text)):
            return "guardian" if _WARD_CARD.search(text) and not _COURT_MATTER.search(text) else None
        if _CHILD.search(text) and not _GROWN.search(text):
            return "parent_of_child"
        if _INSTEAD.search(_BY_STAFF.sub("", text)):
            return "proxy"
        if _RELATIVE.search(text) and _ACTING.search(text) and not _HEARSAY.search(text):
            return "proxy"
        if _MYSELF.search(text) and not _CANNOT_GO.search(text):
            return "self"
        return None


def _even(text: str) -> str:
    """Hiragana without spaces, quotes and long-vowel marks; 。 and ? stay."""
    return _joined(text)[0]


def _joined(text: str) -> tuple[str, frozenset[int]]:
    """The even text, and the places in it where a space parted two Latin words."""
    spaced = _SPACES.sub(" ", _UNMARKED.sub("", hiragana(text))).replace("!", "。")
    words = _NOT_BETWEEN_WORDS.sub("", spaced).split(" ")
    return "".join(words), frozenset(accumulate(map(len, words[:-1])))


def _whole(text: str, begin: int, word: str, gaps: frozenset[int]) -> bool:
    """A word that begins or ends with a digit or letter is not cut out of a longer one."""
    end = begin + len(word)
    cut_before = begin and begin not in gaps and _is_latin(text[begin - 1]) and _is_latin(word[0])
    cut_after = end < len(text) and end not in gaps and _is_latin(text[end]) and _is_latin(word[-1])
    return not (cut_before or cut_after)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
