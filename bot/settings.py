"""What the environment says about how to run: addresses, folders, keys.

The Telegram channel reads its own settings (channels/telegram/settings.py). Secrets come from
the environment or files only, never from the command line, where other users of the machine
could read them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class ConfigurationError(Exception):
    """A setting is missing or wrong. The message is one Japanese sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """All settings of the process. Every one has a default that works on a laptop."""

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    store: str = ""
    state_dir: Path = PROJECT / "var"
    key: str = field(default="", repr=False)
    key_file: Path | None = None
    content: Path = PROJECT
    municipality: Path | None = None
    """A sample city, by explicit option only; else `faq/municipality.yaml` if it exists."""
    frame_ancestors: str = "'none'"
    operator: str = ""
    contact: str = ""
    behind_proxy: bool = False
    """Whether the proxy in front writes X-Forwarded-For, so that clients can be told apart by it."""
    studio_host: str = "127.0.0.1"
    studio_port: int = 8090
    studio_passphrase: str = field(default="", repr=False)
    """Asked of staff on the studio; needed where it is not on loopback."""
    collect: bool = False
    """Whether people may hand questions that were not answered to the office (dialogue/giving.py)."""
    log: str = ""
    """`json` or `plain`; else JSON unless stderr is a terminal."""

    @property
    def learnt(self) -> Path:
        """Where what the matcher learns from the content is kept: derived, may be deleted at any time."""
        return self.state_dir / "learnt"

    @property
    def counts(self) -> Path:
        """Where the daily counts are kept (stores/counts.py)."""
        return self.state_dir / "counts.sqlite"

    @property
    def given(self) -> Path:
        """Where questions that people handed to the office are kept (stores/given.py)."""
        return self.state_dir / "given.sqlite"

    @property
    def url(self) -> str:
        """The address this process listens on."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of `environment`. Raises ConfigurationError."""
        host, port = _address(environment, "MAINAKAGI_LISTEN", "127.0.0.1:8080")
        studio_host, studio_port = _address(environment, "MAINAKAGI_STUDIO_LISTEN", "127.0.0.1:8090")
        key_file = environment.get("MAINAKAGI_KEY_FILE")
        return cls(
            host=host,
            port=port,
            public_url=environment.get("MAINAKAGI_PUBLIC_URL", "").rstrip("/"),
            store=environment.get("MAINAKAGI_STORE", ""),
            state_dir=Path(environment.get("MAINAKAGI_STATE_DIR") or PROJECT / "var"),
            key=environment.get("MAINAKAGI_KEY", ""),
            key_file=Path(key_file) if key_file else None,
            content=Path(environment.get("MAINAKAGI_CONTENT") or PROJECT),
            frame_ancestors=environment.get("MAINAKAGI_FRAME_ANCESTORS", "'none'"),
            operator=environment.get("MAINAKAGI_OPERATOR", ""),
            contact=environment.get("MAINAKAGI_CONTACT", ""),
            behind_proxy=environment.get("MAINAKAGI_BEHIND_PROXY", "") == "1",
            collect=environment.get("MAINAKAGI_COLLECT", "") == "1",
            log=environment.get("MAINAKAGI_LOG", ""),
            studio_host=studio_host,
            studio_port=studio_port,
            studio_passphrase=environment.get("MAINAKAGI_STUDIO_PASSPHRASE", ""),
        )


def _address(environment: Mapping[str, str], name: str, default: str) -> tuple[str, int]:
    """The host and port of a setting. Raises ConfigurationError."""
    host, _, port = environment.get(name, default).rpartition(":")
    if not host or not port.isdecimal() or not port.isascii() or int(port) > 65535:
        raise ConfigurationError(f"{name} は「{default}」のように書いてください。")
    return host.strip("[]"), int(port)
