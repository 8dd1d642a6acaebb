"""Which PIN a text is about: a small grammar over the PINs it names.

    text    = clause …                      「ログインの4桁は覚えてるけど、英数字のほうを忘れた」
    phrase  = named things joined by glue   [ログイン の 4桁]   [英数字]
    state   = what the clause says of it    fine                trouble

1. `phrases` joins what stands in one noun phrase: a PIN's name, 4桁, a use (ログイン, 送信).
   4桁 alone is three PINs; with a use it is the PIN of that use.
2. `_state` reads the words after a phrase (in English and in 「忘れたのは…」 those before it):
   denied (じゃなくて), fine (覚えている), trouble (忘れた, ロック) or open (nothing of these).
3. `read` takes the one PIN that is in trouble, else the one that is left.

A wrong PIN sends a citizen to the wrong counter, so every doubt ends in None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from bot.matching.described import BETTER, described
from bot.matching.understanding import PinName

State = Literal["denied", "fine", "trouble", "open"]
Name = Literal["sign", "user", "kenmen", "juki", "both", "phone", "four"]
"""A PIN, both, or `four`: a PIN of four digits, whichever of the three."""


class Named(NamedTuple):
    """A thing named in a text. A use (ログイン) names the PIN that is typed there."""

    name: Name
    begin: int
    end: int
    is_use: bool = False


@dataclass(frozen=True)
class Phrase:
    """The things named in one noun phrase, and how the text speaks of them."""

    things: tuple[Named, ...]
    state: State = "open"

    @property
    def begin(self) -> int:
        return self.things[0].begin

    @property
    def end(self) -> int:
        return self.things[-1].end

    @property
    def names(self) -> frozenset[Name]:
        return frozenset(thing.name for thing in self.things)

    @property
    def meant(self) -> frozenset[Name]:
        """The PINs meant: a phone's, whatever it is called; else without 4桁 where a PIN is named."""
        if "phone" in self.names:
            return frozenset({"phone"})
        return self.names - {"four"} or self.names


# --- what joins, separates and compares --------------------------------------------------

_NOUN = r"(?:電子証明書|証明書|暗証番号|ぱすわど|ばんごう|番号|数字|英字|文字)"
_GLUE = re.compile(
    rf"(?:{_NOUN}|など|とか|ため|とき|時|際|最初|毎回|いつも|使う|使って|使ってる|使用する|入れる|入れた|入力する|求められる|聞かれる|きかれる|打つ|入る"
    r"|する|うぉれっと|まいなんばかど|かど|ほう|方|やつ|長い|短い|用|の|に|へ|で)*"
)
_NAMES_ONE = re.compile(rf"{_NOUN}{{0,4}}の?{_NOUN}{{0,4}}")
"""Between two names of one PIN: 署名用の4桁 would be one PIN with two names."""
_AND = re.compile(
    rf"(?:{_NOUN}|の|用|入り|ほう|方|やつ|もの|短い|長い|だけ|って)*(?:と|も|や|でも|にも|、|及び|および|か|or|and|&|\+|/|・)+"
    r"(?:あと|それと|長い|短い|the|my)*"
)
_ALTERNATIVES = re.compile(
    r"(?:用|字|桁|方|ほう|やつ|ぱすわど|番号)か(?!ら)[^。?、]{1,16}か(?!ら)|違い|ちがい|違う|(?:どれ|どちら|どっち)(?!も|か)|どの(?!くらい|ぐらい|よう)|種類|見分|区別|(?:だった|なの|の|用|桁|字|番号|ぱすわど)か(?:が|は|も)?、?(?:わからない|忘れ|はっきり|自信|どうか|曖昧)"
)
_PIN_WORD = re.compile(r"4桁|暗証番号|ぱすわど|ばんごう|(?<!保険証の)番号(?!札|が呼|に電話)|ろっく")
_ONLY_ONE = re.compile(r"だけ|のみ|片方|一方|どちらか|どっちか")
_SUPPOSED = re.compile(r"たら.*も|れば|なら|しないで|されないため")
"""A case that is only supposed: nothing is forgotten or locked yet."""
_ADDING = re.compile(
    r"(?:追加|搭載|登録|(?<!再)設定|とうろく|(?<!さい)せってい)(?:したい|しよう|するとき|するに|する時|中|でき(?!た|て(?:い)?ま))"
    r"|(?:入れ|いれ)(?:たい|ようと|るとき|る時|るに|られ(?:ない|ません)|れない|れません)|(?:add|adding|setup)"
)
"""Putting a card into a phone: the card's PINs are typed, the phone has none yet."""

# --- how a clause speaks of a PIN --------------------------------------------------------

