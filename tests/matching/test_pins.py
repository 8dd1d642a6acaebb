"""How a text speaks of its PINs: negation, contrast, what is remembered and what is not."""

from __future__ import annotations

import pytest

from bot.content.loading import load
from bot.matching.forms import Forms
from bot.matching.understanding import PinName, Visitor
from bot.settings import PROJECT

FORMS = Forms(load(PROJECT).vocabulary)


def read(text: str) -> PinName | None:
    spelled = FORMS.spell(text).text
    return FORMS.concepts.understand(spelled, FORMS.concepts.find(spelled))[0].pin


def visitor(text: str) -> Visitor | None:
    spelled = FORMS.spell(text).text
    return FORMS.concepts.understand(spelled, FORMS.concepts.find(spelled))[0].visitor


ONE = [
    # what is fine stands first, last, or in another sentence
    ("署名用は大丈夫で利用者証明用がだめ", "user"),
    ("忘れたのは英数字の方で、4桁は覚えています", "sign"),
    ("署名用は忘れていないのですが、券面事項入力補助用を間違えました", "kenmen"),
    ("利用者証明用は控えがあります。署名用は控えがありません", "sign"),
    ("英数字は通ったのにコンビニの4桁で弾かれた", "user"),
    ("署名用は先月再設定したので大丈夫です。今度は利用者証明用を忘れました", "user"),
    ("署名用を覚えていません。利用者証明用は覚えています", "sign"),
    ("数字4桁は生きていますが、英数字6文字以上はロックです", "sign"),
    ("署名用はｵﾎﾞｴﾃﾏｽが利用者証明用をﾜｽﾚﾏｼﾀ", "user"),
    # called by what one does with it
    ("英数字は大丈夫、ポータルに入るときに打つ番号がだめになった", "user"),
    ("長いほうは思い出した。コンビニで印鑑証明を出すときに押す数字が出てこない", "user"),
    ("窓口でカードの住所を書き換えるときに打つ番号だけ忘れた", "juki"),
    ("転入届のときに市役所で入れる番号を忘れました", "juki"),
    ("住所や氏名を自動で入力するときの番号がロックされました", "kenmen"),
    ("英字の入ったほうがロックされた", "sign"),
    ("住民基本台帳用の4桁を忘れた", "juki"),
    ("署名のほうちゃうねん、ポータルに入るほうを忘れてん", "user"),
    # said not to be meant
    ("忘れたのは署名用じゃなくて利用者証明用です", "user"),
    ("券面事項入力補助用ではなく住民基本台帳用です", "juki"),
    ("ログインのでも署名のでもない、券面事項入力補助用を忘れた", "kenmen"),
    ("スマホ用電子証明書じゃなくてカードの利用者証明用がロック", "user"),
    # 証明用 sounds like 署名用 where vowels are not told apart
    ("riyousha shoumeiyou no bangou wo kaetai", "user"),
    ("riyosha shomeiyo ga rokku", "user"),
    ("りようしゃ しょうめい よう を わすれた", "user"),
    ("shomeiyou wo wasureta", "sign"),
    # the use tells the PIN
    ("6〜16桁のやつは分かってる、ログインのときの4つの数字が思い出せない", "user"),
    ("コンビニで住民票を取るときの番号を忘れちゃった。署名用はわかる", "user"),
    ("病院の受付の機械で暗証番号がわからない", "user"),
    ("e-Taxの送信でパスワードが違うと出ました", "sign"),
    ("ログインはできるのに署名用だけロック", "sign"),
    # asked, not said
    ("署名用は使えますか", "sign"),
    ("署名用を忘れたわけではなく変えたい", "sign"),
    # a phone's PIN, and a card that is to be put into a phone
    ("スマホ用電子証明書の暗証番号だけ忘れた。カードの署名用はわかる", "phone"),
    ("スマホに入れたほうの署名用パスワードを忘れた", "phone"),
    ("スマホに入れたほうは大丈夫で、カードの署名用を忘れた", "sign"),
    ("iPhoneに入れたいのですが署名用がわかりません", "sign"),
    # English and romaji
    ("I remember the 4 digit PIN but forgot the signature password", "sign"),
    ("i forgot my signature password but i remember the 4-digit pin", "sign"),
    ("not the signature one, the login 4 digit pin is locked", "user"),
    ("My 4-digit PIN works but the long password is locked", "sign"),
    ("shomei you wa oboeteru kedo login no 4keta wo wasureta", "user"),
    ("eisuuji ja nakute login no 4keta wo wasureta", "user"),
    # 「だめなのは X」: all the rest is in order
    ("忘れたのは利用者証明用だけで、英数字は平気です", "user"),
    ("4桁はわかります。だめなのは英数字のほうです", "sign"),
    ("ロックしたのは病院で使う番号です。署名用は触っていません", "user"),
    ("英数字は覚えてる。わからないのはコンビニで使う方", "user"),
    ("署名用は覚えてます。思い出せないのは券面事項入力補助用のほう", "kenmen"),
    # what one got through with
    ("ログインは通りました。送信で聞かれるパスワードが弾かれます", "sign"),
    ("ログインはいけたのに署名用が通らない", "sign"),
    ("利用者証明用でログインできました。署名用がロックです", "sign"),
    ("英数字は無事に通りました。コンビニで押す番号が違うと出ます", "user"),
    ("署名用で入れました。利用者証明用がだめです", "user"),
    ("署名用は元気です。利用者証明用を忘れました", "user"),
    ("My signature password is fine. I forgot the login 4 digit pin", "user"),
    ("I still know my login 4 digit pin, but the signature password is locked", "sign"),
    ("I don't remember the signature password", "sign"),
    ("署名用は今日通ったけど利用者証明用は忘れた", "user"),
    ("署名用は使わないのですが、ログインの暗証番号がロックされました", "user"),
    # the use names the PIN
    ("コンビニで押す番号がわからない", "user"),
    ("病院で押す番号を忘れました", "user"),
    ("e-Taxで最後に聞かれるパスワードを忘れた", "sign"),
    ("送信のときに求められるパスワードがロックされました", "sign"),
    ("ログインはできたけど、コンビニで使う番号がだめでした", "user"),
    # a certificate's end beside a locked PIN; a lock that is only doubted
    ("署名用証明書の期限が切れて署名用のパスワードもロックです", "sign"),
    ("署名用がロックされてるんじゃないの？", "sign"),
    ("署名用も何度も間違えてロックされた", "sign"),
    ("機種変する前にスマホ用電子証明書の暗証番号を忘れた", "phone"),
    # both
    ("署名用も利用者用も忘れました", "both"),
    ("署名用もリヨウシャヨウも忘れました", "both"),
    ("ｼｮﾒｲﾖｳﾓ ﾘﾖｳｼｬｼｮｳﾒｲﾓ ﾜｽﾚﾏｼﾀ", "both"),
    ("署名用を忘れて、利用者証明用もロックしました", "both"),
    ("署名用もログイン用も忘れた", "both"),
    ("ログイン用が止まって、署名用も間違えて止まり、もうどこから直せばいいですか", "both"),
    ("4桁も英数字もどれもわからない", "both"),
]

