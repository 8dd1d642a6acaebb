"""Finds secrets in typed text and takes them out before a log, the matcher or a store sees it.

People in panic type their PIN, their password or their 12-digit 個人番号 into a chat. The guard
says which kinds it saw and returns the text without them. It leaves to others: what to say about
it (engine), and deleting the message (channels). It keeps no state and needs none: no step of a
guide expects more than two digits, so a bare "1234" is a PIN, whatever is open.

1. *Fold* (`fold`): every writing becomes one.
2. *Find* (`mail`, `passwords`, `spoken`, `numbers`): addresses of web pages are set aside first.
3. *Judge*: `four` lists what makes four digits a PIN, `examples` knows what is only spoken of,
   `quoted` what is shown as a sample or belongs to something else; `said` holds the words that they ask for.
4. *Redact*, and look again until nothing is found, because a redaction changes what stands near
   the rest. So a redacted text is always clean.

The placeholder has no word and no digit: a word such as 番号 would shift the matching, and
matching drops symbols.

All patterns are tried on slices of fixed length or are made of disjoint parts, hence linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.dialogue.guard.fold import cover, fold
from bot.dialogue.guard.kinds import PLACEHOLDER, READ_ONE_BY_ONE, Finding, Kind, Seen, Span, mynumber_check_digit_ok
from bot.dialogue.guard.mail import find_mail
from bot.dialogue.guard.numbers import find_numbers
from bot.dialogue.guard.passwords import find_passwords, find_spelled_passwords
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
    for _ in range(_ROUNDS):
        seen = _look(folded.plain)
        if not seen:
            break
        findings += [Finding(kind, folded.starts[start], folded.ends[end - 1]) for kind, start, end in seen]
        folded = cover(folded, seen)
    findings = _merge(findings)
    return Guarded(_redact(text, findings), tuple(findings))


_ROUNDS = 8  # the second only confirms the first, except in constructed texts


def _merge(findings: list[Finding]) -> list[Finding]:
    """In order, and one for two that share a character (⑩ is two cells)."""
    merged: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (one.start, one.end)):
        if merged and finding.start < merged[-1].end:
            merged[-1] = Finding(merged[-1].kind, merged[-1].start, max(merged[-1].end, finding.end))
        else:
            merged.append(finding)
    return merged


def _redact(text: str, findings: list[Finding]) -> str:
    pieces: list[str] = []
    at = 0
    for finding in findings:
        pieces += [text[at : finding.start], PLACEHOLDER]
        at = finding.end
    return "".join([*pieces, text[at:]])


def _look(plain: str) -> list[Seen]:
    """The secrets of a folded text, in order, none overlapping."""
    # A kanji 一 between two digits is a mistyped hyphen.
    plain = re.sub(r"(?<=[0-9])一(?=[0-9])", "-", plain)
    taken: list[Span] = [match.span() for match in _WEB.finditer(plain)]
    seen: list[Seen] = []
    for find in (find_mail, find_spelled_passwords, find_passwords, find_numbers_in_words, find_numbers):
        hidden = _blank_out(plain, taken)
        found = list(find(plain, hidden))
        taken += [(start, end) for _, start, end in found]
        judged, rest = found[:READ_ONE_BY_ONE], found[READ_ONE_BY_ONE:]
        seen += [one for one in judged if not is_quoted(plain, *one[1:])] + rest
    return sorted(seen, key=lambda one: one[1])


def _blank_out(plain: str, taken: list[Span]) -> str:
    """The text with what is taken as U+0001, which no pattern matches; places stay."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(taken):
        pieces += [plain[at:start], "\x01" * (end - start)]
        at = end
    return "".join([*pieces, plain[at:]])


_WEB = re.compile(r"(?:https?://|www\.|t\.me/)[!-~]+")
