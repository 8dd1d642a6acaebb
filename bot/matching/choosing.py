"""A typed answer at an open question: a number, a label, yes or no, 「わからない」, or something near."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.content.model import Choice, Question
from bot.matching.normalise import Spelling, bare, clean, plain
from bot.matching.reading import tokens
from bot.matching.understanding import ChoiceMatch

UNKNOWN = "unknown"
"""The id of the choice 「わからない」 in every question that has one."""

_NEAR, _TIE = 0.62, 0.08
"""Likeness from which a choice is likely meant, and the distance within which two are tied."""

_SHORT_SOUND = 4
"""Sounds up to which a likeness of sound says nothing: 「今すぐ」 sounds like 「行けます」."""

_LONGEST_HEARD = 200  # characters of an answer that is also compared by its sound; no label is nearly as long
_TELLING, _DOUBT = 3, 0.85
"""Characters of kana that a shared word needs; what likeness counts for in texts no longer than that."""

_KANJI = re.compile("[一-鿿々]")

_NUMBERS = {kanji: number for number, kanji in enumerate("一二三四五六七八九", start=1)}
_NUMBERS |= {
    kana: number
    for number, kana in enumerate(("いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"), 1)
}
_NUMBERS |= {kana: n for n, kana in enumerate(("ひとつめ", "ふたつめ", "みっつめ", "よっつめ", "いつつめ"), 1)} | {
    "最初": 1
}
_ONE_NUMBER = re.compile(
    r"(?:no|番号|選択肢|その)?([1-9]|[一二三四五六七八九]|" + "|".join(k for k in _NUMBERS if len(k) > 1) + r")"
    r"(?:番目?|つ目|つめ|ばん|ばんめ|個目|こめ|つ)?(?:の(?:方|ほう|やつ))?"
    r"(?:で|を|が|に|かな|だと思います?|です|だ|ですね)?(?:お願いします|お願い|おねがいします|選びます|選ぶ|します|する)?"
)
_SEPARATORS = re.compile(r"[,、・/&+と\s]+|および|及び|それと|あと")
_YES = re.compile(
    r"(?:はい+|うん+|ええ|へい|yes|yep|yeah|y|hai|ok|おk|おけ|おっけー?|いえす|そう(?:だ|や|なん|どす|です)?|そうそう|そのとおり|その通り"
    r"|もちろん|もち|正解|合って(?:い?る)?|当たり|せや|せやで|んだ|んだんだ|ほうよ|了解|あたりまえ|○|〇|丸|まる|👍)"
)
_HESITANT = re.compile(
    r"(?:う[ーｰ〜~]+ん?|ん[ーｰ〜~]+|そう(?:か|かな?|かも)|せやな[ぁあ]?|なるほど|へ[えぇー]+|ふー?ん)[。、…!！\s]*"
)
"""Not a yes, though it sounds like one when vowels are folded."""
_NO = re.compile(
    r"(?:いい?え+|いや+|いやいや|ううん|うんん|no|nope|n|iie|のー|ちが(?:う|い)|違(?:う|い)|そうじゃない|そうではない|ちゃう|ちゃうで"
    r"|だめ|むり|無理|x|×|ばつ|✕|なし|まだ)"
)
_HAVE, _HAVE_NOT = (
    re.compile("(?:ある|あり|持って(?:い?る)?|もって(?:い?る)?|有り?)"),
    re.compile("(?:ない|ありません|無い|無し|持ってない)"),
)
_UNKNOWN = re.compile(
    r"(?:よく|ちょっと|全然|さっぱり|まったく|全く)?(?:わから(?:ない|ん|へん|なく)|分から(?:ない|ん|へん)|わかりません|分かりません|わかんない|わからない"
    r"|しら(?:ない|ん)|知ら(?:ない|ん)|知りません|不明|覚えてない|忘れた|不確か|自信(?:が)?ない|どうだろ|さあ|どっちだろ|どちらとも"
    r"|wakaranai|wakarimasen|dontknow|idontknow|unknown|わがらね|わがんね|はっきりしない|微妙|たぶん|\?)"
)
_QUESTION = re.compile(
    r"[?？]|(?<!し)(?<!と)(?<!確)(?<!なん)か[。!…\s]*$|どこ(?!か)|なに(?!も)|何(?!も)|いくら|いつ(?!も)|だれ|誰|なぜ|なんで|どう|どれ(?!も|でも|だか)|どっち(?!も)|どちら(?!も|でも)|って(?:こと)?$|かな$|教えて"
)
_NEGATIVE = re.compile(r"ない|ません|いいえ|(?<!ぶ)ん$|へん|無し|なし|無理|できず")


class Name(NamedTuple):
    """A label or alias as it is compared: as written, as heard, whether it denies, and the choice it belongs to."""

    key: str
    heard: str
    denies: bool
    choice: str


Names = tuple[Name, ...]


def names_of(question: Question, spelling: Spelling) -> Names:
    """Every name of the question's choices; made once per question, since it takes as long as ten answers."""
    keys = [
        (key, choice.id)
        for choice in question.choices
        for name in (choice.label, *choice.also)
        for key in dict.fromkeys((_key(name, spelling), bare(clean(name))))
        if key
    ]
    return tuple(Name(key, _heard(key), _denies(key), choice) for key, choice in keys)


def choose(text: str, question: Question, names: Names, spelling: Spelling) -> ChoiceMatch:
    """The choices of the question that the text names (exact) or likely means (near)."""
    cleaned = clean(text)
    is_question = _QUESTION.search(cleaned) is not None
    # Labels come before numbers: 「1つ」 is the choice 「1点」, wherever it stands in the list.
    key = _key(cleaned, spelling)
    exact = _labelled(cleaned, key, question, names, spelling) or _numbers(cleaned, question)
    if not exact and _HESITANT.fullmatch(text.strip()) is None:
        exact = _spoken(cleaned, question)
    if exact:
        return ChoiceMatch(exact=exact, is_question=is_question)
    return ChoiceMatch(near=_near(key, question, names), is_question=is_question)


