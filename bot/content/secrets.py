"""No text may ask a citizen for a secret: a PIN, a signature password, or the My Number.

What a text may do is say what to enter where it belongs: at the counter's machine, in an app, on a form.
Source of the rule: counter-rules 15 (「このボットも職員も、暗証番号をたずねません」).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_SECRET = re.compile(
    r"暗証番号|パスワード|パスコード|個人番号|マイナンバー(?!カード|総合)|(?:数字)?(?:4|４|四|12|１２)(?:けた|桁)の?(?:数字|番号)|"
    r"(?:署名用|利用者証明用|英数字)の?(?:番号|文字)|PIN(?!\w)"
)
_ASKED_ABOUT = re.compile(r"(?:（[^）]*）)?\s*(?:[をはがも、。？?]|$)")
_PLEASE = r"(?:ください|下さい|くださいね|いただけますか|もらえますか|くれますか|ほしい|お願いします)"
_ASKING = re.compile(
    rf"(?:教え|知らせ|書い|送っ|言っ|話し|見せ|伝え|答え|返信し|送信し|記入し|入力し)て{_PLEASE}|"
    rf"(?:記入|入力|送信|返信)を?お願いします|(?:お知らせ|お教え|お送り|お書き|お答え|ご記入|ご入力|ご返信){_PLEASE}|"
    r"(?:何|なん)ですか|(?:何番|いくつ)ですか|どれですか"
)
_ENTERING = re.compile(rf"(?:入れ|打っ|打ち込ん)[てで]{_PLEASE}")
_HERE = re.compile(r"ここ[にへ]|この(?:ボット|チャット|トーク|ページ|らん|欄|会話)|下の(?:らん|欄)|メッセージ[にで]")
_ELSEWHERE = re.compile(r"機械|端末|アプリ|マイナポータル|パソコン|申請書|用紙|控え|ノート|「[^」]*」[とを]|窓口で")
_ANOTHER_NUMBER = re.compile(r"(?:電話|受理|整理|予約|一覧の|郵便)番号")


def asked_for(text: str) -> Iterator[str]:
    """The sentences of a text that ask the reader for a secret."""
    for found in _SENTENCE.finditer(text):
        sentence = _ANOTHER_NUMBER.sub("", found[0])
        ends = [one.end() for one in _SECRET.finditer(sentence) if _ASKED_ABOUT.match(sentence, one.end())]
        if not ends or (_ELSEWHERE.search(sentence) and not _HERE.search(sentence)):
            continue
        rest = sentence[ends[0] :]
        if _ASKING.search(rest) or (_HERE.search(sentence) and _ENTERING.search(rest)):
            yield found[0].strip()
