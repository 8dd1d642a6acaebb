"""Every sentence that the program itself says to citizens, by an id: the frame around the content.

Staff write the content in YAML; what stands here is the rest, in Japanese. A language file translates
these as `words/ID` beside the texts of the content. `{name}` is a place that the program fills.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SLOT = re.compile(r"\{([a-z]+)\}")

JAPANESE: dict[str, str] = {
    # A text that a language file does not have (any more) is shown in Japanese, with this mark.
    "untranslated": "（日本語）{text}",
    # What stands for a setting of the city where there is no city, or it has not said.
    "city.no-phone": "住民票のある市区町村の代表電話",
    "city.no-name": "住民票のある市区町村",
    "city.no-hours": "受付時間は電話で確かめてください",
}


@dataclass(frozen=True)
class Words:
    """The program's sentences in one language."""

    by_id: Mapping[str, str]

    def __call__(self, name: str, **slots: object) -> str:
        """The sentence of that id with its places filled. Raises KeyError if there is none."""
        text = self.by_id[name]
        return _SLOT.sub(lambda found: str(slots[found[1]]), text) if slots else text


IN_JAPANESE = Words(JAPANESE)
