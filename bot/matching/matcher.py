"""The matcher: a question to ranked entries, a decision, and what was understood.

Four opinions are added up for each entry: a linear layer trained on the FAQ's own wordings
(characters, sounds, words and concepts), the words shared with the nearest wording (BM25), and
the likeness to the nearest wording as written and as heard (rapidfuzz `ratio`). A long message
is also read sentence by sentence. `decision.py` then says whether that is enough to answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.content.model import Content, Entry, Question
from bot.matching import decision
from bot.matching.choosing import choose
from bot.matching.concepts import Concepts, Mention
from bot.matching.kana import read_romaji, sound
from bot.matching.lexical import Lexical
from bot.matching.linear import Features, Linear
from bot.matching.normalise import Spelling, asks, bare, clauses, clean, plain, sentences
from bot.matching.reading import Lexicon, tokens
from bot.matching.understanding import ChoiceMatch, Match, Understanding

Floats = NDArray[np.float32]

OUT_OF_SCOPE, VAGUE = "@none", "@vague"
"""Labels of the vocabulary's examples in the linear layer; @ keeps them apart from entry ids."""

_BLOCKS = {"written": 1.0, "sound": 0.8, "words": 0.9, "concepts": 0.5}
_PENALTY_ASKED, _PENALTY_TOLD = 0.3, 1.0
"""How freely the linear layer may miss a wording, and a sentence of an answer, which says in other
words what the entry is about (+2 points on unseen wordings, docs/matching.md)."""
_WEIGHTS = {"linear": 1.0, "lexical": 0.15, "written": 0.2, "sound": 0.1}
_WHOLE, _BACKGROUND = 0.7, 0.5
"""Share of the whole message where it has several sentences (the best sentence has the rest), and
what a sentence counts that asks nothing."""
_LEADING = 10
_TALK_LIKE = 86
DISTRESS = "distress"
"""The smalltalk that is answered wherever its words stand in a text."""
_CHOICES, _CHOICE_WITHIN = 4, 0.45


@dataclass(frozen=True)
class Prepared:
    """One text in all the forms in which it is compared."""

    text: str
    key: str
    heard: str
    words: tuple[str, ...]
    mentions: tuple[Mention, ...]
    features: Features


@dataclass(frozen=True)
class Evidence:
    """What speaks for each label; arrays are in the order of the labels."""

    total: Floats
    parts: dict[str, Floats]
    nearest: NDArray[np.int64]
    known: float
    length: int


