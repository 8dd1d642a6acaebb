"""The studio's HTML: its own templates, in the look of the citizens' page, whose replies it shows as they are."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.studio import words
from bot.channels.web.assets import Assets
from bot.channels.web.pages import Pages
from bot.channels.web.settings import WebSettings
from bot.dialogue.replies import Turn

HERE = Path(__file__).parent


class StudioPages:
    """Renders templates; every page knows whether one can log out."""

    def __init__(self, *, logout: bool) -> None:
        self.assets = Assets(HERE / "static")
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals.update(asset=self.assets.address, logout=logout, words=words)
        self._environment = environment
        self._replies = Pages(WebSettings(), self.assets)

    def render(self, template: str, **values: object) -> str:
        """A page, or a part of one."""
        return self._environment.get_template(template).render(**values)

    def turn(self, turn: Turn, action: str) -> Markup:
        """What a citizen sees of a turn; its buttons are sent to `action`."""
        html = self._replies.part(turn, base="")
        return Markup(re.sub(r'action="/[a-z]+"', f'action="{action}"', html))  # noqa: S704 - a page of ours
