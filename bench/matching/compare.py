"""The matcher beside simpler ones, on the same wordings and the same questions, in one run.

    python -m bench.matching.compare QUESTIONS.tsv [CONTENT_ROOT]

Every rival gets the FAQ's wordings only and answers with the topic of the nearest wording. To
compare how well each knows when not to answer, each gets the threshold that is best for it *on
the questions themselves* at no more than 2 % wrong answers of all lines, which flatters the
rivals: ours uses the thresholds fixed in its code. Libraries that are not installed
(requirements/bench.in) are listed as skipped.
"""

from __future__ import annotations

import math
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from bot.content.loading import load
from bot.content.model import Content
from bot.matching.lexical import Lexical
from bot.matching.linear import hashed
from bot.matching.matcher import TrainedMatcher
from bot.matching.reading import tokens
from bot.review.evaluate import Labelled, read_questions

WRONG_AT_MOST = 0.02
Ranker = Callable[[str], Sequence[tuple[str, float]]]
"""From a text to the topics, best first, with scores."""


@dataclass(frozen=True)
class Row:
    """What one matcher reached on the questions."""

    name: str
    top1: float
    interval: tuple[float, float]
    top3: float
    right: float
    wrong: float
    none_answered: float
    p50: float
    p99: float
    load: float


def wordings(content: Content) -> list[tuple[str, str]]:
    """All that the matchers learn as questions of an entry: the same texts for ours and for its rivals."""
    return [
        (entry.id, text)
        for entry in content.entries
        for text in (entry.question, *entry.also_asked, *content.situations.get(entry.id, ()))
    ]


def _by_topic(labels: Sequence[str], scores: Sequence[float]) -> list[tuple[str, float]]:
    best: dict[str, float] = {}
    for label, score in zip(labels, scores, strict=True):
        best[label] = max(best.get(label, -math.inf), float(score))
    return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))


# --- the rivals ------------------------------------------------------------------------


def by_rapidfuzz(scorer: Callable[..., float]) -> Callable[[Content], Ranker]:
    def build(content: Content) -> Ranker:
        labels, texts = zip(*wordings(content), strict=True)
        return lambda text: _by_topic(labels, process.cdist([text], texts, scorer=scorer)[0])

    return build


def by_difflib(content: Content) -> Ranker:
    """ChatterBot's LevenshteinDistance: difflib's ratio of the lower-case texts."""
    labels, texts = zip(*((label, text.lower()) for label, text in wordings(content)), strict=True)
    return lambda text: _by_topic(labels, [SequenceMatcher(None, text.lower(), known).ratio() for known in texts])


def by_tfidf(content: Content) -> Ranker:
    """Cosine of character 1-3-gram tf-idf."""
    labels, texts = zip(*wordings(content), strict=True)
    counted = [Counter(_grams(text)) for text in texts]
    frequency = Counter(gram for counts in counted for gram in counts)
    idf = {gram: math.log((1 + len(texts)) / (1 + count)) + 1 for gram, count in frequency.items()}
    postings: dict[str, list[tuple[int, float]]] = {}
    for number, counts in enumerate(counted):
        length = math.sqrt(sum((count * idf[gram]) ** 2 for gram, count in counts.items()))
        for gram, count in counts.items():
            postings.setdefault(gram, []).append((number, count * idf[gram] / length))
    arrays = {
        gram: (np.array([n for n, _ in found]), np.array([w for _, w in found])) for gram, found in postings.items()
    }

    def rank(text: str) -> Sequence[tuple[str, float]]:
        counts = {gram: count for gram, count in Counter(_grams(text)).items() if gram in arrays}
        length = math.sqrt(sum((count * idf[gram]) ** 2 for gram, count in counts.items())) or 1.0
        total = np.zeros(len(texts))
        for gram, count in counts.items():
            numbers, weights = arrays[gram]
            total[numbers] += weights * count * idf[gram] / length
        return _by_topic(labels, total.tolist())

    return rank


def _grams(text: str) -> Iterator[str]:
    return (text[begin : begin + size] for size in (1, 2, 3) for begin in range(len(text) - size + 1))


def by_bm25(content: Content) -> Ranker:
    """BM25 over SudachiPy's content words, without any normalisation of ours."""
    labels, texts = zip(*wordings(content), strict=True)
    words = [hashed(_words(text)) for text in texts]
    lengths = np.array([len(found) for found in words], dtype=np.int32)
    lexical = Lexical(np.concatenate(words), lengths, np.zeros(len(words), dtype=np.int64), 1)
    return lambda text: _by_topic(labels, lexical.scores(_words(text)).tolist())


def _words(text: str) -> list[str]:
    return [token.base for token in tokens(text) if token.is_content]


def by_fts5(content: Content) -> Ranker:
    """SQLite's full-text search with its trigram tokenizer, all trigrams of the text joined by OR."""
    labels, texts = zip(*wordings(content), strict=True)
    base = sqlite3.connect(":memory:", check_same_thread=False)
    base.execute("create virtual table wording using fts5(text, tokenize='trigram')")
    base.executemany("insert into wording(rowid, text) values (?, ?)", list(enumerate(texts, start=1)))

    def rank(text: str) -> Sequence[tuple[str, float]]:
        trigrams = {text[begin : begin + 3].replace('"', '""') for begin in range(len(text) - 2)}
        scores = [0.0] * len(texts)
        if trigrams:
            asked = " OR ".join(f'"{trigram}"' for trigram in sorted(trigrams))
            for row, score in base.execute("select rowid, -rank from wording where wording match ?", (asked,)):
                scores[row - 1] = score
        return _by_topic(labels, scores)

    return rank


