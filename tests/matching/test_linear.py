"""The linear layer by itself."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.hashing import Bags, bags
from bot.matching.linear import Floats, Linear, Rows, _solve

EXAMPLES = [("鍵", "開ける"), ("鍵", "開く"), ("雨", "降る"), ("雨", "傘")]
LABELS = ["key", "key", "rain", "rain"]


def features(*texts: tuple[str, ...]) -> dict[str, Bags]:
    return {"words": bags(texts)}


def layer() -> Linear:
    blocks = {"words": 1.0}
    return Linear(("key", "rain"), blocks, Linear.train(features(*EXAMPLES), LABELS, blocks, [0.3] * 4))


def test_a_shared_word_points_to_its_label() -> None:
    linear = layer()
    scores = dict(zip(linear.labels, linear.scores(features(("鍵", "折れた"))), strict=True))
    assert scores["key"] > 0.3 > scores["rain"]


def test_a_text_without_known_features_scores_nothing() -> None:
    assert not layer().scores(features(("犬",))).any()


def test_an_example_without_a_feature_of_any_other_teaches_nothing_and_hinders_nothing() -> None:
    blocks = {"words": 1.0}
    learnt = Linear.train(features(*EXAMPLES, ("犬",)), [*LABELS, "rain"], blocks, [0.3] * 5)
    scores = Linear(("key", "rain"), blocks, learnt).scores(features(("鍵",)))
    assert scores[0] > 0.3 > scores[1]


def test_training_twice_gives_the_same() -> None:
    assert np.array_equal(layer().scores(features(("雨",))), layer().scores(features(("雨",))))


def test_the_kernel_solution_is_ridge_regression() -> None:
    """On the training texts themselves, compared with the textbook solution of the primal problem."""
    rows = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])  # only 鍵 and 雨 are in two examples
    unseen = (np.log(5.0) + 1.0) ** 2 * 0.25
    rarity = np.log(5.0 / 3.0) + 1.0
    rows *= rarity / np.sqrt(rarity**2 + unseen)
    target = np.array([[1, 0], [1, 0], [0, 1], [0, 1]])
    weights = np.linalg.solve(rows.T @ rows + 0.3 * np.eye(2), rows.T @ target)
    linear = layer()
    for example, row in zip(EXAMPLES, rows, strict=True):
        assert np.allclose(linear.scores(features(example)), row @ weights, atol=1e-3)  # weights are kept in bytes


def matrix() -> Floats:
    """Rows with features of most of them and rare ones; long rows and short ones."""
    found = (np.random.default_rng(0).random((700, 300)) < np.geomspace(0.9, 0.005, 300)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def solved(target: Floats) -> Floats:
    text, feature = (place.astype(np.int32) for place in np.nonzero(matrix()))
    rows = Rows(text, feature, matrix()[text, feature])
    return _solve(rows, 300, np.full(700, 0.3, dtype=np.float32), target)


def test_the_steps_come_close_to_the_exact_solution() -> None:
    target = np.random.default_rng(1).random((700, 3), dtype=np.float32)
    exact = matrix().T @ np.linalg.solve(matrix() @ matrix().T + 0.3 * np.eye(700), target)
    assert np.linalg.norm(solved(target) - exact) < 0.1 * np.linalg.norm(exact)


def test_the_number_of_threads_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    target = np.random.default_rng(1).random((700, 3), dtype=np.float32)
    two = solved(target)
    monkeypatch.setattr("bot.matching.linear._THREADS", 1)
    assert np.array_equal(solved(target), two)