_TAIL = rf"(?:{_NOUN}|4桁|の|用|ほう|方|やつ|こと|だけ|って|とか)*"
_MATTER = r"(?:ろっく|話|件|問題|こと)"
_NOT_THIS_MATTER = re.compile(
    _TAIL
    + rf"{_MATTER}(?:の{_MATTER})*"
    + r"(?:なの)?(?:じゃ|では)(?:な(?:く|い(?=です|、|。|し))|ありません|なし)(?!です?か)"
)
"""「署名用のロックではなく」: of this PIN the text only says that it is about something else."""
_CERTIFICATE = re.compile(
    r"(?:の|用)?(?:電子)?(?:証明書)?(?:の|が|は|も)?(?:[^。?、ろぱ暗番忘]{0,10})(?:失効|期限|切れ|有効期間)"
)
"""What ends by its date is a certificate, and no PIN is in trouble by that."""
_DENIED = re.compile(
    _TAIL
    + r"(?:(?:じゃ|では|や|で|でも|とかじゃ|とかでは)(?:ない|なく|なし|ありません)(?!と|です?か|だろ|よね|か[。?]|[?])"
    r"|じゃ(?:ねえ|ねぇ|のうて)|以外|の?とも?(?:は)?(?:、)?(?:別|べつ|ちがう|ちがって|違う|違って|違い|異な)|は(?:関係|別件|いい|どうでも|要ら|いら|使わな|使いませ|使うことな|使ったことな)"
    r"|のことではな|の?と(?:同じ|おなじ|一緒)|ちゃう(?:て|く|ほう|方|ねん|んや|ん、)|(?:は|が|も)?(?:そもそも)?(?:付|つ)いて(?:い)?(?:な|ま?せん)"
    r"|(?:は|が|も)?(?:設定|登録|作成|発行)(?:して|されて)(?:い)?(?:な|ま?せん)|(?:は|が|も)?(?:持って|もって)(?:い)?(?:な|ま?せん))"
)
_FINE = re.compile(
    r"(?:再設定|解除|設定|初期化)(?:した|して|しらい|しらった|済み)[^。?、]{0,6}(?:大丈夫|平気|済|もらい|もらった|しらい)|解除しら(?:い|った)|"
    r"(?:覚え|おぼえ)(?:て(?:る|い(?:る|ます|て|た(?!ら))|ます|おり|て|と|ん(?:だ|の|で|す|ね))|と(?:る|ります|って|んの|ん(?:じゃ|や|ねん|けど)))"
    r"|(?:わか|分か|判)(?:る|ります|って(?:い)?(?:る|て|ます|ん)|っと(?:る|って)|ってて|りますが)"
    r"|使え(?:る|ます|て(?:い)?(?:る|ます|て|た)|ている|た|とる|てん)|(?:大丈夫|だいじょうぶ|問題な|平気|無事|健在|正常|ok|おっけ|おけ|自信(?:が|は)?あ)"
    r"|通(?:る|った|ります|りました|って)|(?:いけ|行け)(?:た|ました|て(?:い)?る|とる)(?!ら)|でき(?:た|ました|とる)(?!ら)"
    r"|(?:で|では|は|も|には)(?:入|はい)れ(?:た|ました)(?!ら|い)(?![^。?]{0,12}(?:だめ|弾|えら|通ら))|元気|fine|見つか(?:った|って|りました)|(?:は|から)出てき(?:た|ました)(?!ら|い)|(?:合って|会って|あって)(?:い)?(?:る|ます|て|た)|正しく|入力でき(?:る|た|ます|て)"
    r"|ろっく(?:は|も|が|に)?(?:され|かか|して|なって?)[^。?、]{0,4}(?:ない|ません|ず|なく)|(?:忘れ|わすれ)て(?:は)?(?:い)?(?:ない|ません|ず)|(?:忘れ|わすれ)ない|(?:忘れ|わすれ|間違え|まちがえ)(?:て|た|と)(?:は|い)?(?:へん|ない|ません|らん)"
    r"|生きて|生きと|(?:控え|めも)(?:が|は|も|て)?あ(?:る|り(?!ま?せん)|って|った)|控えて(?:い)?(?:ます|る)|めもして|めもってあ|そのまま(?![^。?、]{0,8}か)|試して(?:い)?(?:ない|ません)|触って(?:い)?(?:ない|ません)|知らないはず"
    r"|(?:is|are|was|still|it)(?:still)?(?:ok|okay|fine|good|works?|working|avail)|works|解決|直った|直りました|(?:思い出し|思いだし)(?:た(?!い|ら)|ました|て(?:い)?る)|おk"
)
_TROUBLE = re.compile(
    r"忘れ|わすれ|わからな|不明|わからん|分からな|分からん|ろっく|間違|まちが|使えない|使えなく|できない|とまり|止まりま|弾か|はじか|はねられ|通らな|入れない|入らな|だめ|あかん"
    r"|思い出|おもいだ|凍結|再設定|初期化|解除|変え|かえ(?:たい|る)|変更|直し|直す|直せ|なおし|失効|期限切れ|無効|止ま(?:っ|り|る)|とまっ|失敗|出てこ|飛ん(?:だ|で)"
    r"|(?:何|なん)だ(?:っけ|った)|失念|効かな|効かん|誤|うろ覚え|自信(?:が|は)?な|答えられ|作り直|(?:覚え|おぼえ)て(?:い|お)?(?:な|ま?せん|らん|へん)|覚えとらん"
    r"|全滅|締め出|知られ|見られ|新しくし|受け付けな|受け付けて(?:く|も)|拒否|照合でき|一致しな|wrong|invalid|expired|blocked|stopped|failed"
)
_ONCE = re.compile(r"(?:前|以前|昨日まで|先月まで|去年まで|今まで|さっきまで)は[^。?、]{0,6}$")
"""Before 「できた」: it was so once, and is no more."""
_NOT_SO = re.compile(
    r"(?:の|ん|もの)?(?:です|でしょう|だろう|ます)?(?:か(?!ら|も)|かな|かね|[?])|と(?:聞|き|言|思)|そう|らしい|はず|なら|のなら|ば|たら|よう(?:に|な)|ための|とき|時|場合"
    r"|の(?:は|が)|文字|数|記号|番号|人|方法|もの|こと|か(?:どうか|な|ね)|せん|ない(?!か)|まで"
)
"""After 「覚えている」 and the like: asked, told by others or supposed, so it is not said to be so."""
_NOT_TROUBLED = re.compile(
    r"[^。?、]{0,4}(?:わけ(?:では|じゃ|や)(?:あり|な)|の(?:では|じゃ)な|ん(?:では|じゃ)な(?!いか)|じゃないよ)"
)
_CLEFT = (
    r"(?:忘れた|わすれた|忘れて(?:い)?る|わからない|わからなくなった|思い出せない|覚えて(?:い)?ない|だめな|だめだった|駄目な|ろっく(?:した|された|され(?:ている|てる)|している|してる|中の?)"
    r"|使えない|通らない|弾かれ(?:た|る)|止まった|止まって(?:い)?る|間違え(?:た|てる|ている)|困って(?:い)?る)"
    r"(?:の|ほう|方|番号|やつ)+(?:は|が)(?:、)?"
)
"""「忘れたのは…」: what follows is in trouble, and nothing that the text named before."""
_SAID_BEFORE: tuple[tuple[State, re.Pattern[str]], ...] = (
    ("denied", re.compile(r"(?:not|exceptfor|otherthan|ratherthan|insteadof|except)(?:the|my|about|for)*$")),
    (
        "trouble",
        re.compile(
            r"(?:dont|donot|cant|cannot|didnt|not)(?:remember|recall)(?:the|my|his|her|their|our|long|short|old|own|other)*$"
        ),
    ),
    (
        "fine",
        re.compile(
            r"(?:remember|know|recall)(?:s|ed)?(?:only)?(?:the|my|his|her|their|our|long|short|old|own|other)*$"
        ),
    ),
    (
        "trouble",
        re.compile(
            r"(?:忘れた|ろっく|わからない|間違えた|再設定|lost)(?:ed)?(?:outof)?(?:the|my|his|her|their|our)+(?:long|short|old|own|other)*$"
        ),
    ),
    ("fine", re.compile(r"(?:覚えて(?:い)?る|わかる|使える|無事な|大丈夫な)(?:の|ほう|方|番号)+(?:は|が)(?:、)?$")),
    (
        "trouble",
        re.compile(_CLEFT + "$"),
    ),
)
"""English says it before the name; so does 「忘れたのは署名用」."""
_ENDS = re.compile(r"[。?]|(?<=\D)\.(?!\d)")
_REACH = 40
"""Characters after a phrase in which its clause is read."""