def _key(text: str, spelling: Spelling) -> str:
    return plain(bare(spelling.apply(clean(text))))


def _parts(cleaned: str, question: Question) -> list[str]:
    return [part for part in _SEPARATORS.split(cleaned) if part] if question.many else [cleaned]


def _numbers(cleaned: str, question: Question) -> tuple[str, ...]:
    found: list[str] = []
    for part in _parts(cleaned, question):
        number = _ONE_NUMBER.fullmatch(bare(part))
        if number is None:
            return ()
        value = _NUMBERS.get(number.group(1)) or int(number.group(1))
        if value > len(question.choices):
            return ()
        found.append(question.choices[value - 1].id)
    return tuple(dict.fromkeys(found))


def _labelled(cleaned: str, key: str, question: Question, names: Names, spelling: Spelling) -> tuple[str, ...]:
    for parts in {(cleaned,): None, tuple(_parts(cleaned, question)): None}:
        found: list[str] = []
        for part in parts:
            said = (key if part == cleaned else _key(part, spelling), bare(part))
            same = {name.choice for name in names if name.key in said}
            if len(same) != 1:
                break
            found += same
        else:
            if found:
                return tuple(dict.fromkeys(found))
    return ()


def _spoken(cleaned: str, question: Question) -> tuple[str, ...]:
    """Yes, no and 「わからない」, where the choices can be answered so."""
    said = plain(bare(cleaned)) if len(bare(cleaned)) > 2 else bare(cleaned) or cleaned
    forms = {said, bare(cleaned)}
    if question.choice(UNKNOWN) and any(_UNKNOWN.fullmatch(form) for form in forms):
        return (UNKNOWN,)
    for word, form in (("はい", _YES), ("いいえ", _NO)):  # a choice that lists はい takes every yes
        named = [choice for choice in question.choices if word in (choice.label, *choice.also)]
        if len(named) == 1 and any(form.fullmatch(one) for one in forms):
            return (named[0].id,)
    definite = [choice for choice in question.choices if choice.id != UNKNOWN and not choice.alone]
    yes = [choice for choice in definite if not _is_negative(choice)]
    no = [choice for choice in definite if _is_negative(choice)]
    if len(yes) != 1 or len(no) != 1:
        return ()
    having = bool(_HAVE.search(bare(clean(yes[0].label)))) or "ない" in no[0].label
    if any(_YES.fullmatch(form) or (having and _HAVE.fullmatch(form)) for form in forms):
        return (yes[0].id,)
    if any(_NO.fullmatch(form) or (having and _HAVE_NOT.fullmatch(form)) for form in forms):
        return (no[0].id,)
    return ()


def _is_negative(choice: Choice) -> bool:
    return choice.id in ("no", "none") or _NEGATIVE.search(choice.label) is not None


def _heard(text: str) -> str:
    return "".join(token.sound for token in tokens(text))


def _has_words(text: str, part: str) -> bool:
    """True if the text has the part as whole words, one of them a word of content: 本人, not the あい of あいます."""
    begin = text.find(part)
    if begin < 0 or len(part) < (2 if _KANJI.search(part) else _TELLING):
        return False
    words = tokens(text)
    places = list(accumulate((len(word.written) for word in words), initial=0))
    if begin not in places or begin + len(part) not in places:
        return False
    return any(word.is_content for word in words[places.index(begin) : places.index(begin + len(part))])


def _denies(text: str) -> bool:
    return _NEGATIVE.search(text) is not None


def _likeness(text: str, others: list[str]) -> NDArray[np.float64]:
    """How like a text is to each of others, from 0 to 1; all at once, for a question has up to 200 names."""
    ratios: NDArray[np.float64] = process.cdist([text], others, scorer=fuzz.ratio, dtype=np.float64)[0]
    return ratios / 100


def _near(key: str, question: Question, names: Names) -> tuple[str, ...]:
    if len(key) < 2:
        return ()
    heard = _heard(key) if len(key) <= _LONGEST_HEARD else ""
    denies = _denies(key)
    names = tuple(name for name in names if name.denies == denies)  # 「引っ越してません」 is not nearly 「引っ越した」
    alike = _likeness(key, [name.key for name in names])
    if len(heard) > _SHORT_SOUND:
        alike = np.maximum(alike, _likeness(heard, [name.heard for name in names]))
    best: dict[str, float] = {}
    for (name, _, _, choice), likeness in zip(names, alike.tolist(), strict=True):
        if likeness < _NEAR and key not in name and name not in key:
            continue
        if min(len(key), len(name)) <= _TELLING:
            likeness *= _DOUBT
        if _has_words(name, key):
            likeness = max(likeness, 0.66 + 0.3 * len(key) / len(name))
        elif len(name) >= _TELLING and _has_words(key, name):
            likeness = max(likeness, 0.66 + 0.3 * len(name) / len(key))
        if likeness >= _NEAR:
            best[choice] = max(best.get(choice, 0.0), likeness)
    if not best:
        return ()
    top = max(best.values())
    ranked = sorted(best, key=lambda choice: -best[choice])
    near = tuple(choice for choice in ranked if best[choice] >= top - _TIE)
    likely = question.choice(near[0])
    if len(near) == 1 and likely is not None and likely.strict and question.choice(UNKNOWN):
        return (*near, UNKNOWN)  # asked again rather than assumed
    return near
