"""Finds secrets in typed text and takes them out before a log, the matcher or a store sees it.

People in panic type their PIN, their password or their 12-digit 個人番号 into a chat. The guard
says which kinds it saw and returns the text without them. It leaves to others: what to say about
it (engine), and deleting the message (channels). It keeps no state and needs none: no step of a
guide expects more than two digits, so a bare "1234" is a PIN, whatever is open.

**What makes digits a secret**: they have the form of one (12 digits, a telephone, a mail address, letters
and digits); a word gives them (暗証番号は8512); somebody used them (8512って入れた) or owns them
(母のは8512); or nothing else was said (8512). **What makes them harmless**: a unit, a price, a date or a
time; they number something else (受付番号1203); one asks what they are (6983って何), or saw them on a screen;
a page or a form shows them (見本に1234); or numbers are spoken of in general (1234とかはだめ？). Where both
are said, what one did oneself outweighs the page and the general talk, and a unit outweighs a word.
How sure a judge has to be is measured (`opinion`).

1. *Fold* (`fold`): every writing becomes one.
2. *Find* (`mail`, `passwords`, `spoken`, `numbers`): addresses of web pages are set aside first.
3. *Judge*, by what stands around (`place`): `four` lists what makes four digits a PIN, `quoted` knows what is
   only spoken of; `said` holds the words that more than one of them asks for. Most of them only advise a judge
   that was taught with sentences, and that decides (`opinion`).
4. *Redact*, and look again until nothing is found, because a redaction changes what stands near
   the rest. So a redacted text is always clean.

The placeholder has no word and no digit: a word such as 番号 would shift the matching, and
matching drops symbols.

All patterns are tried on slices of fixed length or are made of disjoint parts, hence linear; of many finds
the first are judged and the rest is taken out, so that a hostile text takes no longer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.dialogue.guard.fold import cover, fold
from bot.dialogue.guard.kinds import PLACEHOLDER, READ_ONE_BY_ONE, Finding, Kind, Seen, Span, mynumber_check_digit_ok
from bot.dialogue.guard.mail import find_mail
from bot.dialogue.guard.numbers import find_numbers
from bot.dialogue.guard.passwords import find_passwords, find_spelled_passwords
from bot.dialogue.guard.place import Place
from bot.dialogue.guard.quoted import is_quoted
from bot.dialogue.guard.spoken import find_numbers_in_words

__all__ = ["PLACEHOLDER", "Finding", "Guarded", "Kind", "guard", "mynumber_check_digit_ok"]


@dataclass(frozen=True)
class Guarded:
    """The redacted text, and the findings by their place in the text as it was typed."""

    text: str
    findings: tuple[Finding, ...] = ()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds found, in order of appearance, each once."""
        return tuple(dict.fromkeys(finding.kind for finding in self.findings))


def guard(text: str) -> Guarded:
    """Take every secret out of a text. Any string is fine; never raises."""
    folded = fold(text)
    findings: list[Finding] = []
    judged: tuple[int, ...] = _JUDGED
    while judged and (seen := _look(folded.plain, judged[0])):
        judged = judged[1:] if len(seen) <= READ_ONE_BY_ONE else judged[-1:]
        findings += [Finding(kind, folded.starts[start], folded.ends[end - 1]) for kind, start, end in seen]
        folded = cover(folded, seen)
    findings = _merge(findings)
    spans = [(finding.start, finding.end) for finding in findings]
    return Guarded(_replaced(text, spans, lambda _: PLACEHOLDER), tuple(findings))


_JUDGED = (READ_ONE_BY_ONE, 6, 6, 0)
"""How many finds are judged in each round: the second only confirms the first, and what is found anew
in a third is a constructed text, of which the last takes out every number; so it does at once if a round
finds more than anybody types."""


def _merge(findings: list[Finding]) -> list[Finding]:
    """In order, and one for two that share a character (⑩ is two cells)."""
    merged: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (one.start, one.end)):
        if merged and finding.start < merged[-1].end:
            merged[-1] = Finding(merged[-1].kind, merged[-1].start, max(merged[-1].end, finding.end))
        else:
            merged.append(finding)
    return merged


def _replaced(text: str, spans: Iterable[Span], sign: Callable[[int], str]) -> str:
    """The text with `sign(length)` in the place of every span."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(spans):
        begin = max(start, at)  # of two that share characters
        if begin < end:
            pieces += [text[at:begin], sign(end - begin)]
            at = end
    return "".join([*pieces, text[at:]])


def _look(plain: str, judged: int) -> list[Seen]:
    """The secrets of a folded text, in order, none overlapping; of each kind so many are judged."""
    # A kanji 一 between two digits is a mistyped hyphen.
    plain = re.sub(r"(?<=[0-9])一(?=[0-9])", "-", plain)
    hidden = _hidden(plain, (match.span() for match in _WEB.finditer(plain)))
    seen: list[Seen] = []
    for find in (find_mail, find_spelled_passwords, find_passwords, find_numbers_in_words, find_numbers):
        found = list(find(plain, hidden, judged))
        hidden = _hidden(hidden, (one[1:] for one in found))
        seen += [one for one in found[:judged] if not is_quoted(Place(plain, *one[1:]))] + found[judged:]
    return sorted(seen, key=lambda one: one[1])


def _hidden(text: str, spans: Iterable[Span]) -> str:
    """The text with what no pattern matches in the place of every span, as long as it was."""
    return _replaced(text, spans, "\x01".__mul__)


_WEB = re.compile(r"(?:https?://|www\.|t\.me/)[!-~]+")