_USES: tuple[tuple[Name, re.Pattern[str]], ...] = (
    (
        "user",
        re.compile(
            r"こんびに[^。?]{0,12}(?:住民票|印鑑|戸籍|証明書|交付)(?!用)|(?:住民票|印鑑証明|印鑑登録証明|戸籍)[^。?]{0,15}こんびに"
        ),
    ),
    ("user", re.compile(r"こんびに(?:など)?(?:で(?:使う|押す|おす|打つ)|の)(?=4桁|番号|ばんごう|暗証|ぱす|ぴん|pin)")),
    (
        "user",
        re.compile(
            r"(?:こんびに|病院|薬局)(?:の(?:機械|受付))?(?:など|とか)?で(?:使う|使ってる|押す|打つ|入れる|入力する)"
            r"(?=方|ほう|やつ|数字|番号(?!札)|暗証番号|ぱすわど|4)"
        ),
    ),
    ("user", re.compile(r"(?:病院|薬局|医者|くりにっく|診察|hospital)[^。?]{0,12}(?:受付|機械|りだ|端末|reader)")),
    (
        "user",
        re.compile(r"ろぐいん|さいんいん|まいなぽたる(?:に|へ)?入る|まいなぽたる(?:の)?(?=4桁|暗証番号|ぱすわど)"),
    ),
    ("sign", re.compile(r"送信用|(?:e-tax|申告|国税)[^。?]{0,10}送信(?:で|する|し|時|の|だけ|が|に)")),
    (
        "sign",
        re.compile(
            r"(?:送信(?:で|時に|のときに?|の時に?|するときに?|する時に?|の直前に|の前に)|(?<=e-tax)の最後に|最後に)"
            r"(?:聞かれ(?:る|た)|求められ(?:る|た)|入れる|使う|打つ)(?=方|ほう|やつ|番号|暗証番号|ぱすわど|の)"
        ),
    ),
)
_CALLED = re.compile(
    rf"(?!の?番号(?:札|が呼ば))(?:(?:用|の)?(?:{_NOUN}|(?:方|ほう|やつ)(?!{BETTER}))|用|の(?:は|が|を|も|でも)|でも署名)"
)
_DEVICE = r"(?:すまほ|すまふぉ|iphone|android|あいふぉん|あんどろいど|携帯|端末|galaxy|pixel|xperia|aquos)"
_A_PIN = r"ばんごう|番号(?!に(?:電話|かけ))|暗証|ぱす|ぴん|pin|4桁|長い|やつ|署名|利用者|電子証明"
_STATED = "(?:忘れ|ろっく|間違|記憶|大丈夫|無事|初期化|再設定|要求|3回|三回|だめ|暗証|ぱす|ok|ng|pin)"
"""What is said of a PIN right behind its short name, without a particle: 「券面 ロック」, 「署名ok」."""
_NO_PIN_BEHIND = (
    r"さん|様|識別|登録|id(?![a-z])|名|情報|数(?!字)|負担|本人|向け|側?そふと|くらいあんと"
    r"|番号(?:は|が)?(?:届|送)|証明|用"
)
"""What follows 「利用者」 where it is no PIN's name: 利用者識別番号 of e-Tax, 利用者様."""
_NAMES: tuple[tuple[Name, re.Pattern[str]], ...] = (
    (
        "user",
        re.compile(
            rf"利用者(?!{_NO_PIN_BEHIND})(?=の(?:やつ|ほう|方|ぱす|暗証|ばんごう|番号|ろっく|4桁|pin|は|も|が|を|だけ|で|と|。|$)"
            r"|なん(?:ちゃら|とか)|だけ|のみ|(?:は|も|って|が(?=[^。?、]{0,6}(?:ろっく|だめ|わから|忘れ|間違|止ま|通|使え|覚え|にじ|失効|期限|切れ))|と(?=署名|券面|住民基本))|"
            + _STATED
            + r")|(?<![顔階人s])認証用(?=の?(?:番号|暗証|ぱす|4桁|pin|ほう|方|やつ|電子証明))"
        ),
    ),
    (
        "kenmen",
        re.compile(
            r"券面(?:(?:の)?(?:なん(?:ちゃら|とか|たら)|何とか|うんぬん)(?:用|いう|って)?)?(?=の(?:やつ|(?:ほう|方)(?!に(?:書|印))|4桁|暗証|ぱす|ぴん|pin|番号|ばんごう|も|は|が|を|だけ)"
            r"|って|だけ(?!書)|の?入力|なん|何とか|で(?=もじゅうき|も住民基本)|も(?!らう|らった)|と(?=住民基本|署名|利用)|に関する番号"
            r"|(?:は|が)(?:窓口|ろっく|だめ|三回|3回|わから)|" + _STATED + r"|ap(?![a-z]))"
        ),
    ),
    (
        "phone",
        re.compile(
            rf"{_DEVICE}(?:(?:用|よう|側|版|本体|の?(?:ほう|方))[のでに]?(?:自分で)?|で)"
            rf"(?:(?:決め|設定し|作っ|つくっ)た)?(?:ほう|方)?の?(?<!で)(?={_A_PIN})"
        ),
    ),
    (
        "four",
        re.compile(
            r"(?<![がの時間])短い(?:ほう|方|やつ|の(?=[はがをも]))|(?:数字|すうじ)(?:よっつ|4つ)|4つの(?:ほう|方|やつ)"
            r"|(?:数字|すうじ)だけの(?:ほう|方|やつ|もの|番号|ばんごう|の)|(?:英字|英語|あるふぁべっと)(?:が|の)?(?:入って(?:い)?な|な)い(?:ほう|方|やつ)"
        ),
    ),
    (
        "sign",
        re.compile(
            r"署名(?=の(?:やつ|ほう|方|ぱす|暗証|ばんごう|番号|ろっく|英数字|長い|は|も|でも|が|を|だけ|とこ|と|。|$)|でも|とも|だけ|じゃ|では|やなく"
            r"|[と・](?=利用|券面|住民基本|ろぐいん)|も(?=利用|券面|住民基本)|[はが](?=[^。?、]{0,8}(?:覚え|忘れ|大丈夫|ろっく|失敗|止ま|通|だめ|平気|いけ|問題|使え))|"
            + _STATED
            + ")"
        ),
    ),
    (
        "phone",
        re.compile(
            rf"{_DEVICE}(?:の?(?:うぉれっと|wallet|方|ほう|中))?(?:に|へ|さ)"
            r"(?:入れ|いれ|追加し|搭載し|登録し|載せ|のせ|格納し|入っ|install|add)(?:た|だ|て(?:い|あ)?る|とる|ちょる|t)(?!い|ら)"
            r"(?:方|ほう|やつ|の|まいなんばかど|かど)*"
            rf"|{_DEVICE}(?:側|本体|版)?の?(?=電子証明|証明書)|{_DEVICE}(?:側|本体|版)の?(?=署名|利用者|暗証|番号|ぱすわど)"
            rf"|(?:すまほ|iphone|android)の(?=署名用|利用者)"
            rf"|{_DEVICE}の?(?:中|ん中)の(?=電子証明|証明書|番号|暗証)"
            r"|(?:すまほ|すまふぉ|iphone|android|あいふぉん|あんどろいど)の?(?:(?:ほう|方|やつ)(?!法|角|向|が(?:いい|良い|便利|楽|早|安))|(?=[はがを]))"
            r"(?=[^。?、]{0,12}(?:番号(?!に(?:電話|かけ))|暗証|ぱす|pin|忘れ|ろっく|わから|覚え|間違|大丈夫|平気|だめ|通|弾"
            r"|変え|直|再設定|止ま|証明書))"
        ),
    ),
)
_LISTED: tuple[tuple[Name, re.Pattern[str]], ...] = (
    ("sign", re.compile(r"署名(?!用|活動|運動|欄|簿|する|し[たてま]|でき|が?必要)")),
    ("user", re.compile(rf"利用者(?!{_NO_PIN_BEHIND})")),
    ("kenmen", re.compile(r"券面(?!に|を?更新|の(?:記載|住所|氏名|情報|書き換|変更|写真|有効)|記載|写真|事項)")),
)
"""Short names that are names of PINs where another PIN is named: 「券面→NG、住基→OK」."""
_STEMS = tuple(map(re.compile, ("署名|英数字", "利用者|ろぐいん", "券面", "住民基本台帳用")))
"""What tells each PIN in such a list: two of them make one."""
_SPOTTED = re.compile("|".join(pattern.pattern for _, pattern in (*_USES, *_NAMES)))
"""Whether any of them is there: most texts have none, and one search takes less than half of all of them."""

