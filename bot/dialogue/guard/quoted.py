"""What is only spoken of: samples that are shown, numbers in general, things that have numbers of their own.

All of these give way to one's own: 見本に1234とある is none, 見本どおりに1234を入れた is a PIN.
"""

from __future__ import annotations

import re
from itertools import pairwise

from bot.dialogue.guard import said
from bot.dialogue.guard.place import Place
from bot.dialogue.guard.said import GLOSS

# One's own.
_OWN_VERB = (
    r"(?:入れ|入力し|打っ|打ち|押し|試し|登録し|設定し|使っ|変え|変更し|載せ|決め|統一し|書い|書き|送っ|言っ|伝え|"
    r"(?<=に)し|(?<=に )し)(?:た(?!人|の話|い|り)|まし(?!ょ)|ちゃ|と[いるっ]|ても|(?<!書い)てあ[るり]|て(?:いる(?!人|"
    r"の?は)|いま|る(?!人|の?は)|ます|まし|み|しま[いっ]))"
)
_OWN_USE = re.compile(
    rf"{GLOSS}(?:(?:って|[とでをにはもが])?\s?(?:[0-9何一二三]回)?{_OWN_VERB}|のまん?ま(?!使[うえ])|(?:を|から)変え|"
    rf"って書き込ん|にしてい?た(?!人|の))"
)
_APART = r"(?:けど|ので|から)、?"
"""説明書には4桁とあるけど、8512: what follows is no longer of the page."""
_PERSON = r"(?:私|わたし|僕|ぼく|俺|自分|うち|母|父|夫|妻|親|主人|息子|娘|祖母|祖父|孫|家族|ばあちゃん|じいちゃん)"
_OWNER = re.compile(
    rf"{_PERSON}の(?:は|が|番号|カード|マイナンバー|個人番号|暗証番号|パスワード|口座|電話|携帯|メール|アドレス|"
    rf"\s){{0,3}}[^。]{{0,4}}$|{_PERSON}は$|(?<!だ){_APART}(?:{_PERSON}[のは])?$|"
    r"\bmy (?!router|modem|printer|phone'?s)[a-z ]{2,24}$"
)
_OF_MINE = re.compile(
    rf"{_PERSON}[のは]|[0-9a-z](?:です(?!か)|でした|だった|だよ(?!ね)|なんで(?!す)|なんだ|なの[にで])|のまま(?!は)|"
    r"し(?:てる(?!人)|てあ|てい[たま]|てい(?:る)(?!人)|てます|てまし|ました|てた|ちゃ|とっ|とる)|にした(?!い|ら)|"
    r"入れ(?:た|て|まし)|入力し|打っ|試し|使って(?:い)?(?:る(?!人|の)|ます|た|まし)|ロックされ|教え(?:た|て|まし)|"
    r"(?:って|と|で)入れ(?!ても?(?:い|よ|大丈夫))|合って|じゃな[いか]|にします(?!か)|これ[、で]|はず|でやっ|だめなら|"
    r"(?:だめ|ダメ|駄目)(?:でした|だった)|[てに]決めた(?!い|ら|り)|で勝負|を用意|が使えない(?:なら|の)|"
    r"忘れ(?!な[いく])|だった|"
    r"(?:設定し|決め|作っ)て(?:くれ|もら)|[0-9a-z](?:で使えた|を忘れない)|候補は|それとも|どっちも|のに(?:何|なん|なぜ)|ちがう|違[うっ]|(?<!の)違い|(?<!録)で(?:ログイン|ロック|入|開|通|はじ|弾)|通ら|"
    r"入[らん]|"
    r"開か|反応|エラー|(?<!can )(?<!should )(?<!could )(?<!may )(?<!if )\bi (?:tried|typed|entered|used|put|set|think|"
    r"forgot|chose|picked|left|have)|my (?:pin|password)(?: is| was)? ?[0-9a-z]*[0-9]|\bmine|still us"
)
"""Anywhere in the sentence of a PIN or a password."""

