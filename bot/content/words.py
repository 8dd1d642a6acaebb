"""Every sentence that the program itself says to citizens, by an id: the frame around the content.

Staff write the content in YAML; what stands here is the rest, in Japanese. A language file translates
these as `words/ID` beside the texts of the content. `{name}` is a place that the program fills.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

JAPANESE_ID = "ja"

_JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]")
_SLOT = re.compile(r"\{([a-z]+)\}")

JAPANESE: dict[str, str] = {
    # A text that a language file does not have (any more) is shown in Japanese, with this mark.
    "untranslated": "（日本語）{text}",
    # How things are put together.
    "pair": "{label}：{text}",
    "sentences": "{first}{second}",
    "comma": "、",
    "and": "と",
    "said.and": "・",
    "quoted": "「{text}」",
    "in-brackets": "（{text}）",
    "with-note": "{text}（{note}）",
    # What stands for a setting of the city where there is no city, or it has not said.
    "city.no-phone": "住民票のある市区町村の代表電話",
    "city.no-name": "住民票のある市区町村",
    "city.no-hours": "受付時間は電話で確かめてください",
    "city.no-list": "電話で確かめてください",
    # Days and hours.
    "date.day": "{month}{day}日（{weekday}）",
    "date.span": "{first}〜{last}",
    "date.month-year": "{year}年{month}",
    "date.year-day": "{year}年{day}",
    "date.moment": "{day}{clock}",
    "date.hour": "{hour}時",
    "date.clock": "{hour}時{minute}分",
    "date.weekday1": "月",
    "date.weekday2": "火",
    "date.weekday3": "水",
    "date.weekday4": "木",
    "date.weekday5": "金",
    "date.weekday6": "土",
    "date.weekday7": "日",
    "date.month1": "1月",
    "date.month2": "2月",
    "date.month3": "3月",
    "date.month4": "4月",
    "date.month5": "5月",
    "date.month6": "6月",
    "date.month7": "7月",
    "date.month8": "8月",
    "date.month9": "9月",
    "date.month10": "10月",
    "date.month11": "11月",
    "date.month12": "12月",
    # Buttons.
    "button.menu": "聞けることの一覧",
    "button.topics": "ほかの話題",
    "button.help": "使い方",
    "button.privacy": "入力した内容の扱い",
    "button.call": "電話で相談したい",
    "button.start": "はじめの画面",
    "button.restart": "はじめから",
    "button.resume": "案内にもどる",
    "button.none-of-these": "どれでもない",
    "button.done": "これで決める",
    "button.back": "戻る",
    "button.list": "答えを変える",
    "button.leave": "やめる",
    "button.continue": "このまま続ける",
    "button.result": "チェックリストを見る",
    "button.ask-more": "ほかの質問をする",
    "button.pdf": "PDFを受け取る",
    "button.picture": "画像を受け取る",
    "button.share": "家族に送る",
    "button.reserved": "アプリの予約が終わった",
    "button.plan": "行く日を予定に入れる",
    "button.map": "地図を見る",
    "button.why": "なぜ必要？",
    "button.hide-reasons": "理由をとじる",
    "button.delete": "記録を消す",
    "button.copy-phone": "電話をコピー",
    "button.copy-address": "住所をコピー",
    # Commands, as Telegram lists them.
    "command.start": "はじめから",
    "command.help": "使い方と問い合わせ先",
    "command.menu": "聞けることの一覧",
    "command.guide": "持ち物と行き先を調べる",
    "command.privacy": "入力した内容の扱い",
    "command.delete": "この会話の記録を消す",
    "command.language": "ことばを変える",
    # The choice of a language; the languages themselves are buttons with their own names.
    "language.title": "ことばをえらんでください",
    # On many screens.
    "never-ask": "このボットも職員も、暗証番号をたずねません。",
    "no-number": "番号は書かないでください。",
    "warning": "注意",
    "sample": "見本の市です（{name}）。実際の手続きには使わないでください。",
    "sample.no-name": "設定なし",
    "city.whose": (
        "{name}に住民票がある方の案内です。住民票がほかの市区町村にある方は、その市区町村の代表電話に確かめてください。"
    ),
    "city.none": "市区町村を決めていない案内です。扱いがちがうことがあるので、行く前に電話で確かめてください。",
    "phone": "電話：{phone}",
    "phone.inline": "電話 {phone}",
    "phones.title": "電話で相談できます",
    "phones.office": "手続きのこと：{phone}",
    "phones.line": "カードのこと全般・なくしたとき：{line}（{label}。ロックの解除はできません）",
    "phones.have": "カードを手元に置いてかけてください。暗証番号は、電話でも言わないでください。",
    "hours": "受付時間：{hours}",
    "phones.tell": "はじめに「どの種類の暗証番号か」と「だれが窓口に行くか」を伝えると、話が早く進みます。",
    "hours.open": "いまは受付時間の中の見込みです（{closes}まで）。",
    "hours.closed": "いまは受付時間の外です。次は{day}の{opens}からの見込みです。",
    "hours.closed-day": "いまは受付時間の外です。次に開くのは{day}の見込みです。",
    "hours.ask": "受付時間は電話で確かめてください。",
    # Where statements come from.
    "source": "出典",
    "source.no-date": "ページの日付は不明",
    "fresh.confirmed": "市が{month}に確認した内容です。",
    "fresh.read": "公開資料（{month}に閲覧）による案内です。",
    "fresh.unread": "公開資料による案内です。",
    "fresh.old": "この内容は、しばらく見直していません。変わっているかもしれません。行く前に電話で確かめてください。",
    "fresh.not-this-city": "この市ではまだ確認していません。",
    "fresh.not-your-city": "お住まいの市区町村ではまだ確認していません。",
    # Start, topics, help.
    "start.title": "マイナンバーカードの暗証番号で、お困りですか？",
    "start.invite": "困っていることを、そのまま書いてください。下のボタンもえらべます。",
    "menu.title": "聞けることの一覧",
    "menu.choose": "近いものをえらんでください。",
    "help.title": "使い方",
    "help.write": "困っていることを、ふだんの言葉で書いてください。",
    "help.answer": "こちらからの質問には、ボタンでも文字でも答えられます。",
    "help.words": "「戻る」「最初から」「やめる」「メニュー」と書いても動きます。",
    "help.buttons": "前に出たボタンも、いつでも使えます。",
    "help.operator": "この案内の運営：{name}",
    "help.contact": "連絡先：{contact}",
    "privacy.title": "入力した内容の扱い",
    "privacy.text": "書かれた文章は保存しません。",
    "privacy.secrets": "暗証番号や12けたの番号は、読み取る前に消します。写真は開きません。",
    "privacy.position": "案内のどこまで進んだかや、持ち物の印などを、暗号にして、長くて24時間おぼえます。",
    "privacy.delete": "/delete で、すぐに消せます。",
    "privacy.given": (
        "「この質問を役所に届ける」で確かめて届けた文だけは、{days}日おぼえます。"
        "だれの文か分からないので、/delete では消せません。"
    ),
    "privacy.names": "名前や連絡先は集めません。ほかの人や会社に渡しません。",
    # Short remarks.
    "notice.bad-token": "そのボタン（リンク）は読み取れませんでした。お手数ですが、もう一度えらんでください。",
    "notice.outdated": "案内の内容が新しくなりました。もう一度うかがう質問があります。",
    "notice.elsewhere": "このボタン（リンク）は、別の市区町村の案内で作られたものです。こちらの案内で続けます。",
    "notice.first-question": "これが最初の質問です。",
    "notice.not-a-choice": "すみません、読み取れませんでした。下からえらぶか、何番目か（1、2など）を書いてください。",
    "notice.gone": "その答えは、いまはありません。困っていることを、そのまま書いてください。",
    "notice.no-such-number": "その番号はありません。一覧の番号を書くか、困っていることを書いてください。",
    "notice.choose-one": "この質問は、下からえらぶか、何番目か（1、2など）を書いてください。",
    "notice.no-list": "いまは、番号でえらぶ一覧が出ていません。困っていることを書くか、下からえらんでください。",
    "rescue.calm": "お困りですね。大丈夫です、一つずつ進めましょう。",
    "rescue.write": "困っていることを、そのまま書いてください。質問に答えて進むことも、電話で相談することもできます。",
    "notice.only-secret": "困っていることは、番号を書かずに送ってください。",
    "notice.empty": "文字が届きませんでした。困っていることを、そのまま書いてください。",
    "odd.photo": "写真は開いていません。カードが写っていたら消してください。",
    "odd.file": "ファイルは開いていません。カードが写っているものなら消してください。",
    "odd.voice": "声のメッセージは聞けません。",
    "odd.location": "位置情報は使いません。",
    "odd.contact": "連絡先は使いません。",
    "odd.write": "困っていることを、文字で書いてください。",
    "left.inside": "案内をやめました。続きは、前のボタンからいつでも始められます。",
    "left.outside": "わかりました。いつでも、また書いてください。",
    "deleted": "この会話の記録を消しました。",
    "deleted.given": "役所に届けた文は、だれの文か分からないので、消せません。長くても{days}日で消えます。",
    "delete.sure": "よろしければ「記録を消す」を押してください。/delete と送っても、すぐに消せます。",
    # Whether an answer or a result helped (counter rule 16: nobody has gone yet).
    "feedback.ask": "次にすることが分かりましたか？",
    "feedback.yes": "はい",
    "feedback.no": "まだ分からない",
    "feedback.glad": "よかったです。また困ったときは、いつでも書いてください。",
    "feedback.sorry": "教えてくださって、ありがとうございます。分からないところを、そのまま書いてください。",
    "feedback.call": "電話で相談することもできます。",
    # Handing an unanswered question to the office, where the operator wants it.
    "give.button": "この質問を役所に届ける",
    "give.title": "次の文を、役所に届けますか？",
    "give.names": "名前や住所など、だれかが分かることが書かれていたら、「届けない」を押してください。",
    "give.how": (
        "役所の職員が読み、案内を直すために使います。返事は来ません。"
        "だれの文か分からない形で、日付だけを付けて{days}日おぼえ、そのあと消します。"
        "あなたの文だと分からないので、届けたあとは /delete でも消せません。"
    ),
    "give.yes": "届ける",
    "give.no": "届けない",
    "give.done": "届けました。ありがとうございます。長くても{days}日で消えます。",
    "give.not": "届けませんでした。文は、こちらには残していません。",
    "give.gone": "元の文が画面に残っていないので、届けられません。よろしければ、もう一度書いてください。",
    "give.only-secret": "番号のほかに文がないので、届けませんでした。",
    "give.long": "{limit}文字より長いので、届けられません。短くして、もう一度書いてください。",
    "give.off": "いまは、質問を受け取っていません。文は、こちらには残していません。",
    "give.full": "届いた質問がたまっているので、いまは受け取れません。文は、こちらには残していません。",
    "give.failed": "うまく届きませんでした。少し待って、もう一度押してください。",
    # A secret was typed (counter rule 15); someone mentions violence (counter rule 7).
    "secret.and": "と、",
    "secret.mynumber": "12けたの番号",
    "secret.pin4": "暗証番号のような4けたの数字",
    "secret.signature": "パスワードのような英数字",
    "secret.phone": "電話番号",
    "secret.mail": "メールアドレス",
    "secret.account": "口座番号",
    "secret.card": "カード番号",
    "secret.seen": "{seen}が書かれていました。読み取らずに消し、記録もしていません。",
    "secret.delete": "画面にそのメッセージが残っていたら、ご自分でも消してください（Telegramでは長押しして「削除」）。",
    "secret.deleted": "ほかの人に見られないように、そのメッセージはボットがこの画面から消しました。",
    "secret.if-others": "ほかの人に見られたかもしれないときは、次のようにしてください。",
    "secret.works": "カードが手元にあり、その番号が使える：すぐに別の番号に変えてください。",
    "secret.locked": "カードが手元にあり、ロックしている：役所で、前とちがう番号に決め直してください。",
    "secret.gone": "カードが手元にない：{line}（一時停止）と警察へ、すぐに連絡してください。",
    "secret.worried": "不安なときは、警察の相談電話 {police} か、消費者ホットライン {consumer} へ。",
    "support.letter": (
        "郵便が住民票の住所に届くと困る方は、照会書を頼む前に、ご本人から{phone}へ、電話で相談してください。"
    ),
    "support.police": "警察の相談電話 {police} でも相談できます。",
    "support.exposed": (
        "番号を知られているときは、カードが手元にあり、その番号が使えるなら、"
        "窓口へ行かずに別の番号に変えられます（住民基本台帳用は窓口です）。"
        "カードが手元にないときは {line} で止められます。"
    ),
    # Answers and questions.
    "answer.more": "くわしく",
    "clarify.which": "どれに近いですか？ えらぶか、もう少しくわしく書いてください。",
    "none.sorry": "すみません。その質問には、お答えできる内容がありません。",
    "none.try": "マイナンバーカードの暗証番号とロックのことを、短い言葉で書いてみてください。",
    "opening.understood": "{answers}のことと受け取りました。ちがうときは「答えを変える」をえらんでください。",
    "question.why": "（{why}）",
    "which.one": "「{label}」のことですか？",
    "which.several": "どれのことですか？",
    "list.title": "いままでの答え",
    "list.none": "まだ答えはありません。",
    "list.change": "変える：{question}",
    # The result.
    "result.again": "チェックリストは、このボタンでもう一度見られます。",
    "no-route": "すみません。この答えの組み合わせの案内を用意できていません。電話で確かめてください。",
    "cost.embassy": "窓口へ行く回数：{times}回",
    "cost.once": "役所へ行く回数：{times}回",
    "cost.visits": "役所へ行く回数：{times}回",
    "cost.kiosk": "役所へ行く回数：0回（店の端末で手続きします）",
    "cost.no-visit": "役所へは行かなくてよい見込みです",
    "cost.fee": "費用：{fee}",
    "items": "持ち物",
    "items.optional": "あると安心なもの",
    "items.of-visit": "{visit}回目の{items}",
    "items.of-other-way": "この方法の{items}",
    "item.why": "なぜ必要？",
    "item.reasons": "理由",
    "item.if-you-have": "{items}（あれば）",
    "item.visit": "{visit}回目：{item}",
    "list.one-left": "あと1つです。",
    "list.left": "あと{count}つです。",
    "list.all-there": "全部そろいました。",
    "list.press": "用意できたら、下のボタンを押してください。",
    "list.changed": "持ち物の一覧が新しくなりました。お手数ですが、もう一度印をつけてください。",
    "list.empty": "いまは、持ち物の一覧はありません。",
    "result.steps": "すること",
    "result.where": "行き先と日",
    "result.ask": "電話で確かめること",
    "result.pins": "決め直す暗証番号",
    "result.avoid": "しないでください",
    "result.info": "知っておくと安心なこと",
    "result.more-info": "ほかに知っておくこと",
    "result.given": "お答えの内容",
    "result.closed": "{day}は手続きできない日です。別の日にしてください。",
    "result.maintenance": (
        "{day}は全国のシステム保守に当たる見込みです。手続きできないと考えて、別の日にしてください。"
    ),
    "other-way": "ほかの方法：{title}",
    "other-way.ask": "行く前に電話で確かめること（{phone}）",
    "office.holder-only": "{office}（ご本人だけ。代理はできません）",
    "days.weekend": "土日に開く日：{days}",
    "days.evening": "夜も開く日：{days}",
    "days.closed": "閉まる日：{days}",
    "reservation.required": "予約：予約が必要です",
    "reservation.recommended": "予約：予約をおすすめします",
    "reservation.deadline": "{days}開庁日前まで",
    "letter.days": "照会書が届くまで：およそ{days}日",
    "letter.deadline": "照会書の回答の期限：{days}日",
    # The PINs and the explaining pictures.
    "pin.sign": "英数字6〜16文字（署名用）",
    "pin.user": "数字4けた（利用者証明用）",
    "pin.juki": "数字4けた（住民基本台帳用）",
    "pin.kenmen": "数字4けた（券面事項入力補助用）",
    "pin.sign.used": "e-Taxの送信など、電子申請の署名",
    "pin.user.used": "マイナポータルのログイン、コンビニでの証明書、病院の受付機",
    "pin.juki.used": "引っ越しや名前の変更のとき、窓口で",
    "pin.kenmen.used": "名前や住所を、申請画面へ自動で写すとき",
    "picture": "（絵）{title}",
    "pins.title": "暗証番号は4種類あります",
    "pins.tries": "続けて{tries}まちがえるとロック",
    "pins.used": "使う所：{where}",
    "pins.letters": "英数英数英数…",
    "pins.digits": "数数数数",
    "pins.foot": "3つの4けたは、同じ番号にしていても、ロックは別々にかかります。",
    "kiosk.title": "コンビニなどの店で直す流れ",
    "kiosk.shop": "使える店を調べる",
    "kiosk.shop-text": "店によって、決め直せる番号がちがいます。公式の店舗一覧で見ます。",
    "kiosk.app": "アプリで予約する",
    "kiosk.app-text": ("スマホの「JPKI暗証番号リセット」で、カードと顔を撮り、覚えている方の番号を入れます。"),
    "kiosk.go": "{limit}に店へ行く",
    "kiosk.go-text": "予約が終わってから数えます。",
    "kiosk.hours": "端末を使えるのは{hours}です。",
    "kiosk.machine": "端末で新しい番号を決める",
    "kiosk.machine-text": "カードを置き、覚えている方の番号を入れてから決めます。",
    "kiosk.foot": "自信がなければ、打たずに窓口へ行ってください。番号を人に教えて代わってもらわないでください。",
    # Taken along and handed on.
    "handed.pdf": "チェックリストのPDFです。印刷して使えます。",
    "handed.picture": "チェックリストの画像です。スマホに保存して使えます。",
    "handed.link": "次のリンクを家族に送ると、同じチェックリストが開きます。名前や、書いた文章は入っていません。",
    "handed.code": "家族のスマホで読み取ると、同じチェックリストが開きます。",
    "handed.no-files": "いまはファイルを作れません。この画面を写真にとるか、「家族に送る」をお使いください。",
    "handed.not-made": "このチェックリストは、いまは作れません。ボタンで案内をもう一度開いてください。",
    "handed.open-page": "ページで開く",
    "handed.open-telegram": "Telegramで開く",
    "handed.forward": "Telegramで送る相手をえらぶ",
    "reserved.until": "{ends}までに、店の端末で手続きします。",
    "reserved.closes": "予約の期限は{limit}ですが、端末はその前に閉まります。",
    "reserved.earlier": "アプリの予約が{begins}より前に終わっていたら、期限も早まります。",
    "reserved.trouble": "うまくいかないときは、続けて打たずに窓口へ行きます。",
    "reserved.title": "店の端末で暗証番号を決め直す（{ends}まで）",
    "visit.planned": "{day}に窓口へ行く予定です。",
    "visit.when": "いつ窓口へ行きますか？",
    "visit.expected": "窓口が開いている見込みの日です。行く前に確かめてください。",
    "visit.call-first": "行く前に、{phone}に電話で確かめます。",
    "checklist": "チェックリスト",
    # The printed sheet.
    "sheet.made": "{day}に作りました",
    "sheet.no-pin": "暗証番号は、この紙に書かないでください。",
    "sheet.pages": "ページ",
    "sheet.code": "同じチェックリストを開く二次元コード",
    "sheet.same": "同じ内容を開けます",
    "sheet.scan": "家族や窓口の方のスマホで読み取ってください。",
    "sheet.open": "スマホで開く",
    "sheet.no-dates": (
        "日付のない出典は、ページの日付が不明です。出典のアドレスは、最初のページの二次元コードで開くページにあります。"
    ),
    # The page.
    "service": "マイナかぎ案内",
    "eyebrow.answer": "お答え",
    "eyebrow.clarify": "確認",
    "eyebrow.none": "お答え",
    "eyebrow.smalltalk": "お返事",
    "eyebrow.question": "質問",
    "eyebrow.result": "あなたの結果",
    "eyebrow.checklist": "持ち物",
    "eyebrow.list": "これまでの答え",
    "eyebrow.help": "使い方",
    "eyebrow.menu": "聞けること",
    "eyebrow.privacy": "入力した内容の扱い",
    "eyebrow.language": "ことば",
    "eyebrow.notice": "お知らせ",
    "page.skip": "本文へ進む",
    "page.nav": "サイト内",
    "page.guide": "持ち物を調べる",
    "page.menu": "聞けること",
    "page.welcome": "忘れたとき、ロックされたときの行き先と持ち物をご案内します。",
    "page.ask-first": "困っていることをそのまま書いてください",
    "page.ask-or": "または、困っていることをそのまま書いてください",
    "page.ask-later": "文字で答えるときや、ほかに聞きたいことがあるとき",
    "page.ask-care": "暗証番号やマイナンバーは書かないでください。",
    "page.send": "送る",
    "page.failed": "送れませんでした。通信を確かめて、もう一度押してください。",
    "page.again": "ほかの答えを見る",
    "page.or-choose": "えらんで進むこともできます",
    "page.log": "やりとり",
    "page.you": "あなた：",
    "page.never-ask": "このページも職員も、暗証番号をたずねません。",
    "page.operator": "運営：{name}",
    "page.contact": "問い合わせ：{contact}",
    "page.based-on": "案内は公開された資料をもとにしています。出典はそれぞれの答えの下にあります。",
    "page.to-start": "最初のページへ",
    "page.forgets": (
        "このページでは、クッキーを使わず、進んだところも保存しません。やりとりは、画面を閉じると消えます。"
    ),
    "page.delete": "記録を消す",
    "page.take": "持っていく・家族に送る",
    "page.pdf": "PDFで持っていく",
    "page.picture": "画像で保存",
    "page.print": "印刷する",
    "page.day": "窓口へ行く日",
    "page.calendar": "予定に入れる",
    "page.reserved": "{label}（期限を予定に入れる）",
    "page.reserved-hint": "アプリの予約が終わったら、すぐに押してください。押した時刻から期限を数えます。",
    "page.share": "家族に送る・あとで見る",
    "page.share-hint": "このアドレスを開くと、同じ結果が出ます。名前や、入力した文は入っていません。",
    "page.code": "同じ結果を開く二次元コード",
    "page.jump": "印刷する・家族に送る",
    "page.send-app": "アプリで送る",
    "page.send-mail": "メールで送る",
    "page.mail-subject": "マイナかぎ案内の結果",
    "page.copy": "アドレスをコピー",
    "page.copied": "コピーしました",
    "page.one-left": "あと1つです",
    "page.left": "あと{count}つです",
    "page.all-there": "全部そろいました",
    "page.picture-text": "絵の内容を文字で読む",
    "page.sources": "出典（{count}件）",
    "page.source-date": "（ページの日付：{date}）",
    "page.cut": "文章が長いので、はじめの{limit}文字までを読みました。続きがあれば、分けてお送りください。",
    "error.400": "うまく読み取れませんでした",
    "error.400.text": "お手数ですが、最初のページからもう一度お試しください。",
    "error.403": "この送信は受け取れません",
    "error.403.text": "ほかのサイトからの送信は受け取っていません。最初のページからお試しください。",
    "error.404": "ページが見つかりません",
    "error.404.text": "アドレスが途中で切れているか、ページがなくなったのかもしれません。",
    "error.405": "この開き方はできません",
    "error.405.text": "最初のページからお進みください。",
    "error.408": "時間がかかりすぎました",
    "error.408.text": "通信の様子を見て、もう一度お試しください。",
    "error.413": "文章が長すぎます",
    "error.413.text": "一度に送れるのは{limit}文字までです。前のページに戻り、短くしてお送りください。",
    "error.415": "この形では受け取れません",
    "error.415.text": "最初のページの入力らんからお送りください。",
    "error.429": "少しだけお待ちください",
    "error.429.text": "短い時間に多くの送信がありました。{seconds}秒ほど待って、もう一度お試しください。",
    "error.503": "いま混みあっています",
    "error.503.text": "{seconds}秒ほど待って、もう一度お試しください。",
    "error.500": "うまく動きませんでした",
    "error.500.text": "こちらの不具合です。申し訳ありません。少し待って、もう一度お試しください。",
    # Telegram.
    "telegram.private-only": (
        "個人の手続きのご案内なので、グループではお答えできません。1対1のトークで話しかけてください。これで退出します。"
    ),
    "telegram.apology": (
        "申し訳ありません。こちらの不具合で、お答えできませんでした。少し待って、もう一度お試しください。"
        "それでもだめなときは、/start を押すと、はじめの画面に戻れます。前に出たボタンも使えます。"
    ),
    "telegram.not-deleted": (
        "申し訳ありません。こちらの不具合で、いまは記録を消せませんでした。"
        "少し待って、もう一度 /delete を押してください。押せなくても、24時間で消えます。"
    ),
    "telegram.no-memory": (
        "こちらの不具合で、いまはボットが前のやりとりを覚えておけません。"
        "こちらからの質問には、文字ではなくボタンで答えてください。前に出たボタンも使えます。"
        "お聞きになりたいことは、そのまま書いてください。"
    ),
    "telegram.goes-on": "では、こちらからの質問に戻ります。",
    "telegram.too-many": (
        "短い間にたくさん届いたので、いまの分にはお答えできませんでした。1分ほど、何も送らずにお待ちください。"
        "そのあと、もう一度お試しください。あわてなくて大丈夫です。"
    ),
    "visit.title": "窓口へ行く日（マイナンバーカードの暗証番号）",
}


def is_japanese(text: str) -> bool:
    """Whether a text has kana, kanji or full-width signs: others are the same in every language."""
    return _JAPANESE.search(text) is not None


@dataclass(frozen=True, eq=False)
class Words:
    """The program's sentences in one language. Equal is only the same one: what is kept by it is found at once."""

    by_id: Mapping[str, str]

    def __call__(self, name: str, /, **slots: object) -> str:
        """The sentence of that id with its places filled. Raises KeyError if there is none."""
        text = self.by_id[name]
        return _SLOT.sub(lambda found: str(slots[found[1]]), text) if slots else text


IN_JAPANESE = Words(JAPANESE)
