"""The Telegram channel's settings, from the environment."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

OFFICIAL = "https://api.telegram.org/bot"


@dataclass(frozen=True)
class TelegramSettings:
    """What `run` needs to be on Telegram.

    Without `webhook_url` the bot polls. `limits` is off only for measuring throughput. `staff_chat` is
    the id of a chat that hears of content that does not go live.
    """

    token: str = field(repr=False)
    base_url: str = OFFICIAL
    username: str | None = None
    webhook_url: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    limits: bool = True
    staff_chat: int | None = None

    @property
    def bot_id(self) -> str:
        """The part of the token that is no secret."""
        return self.token.partition(":")[0]

    @property
    def webhook_path(self) -> str | None:
        """The path on our listener that Telegram posts to."""
        return (urlsplit(self.webhook_url).path or "/") if self.webhook_url else None

    @property
    def secret(self) -> str:
        """The webhook's secret token; without one in the settings, derived from the bot token."""
        if self.webhook_secret:
            return self.webhook_secret
        return hmac.new(self.token.encode(), b"mainakagi webhook", hashlib.sha256).hexdigest()


def read_settings(environment: Mapping[str, str]) -> TelegramSettings | None:
    """The settings, or None without TELEGRAM_BOT_TOKEN: then there is no Telegram bot.

    MAINAKAGI_TELEGRAM_LIMITS=off lifts every limit on sending and receiving, for benchmarks.
    Raises ValueError for a MAINAKAGI_STAFF_CHAT that is no id.
    """

    def value(name: str) -> str | None:
        return environment.get(name, "").strip() or None

    token = value("TELEGRAM_BOT_TOKEN")
    if token is None:
        return None
    username = value("MAINAKAGI_BOT_USERNAME")
    staff_chat = value("MAINAKAGI_STAFF_CHAT")
    if staff_chat and not re.fullmatch(r"-?[0-9]{1,19}", staff_chat):
        raise ValueError("MAINAKAGI_STAFF_CHAT には、チャットの番号（例：-1001234567890）を書いてください")
    return TelegramSettings(
        token=token,
        base_url=value("TELEGRAM_API_BASE_URL") or OFFICIAL,
        username=username.removeprefix("@") if username else None,
        webhook_url=value("MAINAKAGI_WEBHOOK_URL"),
        webhook_secret=value("MAINAKAGI_WEBHOOK_SECRET"),
        limits=value("MAINAKAGI_TELEGRAM_LIMITS") != "off",
        staff_chat=int(staff_chat) if staff_chat else None,
    )
