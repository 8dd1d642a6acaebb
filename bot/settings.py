"""What the environment says about how to run: addresses, tokens, folders.

Secrets come from the environment or files only, never from the command line, where other
users of the machine could read them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class ConfigurationError(Exception):
    """A setting is missing or wrong. The message is one Japanese sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """All settings. Every one has a default that works on a laptop with no token."""

    telegram_token: str = ""
    telegram_api: str = ""
    """python-telegram-bot's base_url, e.g. `http://127.0.0.1:9000/bot`; empty means Telegram's own."""
    bot_username: str = ""
    webhook_url: str = ""
    webhook_secret: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    store: str = ""
    state_dir: Path = PROJECT / "var"
    key_file: Path | None = None
    content: Path = PROJECT
    municipality: Path | None = None
    """A sample city, by explicit option only; else `faq/municipality.yaml` if it exists."""
    frame_ancestors: str = "'none'"
    operator: str = ""
    contact: str = ""

    @property
    def url(self) -> str:
        """The address of the page."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of `environment`. Raises ConfigurationError."""
        host, _, port = environment.get("MAINAKAGI_LISTEN", "127.0.0.1:8080").rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ConfigurationError("MAINAKAGI_LISTEN は「127.0.0.1:8080」のように書いてください。")
        if environment.get("MAINAKAGI_WEBHOOK_URL") and not environment.get("MAINAKAGI_WEBHOOK_SECRET"):
            raise ConfigurationError("MAINAKAGI_WEBHOOK_URL を使うときは MAINAKAGI_WEBHOOK_SECRET も設定してください。")
        state_dir = Path(environment.get("MAINAKAGI_STATE_DIR") or PROJECT / "var")
        key_file = environment.get("MAINAKAGI_KEY_FILE")
        return cls(
            telegram_token=environment.get("TELEGRAM_BOT_TOKEN", ""),
            telegram_api=environment.get("TELEGRAM_API_BASE_URL", ""),
            bot_username=environment.get("MAINAKAGI_BOT_USERNAME", ""),
            webhook_url=environment.get("MAINAKAGI_WEBHOOK_URL", ""),
            webhook_secret=environment.get("MAINAKAGI_WEBHOOK_SECRET", ""),
            host=host.strip("[]"),
            port=int(port),
            public_url=environment.get("MAINAKAGI_PUBLIC_URL", "").rstrip("/"),
            store=environment.get("MAINAKAGI_STORE", ""),
            state_dir=state_dir,
            key_file=Path(key_file) if key_file else None,
            content=Path(environment.get("MAINAKAGI_CONTENT") or PROJECT),
            frame_ancestors=environment.get("MAINAKAGI_FRAME_ANCESTORS", "'none'"),
            operator=environment.get("MAINAKAGI_OPERATOR", ""),
            contact=environment.get("MAINAKAGI_CONTACT", ""),
        )