_OTHER_SIGNATURE_BEFORE = re.compile(
    r"(?:める|pdf|契約書?|文書|書類|くらうど|わど|えくせる|請求書)(?:の|に|へ|で|を|への|での|につける|に付ける)?$"
)
_OTHER_SIGNATURE_AFTER = re.compile(r"(?:活動|運動|欄|簿|押印|捺印)")
_PASSED = re.compile(
    r"(?:自体|だけ)?(?:まで)?(?:に|で)?(?:は|も|が)?(?:普通に|問題なく|ちゃんと|すぐ|さっき)?"
    r"(?:いけ(?:た|ました|る|て)|でき(?:た|ました|て(?:い)?る|る(?:の|け|が|し|よ|です|ん(?:です|だ|や)))|入れ(?:た|ました|る(?:の|け|が|し))"
    r"|通(?:った|りました|る(?:の|け|が|し))|ok|大丈夫|問題な|平気|fine)(?!ら|い)"
)
"""After a use: one gets through there."""
_PHONE_CHANGED = re.compile(r"機種変|買い替|買いかえ|新しい(?:すまほ|iphone|android)|移行|引き継")
_ACCOUNT = re.compile(r"める(?:で|に|あど)[^。?]{0,6}(?:届|来|送)|仮ぱすわど|sms")
"""A password that comes by mail is no PIN of a card."""
_SERVICE = (
    r"(?:(?:(?<![a-z])line|らいん|windows|microsoft|google|ぐぐる|apple ?id|facebook|amazon|あまぞん|paypay|wi-?fi"
    r"|instagram|いんすた|twitter|yahoo|めるかり|楽天|銀行|(?:ねっと|おんらいん)ばんきんぐ|証券|くれじっとかど|くれか|きゃっしゅかど"
    r")(?:の?あぷり|さいと)?(?:の|に|へ|用|で)|(?:会社|学校|就活|める|ぱそこん)(?:の?あぷり|の?ぽたる|の?ぱそこん)?の)"
)
_OTHER_SERVICE = re.compile(_SERVICE)
_SERVICE_INSTEAD = re.compile(rf"(?:じゃ|では)な(?:く|くて|い)[、。]?{_SERVICE}")
_THIS_CARD = re.compile("まいな|個人番号かど|e-tax|署名|利用者|住民基本|券面")
_ADVERB = (
    r"(?:何[度回]|なんど|なんかい|いつ|とて|どう|今|いま|少し|一度|いちど|どこに|誰に|どれ|どちら|どっち"
    r"|それで|これ|私|全|前|最近)"
)
_TOO_BEFORE = re.compile(rf"(?:^|[。?、])(?!{_ADVERB}も)[^。?、も]{{2,12}}も、?$")
_TOO = re.compile(rf"{_NOUN}*(?:の|用|方|ほう|やつ|もの)*も(?!の)")
_TOO_AFTER = re.compile(rf"{_TOO.pattern}、?(?!{_ADVERB}も)(?!う)([^。?、もがをは]{{2,12}})も(?!う)")
"""「Aも Bも忘れた」: two are in trouble; where only one of them is known, neither is told."""
_IF = re.compile(r"(?:と|て|たら|れば|なら|から|ので|けど)(?:、|[^。?]{0,8}$)")


