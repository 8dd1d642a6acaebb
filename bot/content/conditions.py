"""When a question is asked, an item listed, a rule applied: `when`, as plain data.

In YAML a `when` is a mapping whose keys are ANDed and whose lists are ORed::

    when:
      visitor: [self, together]           # the answer to the question `visitor` is one of these
      city.self_id_rule: card_only        # a setting of the municipality
      not: {state: expired}               # none of this holds
      any: [{pin: both}, {pin: unknown}]  # at least one of these holds
      count: {tag: photo, at_least: 2}    # so many chosen choices carry the tag

A key that is answered with several choices (a `many` question, or `pin` in items and
rules) holds if at least one of its values is listed. Conditions know nothing of flows:
they are asked with a function from key to values, so the engine, the prover and the
diagram read the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

Lookup = Callable[[str], Iterable[str]]
"""From a key (`visitor`, `city.self_id_rule`, `route`, `pin`, `tag:photo`) to its values now.

For `tag:NAME` one value is returned per chosen choice that carries the tag.
"""


@dataclass(frozen=True)
class Condition:
    """One `when`. Empty holds always."""

    answered: tuple[tuple[str, frozenset[str]], ...] = ()
    none_of: tuple[Condition, ...] = ()
    any_of: tuple[tuple[Condition, ...], ...] = ()
    counts: tuple[Count, ...] = ()

    def holds(self, lookup: Lookup) -> bool:
        # Plain loops: the prover asks this some fifty million times, and generators cost it 40 %.
        for key, values in self.answered:
            if values.isdisjoint(lookup(key)):
                return False
        for condition in self.none_of:
            if condition.holds(lookup):
                return False
        for group in self.any_of:
            for condition in group:
                if condition.holds(lookup):
                    break
            else:
                return False
        for count in self.counts:  # noqa: SIM110
            if not count.holds(lookup):
                return False
        return True

    def keys(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Every key with the values it is compared with, also inside `not`, `any` and `count`."""
        yield from self.answered
        for condition in self.none_of:
            yield from condition.keys()
        for group in self.any_of:
            for condition in group:
                yield from condition.keys()
        for count in self.counts:
            yield f"tag:{count.tag}", frozenset()


@dataclass(frozen=True)
class Count:
    """So many of the chosen choices carry a tag."""

    tag: str
    at_least: int = 0
    at_most: int | None = None

    def holds(self, lookup: Lookup) -> bool:
        chosen = sum(1 for _ in lookup(f"tag:{self.tag}"))
        return self.at_least <= chosen and (self.at_most is None or chosen <= self.at_most)


ALWAYS = Condition()
