"""Recorded conversations that staff can read, write and replay (flows/talks/*.txt).

One file holds one or more talks::

    題：両方忘れた人が役所へ行く
    市：pf-1
    利用者：4けたも英数字も忘れました
    ボット：カードの持ち主ご本人は、窓口に行けますか？
    ［本人が行く］
    行き先：office
    必要な持ち物：1:card 1:photo-id
    あると安心：
    決め直す番号：sign user juki kenmen
    回数：1
    費用：0
    押した数：4
    言う：番号を職員に言わないでください
    言わない：コンビニ

`題` begins a talk, `市` names a sample city (else the shipped settings), `日` the day (else an
ordinary Tuesday, 2026-11-24). `ボット` and `言う` must stand in the last turn, `言わない` must not.
`必要な持ち物` is the exact set of required item ids with their visit, `あると安心` that of the optional
ones; the other words are exact too.
`押した数` counts the questions answered since the talk began; going back, the list of answers and an
FAQ question in between do not count. Lines with `#` are comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bot.dialogue.answers import Position
from bot.dialogue.conversation import Conversation, NoSuchButton
from bot.dialogue.dates import TOKYO
from bot.dialogue.engine import Engine
from bot.dialogue.plain import plain
from bot.dialogue.replies import Turn
from bot.dialogue.token import Codes
from bot.dialogue.walk import NoSingleRoute, Result, conclude, open_question

DAY = date(2026, 11, 24)
"""The day talks take place on unless they say another: an ordinary Tuesday."""

_SAYS = (
    "利用者",
    "ボット",
    "言う",
    "言わない",
    "行き先",
    "必要な持ち物",
    "あると安心",
    "決め直す番号",
    "回数",
    "費用",
    "押した数",
    "答え",
    "質問",
)
_LINE = re.compile(r"(題|市|日|" + "|".join(_SAYS) + r")\s*[:：]\s*(.*)")
_BUTTON = re.compile(r"[［\[](.+)[］\]]")


@dataclass(frozen=True)
class Line:
    """One line of a talk. `word` is `押す` for a button."""

    number: int
    word: str
    text: str


@dataclass(frozen=True)
class Talk:
    """One recorded conversation."""

    file: Path
    title: str
    sample: str | None
    day: date
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Mismatch:
    """A line that does not hold (any more), and what was said instead."""

    talk: Talk
    line: Line
    found: str

    def __str__(self) -> str:
        where = f"{self.talk.file.name}:{self.line.number}"
        return f"{where}: 「{self.line.word}：{self.line.text}」とちがいます。{self.found}"


class BadTalk(Exception):
    """A talk file that cannot be read; the message says where and why, in Japanese."""


@dataclass
class Coverage:
    """What the talks reached: names such as `recover pin.sign`, `recover route office`."""

    reached: set[str] = field(default_factory=set)


def read(path: Path) -> Iterator[Talk]:
    """The talks of a file. Raises BadTalk."""
    header: dict[str, str] = {}
    lines: list[Line] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        button, words = _BUTTON.fullmatch(line), _LINE.fullmatch(line)
        if button:
            lines.append(Line(number, "押す", button.group(1)))
        elif words is None:
            raise BadTalk(f"{path.name}:{number}: 「利用者：」「ボット：」「［ボタン］」などで始めてください：{line}")
        elif words.group(1) == "題":
            if lines:
                yield _talk(path, header, lines)
            header, lines = {"題": words.group(2)}, []
        elif words.group(1) in ("市", "日"):
            header[words.group(1)] = words.group(2)
        else:
            lines.append(Line(number, words.group(1), words.group(2)))
    if lines:
        yield _talk(path, header, lines)


def _talk(path: Path, header: dict[str, str], lines: list[Line]) -> Talk:
    try:
        day = date.fromisoformat(header["日"]) if "日" in header else DAY
    except ValueError as error:
        raise BadTalk(f"{path.name}: 日は 2026-11-24 の形で書いてください：{header['日']}") from error
    return Talk(path, header.get("題", path.stem), header.get("市"), day, tuple(lines))


def replay(talk: Talk, engine: Engine, coverage: Coverage) -> Iterator[Mismatch]:
    """Hold the conversation again; yields what does not match. Stops at a button that is not there."""
    noon = datetime(talk.day.year, talk.day.month, talk.day.day, 12, tzinfo=TOKYO)
    conversation = Conversation(lambda: engine, lambda: noon)
    replayed = _Replayed(engine, conversation, coverage)
    for line in talk.lines:
        try:
            wrong = replayed.take(line)
        except NoSuchButton as error:
            yield Mismatch(talk, line, f"あるボタン：{'、'.join(error.labels)}")
            return
        if wrong is not None:
            yield Mismatch(talk, line, wrong)


class _Replayed:
    """One talk being replayed."""

    def __init__(self, engine: Engine, conversation: Conversation, coverage: Coverage) -> None:
        self._engine, self._conversation, self._coverage = engine, conversation, coverage
        self._codes = Codes(engine.content)
        self._taps = 0
        self._checks: dict[str, Callable[[Result], str]] = {
            "行き先": lambda result: result.route.id,
            "必要な持ち物": lambda result: _listed(result, optional=False),
            "あると安心": lambda result: _listed(result, optional=True),
            "決め直す番号": lambda result: " ".join(sorted(result.pins)),
            "回数": lambda result: str(result.route.visits),
            "費用": lambda result: str(result.route.fee.yen if result.route.fee else None),
        }

    def take(self, line: Line) -> str | None:
        """Do or check one line; says what was found if it does not hold."""
        if line.word in ("利用者", "押す"):
            before, asked = self._position(self._conversation.token), self._asked()
            if line.word == "利用者":
                turn = self._conversation.say(line.text)
            else:
                pressed = self._conversation.button(line.text)
                turn = self._conversation.press(line.text)
                if asked and pressed and pressed.data.startswith("g"):
                    self._cover_answers(self._position(pressed.data[1:]))
            self._taps += asked is not None and self._answered(asked, before)
            self._cover(turn, before)
            return None
        if self._conversation.last is None:
            return "まだ何も話していません。"
        turn = self._conversation.last
        said = "\n".join(plain(reply) for reply in turn.replies)
        if line.word in ("ボット", "言う"):
            return None if _squeezed(line.text) in _squeezed(said) else f"言ったこと：\n{said}"
        if line.word == "言わない":
            return None if _squeezed(line.text) not in _squeezed(said) else f"言ったこと：\n{said}"
        if line.word in ("答え", "質問"):
            ids = [reply.entry if line.word == "答え" else reply.question for reply in turn.replies]
            return None if line.text in ids else f"今は：{ids}"
        if line.word == "押した数":
            return None if line.text == str(self._taps) else f"今は：{self._taps}"
        result = self._result()
        if result is None:
            return f"まだ結果が出ていません。言ったこと：\n{said}"
        found = self._checks[line.word](result)
        return None if " ".join(sorted(line.text.split())) == found else f"今は：{found}"

    def _asked(self) -> str | None:
        """The question of a guide that stands open, if any."""
        last = self._conversation.last
        return next((reply.question for reply in reversed(last.replies) if reply.question), None) if last else None

    def _answered(self, question: str, before: Position) -> bool:
        """Whether the last turn took an answer to `question`: it stands now, or another guide has taken over."""
        now = self._position(self._conversation.token)
        answer = now.answers.get(question)
        return (now.flow is not None and now.flow != before.flow) or (answer is not None and answer.finished)

    def _position(self, token: str | None) -> Position:
        return self._codes.unpack(token).position if token else Position()

    def _result(self) -> Result | None:
        position = self._position(self._conversation.token)
        flow = self._engine.content.flows.get(position.flow or "")
        city = self._engine.content.municipality
        if flow is None or open_question(flow, position.answers, city) is not None:
            return None
        try:
            return conclude(flow, position.answers, city)
        except NoSingleRoute:
            return None

    def _cover(self, turn: Turn, before: Position) -> None:
        position = self._position(turn.token)
        self._cover_answers(position)
        self._coverage.reached.update(f"{position.flow} {reply.question}" for reply in turn.replies if reply.question)
        if position.flow != before.flow:  # the route that handed over to another guide
            self._coverage.reached.update(f"{before.flow} route {reply.route}" for reply in turn.replies if reply.route)
        result = self._result()
        if result is not None:
            self._coverage.reached.add(f"{result.flow.id} route {result.route.id}")
            self._coverage.reached.update(f"{result.flow.id} item {item.id}" for item in result.items)

    def _cover_answers(self, position: Position) -> None:
        for answer in position.answers:
            self._coverage.reached.add(f"{position.flow} {answer.question}")
            self._coverage.reached.update(f"{position.flow} {answer.question}.{choice}" for choice in answer.choices)


def _listed(result: Result, *, optional: bool) -> str:
    return " ".join(sorted(f"{item.visit}:{item.id}" for item in result.items if item.optional == optional))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


class Recorder:
    """Writes a talk while somebody chats."""

    def __init__(self, title: str, sample: str | None, *, day: date | None = None) -> None:
        self._title = title
        self._lines = [*([f"市：{sample}"] if sample else []), *([f"日：{day}"] if day else [])]

    def said(self, text: str) -> None:
        """`text` must already be redacted."""
        self._lines.append(f"利用者：{text}")

    def pressed(self, label: str) -> None:
        self._lines.append(f"［{label}］")

    def answered(self, turn: Turn) -> None:
        """The first words of each reply are kept: enough to read, short enough to survive small edits."""
        for reply in turn.replies:
            first = plain(reply, details=False).splitlines()[:1]
            self._lines += [f"ボット：{line.removeprefix('■ ')}" for line in first if not line.startswith("［")]
            if reply.route:
                self._lines.append(f"行き先：{reply.route}")

    def text(self, title: str = "") -> str:
        """The talk so far; `title` takes the place of the first one."""
        return "\n".join([f"題：{title or self._title}", *self._lines]) + "\n"