def spotted(text: str) -> list[Named]:
    """The uses, names and descriptions of PINs in an evened text that are no fixed words, so not in the vocabulary."""
    things = [Named(name, begin, end) for name, begin, end in described(text)]
    if _SPOTTED.search(text):
        things += [
            Named(name, *found.span(), is_use=is_use)
            for is_use, patterns in ((True, _USES), (False, _NAMES))
            for name, pattern in patterns
            for found in pattern.finditer(text)
        ]
    if sum(stem.search(text) is not None for stem in _STEMS) > 1:
        things += [Named(name, *found.span()) for name, pattern in _LISTED for found in pattern.finditer(text)]
    return things


def _of_the_card(text: str, things: Sequence[Named]) -> list[Named]:
    """The things without other signatures than the card's (メールの電子署名, 署名活動), and without 住基カード."""
    return [
        thing
        for thing in things
        if not (
            thing.name == "sign"
            and (_OTHER_SIGNATURE_BEFORE.search(text[: thing.begin]) or _OTHER_SIGNATURE_AFTER.match(text, thing.end))
        )
        and not (thing.name == "juki" and text.startswith("かど", thing.end))
    ]


def _of_this_phone(text: str, things: Sequence[Named]) -> Sequence[Named]:
    """The things without the phone, where a card is only to be put into it."""
    return [thing for thing in things if thing.name != "phone"] if _ADDING.search(text) else things


