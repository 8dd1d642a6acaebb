"""The web page: the same conversation as everywhere, for a browser with or without JavaScript.

`app.py` has the addresses, `pages.py` turns a Turn into HTML, `gate.py` says who may ask and how
often, `assets.py` serves the style sheet and the script. What is said comes from the assistant.
"""

from bot.channels.web.app import make_app, serve
from bot.channels.web.settings import WebSettings

__all__ = ["WebSettings", "make_app", "serve"]
