"""Where the studio listens, and who may use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

SHORTEST = 12
"""Characters of a passphrase at least: tries are limited, but the studio changes what citizens read."""


@dataclass(frozen=True)
class StudioSettings:
    """Raises ValueError for settings that would let strangers in.

    `behind_proxy`: a proxy in front speaks HTTPS and writes X-Forwarded-For; then the session's
    cookie is a `__Host-` one.
    """

    root: Path
    state_dir: Path
    host: str = "127.0.0.1"
    port: int = 8090
    passphrase: str = field(default="", repr=False)
    behind_proxy: bool = False

    def __post_init__(self) -> None:
        if (not self.is_loopback or self.behind_proxy) and not self.passphrase:
            raise ValueError(
                "ほかの機械から開けるようにするときは、MAINAKAGI_STUDIO_PASSPHRASE に合言葉を決めてください"
            )
        if self.passphrase and len(self.passphrase) < SHORTEST:
            raise ValueError(f"MAINAKAGI_STUDIO_PASSPHRASE は{SHORTEST}文字以上にしてください")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def learnt(self) -> Path:
        """Where the matcher's learning of unsaved edits is kept, apart from that of what serves."""
        return self.state_dir / "learnt-drafts"