def _in_question(text: str, things: Sequence[Named]) -> list[Named]:
    """The things that may be in trouble: those after 「忘れたのは」 if it is said, no working use, no other service."""
    if cleft := re.search(_CLEFT, text):
        later = [thing for thing in things if thing.begin >= cleft.end()]
        if later or not text[cleft.end() :].startswith(("どれ", "どっち", "どちら")):
            things = later
    if (_OTHER_SERVICE.search(text) and not _THIS_CARD.search(text)) or _SERVICE_INSTEAD.search(text):
        things = [thing for thing in things if thing.name in ("kenmen", "juki", "phone")]
    return [thing for thing in things if not (thing.is_use and _PASSED.match(text, thing.end))]


def phrases(text: str, things: Sequence[Named]) -> tuple[Phrase, ...]:
    """The phrases of an evened text (see `concepts.py`), in order, with their states."""
    things = _of_the_card(text, things)
    joined: list[tuple[Named, ...]] = []
    for thing in sorted(things, key=lambda thing: (thing.begin, thing.end)):
        if joined and _is_one(text, joined[-1][-1], thing):
            joined[-1] = (*joined[-1], thing)
        else:
            joined.append((thing,))
    kept = [Phrase(group) for group in joined if any(not thing.is_use for thing in group) or _is_called(text, group)]
    return tuple(_with_states(text, kept))


def _is_one(text: str, left: Named, right: Named) -> bool:
    """True if the two stand in one noun phrase: ログインの4桁, but not 署名用と4桁."""
    if right.begin < left.end:
        return True
    between = text[left.end : right.begin]
    if left.is_use or right.is_use or "phone" in (left.name, right.name):
        return len(between) <= 16 and _GLUE.fullmatch(between) is not None
    names = {left.name, right.name}
    same = len(names) == 1 or (len(names - {"sign", "both", "phone"}) == 2 and "four" in names)
    return same and _NAMES_ONE.fullmatch(between) is not None


def _is_called(text: str, group: Sequence[Named]) -> bool:
    """True if the use stands for its PIN: ログイン用, ログインの暗証番号, ログインのほう."""
    return _CALLED.match(text, group[-1].end) is not None or text.endswith("用", group[-1].begin, group[-1].end)


