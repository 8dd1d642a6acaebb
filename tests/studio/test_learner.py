"""An Assistant for trying learns nothing before somebody types."""

from __future__ import annotations

import pytest

from bot.channels.studio import effects
from bot.channels.studio.effects import Learner
from bot.content.loading import load
from bot.dialogue.replies import Commanded, Pressed, Said
from bot.settings import PROJECT


def test_buttons_and_previews_wait_for_no_learning_in_any_language(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("it learns")

    monkeypatch.setattr(effects, "TrainedMatcher", fail)
    monkeypatch.setattr(effects, "matchers_of", fail)
    content = load(PROJECT)
    learner = Learner(None, None)
    assert content.translations, "there is a language that a preview could learn"
    for assistant in (learner.preview(content), learner.assistant(content, content, saved=True)):
        turn = assistant.respond(None, Commanded("guide"))
        (reply,) = [one for one in turn.replies if one.question]
        choice = next(button for button in reply.buttons if button.role == "choice")
        assert assistant.respond(turn.token, Pressed(choice.data)).replies
    with pytest.raises(AssertionError, match="it learns"):
        assistant.respond(None, Said("お金はかかりますか"))