SILENT = [
    "署名用か利用者証明用かわからない",
    "署名用と利用者証明用、どっちを忘れたのかわからない",
    "署名用以外を忘れた",
    "長い方は覚えてるけど短い方を忘れた",
    "英数字は通ったのに4桁で弾かれた",
    "署名用もログイン用も大丈夫です",
    "署名用を忘れたら利用者証明用も使えなくなりますか？4桁も忘れたら？",
    "署名のパスワードじゃないほうの番号がロックされました",
    "コンビニで4桁を再設定できますか",
    "マイナポータルで暗証番号を変えられますか",
    "e-Taxでパスワードを忘れた",
    "住基カードの暗証番号を忘れた",
    "ログインの英数字を忘れた",
    "暗証番号は全部忘れました",
    "署名用は通った",
    "Googleのログインのパスワードを忘れた",
    "LINEのパスワード忘れた、英数字のやつ",
    "マイナポータルじゃなくてネットバンキングのログインでロックされました",
    "メールのパスワードがわかりません、6文字以上のやつ",
    "健康保険証の番号を病院の受付で聞かれたけど忘れた",
    "コンビニで住民票を取る方が安いですか",
    "病院の受付の番号が呼ばれません",
    "携帯の方の番号に電話してください",
    "利用者証明用は問題ないです",
    "署名用は使えた。だめなのはどれかわからない",
    "わからないのは署名用か利用者証明用かです",
    "署名用もあの番号も忘れた",
    "例のやつも署名用も忘れました",
    "署名用も利用者証明用も、どちらも忘れてません",
    "両方ともわすれていません",
    "署名用のロックではなく期限切れです",
    "署名用のロックの話ではなくて失効の話です",
    "署名用の話ではなく、カードの受け取りの話です",
    "署名用の証明書が失効しました",
    "利用者証明用の期限はいつですか",
    "メールに電子署名をつけたい",
    "契約書の電子署名のやり方",
    "署名活動に参加したい",
    "機種変したらスマホのマイナンバーカードはどうなりますか",
    "スマホ用電子証明書はいつまで使えますか",
    "マイナポータルにログインするパスワードはメールで届きますか",
    "前は署名用でできたのに今はだめ",
]


@pytest.mark.parametrize(("text", "pin"), ONE)
def test_the_pin_in_trouble_is_read(text: str, pin: str) -> None:
    assert read(text) == pin


@pytest.mark.parametrize("text", SILENT)
def test_doubt_is_silence(text: str) -> None:
    assert read(text) is None


VISITORS = [
    ("妻のカードを持って代わりに行きます", "proxy"),
    ("父に頼まれて代理で行きます", "proxy"),
    ("母のカードの番号を私が直せますか", "proxy"),
    ("委任状は必要ですか", "proxy"),
    ("後見人です。本人のカードの番号がわかりません", "guardian"),
    ("被後見人のカードのロックを解除したい", "guardian"),
    ("母のカードをもらったと聞きました", None),
    ("父のマイナンバーカードはきれいです", None),
    ("係の人に代わりに入力してもらえますか", None),
    ("職員の方に代わりに打ってもらいたい", None),
    ("父のカードの番号を施設が管理するのは大丈夫ですか", None),
    ("保険証の代わりに使えますか", None),
    ("後見人の報酬はいくらですか", None),
    ("成年後見の申立てをしたい", None),
    ("任意後見ってなんですか", None),
]


@pytest.mark.parametrize(("text", "who"), VISITORS)
def test_only_who_acts_for_another_is_a_proxy(text: str, who: str | None) -> None:
    assert visitor(text) == who