def _with_states(text: str, found: Sequence[Phrase]) -> list[Phrase]:
    out: list[Phrase] = []
    following: State = "open"
    for position in range(len(found) - 1, -1, -1):
        phrase = found[position]
        limit = found[position + 1].begin if position + 1 < len(found) else len(text)
        stop = _ENDS.search(text, phrase.end)
        end = min(limit, stop.start() + 1 if stop else len(text), phrase.end + _REACH)
        begin = max(found[position - 1].end if position else 0, phrase.begin - _REACH)
        state = _state(text[begin : phrase.begin], text[phrase.end : end])
        if state == "open" and end == limit and limit < len(text) and _AND.fullmatch(text[phrase.end : limit]):
            state = following
        following = state
        out.append(replace(phrase, state=state))
    return out[::-1]


def _state(before: str, after: str) -> State:
    if _DENIED.match(after) or _NOT_THIS_MATTER.match(after):
        return "denied"
    for state, pattern in _SAID_BEFORE:
        if pattern.search(before):
            return state
    fine = next(
        (
            found.start()
            for found in _FINE.finditer(after)
            if not _NOT_SO.match(after, found.end()) and not _ONCE.search(after[: found.start()])
        ),
        None,
    )
    trouble = next(
        (found.start() for found in _TROUBLE.finditer(after) if not _NOT_TROUBLED.match(after, found.end())), None
    )
    if fine is not None and (trouble is None or fine <= trouble):
        return "fine"
    return "open" if trouble is None else "trouble"


def read(text: str, things: Sequence[Named]) -> tuple[PinName | None, bool]:
    """The PIN that the text is about, and whether the text names two PINs as one (署名用の4桁)."""
    things = _in_question(text, _of_the_card(text, _of_this_phone(text, things)))
    found = phrases(text, things)
    alternatives = compares(text)
    if _contradicts(text, found):
        return None, not alternatives
    elsewhere = _about_other_matters(text, found)
    live = [phrase for phrase in found if phrase.state in ("open", "trouble") and not phrase.meant & elsewhere]
    troubled = [phrase for phrase in live if phrase.state == "trouble"]
    if not troubled and any("both" in phrase.names and phrase.state == "fine" for phrase in found):
        return None, False
    if not any("both" in phrase.names for phrase in live) and _half_known(text, live):
        return None, False
    if len(troubled) == 2 and _follows(text, *troubled):
        live = troubled = troubled[:1]
    meant = frozenset[Name]().union(*(phrase.meant for phrase in troubled or live))
    if troubled and {"sign", "user", "both"} == frozenset[Name]().union(*(phrase.meant for phrase in found)):
        meant = frozenset({"both"}) if len(live) == len(found) else meant  # 「署名用も利用者証明用も両方」
    if "both" in meant:
        return ("both" if troubled and not meant & {"kenmen", "juki", "phone"} else None), False
    if meant in ({"sign", "user"}, {"sign", "four"}, {"sign", "user", "four"}):
        doubtful = alternatives or _SUPPOSED.search(text) or _ONLY_ONE.search(text)
        every = len(troubled) > 1 and not doubtful
        return ("both" if every else None), False
    if meant == {"user", "four"}:
        meant = frozenset({"user"}) if _same_four(live) else frozenset({"four"})
    if len(meant) != 1:
        return (None if meant else _by_use(text, things, found)), False
    if (only := next(iter(meant))) == "four":
        return _by_use(text, things, found), False
    if alternatives and len(live) > 1 and len(frozenset[Name]().union(*(phrase.meant for phrase in live))) > 1:
        return None, False
    return only, False


def sets_others_aside(text: str, things: Sequence[Named], pin: PinName) -> bool:
    """Whether the text names others than this PIN, and says of all of them that they are fine or not meant."""
    asked = {"sign": {"sign"}, "both": {"sign", "user", "both", "four"}}.get(pin, {pin, "four"})
    others = [phrase for phrase in phrases(text, things) if phrase.names - asked]
    return bool(others) and all(phrase.state in ("fine", "denied") for phrase in others)


def are_listed(text: str, things: Sequence[Named]) -> bool:
    """Whether things stand in one list (署名用と利用者証明用), one after the other."""
    in_order = sorted(things, key=lambda thing: (thing.begin, thing.end))
    return all(
        right.begin < left.end or _is_one(text, left, right) or _AND.fullmatch(text[left.end : right.begin])
        for left, right in pairwise(in_order)
    )


def compares(text: str) -> bool:
    """Whether the text asks for a difference, or which of several it is (署名用か利用者証明用か)."""
    return _ALTERNATIVES.search(text) is not None


def ruled_out(text: str, things: Sequence[Named]) -> frozenset[Name]:
    """The PINs that the text names and does not ask for: `read` passes over them on purpose."""
    found = phrases(text, _in_question(text, _of_the_card(text, _of_this_phone(text, things))))
    live = [phrase for phrase in found if phrase.state in ("open", "trouble")]
    out: set[Name] = {thing.name for thing in things}.difference(*(phrase.names for phrase in found))
    out |= _about_other_matters(text, found)
    out.update(*(phrase.meant for phrase in found if phrase not in live or _half_known(text, live)))
    if _ACCOUNT.search(text):
        out.add("user")
    if "both" in out:
        out |= {"sign", "user"}
    return frozenset(out)