# A page, a form or a film.
_TELLS = (
    r"(?:に(?!.{0,8}な[いくか])(?!し)|で(?!はな|見て|聞いて|知って|調べて)|か[な。?]|は|の(?!見[方か]|読み|使い|通り|"
    r"とおり|意味|内容|言う|[^。]{0,6}分から)|が|だと|って|画像|です|に出て|[ )「:;\x01])"
)
_SOURCE = re.compile(
    r"(?:見本|[入記]入?[力載]?例|記載例|サンプル(?:画面|ペ[ー-]ジ)?|テスト用(?:の?カード|の?番号)?|練習用?(?:画面)?|"
    r"デモ(?:画面|機)?|架空|ダミー|仕様書|手引き?|マニュアル|(?:取扱)?説明書|取説|パンフ(?:レット)?|リーフレット|雑誌|"
    r"新聞|記事|ブログ|教科書|小説|漫画|マンガ|アニメ|ドラマ|映画|ニュース|テレビ|番組|youtube|動画|掲示板|ポスター|"
    r"チラシ|広告|カタログ|ガイド(?:ブック)?|解説|"
    rf"初期(?:値(?!のまま)|パスワード|の?暗証番号|pin)|デフォルト|(?:工場)?出荷(?:時|状態)?){_TELLS}|"
    r"(?:見本|サンプル|ダミー)の?カード|(?:画像|写真|記事|広報|サイト)[^。]{0,12}に(?:載|出て|書い)|"
    r"(?:^|[ 、」]|その|この|ある)(?:本|ネット)(?:に|では)(?!.{0,8}な[いく])|例\)|例:|例(?:が|では|だと|として|には)|"
    r"ド例の|例に?[「『]|例の(?:とこ|欄|枠)|入力欄に|(?<![@.])\b(?:samples?|examples?|default|placeholder|dummy|manual|"
    r"movie|tv|leaflet|poster)\b"
)


def is_quoted(place: Place) -> bool:
    """Whether a secret of any kind is a sample that is shown: 記入例に090-1234-5678とある."""
    return _SOURCE.search(place.around) is not None and not _is_own(place)


def _is_own(place: Place) -> bool:
    """Whether one says that one used it, or whose it is."""
    return bool(_OWN_USE.match(place.after) or _OWNER.search(place.before))


_STRANGER = re.compile(
    r"差出人|送信[元者]|発信元|詐欺|怪し|あやし|不審|迷惑(?:メ[ー-]ル|電話)(?!に(?:入|振|分)|対策|防止|フォルダ|設定|も見|[をは](?:確認|見))|フィッシング|偽|"
    r"知らない(?:番号|電話|アドレス|相手)"
)
_GAVE = re.compile(
    r"教え|入れ(?:た|て|まし|ちゃ)|伝え|渡し|送っ|返信し|入力|答え|言って|書い|登録|自分|私|自宅|実家|折り?返し|連絡"
)
_RECEIVES = re.compile(r"に.{0,8}(?:来[たてま]|届[いくき])")


def is_of_a_stranger(place: Place) -> bool:
    """Whether a telephone or a mail address is one of which one had a call or a mail: 差出人がa@b.comって怪しい."""
    own = _is_own(place) or _GAVE.search(place.around) or _RECEIVES.match(place.after)
    return not own and _STRANGER.search(place.around) is not None