def by_linear_svc(content: Content) -> Ranker:
    """scikit-learn's LinearSVC on character 1-3-grams of the raw text."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-not-found,unused-ignore]
    from sklearn.svm import LinearSVC  # type: ignore[import-not-found,unused-ignore]

    labels, texts = zip(*wordings(content), strict=True)
    features = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    model = LinearSVC(random_state=0).fit(features.fit_transform(texts), labels)
    return lambda text: _by_topic(model.classes_, model.decision_function(features.transform([text]))[0])


RIVALS: dict[str, Callable[[Content], Ranker]] = {
    "rapidfuzz WRatio, raw": by_rapidfuzz(fuzz.WRatio),
    "rapidfuzz ratio, raw": by_rapidfuzz(fuzz.ratio),
    "difflib ratio (ChatterBot)": by_difflib,
    "SQLite FTS5 trigram": by_fts5,
    "TF-IDF char 1-3, raw": by_tfidf,
    "BM25 Sudachi, raw": by_bm25,
    "LinearSVC char 1-3, raw": by_linear_svc,
}
NEEDS = {"LinearSVC char 1-3, raw": "sklearn"}


# --- measuring -------------------------------------------------------------------------


def measure_rival(name: str, build: Callable[[Content], Ranker], content: Content, lines: Sequence[Labelled]) -> Row:
    begin = time.perf_counter()
    rank = build(content)
    loaded = time.perf_counter() - begin
    found, spent = [], []
    for line in lines:
        begin = time.perf_counter()
        found.append(rank(line.text)[:3])
        spent.append((time.perf_counter() - begin) * 1000)
    threshold = _threshold(
        [(ranked[0][1], ranked[0][0] in line.label) for ranked, line in zip(found, lines, strict=True)]
    )
    answered = [ranked[0][1] >= threshold for ranked in found]
    return _row(name, lines, [[topic for topic, _ in ranked] for ranked in found], answered, spent, loaded)


def measure_ours(content: Content, lines: Sequence[Labelled]) -> Row:
    begin = time.perf_counter()
    matcher = TrainedMatcher(content)
    loaded = time.perf_counter() - begin
    ranked, answered, spent = [], [], []
    for line in lines:
        begin = time.perf_counter()
        understanding = matcher.understand(line.text)
        spent.append((time.perf_counter() - begin) * 1000)
        answered.append(understanding.decision == "answer")
        ranked.append([*dict.fromkeys([*understanding.answers, *(m.id for m in understanding.ranked)])][:3])
    return _row("ours", lines, ranked, answered, spent, loaded)


def _threshold(scored: Sequence[tuple[float, bool]]) -> float:
    """The lowest threshold with at most WRONG_AT_MOST wrong answers of all lines."""
    best, wrong = math.inf, 0
    for score, tied in groupby(sorted(scored, reverse=True), key=lambda pair: pair[0]):
        wrong += sum(not right for _, right in tied)
        if wrong > WRONG_AT_MOST * len(scored):
            break
        best = score
    return best


def _row(
    name: str,
    lines: Sequence[Labelled],
    ranked: Sequence[Sequence[str]],
    answered: Sequence[bool],
    spent: Sequence[float],
    loaded: float,
) -> Row:
    scope = [
        (set(line.label), topics, now)
        for line, topics, now in zip(lines, ranked, answered, strict=True)
        if line.in_scope
    ]
    first = [topics[0] in label for label, topics, _ in scope]
    wrong = [now and topics[0] not in line.label for line, topics, now in zip(lines, ranked, answered, strict=True)]
    none = [now for line, now in zip(lines, answered, strict=True) if "none" in line.label]
    return Row(
        name=name,
        top1=_mean(first),
        interval=_bootstrap(first),
        top3=_mean([bool(label & set(topics)) for label, topics, _ in scope]),
        right=_mean([now and topics[0] in label for label, topics, now in scope]),
        wrong=_mean(wrong),
        none_answered=_mean(none),
        p50=float(np.percentile(spent, 50)),
        p99=float(np.percentile(spent, 99)),
        load=loaded,
    )


def _bootstrap(hits: Sequence[bool], rounds: int = 2000) -> tuple[float, float]:
    """The 95 % interval of a share by resampling the lines."""
    rng = random.Random(0)
    shares = sorted(sum(rng.choices(hits, k=len(hits))) / len(hits) for _ in range(rounds))
    return shares[int(0.025 * rounds)], shares[int(0.975 * rounds)]


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


HEAD = (
    "| matcher | top-1 [95 %] | top-3 | right at once | wrong of all | none answered | p50 / p99 ms | load s |\n"
    "|---|---|---|---|---|---|---|---|"
)


def measure_all(content: Content, lines: Sequence[Labelled]) -> Iterator[Row | str]:
    """The head of the table, then each matcher's row as it is measured, or why it is skipped."""
    yield HEAD
    for name, build in RIVALS.items():
        if name in NEEDS and find_spec(NEEDS[name]) is None:
            yield f"| {name} | skipped: {NEEDS[name]} is not installed | | | | | | |"
        else:
            yield measure_rival(name, build, content, lines)
    yield measure_ours(content, lines)


def rendered(row: Row | str) -> str:
    """One line of the table."""
    if isinstance(row, str):
        return row
    low, high = row.interval
    return (
        f"| {row.name} | {row.top1:.3f} [{low:.3f}, {high:.3f}] | {row.top3:.3f} | {row.right:.3f} | {row.wrong:.3f}"
        f" | {row.none_answered:.3f} | {row.p50:.2f} / {row.p99:.2f} | {row.load:.2f} |"
    )


if __name__ == "__main__":
    for measured in measure_all(
        load(Path(sys.argv[2] if len(sys.argv) > 2 else ".")), read_questions(Path(sys.argv[1]))
    ):
        print(rendered(measured), flush=True)
