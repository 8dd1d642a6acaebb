"""Finds mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.dialogue.guard.kinds import Seen
from bot.dialogue.guard.place import Place
from bot.dialogue.guard.quoted import is_of_a_stranger

_LOCAL_PART_BACKWARDS = re.compile(r" ?[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_AT_SIGN = re.compile(
    r"@{1,3}|[(\[<{【「] ?(?:at|a|アットマ[ー-]ク|アット|あっと|@) ?[)\]>}】」]|アットマ[ー-]ク|あっとま[ー-]く|"
    r"アット|あっと|★|☆|_at_| at "
)
_DOT = r"(?:,| ?(?:[.。]|\(?(?:\bdot\b|ドット|どっと)\)?|\[dot\]) ?)"
_DOMAIN = re.compile(rf" ?[a-z0-9](?:[a-z0-9-]|{_DOT}(?=[a-z0-9])){{0,252}}")
_ENDS_AS_DOMAIN = re.compile(rf"[a-z0-9]{_DOT}[a-z]{{2,}}$")
_KNOWN_DOMAIN_END = re.compile(rf"{_DOT}(?:com|net|org|jp|info|biz|io|me|dev|edu)$")
_PROVIDERS = ("gmail", "yahoo", "docomo", "ezweb", "softbank", "icloud", "hotmail", "outlook")
_MAIL_WORD = re.compile(r"メール|メアド|アドレス|mail")
_NOBODY = re.compile(r" ?(?:no|do-?not)[-_.]?reply")
_OFFICES = re.compile(r" ?(?:って|は|が).{0,8}(?:課|役所|役場|窓口|センタ[ー-]|庁)の?(?:アドレス|メ[ー-]ル)")
_OFFICE_DOMAIN = re.compile(r"\.(?:lg|go)\.jp$")


def find_mail(plain: str, text: str, left: int) -> Iterator[Seen]:
    """taro@example.com, also with (at), アット or ドット. The address of an office is no secret."""
    free_from = 0
    mentioned = _MAIL_WORD.search(text)
    for at in _AT_SIGN.finditer(text):
        local = _LOCAL_PART_BACKWARDS.match(text[max(free_from, at.start() - 65) : at.start()][::-1])
        domain = _DOMAIN.match(text, at.end())
        if not local or not domain:
            continue
        host = domain.group().strip(" .,。-")
        known = host.startswith(_PROVIDERS)
        called = mentioned and _MAIL_WORD.search(text[max(0, at.start() - 90) : at.start()])
        if at.group() == " at ":
            likely = _KNOWN_DOMAIN_END.search(host) and (known or called or "dot" in host)
        elif "@" in at.group():
            likely = _ENDS_AS_DOMAIN.search(host) or (called and re.search(r"[a-z]", host)) or known
        else:
            likely = _KNOWN_DOMAIN_END.search(host) or known
        if likely and not _OFFICE_DOMAIN.search(host):
            free_from = at.end() + len(domain.group().rstrip(" .,。-"))
            place = Place(plain, at.start() - local.end(), free_from)
            left -= 1
            if left < 0 or not (
                _NOBODY.match(text, place.start, at.start())
                or is_of_a_stranger(place)
                or _OFFICES.match(plain, free_from)
            ):
                yield "mail", place.start, place.end
