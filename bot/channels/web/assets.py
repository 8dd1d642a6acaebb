"""Style sheet, script and pictures: read once, named by their content, kept by browsers for a year."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    address: str
    content_type: str
    plain: bytes
    packed: bytes


class Assets:
    """All files of the page, with those of other folders. `address` names one in a template."""

    def __init__(self, *others: Path) -> None:
        paths = sorted(path for folder in (FOLDER, *others) for path in folder.iterdir())
        self._by_name = {path.name: _read(path) for path in paths if path.suffix in _TYPES}
        self._by_address = {asset.address: asset for asset in self._by_name.values()}

    def address(self, name: str) -> str:
        return self._by_name[name].address

    async def serve(self, request: web.Request) -> web.Response:
        """GET /static/NAME. A changed file has another name, so a browser may keep it for good."""
        asset = self._by_address.get(request.path)
        if asset is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        body = asset.plain
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = asset.packed, "gzip"
        return web.Response(body=body, content_type=asset.content_type, charset="utf-8", headers=headers)


def _read(path: Path) -> Asset:
    plain = path.read_bytes()
    name = f"{path.stem}.{sha256(plain).hexdigest()[:12]}{path.suffix}"
    return Asset(f"/static/{name}", _TYPES[path.suffix], plain, gzip.compress(plain, mtime=0))
