"""The two explaining pictures in words: the four PINs, and the way with the app and the kiosk in a shop.

Numbers, times and lengths come from the facts; the names of the PINs are those of every checklist.
How a picture is drawn is for `bot/printing/pictures.py`; where none can be shown, these words are.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.model import PICTURE_FACTS, Fact
from bot.dialogue.replies import Part, Picture, PictureName

PIN_NAMES = {
    "sign": "英数字6〜16文字（署名用）",
    "user": "数字4けた（利用者証明用）",
    "juki": "数字4けた（住民基本台帳用）",
    "kenmen": "数字4けた（券面事項入力補助用）",
}
"""The PINs as citizens read them: how they look, then the official name in short (counter rule 3)."""

_USES = {  # as in the answer pin-types; sources there
    "sign": ("e-Taxの送信など、電子申請の署名",),
    "user": ("マイナポータルのログイン", "コンビニでの証明書", "病院の受付機"),
    "juki": ("引っ越しや名前の変更のとき、窓口で",),
    "kenmen": ("名前や住所を、申請画面へ自動で写すとき",),
}


def explain(name: PictureName, facts: Mapping[str, Fact]) -> Picture | None:
    """The words of a picture, or None if a fact that it needs is missing."""
    if any(fact not in facts for fact in PICTURE_FACTS[name]):
        return None
    return _pins(facts) if name == "pins" else _kiosk(facts)


def _pins(facts: Mapping[str, Fact]) -> Picture:
    parts = []
    for pin, label in PIN_NAMES.items():
        tries = facts["sign-tries" if pin == "sign" else "four-tries"].value
        used = "、".join(_USES[pin])
        sample = "英数英数英数…" if pin == "sign" else "数数数数"
        parts.append(Part(label, (f"続けて{tries}まちがえるとロック", f"使う所：{used}"), sample))
    return Picture(
        "pins",
        "暗証番号は4種類あります",
        tuple(parts),
        "3つの4けたは、同じ番号にしていても、ロックは別々にかかります。",
    )


def _kiosk(facts: Mapping[str, Fact]) -> Picture:
    limit, hours = facts["kiosk-limit"].value, facts["kiosk-hours"].value
    return Picture(
        "kiosk",
        "コンビニなどの店で直す流れ",
        (
            Part("使える店を調べる", ("店によって、決め直せる番号がちがいます。公式の店舗一覧で見ます。",)),
            Part(
                "アプリで予約する",
                ("スマホの「JPKI暗証番号リセット」で、カードと顔を撮り、覚えている方の番号を入れます。",),
            ),
            Part(f"{limit}に店へ行く", ("予約が終わってから数えます。", f"端末を使えるのは{hours}です。"), limit),
            Part("端末で新しい番号を決める", ("カードを置き、覚えている方の番号を入れてから決めます。",)),
        ),
        "自信がなければ、打たずに窓口へ行ってください。番号を人に教えて代わってもらわないでください。",
    )
