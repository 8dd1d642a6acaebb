"""What only the SQLite file promises: one process, and nothing readable or undeleted on the disk."""

from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.stores.opening import open_store
from bot.stores.sqlite import SqliteStore
from bot.stores.store import Record, StoreError, StoreInUse
from bot.stores.vault import Vault
from tests.stores.conftest import KEY, FakeClock

NAME = "telegram:7:123456789"


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_a_second_process_on_the_same_file_is_refused_with_one_sentence(tmp_path: Path, vault: Vault) -> None:
    store = SqliteStore(tmp_path / "store.sqlite", vault)
    code = (
        "import sys; from pathlib import Path; from bot.stores.sqlite import SqliteStore;"
        "from bot.stores.store import StoreInUse; from bot.stores.vault import Vault\n"
        "try: SqliteStore(Path(sys.argv[1]), Vault([sys.argv[2]]))\n"
        "except StoreInUse as error: print(error)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "store.sqlite"), KEY]
    other = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    said = (await other.communicate())[0].decode()
    assert "別のプロセスが使っています" in said
    assert len(said.splitlines()) == 1
    async with store.open(NAME) as conversation:
        await conversation.save(Record("still ours"))
    await store.close()


async def test_a_closed_file_can_be_opened_again_with_everything_in_it(tmp_path: Path, vault: Vault) -> None:
    first = SqliteStore(tmp_path / "store.sqlite", vault)
    async with first.open(NAME) as conversation:
        await conversation.save(Record("token"), handled="7:1", park=(b"parcel",))
    await first.close()
    second = SqliteStore(tmp_path / "store.sqlite", vault)
    async with second.open(NAME) as conversation:
        assert await conversation.load() == Record("token")
        assert await conversation.take_up("7:1") is None
    assert await second.parked() == (b"parcel",)
    await second.close()


async def test_neither_names_nor_values_are_readable_in_the_files(tmp_path: Path, vault: Vault) -> None:
    store = SqliteStore(tmp_path / "store.sqlite", vault)
    async with store.open(NAME) as conversation:
        await conversation.save(Record("secret-token"), handled="7:1", park=(b"secret-reply",))
    data = everything_in(tmp_path)
    assert vault.address(NAME).encode() in data
    for text in (b"123456789", b"secret-token", b"secret-reply"):
        assert text not in data
    await store.close()


async def test_a_forgotten_conversation_leaves_no_trace_in_any_file(tmp_path: Path, vault: Vault) -> None:
    store = SqliteStore(tmp_path / "store.sqlite", vault)
    async with store.open(NAME) as conversation:
        for token in ("one", "two", "three"):
            await conversation.save(Record(token), park=(b"reply",))
        await conversation.forget()
    assert vault.address(NAME).encode() not in everything_in(tmp_path)
    assert (tmp_path / "store.sqlite-wal").stat().st_size == 0
    await store.close()


async def test_the_sweep_removes_what_is_past_its_time(tmp_path: Path, vault: Vault, clock: FakeClock) -> None:
    store = SqliteStore(tmp_path / "store.sqlite", vault, clock)
    async with store.open(NAME) as conversation:
        await conversation.save(Record("token"), handled="7:1", park=(b"reply",))
    await store.count_failure("7:2")
    clock.now += 24 * 3600 + 1
    await store.sweep()
    assert vault.address(NAME).encode() not in everything_in(tmp_path)
    assert vault.address("7:1").encode() in everything_in(tmp_path)
    clock.now += 24 * 3600
    await store.sweep()
    assert vault.address("7:1").encode() not in everything_in(tmp_path)
    assert vault.address("7:2").encode() not in everything_in(tmp_path)
    await store.close()


async def test_with_another_key_old_values_count_as_absent(tmp_path: Path, vault: Vault) -> None:
    store = SqliteStore(tmp_path / "store.sqlite", vault)
    address = vault.address(NAME)
    other = Vault(["0" * 43 + "="])
    await store.run(
        lambda db: db.execute("INSERT INTO conversation VALUES (?, ?, 9e9)", (address, other.seal(b"x", 0)))
    )
    async with store.open(NAME) as conversation:
        assert await conversation.load() == Record()
    await store.close()


async def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    store = await open_store(None, tmp_path / "state")
    for name in ("conversations.sqlite", "secret.key"):
        assert stat.S_IMODE((tmp_path / "state" / name).stat().st_mode) == 0o600
    await store.close()


async def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path, vault: Vault) -> None:
    path = tmp_path / "store.sqlite"
    path.write_text("これはデータベースではありません。" * 200)
    with pytest.raises(StoreError, match="壊れています"):
        SqliteStore(path, vault)


@pytest.mark.parametrize("url", ["mysql://x", "sqlite://", "sqlite:///", "conversations.sqlite"])
async def test_an_address_that_names_no_store_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:///"):
        await open_store(url, tmp_path)


async def test_the_address_of_the_setting_is_honoured(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/other.sqlite", tmp_path / "state")
    assert (tmp_path / "other.sqlite").exists()
    with pytest.raises(StoreInUse):
        await open_store(f"sqlite:///{tmp_path}/other.sqlite", tmp_path / "state")
    await store.close()
