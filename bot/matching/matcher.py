"""The matcher: a question to ranked entries, a decision, and what was understood.

Several opinions are added up for each entry: a linear layer trained on the FAQ's own wordings
(characters, sounds, words and concepts), the words shared with the nearest wording (BM25), how
much of the text's words and concepts the entry accounts for, and the likeness to the nearest
wording as written and as heard (rapidfuzz `ratio`). A long message is also read sentence by
sentence. `decision.py` then says whether that is enough to answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.content.model import Content, Question
from bot.matching import decision
from bot.matching.choosing import Names, choose, names_of
from bot.matching.concepts import Heard
from bot.matching.forms import BLOCKS, Forms, Prepared, features, weights
from bot.matching.kana import read_romaji, sound
from bot.matching.learning import OUT_OF_SCOPE, VAGUE, Cache, learn
from bot.matching.lexical import Lexical
from bot.matching.linear import Linear
from bot.matching.normalise import asks, bare, clean
from bot.matching.pins import Named
from bot.matching.reading import Lexicon
from bot.matching.understanding import ChoiceMatch, Match, Understanding
from bot.matching.vocabulary import Vocabulary

Floats = NDArray[np.float32]

_WEIGHTS = {"linear": 1.0, "lexical": 0.075, "words": 0.05, "concepts": 0.1, "written": 0.15, "sound": 0.1}
_WHOLE = 0.7
"""Share of the whole message where it has several sentences; the best sentence has the rest."""
_ASIDE = 0.4
"""Share of the message without the names of its PINs, where it has some (`aside.py`)."""
_LEADING = 10
_LOOKED_AT = 300
"""Labels for which the likeness to their wordings is looked up, and the wordings that are compared at most:
those that share the most words."""
_TALK_LIKE = 86
DISTRESS = "distress"
"""The smalltalk that is answered wherever its words stand in a text."""
_CHOICES, _CHOICE_WITHIN = 4, 0.6


@dataclass(frozen=True)
class Evidence:
    """What speaks for each label; arrays are in the order of the labels."""

    total: Floats
    parts: dict[str, Floats]
    nearest: NDArray[np.int64]
    known: float
    length: int


@dataclass(frozen=True)
class Reading:
    """A message as it was read: whole, by sentence if it has several, and all of it together."""

    whole: Prepared
    units: tuple[Prepared, ...]
    by_unit: tuple[Evidence, ...]
    evidence: Evidence
    likeness: Floats
    """How like the whole text, as it stands, is to the nearest wording of each label."""


class TrainedMatcher:
    """Understands texts by one Content. Deterministic; built in seconds, or far less from a cache."""

    def __init__(self, content: Content, cache: Cache | None = None) -> None:
        learnt = learn(content, cache)
        self._content = content
        self._forms = Forms(Vocabulary.of(content.vocabulary), Lexicon.from_lines(learnt.lines("lexicon")))
        self._names: dict[int, tuple[Question, Names]] = {}
        self._wordings = learnt.wordings
        self._keys, self._heard = (np.array(learnt.lines(name), dtype=object) for name in ("written", "sound"))
        self.labels = tuple(sorted(set(learnt.labels)))
        self._linear = Linear(self.labels, BLOCKS, learnt.linear)
        columns = np.searchsorted(np.array(self.labels), np.array(learnt.labels)).astype(np.int64)
        self._words, self._concepts = (
            Lexical(learnt.arrays[name], learnt.arrays[f"{name}-each"], columns, len(self.labels))
            for name in ("words", "concepts")
        )
        self._columns = columns
        self._starts = np.searchsorted(columns, np.arange(len(self.labels)))
        self._ends = np.append(self._starts[1:], len(columns))
        self._is_entry = np.array([not label.startswith("@") for label in self.labels])
        self._talk: dict[str, str] = {}
        for talk in content.vocabulary.smalltalk:
            for text in talk.words:
                if len(key := _talk_key(text)) > 1:
                    self._talk.setdefault(key, talk.id)

    def understand(self, text: str) -> Understanding:
        reading = self._read(text)
        evidence = reading.evidence
        signals = self.signals(reading)
        heard = self._forms.concepts.understand(reading.whole.text, reading.whole.mentions)
        entries = self._entries_by_score(evidence)
        right, in_scope = decision.RIGHT.of(signals), decision.IN_SCOPE.of(signals)
        vague = self.labels[int(np.argmax(evidence.parts["linear"]))] == VAGUE
        talk = self._small_talk(text, signals)
        answers = self._answers(entries, reading)
        like, lead = float(reading.likeness[entries[0]]), _lead(reading.likeness, entries[0])
        said = like >= decision.SAID_AT and lead >= decision.SAID_LEAD
        conflict = heard.conflict or any(self._another_pin(entry, heard, reading.whole) for entry in answers)
        decided = decision.decide(right, in_scope, conflict=conflict, vague=vague, talk=talk is not None, said=said)
        return Understanding(
            decision=decided,
            answers=answers if decided == "answer" else (),
            choices=self._choices(entries, evidence, vague) if decided == "clarify" else (),
            ranked=tuple(self._match(label, evidence) for label in entries[:10]),
            understood=heard.understood,
            smalltalk=talk if decided == "smalltalk" else None,
        )

    def choose(self, text: str, question: Question) -> ChoiceMatch:
        known = self._names.get(id(question))
        if known is None:  # the question is kept beside its names, so its id stays its own
            known = self._names[id(question)] = (question, names_of(question, self._forms.spelling))
        return choose(text, question, known[1], self._forms.spelling)

    def named(self, text: str) -> tuple[str, tuple[Named, ...]]:
        """The text as its PINs are read in it, and the PINs that it names; for `bench.training`."""
        whole, _ = self._forms.read(text)
        return self._forms.concepts.named_things(whole.text, whole.mentions)

    def measure(self, text: str) -> tuple[decision.Signals, str]:
        """The signals of a text and the best entry's id, for calibration."""
        reading = self._read(text)
        return self.signals(reading), self.labels[self._entries_by_score(reading.evidence)[0]]

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

    def _read(self, text: str) -> Reading:
        """A message and the evidence of the whole of it and of its best sentence, label by label."""
        whole, units = self._forms.read(text)
        evidence = self.evidence(whole)
        aside = self._forms.without_pins(whole)
        if not units:
            return Reading(whole, (), (), self._with_aside(evidence, aside), evidence.parts["written"])
        others = tuple(self.evidence(unit) for unit in units)
        counts = np.array(weights(units), dtype=np.float32)
        best = np.argmax(np.stack([other.total for other in others]) * counts[:, None], axis=0)
        columns = np.arange(len(best))
        parts = {
            name: _WHOLE * values
            + (1 - _WHOLE) * counts[best] * np.stack([other.parts[name] for other in others])[best, columns]
            for name, values in evidence.parts.items()
        }
        together = Evidence(
            total=_weigh(parts),
            parts=parts,
            nearest=np.stack([other.nearest for other in others])[best, columns],
            known=max(evidence.known, *(other.known for other in others)),
            length=evidence.length,
        )
        return Reading(whole, units, others, self._with_aside(together, aside), evidence.parts["written"])

    def _with_aside(self, evidence: Evidence, aside: Prepared | None) -> Evidence:
        if aside is None:
            return evidence
        other = self.evidence(aside)
        parts = {name: (1 - _ASIDE) * values + _ASIDE * other.parts[name] for name, values in evidence.parts.items()}
        return replace(evidence, total=_weigh(parts), parts=parts)

    def signals(self, reading: Reading) -> decision.Signals:
        """What the decision is estimated from."""
        return self._signals(reading.evidence, len(reading.units))

    def _signals(self, evidence: Evidence, sentences: int = 0) -> decision.Signals:
        parts = {name: values[self._is_entry] for name, values in evidence.parts.items()}
        total, linear = evidence.total[self._is_entry], parts["linear"]
        top = int(np.argmax(total))
        outside, vague = self._linear_of(OUT_OF_SCOPE, evidence), self._linear_of(VAGUE, evidence)
        return decision.Signals(
            linear=float(linear[top]),
            margin=_lead(linear, top),
            lead=_lead(total, top),
            written=float(parts["written"][top]),
            sound=float(parts["sound"][top]),
            lexical=float(parts["lexical"][top]),
            words=float(parts["words"][top]),
            concepts=float(parts["concepts"][top]),
            known=evidence.known,
            outside=outside,
            vague=vague,
            elsewhere=max(outside, vague),
            agreed=sum(int(np.argmax(values)) == top for values in parts.values()) / len(parts),
            short=1 / max(1, evidence.length - 2),
            sentences=min(4, sentences) / 4,
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

    def _answers(self, entries: list[int], reading: Reading) -> tuple[str, ...]:
        """The best entry; or two, if two sentences are each a question with a sure answer."""
        sure: dict[str, None] = {}
        for unit, evidence in zip(reading.units, reading.by_unit, strict=True):
            if asks(unit.text) and decision.RIGHT.of(self._signals(evidence)) >= decision.BOTH_AT:
                sure[self.labels[self._entries_by_score(evidence)[0]]] = None
        return tuple(sure) if len(sure) == 2 else (self.labels[entries[0]],)

    def _another_pin(self, entry_id: str, heard: Heard, whole: Prepared) -> bool:
        """True if the entry's guide would begin with another PIN than the text speaks of."""
        entry = self._content.entry(entry_id)
        if entry is None or entry.guide is None or (flow := self._content.flows.get(entry.guide.flow)) is None:
            return False
        begun: set[str] = set()
        for name, chosen in entry.guide.answers.items():
            question = flow.question(name)
            choice = question.choice(chosen) if question and question.prefill == "pin" else None
            begun.update(choice.said if choice else ())
        if not begun or heard.understood.pin is not None:
            return bool(begun) and heard.understood.pin not in begun
        spared = self._forms.concepts.spared(whole.mentions)
        named = self._forms.concepts.named(whole.mentions)
        fitting = {"both", "sign", "user"} if "both" in begun else begun
        return bool(begun & spared or ("both" in begun and spared) or named - fitting or fitting & heard.unlikely)

    def _choices(self, entries: list[int], evidence: Evidence, vague: bool) -> tuple[str, ...]:
        """Two to four entries: those close to the best one; for a vague text the usual ones too."""
        best = evidence.total[entries[0]]
        near = [self.labels[c] for c in entries[:_CHOICES] if evidence.total[c] >= best - _CHOICE_WITHIN]
        if vague:
            usual = [entry for entry in self._content.vocabulary.vague_choices if self._content.entry(entry)]
            near = [*near[:2], *usual] if best >= _CHOICE_WITHIN else usual or near
        chosen = list(dict.fromkeys(near))[:_CHOICES]
        return tuple(chosen if len(chosen) > 1 else [self.labels[column] for column in entries[:2]])

    # --- opinions -----------------------------------------------------------------------

    def evidence(self, one: Prepared) -> Evidence:
        """The opinions on one text. Likeness is looked up only for the labels that lead without it."""
        lexical = self._words.scores(one.words)
        by_label: Floats = np.maximum.reduceat(lexical, self._starts)
        parts = {"linear": self._linear.scores(features([one])), "lexical": by_label}
        parts |= {"words": self._words.covered(one.words), "concepts": self._concepts.covered(one.concepts)}
        leading = np.argsort(-_weigh(parts), kind="stable")[:_LEADING]
        places = np.concatenate([np.arange(self._starts[label], self._ends[label]) for label in leading])
        if len(places) > _LOOKED_AT:
            places = places[_largest(lexical[places], _LOOKED_AT)]
        columns = self._columns[places]
        together = lexical[places]
        for name, text, known in (("written", one.key, self._keys), ("sound", one.heard, self._heard)):
            ratios = process.cdist([text], known[places].tolist(), scorer=fuzz.ratio, dtype=np.float32)[0] / 100
            parts[name] = np.zeros(len(self.labels), dtype=np.float32)
            np.maximum.at(parts[name], columns, ratios)
            together = together + ratios
        nearest = self._starts.copy()
        worst_first = np.argsort(-together, kind="stable")[::-1]
        nearest[columns[worst_first]] = places[worst_first]
        return Evidence(_weigh(parts), parts, nearest, self._words.known(one.words), len(one.key))


def _weigh(parts: dict[str, Floats]) -> Floats:
    total: Floats = np.sum([values * np.float32(_WEIGHTS[name]) for name, values in parts.items()], axis=0)
    return total


def _largest(scores: Floats, count: int) -> NDArray[np.int64]:
    """The places of the `count` largest of more scores, in order; of equal ones the first.

    Of 100,000 wordings a text may have to choose among 20,000: a partition takes a third of the time of sorting.
    """
    cut = np.partition(scores, len(scores) - count)[len(scores) - count]
    above = np.flatnonzero(scores > cut)
    return np.sort(np.concatenate([above, np.flatnonzero(scores == cut)[: count - len(above)]]))


def _lead(scores: Floats, place: int) -> float:
    """The distance from one score to the best of the others; with no others, to zero."""
    return float(scores[place] - np.max(np.delete(scores, place), initial=0.0))


def _talk_key(text: str) -> str:
    return sound(bare(read_romaji(clean(text))))
