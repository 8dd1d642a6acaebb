"""What the operator of one installation decides about the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class WebSettings:
    """The page's settings. Raises ValueError for one that could not work.

    `public_url` is the address citizens use (for links to share; else the request's own address).
    `frame_ancestors` is the CSP source list of sites that may embed the page. `behind_proxy` takes
    the client's address from the last `X-Forwarded-For` entry: set it only behind a proxy that
    writes that header. `requests_per_minute` is per client, with bursts up to `burst`.
    """

    public_url: str = ""
    operator: str = ""
    contact: str = ""
    frame_ancestors: str = "'none'"
    behind_proxy: bool = False
    requests_per_minute: float = 60
    burst: int = 40

    def __post_init__(self) -> None:
        if self.public_url and urlsplit(self.public_url).scheme not in ("http", "https"):
            raise ValueError("公開アドレスは http:// か https:// で始めてください")
        if not re.fullmatch(r"[A-Za-z0-9.:/*'\- ]+", self.frame_ancestors):
            raise ValueError("frame-ancestors には、サイトのアドレスを空白で区切って書いてください")
        if self.requests_per_minute <= 0 or self.burst < 1:
            raise ValueError("1分あたりの回数は1以上にしてください")
