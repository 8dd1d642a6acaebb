"""`talk`: replays all recorded conversations and says what none of them reaches, with its place."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from bot.content.loading import load
from bot.content.model import Flow
from bot.content.nodes import read as read_document
from bot.content.schema import all_keys
from bot.dialogue.engine import Engine
from bot.matching.learning import Cache
from bot.matching.matcher import TrainedMatcher
from bot.review.talk import BadTalk, Coverage, read, replay


def replay_all(
    files: list[Path], root: Path, municipality: Path | None, out: TextIO, learnt: Path | None = None
) -> bool:
    """Replay the talks of `files` against the content under `root`. Returns whether all of them hold.

    Each talk runs under the sample city it names, else under `municipality` or the shipped settings.
    `learnt` is a folder that keeps what the matcher learns.
    """
    engines: dict[Path | None, Engine] = {}
    kept = Cache(learnt) if learnt else None
    coverage, talks, wrong = Coverage(), 0, 0

    def engine(city: Path | None) -> Engine:
        if city not in engines:
            content = load(root, city)
            first = next(iter(engines.values()), None)
            # One matcher serves all: a city changes little of the texts it reads, and training it takes seconds.
            engines[city] = Engine(content, first.matcher if first else TrainedMatcher(content, kept))
        return engines[city]

    content = engine(municipality).content  # first, so that its matcher is the one, whatever the files' order
    for file in files:
        try:
            for talk in read(file):
                talks += 1
                city = root / "faq" / "samples" / f"{talk.sample}.yaml" if talk.sample else municipality
                for mismatch in replay(talk, engine(city), coverage):
                    wrong += 1
                    out.write(f"× {talk.title}\n  {mismatch}\n")
        except (BadTalk, OSError) as error:
            wrong += 1
            out.write(f"× {error}\n")
    missed = [line for flow in content.flows.values() for line in _missed(flow, coverage, root)]
    for line in missed:
        out.write(f"  どの会話でも通らない：{line}\n")
    out.write(f"会話 {talks}、ちがう所 {wrong}、通らない所 {len(missed)}\n")
    return not wrong


def _missed(flow: Flow, coverage: Coverage, root: Path) -> list[str]:
    """Questions, choices, routes and items of `flow` that no talk reached, as `file:line: name`."""
    name = f"flows/{flow.id}.yaml"
    document, _ = read_document(name, (root / name).read_bytes(), all_keys())
    parts: list[tuple[str, tuple[str | int, ...]]] = []
    for number, question in enumerate(flow.questions):
        parts.append((question.id, ("questions", number)))
        for at, choice in enumerate(question.choices):
            parts.append((f"{question.id}.{choice.id}", ("questions", number, "choices", at)))
    parts += [(f"route {route.id}", ("routes", number)) for number, route in enumerate(flow.routes)]
    parts += [(f"item {item.id}", ("items", number)) for number, item in enumerate(flow.items)]
    return [
        f"{name}:{document.values[path].line}: {part}"
        for part, path in parts
        if f"{flow.id} {part}" not in coverage.reached
    ]
