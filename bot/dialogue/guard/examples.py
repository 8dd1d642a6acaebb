"""Whether a sentence speaks of a secret in general, or gives one away.

1234とか0000ってまずい？ and 3141はどう？ ask about an example; 私の1234って弱い？ gives one's own.
"""

from __future__ import annotations

import re
from itertools import pairwise

from bot.dialogue.guard.quoted import is_of_something_else, is_spoken_of
from bot.dialogue.guard.said import AFTER, BEFORE, GIVEN_WORD, GLOSS, rest_of_sentence, sentence_around

_KNOWN_SEQUENCES = frozenset(
    {"2580", "7890", "4649", "5963", "4126", "1192", "2525", "3150", "1129", "0721", "3141", "1415", "0123"}
)
WEAK_TOKEN = re.compile(r"(?:pass(?:word)?|abc[a-z]{0,8}|([a-z])\1{1,8}|a|qwerty|test)[0-9]{1,8}|(?:[a-f][1-6]){2,6}")
_MARKED_AFTER = re.compile(
    GLOSS + r"(?:みたい(?!です(?!か)|だ)|(?:の|という)よう|といった|とか|など|なんて|なんか|でも(?!だめ|ダメ|駄目|あか|"
    r"[^。]{0,6}(?:なかっ|ない|ません|ました))|(?:って(?:いう)?|は)例|とあるけど)"
)
_MARKED_BEFORE = re.compile(
    r"(?:例えば|たとえば|例:|例は|例に|例|見本に|something like|such as|like|e\.g\.)[\s「『\"']{0,2}$"
)
_SAMPLE_BEFORE = re.compile(
    r"(?:例|例文|記入例|入力例|見本|サンプル|example)(?:えば|として|は|が|に|の|:|;|[「『\"' 、]){0,3}$"
)
"""What stands in the sample of a form or a page is nobody's."""
_COMPARED = re.compile(
    r"(?:同じ|別)の?(?:扱い|物|もの)|違うもの|区別(?:され|する|し[なま])|と[^。]{0,8}[a-z]{1,12}[0-9]{1,6}[」』]?(?:は|って)(?:同じ|別|違)"
)
"""ABC123とabc123は同じ扱い: what the card takes for one."""
_ADVICE = re.compile(
    r"避け|やめ|ng|だめ|ダメ|駄目|あかん|禁止|断ら|危な|危険|まずい|やば|弱[いく]|バレ|ばれ|簡単|意味|語呂|どう|安全|"
    r"(?:使|設定|登録|変更)(?:え|でき)|あり[?か]|(?:いい|よい|良い|大丈夫|可|ok|こと)(?:です|なん|ん)*[のか?]|"
    r"allowed|accepted|rejected|safe|weak|strong|bad|good|okay|\bok\b"
)
_AS_EXAMPLE = re.compile(
    r"とか|など|なんて|なんか|みたい|ような|といった|例えば|たとえば|連番|連続|ゾロ目|ぞろ目|[0-9]や[0-9]|"
    r"[とて](?:聞|き)い|[とて]書い?て|[とて]言われ|みんな|世界|よく使|人[がはっも]|ランキング|初期|簡単すぎ|危険|"
    r"一番|多い|のどれ|の順|テレビ|ニュース"
)
_ASKED = re.compile(
    r"[?]|か(?:な|ね|い)?[。\n]?$|だろう|よね|(?:[ないるただ]の|だめなん|dame)[。\n]?$|\bka(?: na| ne)?[.。\n]?$|"
    r"^\s*(?:can|could|may|is|are|would|should|do|does|what|which|why|how)\b"
)
_PROPOSED = re.compile(
    r"^[」』】)\"'”’\]]{0,4}(?:(?:って|は|も|とか|なら|だと|でも|なんて|を|に)(?:番号|暗証番号|語呂|の|する|した|"
    r"合わせ|は|に){0,4}、?)"
    r".{0,10}(?:どう|あり|アリ|ng|だめ|ダメ|駄目|まずい|やばい|危な|危険|弱い|安全|(?:推測|当て)(?:られ|"
    r"され)(?:やすい|る|ます)?|いい|よい|良い|大丈夫|ok|可能|避け|"
    r"(?:使|登録|設定|変更)(?:え|し|っ|でき)?(?:ても|て)?(?:る|ます|いい|良い|大丈夫)?|でき(?:る|ます))"
    r"(?:もの|こと|べき|んだ)?(?:です|でしょう|なん|なの|の|ん|だろう)*(?:か(?:な|ね|い)?|よね|の|なの)?[?。]*$"
)
"""A number that is proposed, and asked about: 3141はどう？, 2468は使えますか."""
_PROPOSED_BEFORE = re.compile(
    r"\b(?:(?:can|could|may|should) (?:i|we|you|one) (?:use|choose|pick|set|have)(?: (?:my|the|"
    r"a)(?: [a-z]{1,12}){1,2})?|if i (?:use|choose|pick|set)|"
    r"pins? like) $"
)
_WHY_NOT = re.compile(r"(?:なんで|何で|なぜ|どうして)$")
"""なんで4917だとダメなの: one has tried it."""
_OF_MINE = re.compile(
    r"(?:私|わたし|僕|ぼく|俺|自分|うち|母|父|夫|妻|親|主人|息子|娘|祖母|祖父|ばあちゃん|じいちゃん)[のは]|"
    r"[0-9a-z](?:です(?!か)|でした|だった|なんで(?!す)|なんだ|なの[にで])|のまま(?!は)|"
    r"し(?:てる(?!人)|てあ|てい[たま]|てい(?:る)(?!人)|てます|てまし|ました|てた|ちゃ|とっ|とる)|にした(?!い|ら)|"
    r"入れ(?:た|て|まし)|入力し|打っ|試し|"
    r"使って(?:い)?(?:る(?!人|の)|ます|た|まし)|ロックされ|教え(?:た|て|まし)|(?:って|と|で)入れ(?!ても?(?:い|よ|大丈夫))|合って|じゃない|じゃなか|"
    r"これ[、で]|はず|忘れ|だった|ちがう|違[うっ]|"
    r"で(?:ログイン|ロック|入|開|通|はじ|弾)|通ら|入ら|開か|反応|エラー|"
    r"(?<!can )(?<!should )(?<!could )(?<!may )(?<!if )\bi (?:tried|typed|entered|used|put|set|think|forgot|chose|"
    r"picked|left|have)|"
    r"my (?:pin|password)(?: is| was)? ?[0-9a-z]*[0-9]|\bmine|still us"
)


