"""Several workers on one Redis behind nginx, as deploy/ sets them up: real processes on free ports."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from cryptography.fernet import Fernet

from bench.lives import Lives
from bot.settings import PROJECT
from tests.app.programs import free_port
from tests.telegram.fake_api import TOKEN, FakeApi

CONFIGURATION = PROJECT / "deploy" / "nginx.conf"


@asynccontextmanager
async def nginx(folder: Path, ports: list[int]) -> AsyncIterator[str]:
    """A running nginx with the project's configuration; its address."""
    port = free_port()
    text = CONFIGURATION.read_text(encoding="utf-8")
    for shipped, ours in zip(("127.0.0.1:8081", "127.0.0.1:8082"), ports, strict=True):
        assert shipped in text
        text = text.replace(shipped, f"127.0.0.1:{ours}")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace("/var/log/nginx/", f"{folder}/")
    text = re.sub(r"\n *ssl_certificate.*;", "", text)
    folders = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/main.log; events {{}}\n"
        f"http {{ {folders}\n{text}\n}}\n",
        encoding="utf-8",
    )
    process = await asyncio.create_subprocess_exec("nginx", "-p", str(folder), "-c", str(main), stderr=-3)
    try:
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


@dataclass
class Workers:
    """Two workers; each may be stopped, killed and begun again."""

    lives: Lives
    api: FakeApi
    redis: str
    folder: Path
    ports: list[int] = field(default_factory=lambda: [free_port(), free_port()])
    key: str = field(default_factory=lambda: Fernet.generate_key().decode())
    processes: dict[int, int] = field(default_factory=dict)

    async def begin(self, port: int) -> None:
        """Start the worker of this port and wait until it is ready."""
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": self.api.base_url,
            "MAINAKAGI_TELEGRAM_LIMITS": "off",
            "MAINAKAGI_STATE_DIR": str(self.folder / str(port)),
            "MAINAKAGI_LISTEN": f"127.0.0.1:{port}",
            "MAINAKAGI_STORE": self.redis,
            "MAINAKAGI_KEY": self.key,
            "MAINAKAGI_BEHIND_PROXY": "1",
            "MAINAKAGI_WEBHOOK_URL": "https://annai.example.jp/telegram/webhook",
        }
        self.processes[port] = await self.lives.begin(settings)
        async with aiohttp.ClientSession() as session, asyncio.timeout(120):
            while True:
                try:
                    async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.02)

    async def stop(self, port: int) -> float:
        """End it by SIGTERM, which must give exit code 0; the seconds it took."""
        began = time.monotonic()
        os.kill(self.processes[port], signal.SIGTERM)
        assert await self.lives.ended(self.processes[port]) == 0
        return time.monotonic() - began

    async def kill(self, port: int) -> None:
        """End it by SIGKILL."""
        os.kill(self.processes[port], signal.SIGKILL)
        await self.lives.ended(self.processes[port])
