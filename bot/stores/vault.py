"""Keys: how names become addresses and values become unreadable.

Addresses are BLAKE2b under a key, values are Fernet tokens (AES-CBC with HMAC and a time stamp)
from `cryptography`. The key is 32 random bytes as url-safe base64, from MAINAKAGI_KEY or a file
of mode 0600 that is made at the first start; it never lies in the data file. Several keys, newest
first and one per line, allow rotation: the first one writes, all of them read.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class KeyProblem(Exception):
    """The key cannot be read or used; the message is a sentence for the operator, in Japanese."""


class Vault:
    """Makes addresses from names, and seals and opens values.

    Addresses come from the last (oldest) key, so that putting a new key on top loses nothing.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            self._ciphers = [Fernet(key) for key in keys]
        except ValueError:
            raise KeyProblem(
                "暗号化の鍵（MAINAKAGI_KEY または鍵ファイル）の形が正しくありません。"
                "32バイトの乱数を URL 用の base64 で書いた44文字が必要です。"
            ) from None
        if not self._ciphers:
            raise KeyProblem("暗号化の鍵が空です。MAINAKAGI_KEY または鍵ファイルに鍵を書いてください。")
        self._cipher = MultiFernet(self._ciphers)
        self._address_key = blake2b(keys[-1].encode(), person=b"address", digest_size=32).digest()

    def address(self, name: str) -> str:
        """The keyed hash of a name, 32 hexadecimal digits."""
        return blake2b(name.encode(), key=self._address_key, digest_size=16).hexdigest()

    def seal(self, data: bytes, now: float) -> bytes:
        """`data` encrypted and stamped with the Unix time `now`."""
        return self._ciphers[0].encrypt_at_time(data, int(now))

    def open(self, sealed: bytes, now: float, keep: float) -> bytes | None:
        """The data again; None if it is older than `keep` seconds, damaged, or of a forgotten key."""
        try:
            return self._cipher.decrypt_at_time(sealed, int(keep), int(now))
        except InvalidToken:
            return None


def load_vault(key: str | None, key_file: Path) -> Vault:
    """The vault with the keys in `key`, or else in `key_file`, which is made if it does not exist.

    Raises KeyProblem.
    """
    if key and key.strip():
        return Vault(key.split())
    try:
        return Vault(_read_or_make(key_file).split())
    except OSError as error:
        raise KeyProblem(f"鍵ファイル {key_file} を読み書きできません（{error.strerror}）。") from error


def rotate(key_file: Path, *, retire: bool = False) -> int:
    """Put a new key on top of `key_file`, or with `retire` leave only the newest one. Returns how many there are.

    Running processes read the file at their next start. The file is replaced in one step, so a crash
    leaves the old or the new one. Raises KeyProblem.
    """
    try:
        keys = _read_or_make(key_file).split()
        Vault(keys)
        kept = keys[:1] if retire else [Fernet.generate_key().decode(), *keys]
        draft = _draft(key_file, "".join(f"{key}\n" for key in kept))
        os.replace(draft, key_file)
        folder = os.open(key_file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise KeyProblem(f"鍵ファイル {key_file} を読み書きできません（{error.strerror}）。") from error
    return len(kept)


def _draft(key_file: Path, text: str) -> Path:
    """A file of mode 0600 beside the key file, safely on the disk."""
    draft = key_file.with_name(f".{key_file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _read_or_make(key_file: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        text = key_file.read_text("ascii")
        if key_file.stat().st_mode & 0o077:
            raise KeyProblem(f"鍵ファイル {key_file} をほかの人も読めます。chmod 600 {key_file} を実行してください。")
        return text
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Fernet.generate_key().decode()
    draft = _draft(key_file, made + "\n")
    try:
        os.link(draft, key_file)  # atomic, and whoever comes second reads the first one's key
    except FileExistsError:
        return key_file.read_text("ascii")
    finally:
        draft.unlink()
    return made
