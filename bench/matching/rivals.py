"""Simpler matchers, each as its library or its users have it: raw text, no normalisation of ours.

Each learns the same wordings as ours does (questions, `also_asked`, situations) and ranks the topics by
their nearest wording, or as its classifier says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.util import find_spec

import numpy as np
from rapidfuzz import fuzz, process

from bot.content.model import Content
from bot.matching.reading import tokens

Ranker = Callable[[str], Sequence[tuple[str, float]]]
"""From a text to the topics, best first, with scores."""


@dataclass(frozen=True)
class Rival:
    """How to build a matcher, and the module it needs besides ours."""

    build: Callable[[Content], Ranker]
    needs: str = ""
    every: int = 1
    """Only each so-manieth line is asked of a very slow one."""

    @property
    def is_installed(self) -> bool:
        return not self.needs or find_spec(self.needs) is not None


def wordings(content: Content) -> list[tuple[str, str]]:
    """Every topic and text that a rival learns."""
    return [
        (entry.id, text)
        for entry in content.entries
        for text in (entry.question, *entry.also_asked, *content.situations.get(entry.id, ()))
    ]


def by_rapidfuzz(scorer: Callable[..., float]) -> Callable[[Content], Ranker]:
    """The nearest wording by a scorer of rapidfuzz."""

    def build(content: Content) -> Ranker:
        topics, texts = _learnt(content)
        return lambda text: topics.ranked(process.cdist([text], texts, scorer=scorer)[0])

    return build


def by_difflib(content: Content) -> Ranker:
    """ChatterBot's LevenshteinDistance: difflib's ratio of the lower-case texts."""
    topics, texts = _learnt(content)
    texts = [text.lower() for text in texts]
    return lambda text: topics.ranked([SequenceMatcher(None, text.lower(), known).ratio() for known in texts])


def by_fts5(content: Content) -> Ranker:
    """SQLite's full-text search with its trigram tokenizer, all trigrams of the text joined by OR."""
    topics, texts = _learnt(content)
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table wording using fts5(text, tokenize='trigram')")
    base.executemany("insert into wording(rowid, text) values (?, ?)", list(enumerate(texts, start=1)))

    def rank(text: str) -> Sequence[tuple[str, float]]:
        trigrams = {text[begin : begin + 3].replace('"', '""') for begin in range(len(text) - 2)}
        scores = [0.0] * len(texts)
        if trigrams:
            asked = " OR ".join(f'"{trigram}"' for trigram in sorted(trigrams))
            for row, score in base.execute("select rowid, -rank from wording where wording match ?", (asked,)):
                scores[row - 1] = score
        return topics.ranked(scores)

    return rank


def by_tfidf(content: Content) -> Ranker:
    """scikit-learn's tf-idf of character 1-3-grams, and the cosine to each wording."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    topics, texts = _learnt(content)
    features = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    known = features.fit_transform(texts).T.tocsr()
    return lambda text: topics.ranked((features.transform([text]) @ known).toarray()[0])


def by_bm25(content: Content) -> Ranker:
    """BM25 as bm25s has it, over SudachiPy's content words."""
    import bm25s

    topics, texts = _learnt(content)
    index = bm25s.BM25()
    index.index([_words(text) for text in texts], show_progress=False)

    def rank(text: str) -> Sequence[tuple[str, float]]:
        words = [word for word in _words(text) if word in index.vocab_dict]
        return topics.ranked(index.get_scores(words) if words else [0.0] * len(texts))

    return rank


def by_linear_svc(content: Content) -> Ranker:
    """scikit-learn's LinearSVC on the tf-idf of character 1-3-grams."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    labels, texts = zip(*wordings(content), strict=True)
    features = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    model = LinearSVC(random_state=0).fit(features.fit_transform(texts), labels)
    topics = Topics(model.classes_.tolist())
    return lambda text: topics.ranked(model.decision_function(features.transform([text]))[0])


def _words(text: str) -> list[str]:
    return [token.base for token in tokens(text) if token.is_content]


class Topics:
    """From a score of each wording to the topics by their best one."""

    def __init__(self, labels: Sequence[str]) -> None:
        """`labels` are the topics of the wordings; those of one topic stand together."""
        self._topics, starts = np.unique(np.array(labels), return_index=True)
        self._order = np.argsort(starts)
        self._starts = starts[self._order]

    def ranked(self, scores: Sequence[float]) -> list[tuple[str, float]]:
        """The topics, best first; of equal ones the first by name."""
        best = np.empty(len(self._topics))
        best[self._order] = np.maximum.reduceat(np.asarray(scores, dtype=float), self._starts)
        return [(str(self._topics[at]), float(best[at])) for at in np.argsort(-best, kind="stable")]


def _learnt(content: Content) -> tuple[Topics, tuple[str, ...]]:
    labels, texts = zip(*wordings(content), strict=True)
    return Topics(labels), texts


RIVALS: Mapping[str, Rival] = {
    "rapidfuzz WRatio": Rival(by_rapidfuzz(fuzz.WRatio)),
    "rapidfuzz ratio": Rival(by_rapidfuzz(fuzz.ratio)),
    "ChatterBot (difflib)": Rival(by_difflib, every=8),
    "SQLite FTS5 trigram": Rival(by_fts5),
    "TF-IDF, characters": Rival(by_tfidf, "sklearn"),
    "BM25 (bm25s), Sudachi": Rival(by_bm25, "bm25s"),
    "LinearSVC, characters": Rival(by_linear_svc, "sklearn"),
}