class TrainedMatcher:
    """Understands texts by one Content. Deterministic; built in about a second."""

    def __init__(self, content: Content) -> None:
        vocabulary = content.vocabulary
        self._content = content
        self._spelling = Spelling(vocabulary.synonyms, vocabulary.fillers)
        self._concepts = Concepts(vocabulary.concepts, self._spelling)
        wordings = [(entry.id, text) for entry in content.entries for text in (entry.question, *entry.also_asked)]
        examples = [
            *wordings,
            *((OUT_OF_SCOPE, text) for text in vocabulary.out_of_scope),
            *((VAGUE, text) for text in vocabulary.vague),
        ]
        examples.sort(key=lambda example: example[0])
        labels = [label for label, _ in examples]
        self._lexicon = Lexicon([self._spelling.apply(clean(text)) for _, text in wordings] + _names(content))
        self._wordings = tuple(text for _, text in examples)
        self._keys: list[str] = []
        self._heard: list[str] = []
        words: list[tuple[str, ...]] = []
        told = [(entry.id, sentence) for entry in content.entries for sentence in _told(entry)]
        self._linear = Linear(
            chain(self._examples(words), (self._prepare(self._spell(sentence)).features for _, sentence in told)),
            [*labels, *(label for label, _ in told)],
            _BLOCKS,
            [_PENALTY_ASKED] * len(labels) + [_PENALTY_TOLD] * len(told),
        )
        self._lexical = Lexical(words)
        self.labels = self._linear.labels
        self._starts = np.searchsorted(np.array(labels), np.array(self.labels))
        self._ends = np.append(self._starts[1:], len(labels))
        self._is_entry = np.array([not label.startswith("@") for label in self.labels])
        self._talk: dict[str, str] = {}
        for talk in vocabulary.smalltalk:
            for text in talk.words:
                if len(key := _talk_key(text)) > 1:
                    self._talk.setdefault(key, talk.id)

    def _examples(self, words: list[tuple[str, ...]]) -> Iterator[Features]:
        """The features of each wording in turn; keeps what the other opinions need of it."""
        for text in self._wordings:
            one = self._prepare(self._spell(text))
            self._keys.append(one.key)
            self._heard.append(one.heard)
            words.append(one.words)
            yield one.features

    def understand(self, text: str) -> Understanding:
        whole, units = self._units(text)
        evidence = self._together(whole, units)
        signals = self.signals(evidence)
        understood, conflict = self._concepts.understand(whole.text, whole.mentions)
        entries = self._entries_by_score(evidence)
        right, in_scope = decision.RIGHT.of(signals), decision.IN_SCOPE.of(signals)
        vague = self.labels[int(np.argmax(evidence.parts["linear"]))] == VAGUE
        talk = self._small_talk(text, signals)
        decided = decision.decide(right, in_scope, conflict=conflict, vague=vague, talk=talk is not None)
        return Understanding(
            decision=decided,
            answers=self._answers(entries, units) if decided == "answer" else (),
            choices=self._choices(entries, evidence, vague) if decided == "clarify" else (),
            ranked=tuple(self._match(label, evidence) for label in entries[:10]),
            understood=understood,
            smalltalk=talk if decided == "smalltalk" else None,
        )

    def choose(self, text: str, question: Question) -> ChoiceMatch:
        return choose(text, question, self._spelling)

    # --- from opinions to a decision ------------------------------------------------------

    def _small_talk(self, text: str, signals: decision.Signals) -> str | None:
        """The greeting, thanks … that the whole text is; despair is heard anywhere in it."""
        key = _talk_key(text)
        for word, talk in self._talk.items():
            if talk == DISTRESS and len(word) >= 4 and word in key:
                return talk
        if key in self._talk:
            return self._talk[key]
        near = process.extractOne(key, self._talk.keys(), scorer=fuzz.ratio, score_cutoff=_TALK_LIKE) if key else None
        return self._talk[near[0]] if near and near[1] / 100 > signals.written else None

    def _units(self, text: str) -> tuple[Prepared, tuple[Prepared, ...]]:
        """The whole message, and its sentences if it has several."""
        spelled = self._spell(text)
        parts = [part for part in clauses(spelled) if len(bare(part)) >= 4]
        return self._prepare(spelled), tuple(self._prepare(part) for part in parts) if len(parts) > 1 else ()

    def _together(self, whole: Prepared, units: Sequence[Prepared]) -> Evidence:
        """The evidence of the whole message and of its best sentence, label by label."""
        evidence = self.evidence(whole)
        if not units:
            return evidence
        others = [self.evidence(unit) for unit in units]
        weights = np.array([1.0 if asks(unit.text) else _BACKGROUND for unit in units], dtype=np.float32)
        best = np.argmax(np.stack([other.total for other in others]) * weights[:, None], axis=0)
        columns = np.arange(len(best))
        parts = {
            name: _WHOLE * values
            + (1 - _WHOLE) * weights[best] * np.stack([other.parts[name] for other in others])[best, columns]
            for name, values in evidence.parts.items()
        }
        return Evidence(
            total=_weigh(parts),
            parts=parts,
            nearest=np.stack([other.nearest for other in others])[best, columns],
            known=max(evidence.known, *(other.known for other in others)),
            length=evidence.length,
        )

    def measure(self, text: str) -> tuple[decision.Signals, str]:
        """The signals of a text and the best entry's id, for calibration."""
        evidence = self._together(*self._units(text))
        return self.signals(evidence), self.labels[self._entries_by_score(evidence)[0]]

    def signals(self, evidence: Evidence) -> decision.Signals:
        """What the decision is estimated from."""
        total, linear = evidence.total[self._is_entry], evidence.parts["linear"][self._is_entry]
        top = int(np.argmax(total))
        parts = {name: float(values[self._is_entry][top]) for name, values in evidence.parts.items()}
        agreed = sum(int(np.argmax(values[self._is_entry])) == top for values in evidence.parts.values())
        return decision.Signals(
            linear=parts["linear"],
            margin=_lead(linear, top),
            lead=_lead(total, top),
            written=parts["written"],
            sound=parts["sound"],
            lexical=parts["lexical"],
            known=evidence.known,
            outside=self._linear_of(OUT_OF_SCOPE, evidence),
            vague=self._linear_of(VAGUE, evidence),
            agreed=agreed / len(evidence.parts),
            short=1 / max(1, evidence.length - 2),
        )

    def _linear_of(self, label: str, evidence: Evidence) -> float:
        return float(evidence.parts["linear"][self.labels.index(label)]) if label in self.labels else 0.0

    def _entries_by_score(self, evidence: Evidence) -> list[int]:
        return [int(column) for column in np.argsort(-evidence.total, kind="stable") if self._is_entry[column]]

    def _match(self, column: int, evidence: Evidence) -> Match:
        return Match(
            id=self.labels[column],
            score=round(min(1.0, max(0.0, float(evidence.total[column]) / sum(_WEIGHTS.values()))), 4),
            wording=self._wordings[evidence.nearest[column]],
            parts={name: round(float(values[column]), 4) for name, values in evidence.parts.items()},
        )

    def _answers(self, entries: list[int], units: Sequence[Prepared]) -> tuple[str, ...]:
        """The best entry; or two, if two sentences are each a question with a sure answer."""
        sure: dict[str, None] = {}
        for unit in units:
            if asks(unit.text):
                evidence = self.evidence(unit)
                if decision.RIGHT.of(self.signals(evidence)) >= decision.BOTH_AT:
                    sure[self.labels[self._entries_by_score(evidence)[0]]] = None
        return tuple(sure) if len(sure) == 2 else (self.labels[entries[0]],)

    def _choices(self, entries: list[int], evidence: Evidence, vague: bool) -> tuple[str, ...]:
        """Two to four entries: those close to the best one; for a vague text the usual ones too."""
        best = evidence.total[entries[0]]
        near = [self.labels[c] for c in entries[:_CHOICES] if evidence.total[c] >= best - _CHOICE_WITHIN]
        if vague:
            usual = [entry for entry in self._content.vocabulary.vague_choices if self._content.entry(entry)]
            near = [*near[:2], *usual] if best >= _CHOICE_WITHIN else usual or near
        chosen = list(dict.fromkeys(near))[:_CHOICES]
        return tuple(chosen if len(chosen) > 1 else [self.labels[column] for column in entries[:2]])

    # --- a text in its forms ------------------------------------------------------------

    def _spell(self, text: str) -> str:
        spelled = self._spelling.apply(clean(text))
        restored = self._lexicon.restore(spelled)
        if restored == spelled:
            restored = self._lexicon.correct(spelled)
        return spelled if restored == spelled else self._spelling.apply(restored)

    def _prepare(self, spelled: str) -> Prepared:
        mentions = self._concepts.find(spelled)
        found = tokens(spelled)
        written = bare(spelled)
        key = plain(written)
        heard = sound(bare("".join(token.sound for token in found)))
        words = tuple(token.base for token in found if token.is_content)
        concepts = tuple(dict.fromkeys(("~" if m.standing in ("denied", "fine") else "") + m.concept for m in mentions))
        features = {
            "written": _grams(f"^{key}$", 1, 3),
            "sound": _grams(f"^{heard}$", 2, 3),
            "words": words + tuple(f"{a} {b}" for a, b in pairwise(words)),
            "concepts": concepts + tuple(f"{a}+{b}" for i, a in enumerate(concepts[:8]) for b in concepts[i + 1 : 8]),
        }
        return Prepared(spelled, key, heard, words, mentions, features)

    # --- opinions -----------------------------------------------------------------------

    def evidence(self, one: Prepared) -> Evidence:
        """The opinions on one text. Likeness is looked up only for the labels that lead without it."""
        lexical = self._lexical.scores(one.words)
        by_label: Floats = np.maximum.reduceat(lexical, self._starts)
        parts = {"linear": self._linear.scores(one.features), "lexical": by_label}
        leading = np.argsort(-_weigh(parts), kind="stable")[:_LEADING]
        places = np.concatenate([np.arange(self._starts[label], self._ends[label]) for label in leading])
        bounds = np.cumsum([0, *(self._ends[label] - self._starts[label] for label in leading)])[:-1]
        together = lexical[places]
        nearest = self._starts.copy()
        for name, text, known in (("written", one.key, self._keys), ("sound", one.heard, self._heard)):
            ratios = process.cdist([text], [known[i] for i in places], scorer=fuzz.ratio, dtype=np.float32)[0] / 100
            parts[name] = np.zeros(len(self.labels), dtype=np.float32)
            parts[name][leading] = np.maximum.reduceat(ratios, bounds)
            together = together + ratios
        for label, chunk, begin in zip(leading, np.split(together, bounds[1:]), bounds, strict=True):
            nearest[label] = places[begin + int(np.argmax(chunk))]
        return Evidence(_weigh(parts), parts, nearest, self._lexical.known(one.words), len(one.key))


def _weigh(parts: dict[str, Floats]) -> Floats:
    total: Floats = np.sum([values * np.float32(_WEIGHTS[name]) for name, values in parts.items()], axis=0)
    return total


def _lead(scores: Floats, place: int) -> float:
    """The distance from one score to the best of the others; with no others, to zero."""
    return float(scores[place] - np.max(np.delete(scores, place), initial=0.0))


def _grams(text: str, shortest: int, longest: int) -> tuple[str, ...]:
    return tuple(
        text[begin : begin + size] for size in range(shortest, longest + 1) for begin in range(len(text) - size + 1)
    )


def _talk_key(text: str) -> str:
    return sound(bare(read_romaji(clean(text))))


def _told(entry: Entry) -> list[str]:
    """The sentences of an entry's answer."""
    return [part for part in sentences(f"{entry.answer}\n{entry.more or ''}") if len(part) > 8]


def _names(content: Content) -> list[str]:
    return [text for concept in content.vocabulary.concepts for text in (concept.name, *concept.words)] + list(
        content.vocabulary.synonyms
    )
