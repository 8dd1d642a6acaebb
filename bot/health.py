"""Whether this process works, for /healthz, /readyz and /metrics."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

from bot.assistant import tokyo_now
from bot.channels.telegram.bot import TelegramBot
from bot.live import Live
from bot.usage.figures import freshness

OUT_OF_TOUCH = 150.0
"""Seconds without a word from Telegram that are too many: polls take 25, and the webhook is looked at each minute."""

MOST_REASONS = 5
"""Reasons at /healthz; all stand in the log."""


@dataclass(frozen=True)
class Health(Collector):
    """What there is to say about the content that serves and about Telegram (None: not used here)."""

    live: Live
    bot: TelegramBot | None

    @contextmanager
    def in_metrics(self) -> Iterator[None]:
        """While the context lasts, /metrics says it too."""
        REGISTRY.register(self)
        try:
            yield
        finally:
            REGISTRY.unregister(self)

    def report(self) -> dict[str, object]:
        """`ready`: citizens are answered on every channel. `status` is `ok`, `starting` or `impaired`.

        `content_problems` counts what keeps the files as they are now from going live, and
        `content_reasons` says the first of it: sentences about files of ours, nothing of a citizen.
        """
        report: dict[str, object] = {"status": "ok", "ready": True, "content_problems": len(self.live.problems)}
        if self.live.problems:
            report["content_reasons"] = [str(problem) for problem in self.live.problems[:MOST_REASONS]]
        impaired = bool(self.live.problems)
        if self.bot is not None:
            silent = self._silent()
            reachable = silent is not None and silent < OUT_OF_TOUCH
            impaired = impaired or self.bot.is_store_down or not reachable
            report["ready"] = self.bot.ready.is_set()
            report["store"] = "down" if self.bot.is_store_down else "ok"
            report["telegram"] = {"reachable": reachable, "silent_seconds": silent and round(silent)}
        if not report["ready"]:
            report["status"] = "starting"
        elif impaired:
            report["status"] = "impaired"
        return report

    def collect(self) -> list[GaugeMetricFamily]:
        """For prometheus-client."""
        age = time.time() - self.live.assistant.since.timestamp()
        found = {
            "content_problems": ("Mistakes that keep the saved files from going live.", len(self.live.problems)),
            "content_age_seconds": ("Seconds since this content went live.", age),
        }
        if self.bot is not None:
            found["store_down"] = ("1 while the store does not answer.", int(self.bot.is_store_down))
            found["telegram_ready"] = ("1 once registered with Telegram.", int(self.bot.ready.is_set()))
            if (silent := self._silent()) is not None:
                found["telegram_silent_seconds"] = ("Seconds since Telegram answered or called.", silent)
        families = [GaugeMetricFamily(f"mainakagi_{name}", help, value=value) for name, (help, value) in found.items()]
        return [*families, self._sources()]

    def _sources(self) -> GaugeMetricFamily:
        """How many sources are old, soon old, fresh today."""
        ages = freshness(self.live.assistant.content, tokyo_now().date())
        family = GaugeMetricFamily(
            "mainakagi_sources", "Sources by the time since they were last checked.", labels=["age"]
        )
        for age, number in (("old", len(ages.old)), ("soon", len(ages.soon)), ("fresh", ages.fresh)):
            family.add_metric([age], number)
        return family

    def _silent(self) -> float | None:
        if self.bot is None or self.bot.last_contact is None:
            return None
        return max(0.0, time.time() - self.bot.last_contact)