def _about_other_matters(text: str, found: Sequence[Phrase]) -> frozenset[Name]:
    """The PINs of which only a certificate's end or another matter is told: 「署名用のロックではなく期限切れ」."""
    told = [phrase for phrase in found if _NOT_THIS_MATTER.match(text, phrase.end)]
    if not _PIN_WORD.search(text):
        told += [phrase for phrase in found if _CERTIFICATE.match(text, phrase.end)]
    if not any(phrase.state == "trouble" for phrase in found) and (
        _PHONE_CHANGED.search(text) or not _PIN_WORD.search(text)
    ):
        told += [phrase for phrase in found if "phone" in phrase.names and _is_rather_the_phone(text, phrase)]
    return frozenset[Name]().union(*(phrase.meant for phrase in told))


def _is_rather_the_phone(text: str, phrase: Phrase) -> bool:
    """True if more is said of the phone, and its PIN is not named with it."""
    return len(text) > phrase.end + 4 and re.match(rf"の?{_NOUN}", text[phrase.end :]) is None


def _half_known(text: str, live: Sequence[Phrase]) -> bool:
    """True if a PIN is in one list with something unknown: 「署名用もあれも忘れた」."""
    for position, phrase in enumerate(live):
        if (after := _TOO_AFTER.match(text, phrase.end)) and not any(
            after.start(1) <= other.begin < after.end() or other.begin < after.start(1) < other.end
            for other in live[position + 1 :]
        ):
            return True
        before = _TOO_BEFORE.search(text[: phrase.begin])
        if before and _TOO.match(text, phrase.end) and not any(before.start() <= o.begin < phrase.begin for o in live):
            return True
    return False


def _follows(text: str, left: Phrase, right: Phrase) -> bool:
    """True if the second is only asked for as a consequence: 「署名用が止まると利用者用も止まりますか」.

    A question for the way out (「…も止まって、もうどうしたら」) asks for nothing of the second.
    """
    between = text[left.end : right.begin]
    asked = re.match(
        r"(?:(?!どう|どこ|何|なに|なぜ|なんで|いくら)[^。?、])*?(?:(?:か|の|かな|かね)(?:[。、]|$)|\?)",
        text[right.end :],
    )
    return (
        _TROUBLE.search(between) is not None
        and _IF.search(between) is not None
        and _ENDS.search(between) is None
        and _TOO.match(text, right.end) is not None
        and asked is not None
    )


def _same_four(live: Sequence[Phrase]) -> bool:
    """True if a bare 4桁 only takes up the PIN named before it: ログインの4桁 … その4桁."""
    return live[0].meant == {"user"} and all(phrase.meant <= {"user", "four"} for phrase in live)


def _contradicts(text: str, found: Sequence[Phrase]) -> bool:
    """True for 「署名用の4桁」 and 「ログインの英数字」: one noun phrase that names two PINs."""
    for phrase in found:
        if phrase.state != "denied" and "phone" not in phrase.names and len(phrase.meant) > 1:
            return True
    for left, right in pairwise(found):
        names = left.names | right.names
        if (
            "denied" not in (left.state, right.state)
            and "sign" in names
            and names & {"four", "user", "kenmen", "juki"}
            and _NAMES_ONE.fullmatch(text[left.end : right.begin])
        ):
            return True
    return False


def _by_use(text: str, things: Sequence[Named], found: Sequence[Phrase]) -> PinName | None:
    """「コンビニで住民票を取るときの暗証番号がロック」: the use in the same sentence tells which PIN it is."""
    typed = [thing for thing in things if thing.is_use]
    live = [phrase for phrase in found if phrase.state in ("open", "trouble")]
    spared = [phrase for phrase in found if phrase.state in ("fine", "denied")]
    if (
        len({use.name for use in typed}) != 1
        or any(phrase.names & {"user", "four"} for phrase in spared)
        or any(phrase.names - {"user", "four"} for phrase in live)
    ):
        return None
    sentence = _sentence(text, typed[0])
    if typed[0].name == "sign":
        return "sign" if not live and re.search("ぱすわど|暗証番号", sentence) else None
    if (_SUPPOSED.search(sentence) or _ACCOUNT.search(sentence)) and not live:
        return None
    return "user" if live or _PIN_WORD.search(sentence) else None


def _sentence(text: str, thing: Named) -> str:
    begin = max(text.rfind("。", 0, thing.begin), text.rfind("?", 0, thing.begin)) + 1
    stop = _ENDS.search(text, thing.end)
    return text[begin : stop.start() if stop else len(text)]
