"""Conversations that staff hold to try the content, each with its recording.

A walk lives in memory and is the same Conversation as in the terminal and in recorded talks.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.assistant import Assistant
from bot.dialogue.answers import Answers, Position
from bot.dialogue.conversation import Conversation, typed
from bot.dialogue.replies import Commanded, Pressed, Turn
from bot.dialogue.token import BadToken, Codes
from bot.review.talk import BadTalk, Coverage, Mismatch, Recorder, read, replay

_MOST = 50
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Taken(Exception):
    """There is a talk of that name already, or the name cannot be one. The message is for staff."""


@dataclass(frozen=True)
class Where:
    """The guide a conversation stands in, what was answered there, and the question that is open."""

    flow: str
    answered: frozenset[str]
    question: str
    route: str

    @property
    def node(self) -> str:
        """The box of the diagram."""
        return f"q:{self.question}" if self.question else f"r:{self.route}" if self.route else ""


class Walk:
    """One conversation. `sample` is the sample city it is held in, `draft` the key of unsaved content."""

    def __init__(self, assistant: Assistant, now: datetime, sample: str, draft: str) -> None:
        self.assistant, self.sample, self.draft = assistant, sample, draft
        self._conversation = Conversation(lambda: assistant.engine, lambda: now)
        self._recorder = Recorder("", sample or None, day=now.date())
        self._codes = Codes(assistant.content)

    @property
    def last(self) -> Turn | None:
        return self._conversation.last

    def begin(self, flow: str) -> None:
        """The first page and, if given, from there the first question of a guide, as a citizen gets there.

        The command stands for the words 「はじめから」: nothing need be learnt before the first button.
        """
        turn = self._conversation.do(Commanded("start"))
        self._recorder.said("はじめから")
        self._recorder.answered(turn)
        if not flow:
            return
        label = self.assistant.content.flows[flow].start
        button = self._conversation.button(label)
        data = button.data if button else "g" + self._codes.pack(Position(flow, Answers()))
        self._pressed(label, data)

    def say(self, text: str) -> None:
        """Type a text."""
        turn = self._conversation.do(typed(text))
        self._recorder.said(text if turn.redacted is None else turn.redacted)
        self._recorder.answered(turn)

    def press(self, data: str) -> None:
        """Press a button of the last turn; one that is not there (a page from before) does nothing."""
        button = next((one for one in self._conversation.buttons if one.data == data), None)
        if button is not None:
            self._pressed(button.label, data)

    def _pressed(self, label: str, data: str) -> None:
        turn = self._conversation.do(Pressed(data))
        self._recorder.pressed(label)
        self._recorder.answered(turn)

    @property
    def where(self) -> Where | None:
        """Where in a guide it stands; None outside of guides."""
        last = self.last
        if last is None or not last.token:
            return None
        try:
            position = self._codes.unpack(last.token).position
        except BadToken:
            return None
        if position.flow is None:
            return None
        question = next((reply.question for reply in reversed(last.replies) if reply.question), "") or ""
        route = next((reply.route for reply in reversed(last.replies) if reply.route), "") or ""
        answered = frozenset(answer.question for answer in position.answers)
        return Where(position.flow, answered, question, "" if question else route)

    def record(self, folder: Path, name: str, title: str) -> tuple[Path, tuple[Mismatch, ...]]:
        """Write the talk, and hold it again. Returns the file, and what was not the same. Raises Taken, OSError."""
        if not _NAME.fullmatch(name):
            raise Taken("名前は、半角の英小文字・数字・ハイフンで書いてください（例：reception-1）。")
        path = folder / f"{name}.txt"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(self._recorder.text(title or name))
        except FileExistsError as error:
            raise Taken(f"「{name}」という記録はもうあります。ほかの名前にしてください。") from error
        try:
            found = tuple(one for talk in read(path) for one in replay(talk, self.assistant.engine, Coverage()))
        except BadTalk:
            path.unlink()
            raise
        return path, found


class Walks:
    """The newest conversations by their key."""

    def __init__(self) -> None:
        self._walks: OrderedDict[str, Walk] = OrderedDict()

    def add(self, walk: Walk) -> str:
        """Keep it. Returns its key."""
        key = secrets.token_urlsafe(12)
        self._walks[key] = walk
        if len(self._walks) > _MOST:
            self._walks.popitem(last=False)
        return key

    def get(self, key: str) -> Walk | None:
        return self._walks.get(key)
