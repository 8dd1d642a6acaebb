"""A Position packed into the few bytes that fit a button, a link or a QR code.

Layout, before base64url without padding::

    version 1 | language 1 | municipality 3 | flow 1 | counts 1 | 2 per choice … | checksum 1

A choice is a 16-bit hash of question and choice id, so a token survives reordered and
inserted questions, and staff never manage numbers. First come the choices offered as a list
(never in buttons), then the prefilled ones; `counts` holds how many of each, 4 bits each.
A finished `many` question has one more code. A choice that content no longer has is dropped
on unpacking and reported; `many` questions are then open again, for one of them may have lost
it. The language byte is 0 for Japanese, else a hash of the language; outside a flow a token may hold nothing
else. The limits are Telegram's: 64 bytes of callback data, of
which 4 are for the action (engine.py), and 64 characters of
`A-Za-z0-9_-` behind `?start=`.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2s

from bot.content.model import Content, Flow
from bot.content.problems import Problem
from bot.dialogue.answers import Answer, Answers, Position

TOKENS_KEPT = 1024
"""Tokens whose position is kept, and positions whose token is: the same ones are behind most buttons, whoever
presses."""

MAX_LENGTH = 60
VERSION = 1
_FINISHED = "\0finished"
_HEADER = 7


class BadToken(Exception):
    """Not a token of ours, or damaged on its way."""


class Collision(Exception):
    """Two ids share a code; one of them must be renamed. `ids` names both."""

    def __init__(self, where: str, ids: tuple[str, str]) -> None:
        super().__init__(f"{where}: {ids[0]} / {ids[1]}")
        self.where, self.ids = where, ids


@dataclass(frozen=True)
class Unpacked:
    """A token's position, and whether it says more than today's content knows.

    `outdated`: choices or the flow are gone. `elsewhere`: it was made for another municipality.
    """

    position: Position
    outdated: bool = False
    elsewhere: bool = False


class Codes:
    """The codes of one Content, both ways. Raises Collision."""

    def __init__(self, content: Content) -> None:
        self._municipality = int(content.municipality.code or 0)
        self._language = content.language
        self._offers = _offer_codes(content)
        self._flows: dict[int, str] = {}
        self._choices: dict[str, dict[int, tuple[str, str]]] = {}
        retired = {tuple(line.split()) for line in content.retired}
        for flow in content.flows.values():
            code = _hash(flow.id, size=1) or 1
            if code in self._flows:
                raise Collision(flow.id, (flow.id, self._flows[code]))
            self._flows[code] = flow.id
            gone = [(question, choice) for one, question, choice in retired if one == flow.id]
            self._choices[flow.id] = _choice_codes(flow, gone)
            _check_items(flow)
        self._finished = {
            (flow.id, question.id): choice_code(question.id, _FINISHED)
            for flow in content.flows.values()
            for question in flow.questions
            if question.many
        }
        """The code that ends the choices of a `many` question, by flow and question."""
        self._kept = lru_cache(TOKENS_KEPT)(self._packed)

    def pack(self, position: Position, language: str | None = None) -> str:
        """The token of `position`, at most MAX_LENGTH characters if the flow passed `check`.

        It is in the content's language, unless another is given.
        """
        return self._kept(position, language or self._language)

    def _packed(self, position: Position, language: str) -> str:
        body = bytearray((VERSION, language_code(language)))
        body += self._municipality.to_bytes(3, "big")
        body.append(_hash(position.flow, size=1) or 1 if position.flow else 0)
        offered = [_hash(offer, size=2) for offer in position.offered[:15]]
        prefilled, given = list[int](), list[int]()
        for answer in position.answers:
            codes = prefilled if answer.prefilled else given
            codes += [choice_code(answer.question, choice) for choice in answer.choices]
            finished = self._finished.get((position.flow or "", answer.question))
            if answer.finished and finished is not None:
                codes.append(finished)
        body.append(len(offered) << 4 | min(len(prefilled), 15))
        body += b"".join([code.to_bytes(2, "big") for code in offered + prefilled + given])
        body.append(_checksum(body))
        return urlsafe_b64encode(body).rstrip(b"=").decode("ascii")

    def unpack(self, token: str) -> Unpacked:
        """The position in `token`. Raises BadToken."""
        try:
            body = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (UnicodeEncodeError, Base64Error, ValueError) as error:
            raise BadToken(token[:8]) from error
        if len(body) <= _HEADER or len(body) % 2 or body[0] != VERSION or body[-1] != _checksum(body[:-1]):
            raise BadToken("damaged")
        elsewhere = int.from_bytes(body[2:5], "big") != self._municipality
        codes = [int.from_bytes(body[at : at + 2], "big") for at in range(_HEADER, len(body) - 1, 2)]
        offers, prefilled = body[6] >> 4, body[6] & 15
        offered = tuple(self._offers[code] for code in codes[:offers] if code in self._offers)
        if not body[5]:
            return Unpacked(Position(offered=offered))
        flow = self._flows.get(body[5])
        if flow is None:
            return Unpacked(Position(offered=offered), outdated=True, elsewhere=elsewhere)
        known = self._choices[flow]
        answers, outdated = Answers(), False
        for number, code in enumerate(codes[offers:]):
            question, choice = known.get(code, ("", ""))
            if not question or choice == "":
                outdated = True
                continue
            answers = _add(answers, question, choice, prefilled=number < prefilled)
        if outdated:
            answers = self._reopened(flow, answers)
        return Unpacked(Position(flow, answers, offered), outdated, elsewhere)

    def offer(self, code: str) -> str | None:
        """The name that an `offer_code` was made of, or None if there is none (any more)."""
        try:
            return self._offers.get(int.from_bytes(urlsafe_b64decode("A" + code), "big"))
        except (Base64Error, ValueError):
            return None

    def _reopened(self, flow: str, answers: Answers) -> Answers:
        many = {question for question, choice in self._choices[flow].values() if choice == _FINISHED}
        kept = (answer for answer in answers if answer.choices)
        return Answers(tuple(replace(a, finished=False) if a.question in many else a for a in kept))


def collisions(content: Content) -> tuple[Problem, ...]:
    """The first two ids that share a code, as a Problem: content with one cannot serve."""
    try:
        Codes(content)
    except Collision as collision:
        file = "faq/ja.yaml" if collision.where == "faq" else f"flows/{collision.where}.yaml"
        message = (
            f"「{collision.ids[0]}」と「{collision.ids[1]}」の短い符号が同じです。どちらかの id を変えてください。"
        )
        return (Problem(file, 1, 1, "same-code", message),)
    return ()


def language_code(language: str) -> int:
    """The byte of a language: 0 for Japanese."""
    return 0 if language == "ja" else _hash(f"language:{language}", size=1) or 1


def language_token(language: str) -> str:
    """A token that says nothing but the language: it opens the first screen in it."""
    body = bytes((VERSION, language_code(language), 0, 0, 0, 0, 0))
    return urlsafe_b64encode(body + bytes((_checksum(body),))).rstrip(b"=").decode("ascii")


def spoken(token: str) -> int | None:
    """The language byte of a token, or None if it is no token of ours."""
    try:
        body = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (UnicodeEncodeError, Base64Error, ValueError):
        return None
    return body[1] if len(body) > _HEADER and body[0] == VERSION and body[-1] == _checksum(body[:-1]) else None


def in_language_of(content: Content, token: str | None) -> Content:
    """The content in the language of a token; in Japanese if it says none that there is."""
    code = spoken(token) if token else None
    return next((one for one in content.translations.values() if language_code(one.language) == code), content)


@lru_cache(8192)
def choice_code(question: str, choice: str) -> int:
    """The 16-bit code of a choice."""
    return _hash(f"{question}\0{choice}", size=2)


def offer_code(name: str) -> str:
    """Three base64url characters for an entry id, `flow:` or `group:` and an id, for buttons that open it."""
    return urlsafe_b64encode(_hash(name, size=2).to_bytes(3, "big")).decode("ascii")[1:]


def _add(answers: Answers, question: str, choice: str, *, prefilled: bool) -> Answers:
    before = answers.get(question)
    if choice == _FINISHED:
        chosen = before.choices if before else ()
        return answers.set(Answer(question, chosen, prefilled, finished=True))
    if choice.startswith("+"):  # a choice of a `many` question: open until its finished code follows
        chosen = (*(before.choices if before else ()), choice[1:])
        return answers.set(Answer(question, chosen, prefilled, finished=False))
    return answers.set(Answer(question, (choice,), prefilled))


def route_name(flow: str, route: str) -> str:
    """The name by which a result has an `offer_code`."""
    return f"route:{flow}/{route}"


def _offer_codes(content: Content) -> dict[int, str]:
    codes: dict[int, str] = {}
    names = [f"flow:{flow}" for flow in content.flows]
    names += [f"group:{group.id}" for group in content.groups]
    names += [route_name(flow.id, route.id) for flow in content.flows.values() for route in flow.routes]
    for name in (*names, *(entry.id for entry in content.entries)):
        code = _hash(name, size=2)
        if code in codes:
            raise Collision("faq", (name, codes[code]))
        codes[code] = name
    return codes


def _choice_codes(flow: Flow, retired: list[tuple[str, str]]) -> dict[int, tuple[str, str]]:
    known: dict[int, tuple[str, str]] = {}
    named: dict[int, str] = {}

    def add(question: str, choice: str, value: tuple[str, str]) -> None:
        code = choice_code(question, choice)
        name = f"{question}.{choice.strip(chr(0))}"
        if code in named and named[code] != name:
            raise Collision(flow.id, (name, named[code]))
        named[code], known[code] = name, value

    for question in flow.questions:
        for choice in question.choices:
            add(question.id, choice.id, (question.id, f"+{choice.id}" if question.many else choice.id))
        if question.many:
            add(question.id, _FINISHED, (question.id, _FINISHED))
    for question_id, choice_id in retired:
        add(question_id, choice_id, (question_id, ""))
    return known


def _check_items(flow: Flow) -> None:
    """Raises Collision if two items of the flow share a code: a tick would tick both (ticking.py)."""
    named: dict[int, str] = {}
    for item in flow.items:
        other = named.setdefault(choice_code("item", item.id), item.id)
        if other != item.id:
            raise Collision(flow.id, (other, item.id))


@lru_cache(8192)
def _hash(text: str, size: int) -> int:
    """Asked for the same few hundred ids again and again, twenty times for the buttons of one question."""
    return int.from_bytes(blake2s(text.encode(), digest_size=size).digest(), "big")


def _checksum(body: bytes | bytearray) -> int:
    return blake2s(bytes(body), digest_size=1, person=b"token").digest()[0]
