"""What the guard finds: the kinds of secrets, their places, and what stands for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["mynumber", "pin4", "signature", "phone", "mail", "account", "card"]
PLACEHOLDER = "●●●●"
"""Stands for every secret in a redacted text; never found as a secret itself."""


@dataclass(frozen=True)
class Finding:
    """A secret at `text[start:end]` of the text as it was typed."""

    kind: Kind
    start: int
    end: int


def mynumber_check_digit_ok(digits: str) -> bool:
    """Whether 12 digits (0-9) end in the check digit of 平成26年総務省令第85号第5条.

    Only chooses the wording of a warning: a 個人番号 with a typing error is to be redacted too.
    """
    if not re.fullmatch(r"[0-9]{12}", digits):
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


READ_ONE_BY_ONE = 12
"""So many finds are judged, the rest is taken out: no citizen writes more, a hostile text must not take long."""
Seen = tuple[Kind, int, int]
Span = tuple[int, int]
