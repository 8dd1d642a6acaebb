"""Keys: where they come from, what they hide, and how they are changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.stores.vault import KeyProblem, Vault, load_vault, rotate

NEW, OLD = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_what_was_sealed_opens_until_its_time_is_over() -> None:
    vault = Vault([NEW])
    sealed = vault.seal(b"data", now=1000)
    assert vault.open(sealed, now=1100, keep=100) == b"data"
    assert vault.open(sealed, now=1101, keep=100) is None


def test_a_changed_value_does_not_open() -> None:
    vault = Vault([NEW])
    sealed = bytearray(vault.seal(b"data", now=1000))
    sealed[20] ^= 1
    assert vault.open(bytes(sealed), now=1000, keep=100) is None


def test_a_new_key_on_top_keeps_addresses_and_old_values_readable() -> None:
    before, after = Vault([OLD]), Vault([NEW, OLD])
    assert before.address("name") == after.address("name")
    assert after.open(before.seal(b"data", now=1), now=1, keep=9) == b"data"
    assert before.open(after.seal(b"data", now=1), now=1, keep=9) is None


def test_addresses_of_different_keys_have_nothing_in_common() -> None:
    assert Vault([NEW]).address("name") != Vault([OLD]).address("name")


def test_a_missing_key_file_is_made_and_used_again(tmp_path: Path) -> None:
    first = load_vault(None, tmp_path / "state" / "key")
    second = load_vault(None, tmp_path / "state" / "key")
    assert second.open(first.seal(b"data", now=1), now=1, keep=9) == b"data"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    vault = load_vault(f"{NEW} {OLD}", tmp_path / "key")
    assert vault.open(Vault([OLD]).seal(b"data", now=1), now=1, keep=9) == b"data"
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize("key", ["short", "あ" * 44, NEW[:-4]], ids=["short", "not ascii", "cut off"])
def test_a_malformed_key_is_refused_with_a_sentence(tmp_path: Path, key: str) -> None:
    with pytest.raises(KeyProblem, match="44文字"):
        load_vault(key, tmp_path / "key")


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(NEW)
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(KeyProblem, match="chmod 600"):
        load_vault(None, tmp_path / "key")


def test_a_rotated_key_file_writes_with_the_new_key_and_still_reads_the_old(tmp_path: Path) -> None:
    before = load_vault(None, tmp_path / "key")
    assert rotate(tmp_path / "key") == 2
    after = load_vault(None, tmp_path / "key")
    assert after.open(before.seal(b"data", now=1), now=1, keep=9) == b"data"
    assert before.open(after.seal(b"data", now=1), now=1, keep=9) is None
    assert before.address("name") == after.address("name")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_retired_key_reads_nothing_any_more(tmp_path: Path) -> None:
    before = load_vault(None, tmp_path / "key")
    rotate(tmp_path / "key")
    between = load_vault(None, tmp_path / "key")
    assert rotate(tmp_path / "key", retire=True) == 1
    after = load_vault(None, tmp_path / "key")
    assert after.open(before.seal(b"data", now=1), now=1, keep=9) is None
    assert after.open(between.seal(b"data", now=1), now=1, keep=9) == b"data"


def test_a_damaged_key_file_is_not_rotated(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(KeyProblem, match="44文字"):
        rotate(tmp_path / "key")
    assert (tmp_path / "key").read_text() == "short"
