"""`run`: the page, and the Telegram bot if there is a token, in one process until it is told to stop."""

from __future__ import annotations