# Numbers and passwords as such: how weak they are, what they mean, how many use them, what the card takes for one.
_IN_GENERAL = re.compile(
    r"ランキング|上位[0-9]|調査で|よく使われる|仮に|悪い例|円周率|ルート[0-9]|平方根|素数|フィボナッチ|語呂|"
    r"という意味|を使うの|の意味で|(?:を使(?:う|ってる|っている)|に(?:する|してる|している))(?:人|ひと)|"
    r"人[がは]?多[いかそす]|覚えやすい?(?:番号|数字|です)|for example|e\.g\.|キーボード|と習っ|教科書"
)
_COMPARED = re.compile(
    r"(?:同じ|別)の?(?:扱い|物|もの)|違うもの|区別|と[^。]{0,8}[a-z]{1,12}[0-9]{1,6}[」』]?(?:は|って)(?:同じ|別|違)"
)
"""ABC123とabc123は同じ扱い."""
_ELSEWHERE = re.compile(
    r"ポケベル|震災|改新|テンキー|大地震|終戦|阪神|ジャンボ|電話.{0,8}\x01で終わ|宝くじ|ロト|ナンバーズ|当選|"
    r"(?<!思い)(?<!心)当た[っりる]|抽選|打率|安打|本塁打|ホームラン|身長|標高|富士山|ラジオ|周波数|チャンネル|カラオケ|幕府|の(?:戦い|"
    r"乱|変)は|元号|小惑星|電話.{0,8}(?:最後|末尾|下[4四]桁|終わり)(?:の(?:番号|数字))?[がは]|ナンバーの(?:車|人)|"
    r"(?:キ[ー-]|ボタン)の(?:並び|配[列置])が|(?<![a-z])cm(?![a-z])|コマ[ー-]シャル"
)
"""What has numbers of its own."""
_PHONE_MENU = re.compile(r"ガイダンス|自動(?:音声|応答)|電話のメニュー|プッシュ")
"""One presses keys there, too."""

# A question about a number that is proposed.
_LIKE = r"とか|など|なんて|なんか|みたい|(?:の|という)?よう[なに]|といった"
_MARKED = re.compile(
    rf"{GLOSS}!?\s?(?:に(?:する|した))?(?:(?:{_LIKE})(?!です(?!か)|だ)|でも(?!だめ|ダメ|駄目|あか|"
    rf"[^。]{{0,6}}(?:なかっ|ない|ません|ました))|"
    r"(?:って(?:いう)?|は)例|とあるけど)"
)
_MARKED_BEFORE = re.compile(r"(?:例えば|たとえば|例|something like|such as|like|e\.g\.)[:、\s「『\"']{0,2}$")
_LIKE_THIS = re.compile(rf"(?:例えば|たとえば)[^\x01]*\x01(?:に(?:する|した))?(?:{_LIKE})")
_ADVICE = re.compile(
    r"避け|やめ|ng|だめ|ダメ|駄目|あかん|禁止|断ら|危な|危険|まずい|やば|弱[いく]|バレ|ばれ|簡単|意味|語呂|どう|安全|強[いく度さ]|"
    r"推測|当てられ|dame|yowai|[良よ][ぐく]ね|easy|guess|secure|simple|弾かれ|はじかれ|(?:使|設定|登録|変更)(?:え|"
    r"でき)|あり[?か]|でき(?:ます|る)|(?:いい|"
    r"よい|良い|大丈夫|可|ok|"
    r"こと)(?:です|なん|な|ん)*[のか?]|allowed|accepted|rejected|safe|weak|strong|bad|good|okay|\bok\b"
)
_AS_EXAMPLE = re.compile(
    rf"{_LIKE}|例えば|たとえば|連番|連続|ゾロ目|ぞろ目|[0-9]や[0-9]|[とて](?:(?:聞|き)い|書い?て|言われ)|みんな|世界|"
    rf"よく使|(?:う|る|た|な)人[がはっも]|人[がは](?:言|話|教|説明)|"
    r"初期|最初|誰でも|誰か|全部(?:試|必要|いる)|someone|番号がふ|\bbe [0-9]|簡単すぎ|だめだそう|危険|やめ[たとろ]|"
    r"[ばバ][れレ]る|一番(?![上下左右])|多い|"
    r"のどれ|の順|の[4四]つの|[張貼]り紙"
)
_END = rf"(?:[。\n{said.EMOJI}]|笑|w+)?$"
_ASKED = re.compile(
    rf"[?]|か(?:な|ね|い)?{_END}|だろう|よね|(?:[ないるただ]の|だめなん|dame){_END}|\bka(?: na| ne)?[.。\n]?{_END}|"
    r"^\s*(?:can|could|may|is|are|would|should|do|does|what|which|why|how)\b"
)
_PROPOSED = re.compile(
    r"[」』】)\"'”’\]]{0,4}(?:って|は|も|とか|なら|だと|でも|なんて|を|に)(?:番号|暗証番号|語呂|の|する|した|合わせ|"
    r"は|に|、){0,4}"
)
"""3141はどう？, 2468は使えますか."""
_PROPOSED_BEFORE = re.compile(
    r"\b(?:(?:can|could|may|should) (?:i|we|you|one) (?:use|choose|pick|set|have)(?: (?:my|the|"
    r"a)(?: [a-z]{1,12}){1,2})?|if i (?:use|choose|pick|set)|pins? like) $"
)
_LETTER = re.compile("[a-z]")
_MINE_AFTERWARDS = re.compile(
    rf"[^。?\n]{{0,16}}[。?\n、]{{1,3}}(?:(?:今|いま)?(?:それ|これ|そう|その番号)[をにで]?(?:今|いま)?(?:使って|して)|{_PERSON}のなん)"
)
"""1234はバレやすい？今それ使ってる: said in the next sentence."""
_NOTED = re.compile(
    r"(?:紙|メモ|手帳|ノ[ー-]ト|付箋|ふせん)に(?:は|も)?[「『]?[^」]{0,8}$|(?:いつも|ずっと|昔から|前から)[はも]?$"
)
"""紙に8512, いつも0000."""
_CLAUSE_END = re.compile("(?:、|(?<=[ぁ-んァ-ヶ一-龯]) )(?!だめ|ダメ)")
_SOUNDS = re.compile(r"語呂(?:合わせ)?[ではの、]{0,2}$")
"""語呂合わせで4126、よいふろです."""
_RECALLED = re.compile(r"だっ(?:た)?け|じゃなく")
_TRIED = re.compile(r"(?:なんで|何で|なぜ|どうして)$")
"""なんで4917だとダメなの: one has tried it."""


