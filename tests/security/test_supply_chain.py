"""What is installed is pinned by hash, and what is deployed may do no more than it needs."""

from __future__ import annotations

import re
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import PROJECT
from bot.stores.vault import KeyProblem, load_vault

REQUIREMENTS = sorted((PROJECT / "requirements").glob("*.txt"))
UNITS = sorted((PROJECT / "deploy" / "systemd").glob("*.service"))


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_part_is_pinned_by_version_and_hash_and_names_no_place(path: Path) -> None:
    text = path.read_text("utf-8")
    parts = [part for part in re.split(r"\n(?=\S)", text.replace("\\\n", " ")) if not part.startswith("#")]
    assert len(parts) > 0
    for part in parts:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+", part), part[:60]
        assert "--hash=sha256:" in part, part[:60]
    assert not re.search(r"https?://|--index-url|--extra-index|--find-links|git\+", text)


def test_every_list_of_parts_has_its_pinned_form() -> None:
    assert {path.stem for path in REQUIREMENTS} == {path.stem for path in (PROJECT / "requirements").glob("*.in")}
    assert "audit" in {path.stem for path in REQUIREMENTS}


@pytest.mark.parametrize("name", ["Makefile", "deploy/Containerfile"])
def test_nothing_is_installed_without_its_hash(name: str) -> None:
    installs = [line for line in (PROJECT / name).read_text("utf-8").splitlines() if "pip install" in line]
    installs = [line for line in installs if not line.lstrip().startswith("#")]
    assert installs
    assert all("--require-hashes" in line for line in installs)


def test_the_audit_fails_where_nobody_answers() -> None:
    """pip-audit without --strict says "no known vulnerabilities" of parts it could not ask about."""
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    audit = makefile[makefile.index("\naudit:") : makefile.index("\nsbom:")]
    assert "pip-audit --strict" in audit
    assert "exit $$status" in audit
    named = set(re.search(r"for name in ([\w ]+);", audit)[1].split())  # type: ignore[index]
    assert named >= {"run", "redis", "test"}


# --- deploy/ ------------------------------------------------------------------------------

HARDENED = {
    "DynamicUser": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "PrivateUsers": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    "RestrictSUIDSGID": "yes",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "LockPersonality": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectControlGroups": "yes",
    "ProtectClock": "yes",
    "ProtectHostname": "yes",
    "ProtectProc": "invisible",
    "RemoveIPC": "yes",
    "SystemCallArchitectures": "native",
    "SystemCallFilter": "@system-service",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
    "LimitCORE": "0",
}
"""`systemd-analyze security --offline=true` gives both units 1.5 (0 is best, 10 worst)."""


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_the_service_is_no_root_and_may_write_its_state_only(path: Path) -> None:
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(path.read_text("utf-8"))
    service = dict(unit["Service"])
    assert {name: service.get(name) for name in HARDENED} == HARDENED
    assert "User" not in service
    assert not any(name.startswith(("ReadWritePaths", "ExecStartPre")) for name in service)


def services() -> dict[str, dict[str, Any]]:
    composed: dict[str, dict[str, Any]] = yaml.safe_load((PROJECT / "deploy" / "compose.yaml").read_text("utf-8"))
    return composed["services"]


@pytest.mark.parametrize("name", services())
def test_a_container_writes_nowhere_but_where_it_must_and_gains_nothing(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "cap_add" not in service


@pytest.mark.parametrize("name", [name for name in services() if name.startswith("worker")])
def test_what_a_worker_counts_outlives_its_restart(name: str) -> None:
    assert services()[name]["volumes"] == [f"{name}:/var/lib/mainakagi"]
    assert not any("/var/lib" in place for place in services()[name]["tmpfs"])


def test_the_image_runs_without_root_and_holds_no_secret() -> None:
    text = (PROJECT / "deploy" / "Containerfile").read_text("utf-8")
    users = re.findall(r"^USER (\S+)", text, re.MULTILINE)
    assert users[-1].isdigit()
    assert int(users[-1]) > 0
    assert not re.search(r"(?i)(token|secret|password|_KEY)\s*=", text)
    assert services()["worker-1"]["ulimits"] == {"core": 0}


@pytest.mark.parametrize("path", sorted((PROJECT / "deploy").rglob("*.*")), ids=lambda path: path.name)
def test_no_secret_stands_in_a_file_of_deploy(path: Path) -> None:
    assert not re.search(r"\d{6,}:[\w-]{30,}|[\w-]{43}=", path.read_text("utf-8"))


# --- file modes ---------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused_with_a_sentence(mode: int, tmp_path: Path) -> None:
    load_vault(None, tmp_path / "secret.key")
    (tmp_path / "secret.key").chmod(mode)
    with pytest.raises(KeyProblem, match=r"ほかの人も読めます。chmod 600 .*secret\.key を実行してください。"):
        load_vault(None, tmp_path / "secret.key")