def is_example(plain: str, start: int, end: int, well_known: bool) -> bool:
    """Whether the sentence speaks of a secret in general: 1234とか0000ってまずい？, ABC12みたいに混ぜる？

    Of a well-known one a question is enough; any other has to be marked as an example, too.
    """
    sentence = sentence_around(plain, start, end)
    before, after = plain[max(0, start - BEFORE) : start], plain[end : end + AFTER]
    if _SAMPLE_BEFORE.search(before) or _COMPARED.search(sentence):
        return True
    if is_of_something_else(plain, start, end):
        return True
    if _OF_MINE.search(sentence) or (not well_known and _WHY_NOT.search(before)):
        return False
    if is_spoken_of(plain, start, end):
        return True
    if well_known:
        letters = re.search(r"[a-z]", plain[start:end])
        asked = _ASKED.search(sentence) and (not letters or _ADVICE.search(sentence))
        if _AS_EXAMPLE.search(sentence) or asked:
            return True
    rest = rest_of_sentence(plain, end)
    if not GIVEN_WORD.search(before) and _ASKED.search(sentence) and _PROPOSED.match(rest):
        return True
    if _PROPOSED_BEFORE.search(before):
        return True
    marked = _MARKED_AFTER.match(after) or _MARKED_BEFORE.search(before)
    likened = re.search(r"みたい|よう|例", marked.group()) if marked else None
    return bool(marked and (_ADVICE.search(sentence) or (likened and _ASKED.search(sentence))))


def is_well_known(digits: str) -> bool:
    """A sequence that people name as an example of a bad PIN: 1111, 1212, 1122, 0001, 1234, 9876."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    pairs = digits[:2] == digits[2:] or (digits[0] == digits[1] and digits[2] == digits[3])
    return steps in ({1}, {9}, {2}, {8}) or pairs or digits.startswith("000") or digits in _KNOWN_SEQUENCES
