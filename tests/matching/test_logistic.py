"""A judge that is kept as a file says what it was taught, in every process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.matching.logistic import Logistic, columns, save

COLUMNS = 1 << 16


def test_a_judge_weighs_each_feature_by_how_rare_it_is_and_all_together_as_one(tmp_path: Path) -> None:
    weights, rarities = np.zeros(COLUMNS), np.ones(COLUMNS)
    known, rare = sorted(columns(["入れた", "8512"], COLUMNS), key=lambda column: column in columns(["8512"], COLUMNS))
    weights[known] = 3.0
    rarities[rare] = 2.0
    save(tmp_path / "judge.npz", weights, rarities, -1.0)
    judge = Logistic(tmp_path / "judge.npz")
    for features, odds in (
        ([], -1.0),
        (["入れた", "入れた"], -1.0 + 3.0),
        (["入れた", "8512"], -1.0 + 3.0 / np.sqrt(1 + 4)),
    ):
        assert judge.chance(features) == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-3)


def test_columns_are_the_same_in_every_process_and_take_any_string() -> None:
    assert columns(["A入れ"], COLUMNS) == {42604}
    assert len(columns(["\ud800", ""], COLUMNS)) == 2
