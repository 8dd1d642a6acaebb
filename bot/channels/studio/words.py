"""The words of the studio's forms: what a code means to a clerk. Meanings: facts/counter.md, section 3."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.review.diff import STOLEN

__all__ = ["DEPENDS_ON", "FACT_KINDS", "LABELS", "STOLEN", "UNTIL_TOLD", "asked", "meaning"]

UNTIL_TOLD = "未確認（まだ決めていない・分からない）"

FACT_KINDS = {
    "phone": "電話番号",
    "money": "金額",
    "clock": "時刻・曜日",
    "date": "日付",
    "shop": "店の名前",
    "address": "住所",
    "limit": "回数・期間",
    "url": "アドレス",
}
DEPENDS_ON = {"pin": "どの暗証番号か", "person": "だれか", "city": "どの市区町村か"}

_TRUE_FALSE = {"true": "はい", "false": "いいえ"}
_ID_RULES = {
    "A1": "写真つき1点",
    "A1_or_B2": "写真つき1点か、写真なし2点",
    "A2_or_A1B1": "写真つき2点か、写真つき1点と写真なし1点",
    "one": "どれか1点",
}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "residence_scope": {"any_in_city": "市内のどの窓口でもできる", "own_ward": "住んでいる区の窓口だけ"},
    "reservation.need": {"none": "要らない", "recommended": "すすめる", "required": "必ず要る"},
    "self_id_rule": {
        "card_only": "カードだけでよい",
        "card_plus_1_AB": "カードのほかに1点（写真つきでも、写真なしでも）",
        "card_plus_A1_or_B2": "カードのほかに、写真つき1点か、写真なし2点",
    },
    "no_id_procedure": {
        "none": "特別な手続きはない",
        "inquiry_letter": "照会書を送る",
        "call": "電話で確かめてもらう",
    },
    "bankbook": {
        "ok": "使える",
        "with_official_only": "官公署の書類といっしょなら使える",
        "not_listed": "使えるものに入っていない",
    },
    "legal_rep.principal_must_attend": {
        "none": "来なくてよい",
        "child": "子どもは来る",
        "ward": "成年被後見人は来る",
        "both": "どちらも来る",
    },
    "legal_rep.rep_id_rule": _ID_RULES,
    "legal_rep.koseki_waiver": {
        "honseki_or_household": "本籍が市内か、同じ世帯のとき",
        "honseki_only": "本籍が市内のとき",
        "not_needed_u15": "15歳未満ならいらない",
        "none": "いつでもいる",
    },
    "conservator": {
        "with_mokuroku": "代理行為目録などがあれば、法定代理人として扱う",
        "as_voluntary": "任意代理人として扱う",
        "call": "電話で確かめてもらう",
    },
    "proxy.first_step": {"visit": "窓口に来る", "phone": "電話する", "visit_or_phone": "窓口でも電話でもよい"},
    "proxy.id_rule": _ID_RULES,
    "proxy.principal_id": {
        "first": "1回目にいる",
        "second": "2回目にいる",
        "both": "1回目も2回目もいる",
        "none": "いらない",
    },
    "proxy.concealment": {"seal_envelope": "封筒に入れて封をする", "mask": "番号の欄を目隠しする"},
    "home_visit": {"none": "ない", "phone": "電話で相談を受ける"},
}
LABELS = {
    "offices": "窓口",
    "post_offices": "郵便局",
    "name": "名前",
    "address": "住所",
    "phone": "電話番号",
    "hours": "受付時間",
    "handles_reset": "暗証番号の再設定を扱う",
    "handles_proxy": "代理の手続きを扱う",
    "notes": "補足",
}


def asked(question: str) -> str:
    """A question of the questionnaire without the codes of its answers: the form has them in words."""
    return re.sub(r"（[^（）]*＝[^（）]*）", "", question)


def meaning(key: str, value: str) -> str:
    """A value of a setting in words; the value itself where it is words already."""
    if value in _TRUE_FALSE:
        return _TRUE_FALSE[value]
    return _CHOICES.get(key, {}).get(value, "電話で確かめてもらう" if value == "unknown" else value)
