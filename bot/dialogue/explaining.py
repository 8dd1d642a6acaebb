"""The two explaining pictures in words: the four PINs, and the way with the app and the kiosk in a shop.

Numbers, times and lengths come from the facts; the names of the PINs are those of every checklist.
How a picture is drawn is for `bot/printing/pictures.py`; where none can be shown, these words are.
"""

from __future__ import annotations

from bot.content.model import PICTURE_FACTS, Content
from bot.dialogue.replies import Part, Picture, PictureName

PINS = ("sign", "user", "juki", "kenmen")
"""The PINs. Their names in the words are how they look, then the official name in short (counter rule 3);
what they are used for is as in the answer pin-types, which has the sources."""


def explain(name: PictureName, content: Content) -> Picture | None:
    """The words of a picture, or None if a fact that it needs is missing."""
    if any(fact not in content.facts for fact in PICTURE_FACTS[name]):
        return None
    return _pins(content) if name == "pins" else _kiosk(content)


def _pins(content: Content) -> Picture:
    say = content.words
    parts = []
    for pin in PINS:
        tries = content.facts["sign-tries" if pin == "sign" else "four-tries"].value
        lines = (say("pins.tries", tries=tries), say("pins.used", where=say(f"pin.{pin}.used")))
        parts.append(Part(say(f"pin.{pin}"), lines, say("pins.letters" if pin == "sign" else "pins.digits")))
    return Picture("pins", say("pins.title"), tuple(parts), say("pins.foot"))


def _kiosk(content: Content) -> Picture:
    say = content.words
    limit, hours = content.facts["kiosk-limit"].value, content.facts["kiosk-hours"].value
    return Picture(
        "kiosk",
        say("kiosk.title"),
        (
            Part(say("kiosk.shop"), (say("kiosk.shop-text"),)),
            Part(say("kiosk.app"), (say("kiosk.app-text"),)),
            Part(
                say("kiosk.go", limit=limit),
                (say("kiosk.go-text"), say("kiosk.hours", hours=hours)),
                limit,
            ),
            Part(say("kiosk.machine"), (say("kiosk.machine-text"),)),
        ),
        say("kiosk.foot"),
    )