def is_example(place: Place, well_known: bool) -> bool:
    """Whether a PIN or a password is spoken of in general: 1234とか0000ってまずい？, ABC12みたいに混ぜる？

    Of a well-known one a question is enough; any other has to be marked as an example, too.
    """
    if _COMPARED.search(place.sentence) or _is_of_something_else(place):
        return True
    if (
        _OF_MINE.search(place.sentence)
        or _MINE_AFTERWARDS.match(place.plain, place.end)
        or _NOTED.search(place.before)
        or (not well_known and _TRIED.search(place.before))
    ):
        return False
    named = place.named
    asked = _ASKED.search(place.sentence)
    if not asked and _SOUNDS.search(place.before):
        return False
    if _IN_GENERAL.search(place.around) and not _is_own(place) and not (named and not named["plain"]):
        return True
    if _RECALLED.match(place.after):
        return False
    clause = _CLAUSE_END.split(place.rest, 1)[0]
    if well_known and (_AS_EXAMPLE.search(place.sentence) or (asked and _ADVICE.search(clause))):
        return True
    proposed = asked and len(clause) <= 24 and not named and _PROPOSED.match(place.rest)
    if (proposed and _ADVICE.search(clause)) or _PROPOSED_BEFORE.search(place.before):
        return True
    marked = _MARKED.match(place.after) or _MARKED_BEFORE.search(place.before)
    if marked and (_ADVICE.search(place.sentence) or (asked and re.search(r"みたい|よう|例", marked.group()))):
        return True
    return _LIKE_THIS.search(place.around) is not None  # 例えば…0623とか


def _is_of_something_else(place: Place) -> bool:
    """Whether the sentence is about something that has numbers of its own: ポケベルで0840はおはよう."""
    return bool(_PHONE_MENU.search(place.around) or (_ELSEWHERE.search(place.around) and not _is_own(place)))


_KNOWN = frozenset(
    {"2580", "7890", "4649", "5963", "4126", "1192", "2525", "3150", "1129", "0721", "3141", "1415", "0123"}
)


def is_well_known(digits: str) -> bool:
    """A sequence that people name as an example of a bad PIN: 1111, 1212, 1122, 0001, 1234, 9876."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    pairs = digits[:2] == digits[2:] or (digits[0] == digits[1] and digits[2] == digits[3])
    return steps in ({1}, {9}, {2}, {8}) or pairs or digits.startswith("000") or digits in _KNOWN
