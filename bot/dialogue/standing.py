"""What stands on many screens: whom the guidance is for, urgent notices, whom to call, where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from bot.content.model import NO_DATE, Content, Source
from bot.dialogue.dates import TOKYO, clock, in_words, is_open, month_in_words, open_days, sets_closed_days
from bot.dialogue.replies import Block, SourceRef, Sources, Text, Warning

LISTED = 256
"""Lists of sources that are kept ready: one for each answer, one for each kind of result."""


class Standing:
    """The standing parts for one Content."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._city = content.municipality
        self._say = content.words
        self._sources_on = lru_cache(LISTED)(self._listed)

    def notices(self, now: datetime) -> list[Block]:
        """The urgent notices of this moment (counter rule 18)."""
        local = now.astimezone(TOKYO)
        return [Warning(notice.text) for notice in self._content.notices if notice.shown_at(local)]

    def sample(self) -> list[Block]:
        """A warning if this is no real city (counter rule 10)."""
        if not self._city.sample:
            return []
        name = self._city.name or self._say("sample.no-name")
        return [Warning(self._say("sample", name=name))]

    def whose_city(self) -> list[Block]:
        """Whom this guidance is for (counter rule 10)."""
        if self._city.sample:
            return []
        if self._city.name:
            return [Text(self._say("city.whose", name=self._city.name))]
        return [Text(self._say("city.none"))]

    def phones(self) -> list[Block]:
        """Whom to call, and when as far as it is known."""
        lines = [self._say("phones.office", phone=self._content.city_text("phone"))]
        hours = self._city.hours
        lines.append(self._say("hours", hours=hours) if hours else self._say("hours.ask"))
        line = self._content.facts.get("mynumber-line")
        if line is not None:
            lines.append(self._say("phones.line", line=line.value, label=line.label or ""))
        return [Text("\n".join(lines))]

    def open_now(self, now: datetime) -> list[Block]:
        """Whether the office is open now; nothing unless the city has set hours and closed days (rule 13)."""
        city, local = self._city, now.astimezone(TOKYO)
        opens, closes = clock(city.opens), clock(city.closes)
        if opens is None or closes is None or not sets_closed_days(local.date(), city):
            return []
        today, at = local.date(), local.time()
        special = today in city.weekend_days or (today in city.evening_days and at >= closes)
        if special:  # its hours are not those of a weekday
            return [Text(self._say("hours.ask"))]
        if is_open(today, city) and opens <= at < closes:
            return [Text(self._say("hours.open", closes=city.closes))]
        before = is_open(today, city) and at < opens
        following = (today,) if before else open_days(today, city, 1, reserved=False)
        if not following:
            return []
        day = in_words(following[0], self._say)
        if following[0] in city.weekend_days:
            return [Text(self._say("hours.closed-day", day=day))]
        return [Text(self._say("hours.closed", day=day, opens=city.opens))]

    def fact(self, name: str) -> str:
        """The value of a fact; the city's phone where the content has no such fact."""
        fact = self._content.facts.get(name)
        return fact.value if fact else self._content.city_text("phone")

    def sources(self, names: Iterable[str | None], today: date) -> Sources:
        """The named sources with what may be said about their freshness on the day (counter rule 11)."""
        return self._sources_on(tuple(name for name in names if name), today)

    def _listed(self, names: tuple[str, ...], today: date) -> Sources:
        """As `sources`; called through `_sources_on`, which keeps what it gives: the same for all on a day."""
        known = self._content.sources
        listed = [known[name] for name in dict.fromkeys(names) if name in known]
        items = tuple(SourceRef(source.name, source.url, self._date(source)) for source in listed)
        return Sources(items, self._freshness(listed, today))

    def _freshness(self, sources: list[Source], today: date) -> str:
        said = self._checked(sources)
        if any(source.is_old(today) for source in sources) or self._city.is_old(today):
            return self._say("sentences", first=said, second=self._say("fresh.old"))
        return said

    def _checked(self, sources: list[Source]) -> str:
        """Who last saw that it is so, and when; of several sources the oldest, so that it is not too much."""
        confirmed = [source.confirmed_by_city_on for source in sources]
        if sources and all(confirmed):
            first = min(day for day in confirmed if day)
            return self._say("fresh.confirmed", month=month_in_words(first, self._say))
        read = min((source.read_on for source in sources), default=None)
        said = self._say("fresh.read", month=month_in_words(read, self._say)) if read else self._say("fresh.unread")
        whose = self._say("fresh.not-this-city" if self._city.known else "fresh.not-your-city")
        return self._say("sentences", first=said, second=whose)

    def _date(self, source: Source) -> str:
        return self._say("source.no-date") if source.source_date == NO_DATE else source.source_date
