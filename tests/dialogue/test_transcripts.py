"""Every transcript in transcripts/ holds."""

from pathlib import Path

import pytest

from bot.dialogue.engine import Engine
from tests.dialogue.running import Transcript, play, read

TRANSCRIPTS = [t for path in sorted((Path(__file__).parent / "transcripts").glob("*.txt")) for t in read(path)]


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda t: t.title)
def test_transcript(transcript: Transcript, engine: Engine) -> None:
    play(transcript, engine)
