"""What is only spoken of: a sample that is shown, a default, numbers in general, something else than the card.

All of these give way to one's own use: 見本どおりに1234を入れた is a PIN, 見本に1234とある is none.
"""

from __future__ import annotations

import re

from bot.dialogue.guard.said import AFTER, BEFORE, GIVEN_WORD, GLOSS, begin_of_sentence, rest_of_sentence

_TELLS = (
    r"(?:に(?!.{0,8}な[いくか])(?!し)|で(?!はな|見て|聞いて|知って|調べて)|か[な。?]|は|"
    r"の(?!見[方か]|読み|使い|通り|とおり|意味|内容|言う|[^。]{0,6}分から)|が|だと|って|画像|です|に出て|"
    r"[ )「:;])"
)
_SOURCE = re.compile(
    r"(?:見本|[入記]入?[力載]?例|記載例|サンプル|テスト用(?:の?カード|の?番号)?|練習用?(?:画面)?|デモ(?:画面|機)?|架空|ダミー|"
    r"仕様書|手引き?|マニュアル|(?:取扱)?説明書|取説|パンフ(?:レット)?|リーフレット|雑誌|新聞|記事|ブログ|教科書|小説|漫画|マンガ|"
    r"アニメ|ドラマ|映画|ニュース|テレビ|番組|youtube|動画|掲示板|ポスター|チラシ|広告|カタログ|ガイド(?:ブック)?|解説|"
    rf"初期(?:値|パスワード|の?暗証番号|pin)|デフォルト|(?:工場)?出荷(?:時|状態)?){_TELLS}|"
    r"(?:^|[ 、」]|その|この|ある)(?:本|ネット)(?:に|では)(?!.{0,8}な[いく])|例\)|例:|例(?:が|では|だと|には)|入力欄に|"
    r"(?<![@.])\b(?:samples?|examples?|default|placeholder|dummy|manual|movie|tv|leaflet|poster)\b"
)
"""Where a sample is shown, or what says that it is one."""
_EXAMPLE_DOMAIN = re.compile(r"@example\.")
_SHOWN_AS_FORM = re.compile(r"みたい|のよう|形式|って何|例|と(?:書いて|出て|ある|あり)")
_OWN_VERB = (
    r"(?:入れ|入力し|打っ|打ち|押し|試し|登録し|設定し|使っ|変え|変更し|決め|統一し|書い|書き|送っ|言っ|伝え|(?<=に)し|"
    r"(?<=に )し)"
    r"(?:た(?!人|の話|い|り)|まし(?!ょ)|ちゃ|と[いるっ]|ても|(?<!書い)てあ[るり]|て(?:いる(?!人|の?は)|いま|る(?!人|の?は)|ます|まし|み))"
)
_OWN_USE = re.compile(
    GLOSS + rf"(?:って|[とでをにはもが])?\s?(?:[0-9何一二三]回)?{_OWN_VERB}|"
    rf"{GLOSS}(?:のまん?ま(?!使)|にしてい?た(?!人|の))"
)
_OWNER = re.compile(
    r"(?:私|わたし|僕|ぼく|俺|うち|母|父|夫|妻|親|主人|息子|娘|祖母|祖父|孫|家族)の(?:は|が|番号|カード|マイナンバー|個人番号|"
    r"暗証番号|パスワード|口座|電話|携帯|メール|アドレス|\s){0,3}[^。]{0,4}$|\bmy (?!router|modem|printer|"
    r"phone'?s)[a-z ]{2,24}$"
)


def _is_own(plain: str, start: int, end: int) -> bool:
    """Whether one says that one used it, or whose it is."""
    return bool(_OWN_USE.match(plain[end : end + AFTER]) or _OWNER.search(plain[max(0, start - BEFORE) : start]))


def _around(plain: str, start: int, end: int) -> str:
    """The sentence around a secret, without it: taro@example.com says nothing of itself."""
    return f"{begin_of_sentence(plain, start)}\x01{rest_of_sentence(plain, end)}"


def is_quoted(plain: str, start: int, end: int) -> bool:
    """Whether a secret of any kind is a sample that is shown: 記入例に090-1234-5678とある."""
    sentence = _around(plain, start, end)
    form = _EXAMPLE_DOMAIN.search(plain, start, end) and _SHOWN_AS_FORM.search(sentence)
    return bool((form or _SOURCE.search(sentence)) and not _is_own(plain, start, end))


_IN_GENERAL = re.compile(
    r"ランキング|上位[0-9]|調査で|よく使われる|仮に|悪い例|円周率|ルート[0-9]|平方根|素数|フィボナッチ|語呂|という意味|を使うの|の意味で|(?:を|に)(?:使|す)(?:う|る|ってる|っている|"
    r"してる|している)(?:人|ひと)|人[がは]多[いか]|(?:同じ|別)(?:の?扱い|物|もの)|区別|覚えやすい?(?:番号|数字|です)|"
    r"for example|e\.g\.|キーボード|と習っ|教科書"
)
"""Numbers and passwords as such: how weak they are, what they mean, how many use them."""
_ELSEWHERE = re.compile(
    r"ポケベル|震災|改新|テンキー|大地震|終戦|阪神|ジャンボ|電話.{0,8}\x01で終わ|宝くじ|ロト|ナンバーズ|当選|当た[っりる]|抽選|打率|安打|本塁打|ホームラン|身長|標高|富士山|ラジオ|周波数|"
    r"チャンネル|カラオケ|幕府|の(?:戦い|乱|変)は|元号|小惑星|電話.{0,8}(?:最後|末尾|下[4四]桁|終わり)(?:の(?:番号|数字))?[がは]|"
    r"ナンバーの(?:車|人)"
)
"""What has numbers of its own."""
_PHONE_MENU = re.compile(r"ガイダンス|自動(?:音声|応答)|電話のメニュー|プッシュ")
"""One presses keys there, too."""
_OF_THE_CARD = re.compile(r"暗証|パスワ|ピン|\bpin\b|ロック|マイナ")


def is_spoken_of(plain: str, start: int, end: int) -> bool:
    """Whether a PIN or a password is one of all: 語呂の4649は弱い？"""
    if _is_own(plain, start, end):
        return False
    named = GIVEN_WORD.search(plain[max(0, start - BEFORE) : start])
    return bool(_IN_GENERAL.search(_around(plain, start, end)) and not (named and not named["plain"]))


def is_of_something_else(plain: str, start: int, end: int) -> bool:
    """Whether the sentence is about something that has numbers of its own: ポケベルで0840はおはよう."""
    sentence = _around(plain, start, end)
    if _OF_THE_CARD.search(sentence):
        return False
    return bool(_PHONE_MENU.search(sentence) or (_ELSEWHERE.search(sentence) and not _is_own(plain, start, end)))
