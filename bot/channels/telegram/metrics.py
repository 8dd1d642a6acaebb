"""What /metrics counts of the Telegram channel: kinds and seconds, never a text, a token or a chat."""

from __future__ import annotations

from functools import cache

from prometheus_client import Counter, Gauge, Histogram

UPDATES = Counter("mainakagi_telegram_updates", "Updates taken up.", ["kind", "outcome"])
"""`outcome`: `answered`, or `left` to Telegram, which sends it again."""

AGAIN = Counter("mainakagi_telegram_again", "Updates that came again and were known as handled.")
GIVEN_UP = Counter("mainakagi_telegram_given_up", "Updates given up with an apology.")

SECONDS = Histogram(
    "mainakagi_telegram_seconds",
    "Seconds from taking an update up to its confirmation.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
)
CALLS = Counter("mainakagi_telegram_calls", "Calls of the Bot API.", ["method", "status"])
SENDS = Counter("mainakagi_telegram_sends", "Steps done in chats.", ["step"])
RETRIES = Counter("mainakagi_telegram_retries", "Calls to be repeated.", ["reason"])
PARKED = Counter("mainakagi_telegram_parked", "Steps parked because they could not go out in time.")
PENDING = Gauge("mainakagi_telegram_pending", "Updates that wait at Telegram for our webhook.")

call, update, send = cache(CALLS.labels), cache(UPDATES.labels), cache(SENDS.labels)
"""What counts these labels, looked up once for each: that takes longer than counting."""
