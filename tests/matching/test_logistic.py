"""A judge that is kept as a file says what it was taught, in every process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.matching.logistic import COLUMNS, Logistic, columns, save


def test_a_judge_adds_up_the_weights_of_the_features_it_is_given(tmp_path: Path) -> None:
    weights = np.zeros(COLUMNS)
    (known,) = columns(["入れた"])
    weights[known] = 3.0
    save(tmp_path / "judge.npz", weights, -1.0)
    judge = Logistic(tmp_path / "judge.npz")
    assert judge.chance([]) == pytest.approx(1 / (1 + np.exp(1.0)))
    assert judge.chance(["入れた", "入れた"]) == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_columns_are_the_same_in_every_process_and_take_any_string() -> None:
    assert columns(["A入れ"]) == {42604}
    assert len(columns(["\ud800", ""])) == 2
