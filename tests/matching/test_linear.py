"""The linear layer by itself."""

from __future__ import annotations

import numpy as np

from bot.matching.linear import Linear, _solve

EXAMPLES = [
    {"words": ("鍵", "開ける")},
    {"words": ("鍵", "開く")},
    {"words": ("雨", "降る")},
    {"words": ("雨", "傘")},
]
LABELS = ["key", "key", "rain", "rain"]


def layer() -> Linear:
    blocks = {"words": 1.0}
    return Linear(("key", "rain"), blocks, Linear.train(EXAMPLES, LABELS, blocks, [0.3] * 4))


def test_a_shared_word_points_to_its_label() -> None:
    linear = layer()
    scores = dict(zip(linear.labels, linear.scores({"words": ("鍵", "折れた")}), strict=True))
    assert scores["key"] > 0.3 > scores["rain"]


def test_a_text_without_known_features_scores_nothing() -> None:
    assert not layer().scores({"words": ("犬",)}).any()


def test_training_twice_gives_the_same() -> None:
    assert np.array_equal(layer().scores({"words": ("雨",)}), layer().scores({"words": ("雨",)}))


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
        assert np.allclose(linear.scores(example), row @ weights, atol=1e-3)  # weights are kept as float16


def test_the_blocked_solution_is_the_solution() -> None:
    rng = np.random.default_rng(0)
    factor = rng.normal(size=(700, 40)).astype(np.float32)
    matrix = factor @ factor.T + 0.3 * np.eye(700, dtype=np.float32)
    target = rng.normal(size=(700, 3)).astype(np.float32)
    assert np.allclose(matrix @ _solve(matrix.copy(), target), target, atol=1e-2)
