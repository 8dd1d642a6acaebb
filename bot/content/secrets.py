"""No text may ask a citizen for a secret: a PIN, a signature password, or the My Number.

What a text may do is say what to enter where it belongs: at the counter's machine, in an app, on a form.
Source of the rule: counter-rules 15 (「このボットも職員も、暗証番号をたずねません」).

Japanese and English are read, each by what stands around the name of a secret. Other languages have no rule.
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
_ELSEWHERE = re.compile(r"機械|端末|アプリ|マイナポータル|パソコン|申請書|用紙|控え|ノート|「[^「」]*」[とを]|窓口で")
_ANOTHER_NUMBER = re.compile(r"(?:電話|受理|整理|予約|一覧の|郵便)番号")


_ENGLISH_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_ENGLISH_CLAUSE = re.compile(r"[^,;:—]+")
_THE = r"(?:your|the|an?|his|her|their|this|both|all|old|new)"
_ENGLISH_SECRET = (
    rf"{_THE}\s+(?:(?!(?:which|what|how|if|of|about)\b)[\w'’–-]+\s+){{0,4}}?"
    r"(?:PINs?|pass(?:word|code)s?|My Number|individual number"
    r"|(?:[46–-]+|12|four|six|twelve)[- ](?:digits?|characters?))\b"
    r"(?!\s+(?:cards?|driver['’]s|reset|lock|form|letter|notice|line)\b)"
)
_TO_US = r"(?:\s+(?:us|me|it|here|back|the (?:bot|staff|office|counter|clerk)|this bot|to us|with us|with))?"
_TELLING = re.compile(
    rf"(?:\b(?:tell|give|send|say|share|show|provide|confirm|state|message|text|reply|answer|read out){_TO_US}"
    rf"|\blet us (?:know|have)|\b(?:need|have|want|get|know) to know|\b(?:we|I) (?:\w+ )?(?:need|have|want|ask for)"
    rf"|\bwhat(?:'s|’s| is| are)|\bask you for)\s+{_ENGLISH_SECRET}",
    re.IGNORECASE,
)
_WRITING = re.compile(
    rf"\b(?:enter|type|write|put|fill|key)(?:\s+(?:in|down|here))?\s+{_ENGLISH_SECRET}", re.IGNORECASE
)
_HERE_IN_ENGLISH = re.compile(
    r"\bhere\b|\bbelow\b|\b(?:this|the) (?:bot|chat|page|box|field|conversation)\b|\b(?:repl(?:y|ies)|message)\b",
    re.IGNORECASE,
)
_DENYING = re.compile(
    r"\b(?:not|never|neither|nor|nobody|no one|without|instead of|cannot)\b|n['’]t\b"
    r"|\b(?<!can )(?<!could )(?<!will )(?<!would )you (?:may )?(?:have to )?$",
    re.IGNORECASE,
)
"""What stands before the verb where nothing is asked: a denial, or 「you give it to your employer」."""


def asked_for(text: str, language: str = "ja") -> Iterator[str]:
    """The sentences of a text that ask the reader for a secret, in Japanese (ja, ja-easy …) or English."""
    match language.split("-")[0]:
        case "ja":
            yield from _in_japanese(text)
        case "en":
            yield from _in_english(text)


def _in_english(text: str) -> Iterator[str]:
    for found in _ENGLISH_SENTENCE.finditer(text):
        here = _HERE_IN_ENGLISH.search(found[0])
        for clause in _ENGLISH_CLAUSE.findall(found[0]):
            asking = _TELLING.search(clause) or (_WRITING.search(clause) if here else None)
            if asking and not _DENYING.search(clause[: asking.start()]):
                yield found[0].strip()
                break


def _in_japanese(text: str) -> Iterator[str]:
    for found in _SENTENCE.finditer(text):
        sentence = _ANOTHER_NUMBER.sub("", found[0])
        ends = [one.end() for one in _SECRET.finditer(sentence) if _ASKED_ABOUT.match(sentence, one.end())]
        if not ends or (_ELSEWHERE.search(sentence) and not _HERE.search(sentence)):
            continue
        rest = sentence[ends[0] :]
        if _ASKING.search(rest) or (_HERE.search(sentence) and _ENTERING.search(rest)):
            yield found[0].strip()


def told(sentence: str) -> str:
    """What to say about such a sentence."""
    return (
        f"「{sentence}」は、利用者に番号をたずねています。ボットも職員も番号をたずねません。"
        "番号を聞かない文にするか、入れる所（窓口の機械、アプリなど）を書いてください。"
    )
