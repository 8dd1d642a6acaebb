"""An assistant of a few lines: its token is everything said so far, so applying a text twice would show."""

from __future__ import annotations

from bot.dialogue.replies import Button, Commanded, Event, Pressed, Reply, Said, Text, Turn


def respond(token: str | None, event: Event) -> Turn:
    """Answers every event; see the branches for the words it knows."""
    match event:
        case Commanded("delete"):
            return Turn(None, (_say("消しました"),), forget=True)
        case Commanded(name, argument):
            return Turn(argument or None, (_say(f"/{name} {argument}"),))
        case Pressed(data) if data.startswith("t"):
            on = data == "t:on"
            return Turn(data, (_toggles(on),))
        case Pressed(data):
            return Turn(data, (_ask(f"押した: {data}"),))
        case Said("boom"):
            raise RuntimeError("0123 is a PIN that must not be logged")
        case Said("question"):
            return Turn("q", (_ask("どちらですか"),))
        case Said("toggles"):
            return Turn("t:off", (_toggles(False),))
        case Said(text) if text.startswith("three"):
            after = f"{token or ''}[{text}]"
            return Turn(after, tuple(_say(f"{number}: {after}") for number in (1, 2, 3)))
        case Said(text) if text.startswith("pin"):
            return Turn(token, (_say("暗証番号を消しました"),), found=("pin4",))
        case Said(text):
            after = f"{token or ''}[{text}]"
            return Turn(after, (_say(after),))
    return Turn(token, (_say("それは読めません"),))


def _say(text: str) -> Reply:
    return Reply("answer", (Text(text),))


def _ask(text: str) -> Reply:
    choices = (Button("本人が行く", "self"), Button("本人は行けない", "proxy"))
    return Reply(
        "question", (Text(text),), (*choices, Button("もどる", "back", "side"), Button("最初から", "x", "side"))
    )


def _toggles(on: bool) -> Reply:
    return Reply(
        "question",
        (Text("どれがありますか"),),
        (Button("免許証", "t:off" if on else "t:on", "toggle", on), Button("決まり", "next", "primary")),
    )
