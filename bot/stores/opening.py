"""From the settings to an open store."""

from __future__ import annotations

import time
from pathlib import Path

from bot.stores.store import Clock, Store, StoreError
from bot.stores.vault import load_vault


async def open_store(
    url: str | None,
    state_dir: Path,
    *,
    key: str | None = None,
    key_file: Path | None = None,
    clock: Clock = time.time,
) -> Store:
    """The store that MAINAKAGI_STORE names: `sqlite:///PATH` (relative; four slashes for absolute),
    `sqlite:///:memory:`, `redis://…` or `rediss://…`; without one, `conversations.sqlite` in `state_dir`.

    The key comes from `key` (MAINAKAGI_KEY) or `key_file` (MAINAKAGI_KEY_FILE, else `secret.key` in
    `state_dir`, made at the first start). Raises StoreInUse, StoreError or KeyProblem, each with a
    sentence in Japanese.
    """
    vault = load_vault(key, key_file or state_dir / "secret.key")
    if url and url.startswith(("redis://", "rediss://", "unix://")):
        try:
            from bot.stores.redis import RedisStore
        except ModuleNotFoundError:
            raise StoreError(
                'Redis を使うには追加の部品が要ります。pip install "mainakagi[redis]" を実行してください。'
            ) from None
        return await RedisStore.connect(url, vault, clock)
    from bot.stores.sqlite import SqliteStore

    if not url:
        return SqliteStore(state_dir / "conversations.sqlite", vault, clock)
    path = url.removeprefix("sqlite:///")
    if path == url or not path:
        raise StoreError("MAINAKAGI_STORE の値は使えません。sqlite:///ファイル名 か redis://… と書いてください。")
    return SqliteStore(path, vault, clock)
