"""The shipped guides hold on every path under every sample city, and every recorded talk replays."""

from __future__ import annotations

import io

import pytest

from bot.content.loading import load
from bot.content.model import Content
from bot.review.prove import Profile, prove, samples, summary
from bot.review.replaying import replay_all
from bot.settings import PROJECT
from tests.shipped import LEARNT


@pytest.fixture(scope="module")
def shipped() -> Content:
    return load(PROJECT)


@pytest.fixture(scope="module")
def profiles(shipped: Content) -> tuple[Profile, ...]:
    cities = [(path.stem, load(PROJECT, path).municipality) for path in samples(PROJECT)]
    return (Profile("市の設定なし", shipped.municipality), *(Profile(name, city) for name, city in cities))


@pytest.mark.parametrize("flow", ["recover", "which-pin", "is-it-a-lock"])
def test_every_path_holds(shipped: Content, profiles: tuple[Profile, ...], flow: str) -> None:
    proof = prove(shipped, shipped.flows[flow], profiles)
    assert proof.holds, "\n".join(summary(proof))


def test_every_talk_replays_and_together_they_reach_everything() -> None:
    out = io.StringIO()
    assert replay_all(sorted((PROJECT / "flows" / "talks").glob("*.txt")), PROJECT, None, out, LEARNT), out.getvalue()
    assert "通らない所 0" in out.getvalue()
