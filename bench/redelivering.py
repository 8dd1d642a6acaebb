"""Every update comes again and again, at once and later, also after a restart: it must be answered once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from bot.channels.telegram.delivery import Delivery, Respond
from bot.channels.telegram.incoming import Incoming
from bot.channels.telegram.sender import UNLIMITED, Sender
from bot.dialogue.replies import Commanded, Event, Pressed, Said
from bot.stores.store import Store


class Counted:
    """A Bot API that takes everything and counts the messages of each chat."""

    def __init__(self) -> None:
        self.messages: Counter[int] = Counter()

    async def call(self, method: str, fields: dict[str, Any], **_: Any) -> None:
        await asyncio.sleep(0)
        if method in ("sendMessage", "editMessageText"):
            self.messages[fields["chat_id"]] += 1


def acts(people: int, button: str, typed: Sequence[str]) -> list[Incoming]:
    """Four things that each person does."""
    done: list[Incoming] = []
    for chat in range(1, people + 1):
        events: tuple[Event, ...] = (
            Commanded("guide"),
            Pressed(button),
            Said(typed[chat % len(typed)]),
            Said("本人が行く"),
        )
        done += [Incoming(4 * chat + number, chat, event, time.time()) for number, event in enumerate(events)]
    return done


async def redeliver(
    updates: Sequence[Incoming],
    times: int,
    respond: Respond,
    store: Store,
    chance: random.Random,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[int, int]:
    """Deliver all, and then each so many `times` again, in any order, to this delivery and to one after a restart.

    Returns how many redeliveries there were and how many messages came of them.
    """
    api = Counted()

    def delivery() -> Delivery:
        sender = Sender(api, UNLIMITED, store.pace)  # type: ignore[arg-type]
        return Delivery(respond, store, sender, "7", budget=30.0, updates_per_minute=1e9)

    first = delivery()
    for start in range(0, len(updates), 200):
        await asyncio.gather(*(_until_taken(first, update) for update in updates[start : start + 200]))
    await _until_delivered(store)
    once = Counter(api.messages)
    again = [update for update in updates for _ in range(times)]
    chance.shuffle(again)
    deliveries = first, delivery()
    for start in range(0, len(again), 200):
        part = again[start : start + 200]
        await asyncio.gather(*(_until_taken(deliveries[n % 2], update) for n, update in enumerate(part)))
        progress(start + len(part))
    await _until_delivered(store)
    return len(again), sum((api.messages - once).values())


async def _until_delivered(store: Store) -> None:
    """Until nothing is parked any more: the later replies of a turn follow its first one."""
    while await store.parked():  # noqa: ASYNC110 - the couriers' work
        await asyncio.sleep(0.05)


async def _until_taken(delivery: Delivery, update: Incoming) -> None:
    """As Telegram does: again until it is taken, as after a lease that was lost on a busy machine."""
    while not await delivery.handle(update):  # noqa: ASYNC110 - a call that failed, not a state
        await asyncio.sleep(0.05)
