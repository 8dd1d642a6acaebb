"""One spelling for what people type: width, kana, emoji, repeats, fillers, synonyms, politeness.

The result is for comparing, never for showing. Sounds and words are for `reading.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from bot.matching.kana import hiragana, read_romaji
from bot.matching.names import mended

_DASHES = re.compile(r"[-‐‑‒–—―−─━~〜～](?<=[ぁ-ヿ].)")
_ELONGATED = re.compile(r"ー{2,}")
_REPEATED = re.compile(r"([^\d\s])\1{2,}")
_LAUGHTER = re.compile(r"w(?<![a-z]w)w*(?![a-z])|[(](?:笑|泣|汗|涙|怒)[)]|[笑草](?<=[ぁ-ヿ一-鿿].)(?=$|[。!?\s])")
_ORDINARY = re.compile(r"[\n -\]_a-~ぁ-んァ-ヶー々、。「」・一-龠]*")
"""Texts of such characters only have no pictures and nothing invisible."""
_ADDRESS = re.compile(r"https?://\S+")
_PICTURED = {
    picture: word
    for word, pictures in {
        "ロック": "🔒🔐",
        "スマホ": "📱",
        "カード": "💳🪪",
        "病院": "🏥",
        "コンビニ": "🏪",
        "だめ": "❌❎🙅",
        "大丈夫": "⭕🙆",
    }.items()
    for picture in pictures
}
_PICTURE = re.compile(
    r"[🔒🔐](?:(?<=[がはも].)|(?<!\w.)(?=[かがさしでなにはもをれ解]))|(?<!\w)[📱💳🪪🏥🏪](?=[がでとなにのはへもを])"
    r"|[❌❎🙅⭕🙆](?<=[用者面基字桁].)"
)
"""A picture that stands for a word: カードが🔒, 🏥の番号, 署名用⭕; after a noun (番号🔒は) it is one that adorns."""
_FACE = re.compile(r"[(][^()ぁ-ヿ一-鿿a-z0-9]{2,12}[)]")
_QUESTION_END = re.compile(r"(?<![。!?])(?=[。!]*\?)[。!?]+")
_SENTENCE_END = re.compile(r"[。!\n]+|(?<=[ぁ-ヿ一-鿿])\.+(?=\s|$)")
_LONG = 40
_CLAUSE_END = re.compile(
    r"(?<=が)、|(?<=けど)、|(?<=けれど)、|(?<=ので)、|(?<=ますし)、|(?<=から)、|(?<=て)、|(?<=たら)、|(?<=ば)、"
)
_ASKS = re.compile(
    r"(?:か|かね|かな|かしら|かいな|かい|の|や|ん(?=[?])|教えて(?:ください|下さい|ほしい(?:です)?|くれ|もらえ.{0,6})?|[知聞]りたい(?:です|のです.?)?|知りたく存じ.{0,3}"
    r"|(?:伺い|聞き|うかがい)(?:たい|たく).{0,6}|(?:お教え|ご教示|ご教授|お聞かせ|お知らせ|ご案内).{0,12}|ください|いただけ(?:ます|ません)か)[\s、]*$|[?]"
    r"|どこ(?!か|も|でも)|なに(?!か|も|とぞ)|何(?!か|も|卒|とか|やら|[回度年日枚人]か?[か、も])|いくら(?!か|でも)|いつ(?!も|か|の間|まで(?:も|たって))|だれ(?!か|も|でも)"
    r"|誰(?!か|も|でも)|なぜ(?!か)|どう(?!しても|しも|し出|か|やら|にか|にも|も|ぞ|せ)|どれ(?!か|も|でも)|どの(?!みち)"
)
_MARKS = re.compile(r"[\s、。,.!?・:;「」『』()\[\]【】<>〈〉《》\"'`…‥*#/\\|=_+^&@~ー\-]+")


def _trie(words: list[str]) -> str:
    """A pattern for the words that tries a branch only where its first letter fits: linear in the text.

    Every branch begins with that letter, so that the search skips places with none of them.
    """
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[0], []).append(word)
    branches = []
    for first, group in by_first.items():
        options = [re.escape(w[1:]) + ("(?![a-z])" if w[-1].isascii() and w[-1].isalpha() else "") for w in group]
        guard = f"(?<![a-z]{first})" if first.isascii() and first.isalpha() else ""
        branches.append(f"{re.escape(first)}{guard}(?:{'|'.join(options)})")
    return "|".join(branches)


# Endings say how politely something is asked, not what. Longest first; taken off repeatedly.
_ENDINGS = (
    "でしょうか", "ますでしょうか", "のでしょうか", "んでしょうか", "ませんでしょうか", "でございましょうか",
    "ですか", "ますか", "のですか", "んですか", "んですけど", "のですが", "んですが", "ですけど", "ですが",
    "ますが", "ますけど", "ですかね", "ですよね", "でしょう", "だろう", "だろうか", "かな", "かなあ", "かしら",
    "のかな", "んだけど", "だけど", "けど", "んだが", "のか", "教えてください", "教えて下さい",
    "おしえてください", "教えてほしい", "教えて欲しい", "教えて", "おしえて", "知りたいです", "知りたい",
    "お願いします", "お願いいたします", "お願い致します", "いただけますか", "もらえますか", "いいですか",
    "よいですか", "よろしいですか", "んでっか", "でっか", "やろか", "やろう", "やろ", "じゃろか", "じゃろう",
    "じゃろ", "べか", "だべか", "だべ", "だんべ", "とね", "ばい", "っちゃ", "ねん", "やねん", "ですわ", "だわ",
    "どすか", "どす", "さかい", "けん", "けんど", "っけ", "だっけ", "ください", "下さい", "です", "ます",
    "だよ", "だよね", "よね", "わよ", "のよ", "なの", "んだ", "か", "の", "ね", "よ", "な", "わ", "さ",
)  # fmt: skip
_TAIL = 6 * max(map(len, _ENDINGS)) + 1  # six endings and a line's end; before it no ending can begin
_POLITE_END = re.compile(
    f"(?s:.{{0,{_TAIL}}}?)(?P<polite>(?:{_trie(sorted(_ENDINGS, key=len, reverse=True))}){{1,6}})$"
)
"""Matched at the tail of a text: searching through all of a long text took 6 ms."""
_TO_PLAIN = (
    (re.compile("ございません"), "ない"),
    (re.compile("ございます|おります"), "ます"),
    (re.compile("して(?:しま(?:い|っ)|も)"), "し"),
    (
        re.compile(
            "し(?<=[てで].)ま(?:いました|った|って|う|い)|[ちじ](?<=[ぁ-ん].)ゃっ[たて]|ち(?<=[ぁ-ん].)(?:ゃう|まった)"
        ),
        "た",
    ),
    (re.compile("できへん|でけへん|できひん|出来へん"), "できない"),
    (re.compile("わからへん|分からへん|わからん|分からん"), "わからない"),
    (re.compile("(?<=[かがさたなばまらわえき])(?:へん|ひん)"), "ない"),
    (re.compile("ん(?:(?<=[らわ].)|(?<=[一-鿿]か.))(?=[のかねけ、。]|$)"), "ない"),
    (re.compile("出来"), "でき"),
    (re.compile("(?:なん|何)で(?!す|しょ|も|き)|どうして(?!も)|なして|何故"), "なぜ"),
    (re.compile("いくら位|おいくら|なんぼ|何円"), "いくら"),
    (re.compile("どないしたら|どげんしたら|どうすりゃ|どうすれば|どしたら"), "どうしたら"),
    (re.compile("どない|どげん|どがい"), "どう"),
)


def clean(text: str) -> str:
    """NFKC, lower case, no emoji or laughter, one kind of dash, no drawn-out letters.

    Sentence ends stay (emoji count as one), so that `sentences` can still split the text.
    """
    text = _ADDRESS.sub(" url ", unicodedata.normalize("NFKC", text).lower()).replace("〜", "~")
    text = _PICTURE.sub(lambda found: _PICTURED[found.group()], text)
    if not _ORDINARY.fullmatch(text):
        seen = set(text)  # a text of 4,096 characters has few different ones
        pictures, invisible = (map(ord, filter(is_one, seen)) for is_one in (_is_picture, _is_invisible))
        text = text.translate(dict.fromkeys(pictures, "。") | dict.fromkeys(invisible))
    text = _FACE.sub("。", text)
    text = _DASHES.sub("ー", text)
    text = _ELONGATED.sub("ー", text)
    text = _REPEATED.sub(r"\1", text)
    return _LAUGHTER.sub("。", text).strip()


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk", "Cs", "Co", "Cn") and character not in "゛゜"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Mn", "Me", "Cc") and character not in "\n\u3099\u309a"


def sentences(text: str) -> list[str]:
    """The sentences of a cleaned text; a question keeps its mark, other end marks go."""
    marked = _QUESTION_END.sub("?。", text)
    return [part.strip() for part in _SENTENCE_END.split(marked) if part.strip(" ?")]


def clauses(text: str) -> list[str]:
    """The sentences of a cleaned text, and the last part of a very long one by itself."""
    found: list[str] = []
    for sentence in sentences(text):
        found.append(sentence)
        if len(sentence) > _LONG:
            cut = [part for part in _CLAUSE_END.split(sentence) if len(part) >= 8]
            found += cut if len(cut) > 1 else []
    return found


def asks(text: str) -> bool:
    """True if the sentence is a question or a request."""
    return _ASKS.search(text) is not None


def bare(text: str) -> str:
    """Katakana as hiragana, no marks and no spaces: the form in which texts are compared."""
    return _MARKS.sub("", hiragana(text))


def plain(text: str) -> str:
    """A bare text without its polite, spoken or dialect ending."""
    begin = max(0, len(text) - _TAIL)
    found = _POLITE_END.match(text, begin)
    shorter = text[: found.start("polite")] + text[found.end() :] if found else text
    return shorter if len(shorter) >= 2 else text


class Spelling:
    """The vocabulary's synonyms and fillers, applied to cleaned texts.

    A synonym in Latin letters matches only whole words; longer ones win.
    """

    def __init__(self, synonyms: Mapping[str, Iterable[str]], fillers: Iterable[str]) -> None:
        self._canonical: dict[str, str] = {}
        for canonical, variants in synonyms.items():
            for variant in (canonical, *variants):  # itself too: 英数 must not match inside 英数字
                self._canonical.setdefault(hiragana(clean(variant)), clean(canonical))
        self.english = frozenset(v for v in self._canonical if re.fullmatch(r"[a-z' -]+", v))
        self._variant = _any_of(self._canonical)
        self._filler = _any_of(hiragana(clean(filler)) for filler in fillers)

    def apply(self, text: str) -> str:
        """The cleaned text with romaji as kana, names mended, fillers dropped and synonyms in their canonical form."""
        text = mended(read_romaji(text, self.english))
        text = replaced(text, self._filler, lambda _: "、")
        for pattern, replacement in _TO_PLAIN:
            text = pattern.sub(replacement, text)
        return replaced(text, self._variant, lambda found: self._canonical[found])


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile(_trie(ordered)) if ordered else None


def replaced(text: str, pattern: re.Pattern[str] | None, by: Callable[[str], str]) -> str:
    """The text with what the pattern finds in it, read in hiragana, put otherwise."""
    if pattern is None:
        return text
    pieces: list[str] = []
    position = 0
    for found in pattern.finditer(hiragana(text)):
        pieces += [text[position : found.start()], by(found.group())]
        position = found.end()
    return "".join(pieces) + text[position:]
