from pathlib import Path

import pytest

from bot.content.loading import load
from bot.content.model import Content
from bot.dialogue.engine import Engine
from bot.matching.matcher import TrainedMatcher


@pytest.fixture(scope="session")
def content() -> Content:
    """A small content of its own, so that these tests stay when the real one changes."""
    return load(Path(__file__).parent / "content")


@pytest.fixture(scope="session")
def engine(content: Content) -> Engine:
    return Engine(content, TrainedMatcher(content))
