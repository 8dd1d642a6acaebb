"""What is said around a number or a password: words for it, what it was used for, what it counts.

Patterns that end in `$` are for what stands before, those that are matched are for what stands behind.
More than one finder asks these; what only one asks stands beside it.
"""

from __future__ import annotations

import re

from bot.dialogue.guard.fold import KANJI_DIGITS

LINK = (
    r"(?:[\s:;=#「『【\[(\"'“‘、,・>→…-]|は|が|を|も|って|というのは|として|のは|に|と|の|is|was|should be|might be|"
    r"could be|ha|wa|no|:|今|たぶん|多分|確か|たしか|ええと|えっと|えーと|あの|(?:生まれた?年|誕生[日年]|西暦|"
    r"記念日)(?:で)?|ー){0,6}$"
)
_PIN_WORD = (
    r"(?:暗証(?:番号|ばんごう|コード|no)?|暗唱番号|暗号番号|あんしょう(?:ばんごう|番号)?|anshou? ?bangou?|"
    r"ansyou? ?bangou?|ピン(?:コード|番号|ナンバー)?|ぴん|(?:[4四]|four)[ -]digits? (?:code|number|pin)|bangou|"
    r"pin(?: ?(?:コード|番号|ナンバー|code|number))?|セキュリティ(?:コード|番号)|認証(?:コード|番号)|[4四](?:桁|けた|"
    r"ケタ)(?:の)?(?:数字|番号|やつ|ほう|方)?|数字[4四](?:桁|けた|ケタ)|利用者(?:証明)?用?|"
    r"券面(?:事項)?(?:入力)?(?:補助)?用?|住(?:民)?基(?:本台帳)?用?|(?P<plain>(?<![\u3400-\u9fffァ-ヶーせちしみ])番号|"
    r"数字))"
)
_LONG_WORD = (
    r"(?:パスワ[ー-]?ド|パスコ[ー-]ド|ぱすわ[ー-]?ど|パス|ぱす|pasuwa-?do|password|passwd|passcode|pass|pw|(?:6|"
    r"六)(?:~|から|-)(?:16|十六)(?:桁|けた|ケタ|文字)(?:の)?(?:やつ|英数字|方|ほう)?|英数字|長い(?:やつ|方|ほう)|"
    r"署名(?:用)?(?:電子証明書)?(?:用)?)"
)
GIVEN_WORD = re.compile(f"(?:{_PIN_WORD}|{_LONG_WORD}){LINK}")
MYNUMBER_WORD = re.compile(
    rf"(?:マイナンバー|まいなんばー|マイナ番号|個人番号|12(?:桁|けた|ケタ)|mynumber|my number|住民票コード|"
    rf"照合番号b?){LINK}"
)
PHONE_WORD = re.compile(rf"(?:電話(?:番号)?|でんわ|携帯(?:番号)?|ケータイ|けいたい|tel|phone(?: number)?|fax){LINK}")
ACCOUNT_WORD = re.compile(
    r"口座|普通|当座|振込|振り込|ゆうちょ|郵貯|銀行|信金|通帳|記号|こうざ|コウザ|kou?za|bank|account"
)
ACCOUNT_AFTER = re.compile(r"(?:の|が)(?:銀行|普通)?口座")
CARD_WORD = re.compile(
    rf"(?:クレジット(?:カード)?(?:番号)?|credit card|card number|クレカ(?:番号)?|カード番号|visa|master(?:card)?|jcb|"
    rf"amex){LINK}"
)
UNIT = re.compile(
    r" ?(?:円|えん|年|ねん|月|日|時|じ[^ゃゅょ]|分|秒|桁|けた|ケタ|文字|もじ|人|名|回|度|件|個|こ[^れのと]|つ|点|"
    r"ポイント|pt|番|号|丁目|歳|才|[かカヶケヵ箇][月所国]|週|階|枚|本|通|冊|台|社|ページ|頁|行|店|市|町|村|区|県|"
    r"自治体|世帯|[万億千百]|%|パ[ー-]セント|倍|字|種類|生まれ|うまれ|バイト|ビット|列車|の回(?!数)|メートル|キロ|"
    r"グラム|ドル|歩|便|室|棟|系統|しか(?:残|入って|もらえ|来|進)|の札|の券|形|型|世代|の(?!ロック|パス|ピン|"
    r"カ[ー-]ド|マイナ|ログイン|コ[ー-]ド)[ァ-ヶ][ァ-ヶー]{2,}|に住|運動|問題(?!な)|(?:yen|en|nen|nin|kai|keta|moji|"
    r"times?|digits?|years?|days?|people|points?|km|kg|cm|mm|m|g|gb|mb|kb|mah|px|hz|k)\b|(?:の|すべての|以上の|"
    r"くらいの)(?:自治体|市区?町村|世帯|店|人|会社|窓口))"
)
GIVEN_AFTER = re.compile(
    r"^[」』】)\"'”’\]]{0,4}\s*(?:$|[。!?！？\n]|です(?!か)|でした|でご|だ[よがけっ。]|だった|なん[でだ]|(?:って|と|"
    r"で|を)(?:入れ|入力|打|やっ|試|ログイン|設定|登録|して|し[たま]|は?入れ[なた])|に(?:し[たてま]|設定|登録))"
)
_NUMBER_OF = r"(?:の?(?:番号|ナンバー|コード|id|no\.?|番))?"
OTHER_NUMBER = re.compile(
    r"(?:[¥$€£〒§]|(?<!#)#|昭和|平成|令和|大正|明治|約|およそ|第|問|no\.?|ver(?:sion)?\.?|v\.|バージョン|(?:エラー|"
    r"error|ステータス(?:ワード)?|応答|返り値|戻り値|レスポンス|sw1sw2|sw|port|localhost|様式|フォ[ー-]ム|form|qa|"
    r"(?<!my )(?<!pin )code|コード)(?:コード|番号|メッセージ| code)?|(?:受付|受け付け|予約|整理|発券|待ち|待合|"
    r"呼び?出し?|申請|申請書|お客様|管理|製造|シリアル|問い?合わ?せ|お問合せ|順番|番号?札|整理券|受付票|券|(?<!民)票|"
    r"ロッカ[ー-]|ホ[ー-]ル|機番|ポ[ー-]ト|発券機|駐[車輪]場|号車|(?<!郵)便名?|フライト|バス停?|路線|"
    r"(?<!マイ)(?<!ピン)(?<!車の)ナンバー|会計|レシ[ー-]ト|領収書|車両|タクシ[ー-]|ビル|札|列車|電車|会議室|内線|faq|"
    r"q&a|質問|国道|県道|号線|条例|[民刑]法|政令|省令|法律|告示|規格|iso|jis(?: x)?|rfc|iec|機種|型|型番|品番|案件|"
    r"チケット|伝票|注文|"
    rf"flight|bus|train|room|ticket|queue|seat|locker|page|error|appointment|reservation|building|bldg\.?|apartment|"
    rf"apt\.?|unit|suite|counter|window){_NUMBER_OF}|"
    r"定員|価格|値段|税込み?|手数料|[代費金賃額税料]|おつり|釣り|財布|人口|数|フォロワ[ー-]|カロリ[ー-]|残り|suica|"
    r"pasmo|icoca|nanaco|waon|paypay|チャ[ー-]ジ|残高|合計|上限|最大|全部で|株価|ポイント|期限|有効|容量|メモリ[ー-]?|"
    r"気圧|標高|距離|歩数計?|解像度|体重|"
    r"in|since|born|about|until|till|from|by|of)" + LINK
)
REUSABLE_NUMBER = re.compile(
    r"(?:西暦(?:で|の)?|(?:誕生日|生年月日|生まれ)(?!の)|大字[^0-9。、]{1,6}|[0-9]階の?|号室|"
    r"[\u3400-\u9fff] ?[0-9]{2,3} ?[ぁ-ん] ?|s/n|imei|シリアル|住所|番地|車のナンバー|ナンバープレート|部屋|"
    r"[\u3400-\u9fffァ-ヶー](?<!暗証)(?<!ロック)(?<!カード)(?<!パス)(?<!ワード)(?<!ログイン)(?<!解除)(?<!秘密)(?<!設定)"
    r"番号|id)" + LINK
)
GLOSS = r"^[」』】)\"'”’\]]{0,4}(?:\([^)]{0,12}\))?\s?"  # (生まれ年)
_TRIES = r"(?:[をも]?\s?[0-9一二三四五何]+(?:回|かい|度)[もは]?)?"
USED = re.compile(
    GLOSS + r"(?:(?:って|て|と|で|を|に|は|も|が|ば|さ|ち|、)\s?)?" + _TRIES + r"\s?"
    r"(?:入れ|いれ[たてるま]|入力|打[っちつ]|うっ[たて]|押し|試し|ためし|ログイン|登録し|設定し|登録$|設定$|使っ|"
    r"やっ[てた]|統一|迷っ|変え|変更|決め|まちが|間違|覚え|教え|弾かれ|はじかれ|通ら|開か)|"
    + GLOSS
    + r"(?:に(?:し(?:た(?!ら|い|ほう|方)|て|と|ま|ちょ|ちゃ)|せ)|、?(?:生まれた?年|誕生日|記念日|"
    r"これ)[にで](?:登録|し[たてま]|なって)|で(?:入|通|開|ロック|いけ|だめ|ダメ|あか|[0-9一二三四五]+回)|のまん?ま|"
    r"から.{0,6}(?:変え|変更[しを])|を?(?:つな|続け)|の順.?[で]?.{0,2}(?:押|打|入)|じゃ(?:だめ|ダメ|なく|なか))|"
    + GLOSS
    + r"[がを].{0,10}(?:パスワ|暗証|ピン)|"
    r"[\"']?\s?(?:no mama|ni (?:shi|she)|to (?:ire|utt|nyu)|tte (?:ire|utt|nyu)|de (?:to|hai|lock|rokku|dame)|"
    r"wo (?:ire|tsuka|nyu|utt)|datta|(?:is|was|as) (?:(?:my|the|his|her|our) )?(?:pin|pass|code|number)|(?:does|"
    r"did)n.?t work|not work|locked)"
)
"""What a PIN is used for, right behind it: 8512って入れた, 1956にしてた, 1234のまま."""
USED_BEFORE = re.compile(
    r"\b(?:(?:tried|typed|entered|entering|typed in|used|using|chose|picked|put(?: in)?|(?:left|set|changed?|"
    r"reset)(?: it| my pin)?(?: to| at| as)?|(?:pin|it|password|code) from|(?:pin|password) still|think it(?:'?s| is|"
    r" was)|should be)(?: (?:my|his|her|the)(?: [a-z]{1,12}){1,3})?) $|(?:押し|入れ|打っ|入力し|登録し|"
    r"設定し)て?い?[たる](?:番号|数字)?の[はが]、?$"
)
SHOWN = re.compile(
    r"^[」』】)\"']{0,4}(?:って|と|が|を)?(?:(?!入|打|で).){0,8}(?:(?<!思い)出[たるま]|(?<!思い)出て(?!こ)|でた|"
    r"でて(?!こ)|でま[すし]|窓が|画面|って(?:番号|数字)[もをが]?見(?!られ)|表示|印字|点滅|返[っる]|かか[っりる]|"
    r"払[っい])|^:.{0,6}エラ[ー-]|^:[^」。]{2,24}」(?:って|と)(?:出|表示)|^って書いてあ[りる]"
)
SOMEONES = re.compile(r"(?:(?<![たるだい])の[はが]|→) ?$")
SENTENCE_END = re.compile(r"[。!?\n]")
NOTHING_ELSE = re.compile(
    f"(?:[{''.join(KANJI_DIGITS)}"
    r"\s0-9。、,.・!?…「」『』()\[\]\"'/:;~ー●\x01-]|です|はい|ええ|うん|いいえ|多分|確か|たしか|だった|だ|よ|でした|"
    r"かな|かも|けど|が|なん|ね|と|か|たぶん|desu)*"
)
ASKED_WHAT = re.compile(
    r"[」』\"']?(?:(?:って|とは)\s?(?:何(?![でが回度])|なに(?![でが])|なん(?:です|だろう|なの|の|$)|どう|どんな)|"
    r"\s?何これ|の意味|とは|という(?:数字|番号)|は(?:何|なに)(?![でが]))|[」』]?形式|[」』\"']?\s?(?:って(?:いう)?|"
    r"ていう|という|の|みたいな|のような)\s?(?:エラ[ー-]|コ[ー-]ド|表示|形(?!見)|フォルダ|ファイル|型番|機種|"
    r"メッセ[ー-]ジ|車)"
)
TOLD = re.compile(
    r"[」』\"']?\s?(?:です(?!か)|でした|だった|だ(?:よ|と|そう|って|っけ)|だめ|ダメ|で(?:ロック|登録|合|あっ)|って押|"
    r"の順|かも|かな|の(?:はず|つもり)|と思|らしい)"
)
