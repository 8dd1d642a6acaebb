"""One update, answered exactly once as far as the Bot API allows.

1. Load the record and let the assistant respond to its token.
2. Do the steps of the turn up to the first that people see.
3. In one transaction save where the turn led, mark the update handled and park the steps that are left.

Only then does the caller confirm the update to Telegram. Killed anywhere before, the same update comes
again and is computed from the same start, for nothing was saved: what was typed is applied once, and at
most the step in flight is repeated. Parked steps are finished replies, kept encrypted for at most 24
hours; a courier delivers them at once and in order, and later replies of the same chat queue up behind
them. So no update holds back those behind it for longer than its first reply takes: polling sees only
the next hundred.

A tick on a checklist is such an update too. What is ticked stands in the record, which wins over what
the pressed buttons showed: of ten quick taps, each saw the list before the other nine.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from telegram.error import BadRequest

from bot.channels.telegram import metrics
from bot.channels.telegram.handing import Handing
from bot.channels.telegram.incoming import Elsewhere, Incoming
from bot.channels.telegram.quiet import describe
from bot.channels.telegram.render import Message
from bot.channels.telegram.sender import Gone, Postponed, Sender, instead_of
from bot.channels.telegram.steps import Delete, Mark, Send, SendFile, Step, pack_step, plan, unpack_step
from bot.content.words import IN_JAPANESE, Words
from bot.dialogue.engine import token_in
from bot.dialogue.replies import Event, Heard, Pressed, Ticks, Turn, as_it_is
from bot.stores.store import (
    Asked,
    Conversation,
    LeaseLost,
    Parcel,
    Record,
    Store,
    StoreError,
    Ticked,
    Turnstile,
)

log = logging.getLogger(__name__)

Respond = Callable[[str | None, Event], Turn]
"""The assistant: the token before and what the person did, to a Turn. Quick, without I/O."""

TRIES = 3
"""After so many failures an update is given up with an apology."""

FILE_TRIES = 8
"""After so many tries in a row that failed while Telegram answered something else, a parked file gives way to what is
parked behind it: not after an outage."""

TICKS = 3
"""How many more ticks than other updates a chat may send in a minute: a list is ticked in one go."""


class _NotDeleted(StoreError):
    """A person wanted the record deleted, and it stands."""


WordsOf = Callable[[str | None, str], Words]
"""The program's sentences in the language of a token; without one, in that of the person's app, if there is such."""


class Delivery:
    """Answers updates of private chats, those of one chat one after another.

    What is not out `budget` seconds after its update was taken up is parked.
    """

    def __init__(
        self,
        respond: Respond,
        store: Store,
        sender: Sender,
        bot_id: str,
        *,
        budget: float,
        updates_per_minute: float,
        handing: Callable[[], Handing] = Handing,
        words_of: WordsOf = lambda token, speaks: IN_JAPANESE,
        hear: Callable[[Heard], None] = lambda heard: None,
        give: Callable[[Turn], Awaitable[Turn]] = as_it_is,
        is_store_down: Callable[[], bool] = lambda: False,
    ) -> None:
        self._words_of, self._hear, self._give = words_of, hear, give
        self._handing = handing
        self._respond, self._store, self._sender, self._bot_id = respond, store, sender, bot_id
        self._budget, self._frequency = budget, _Frequency(updates_per_minute)
        self._tick_frequency = _Frequency(updates_per_minute * TICKS)
        self._lanes = Turnstile()
        self._waiting = Counter[tuple[int, int]]()
        self._latest: dict[tuple[int, int], Ticks] = {}
        self._couriers: dict[int, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self._albums: dict[int, tuple[str, int]] = {}
        self._is_store_down, self._told_of_outage = is_store_down, set[int]()

    async def handle(self, incoming: Incoming | Elsewhere, *, tries: int = 1) -> bool:
        """Answer or park this update, trying up to `tries` times in place. Never raises.

        True if the update may be confirmed to Telegram, False if it should come again.
        """
        shown = _list_of(incoming)
        if shown:
            self._waiting[shown] += 1
        async with self._lanes.pass_through(str(incoming.chat_id)):
            if shown:
                self._waiting[shown] -= 1
            for attempt in range(tries):
                if attempt:
                    await asyncio.sleep(0.2 * 2**attempt)
                if await self._attempt(incoming):
                    return True
            return False

    async def resume(self) -> None:
        """Start a courier for every chat that has parked steps and no courier yet."""
        for payload in await self._store.parked():
            try:
                chat_id, _ = unpack_step(payload)
            except (ValueError, KeyError, TypeError):
                continue  # of another version; it is swept within a day
            self._start_courier(chat_id)

    def tidy(self) -> None:
        """Drop what is remembered of chats that have been quiet for a while."""
        self._frequency.tidy()
        self._tick_frequency.tidy()
        self._waiting = +self._waiting
        self._latest = {shown: ticks for shown, ticks in self._latest.items() if self._waiting[shown]}
        self._albums.clear()
        if not self._is_store_down():
            self._told_of_outage.clear()

    async def stop(self, deadline: float) -> None:
        """Let the couriers deliver what can go out at once, until `deadline`; the rest stays in the store."""
        self._stopping.set()
        couriers = list(self._couriers.values())
        if couriers:
            await asyncio.wait(couriers, timeout=max(0.0, deadline - asyncio.get_running_loop().time()))
        for courier in couriers:
            courier.cancel()
        if couriers:
            await asyncio.wait(couriers)

    async def _attempt(self, incoming: Incoming | Elsewhere) -> bool:
        try:
            if isinstance(incoming, Elsewhere):
                if incoming.what == "blocked":
                    async with self._store.open(self._name(incoming.chat_id)) as conversation:
                        await conversation.forget()
            elif not self._is_rest_of_album(incoming):
                await self._answer(incoming)
            return True
        except LeaseLost:
            return False
        except Exception as error:  # the channel's catch-all: nothing may stop the receiving side
            log.error("update %s failed: %s", incoming.update_id, describe(error))
            said = "telegram.not-deleted" if isinstance(error, _NotDeleted) else "telegram.apology"
            return await self._count_failure(incoming, said)

    async def _answer(self, incoming: Incoming) -> None:
        loop = asyncio.get_running_loop()
        deadline, update = loop.time() + self._budget, self._update(incoming.update_id)
        async with self._store.open(self._name(incoming.chat_id)) as conversation:
            record = await conversation.take_up(update)
            if record is None:
                metrics.AGAIN.inc()
                return
            frequency = self._frequency if incoming.list_message is None else self._tick_frequency
            match frequency.count(incoming.chat_id, incoming.at):
                case "too many":
                    too_many = Send(Message(self._words_for(incoming, record.token)("telegram.too-many")))
                    await self._finish(conversation, incoming, record, (too_many,), deadline)
                    return
                case "told":
                    return
            turn = self._respond(record.token, self._with_ticks(incoming, record))
            turn, asked = _once(await self._give(turn), record, incoming.at)
            steps = plan(turn, incoming, self._handing())
            if turn.ticks is not None and (shown := _list_of(incoming)) is not None:
                record = record.with_ticked(Ticked(shown[1], turn.ticks.items, turn.ticks.on))
                self._latest[shown] = turn.ticks
                if self._waiting[shown]:  # the last of some quick taps shows them all
                    steps = ()
            if turn.forget:
                try:
                    await conversation.forget()
                except LeaseLost:
                    raise
                except StoreError as error:
                    raise _NotDeleted(str(error)) from error
                record = Record()
                self._latest = {shown: ticks for shown, ticks in self._latest.items() if shown[0] != incoming.chat_id}
            else:
                record = replace(record, token=turn.token)
            record = record.with_asked(asked) if asked else record
            steps = self._telling_of_outage(steps, incoming.chat_id, turn.token)
            await self._finish(conversation, incoming, record, steps, deadline)
            if turn.heard:
                self._hear(turn.heard)

    def _telling_of_outage(self, steps: tuple[Step, ...], chat_id: int, token: str | None) -> tuple[Step, ...]:
        """The steps; the first of a chat while nothing can be remembered say so at their end."""
        if not steps or not self._is_store_down() or chat_id in self._told_of_outage:
            return steps
        self._told_of_outage.add(chat_id)
        return (*steps, Send(Message(self._words_of(token, "")("telegram.no-memory"))))

    def _with_ticks(self, incoming: Incoming, record: Record) -> Event:
        """The event with what is ticked on its checklist: as kept, else as last answered, else as its buttons show it.

        While nothing can be stored, a tap may have been made before the answer to the one before it was seen.
        """
        shown = _list_of(incoming)
        if shown is None or not isinstance(incoming.event, Pressed):
            return incoming.event
        kept = record.ticked_on(shown[1])
        ticks = incoming.pressed.ticks if incoming.pressed else None
        if kept is not None:
            ticks = Ticks(kept.items, kept.on)
        elif shown in self._latest:
            ticks = self._latest[shown]
        return replace(incoming.event, ticks=ticks)

    async def _finish(
        self,
        conversation: Conversation,
        incoming: Incoming,
        record: Record,
        steps: tuple[Step, ...],
        deadline: float,
    ) -> None:
        """Show the first reply, then save the record, mark the update handled and park what is left.

        All is left where replies are parked already or the first takes too long. Where nothing can be kept, the
        others go out from here.
        """
        update, late = self._update(incoming.update_id), record.parked
        while True:
            try:
                if not late:
                    steps = await self._show_first(conversation, incoming.chat_id, steps, deadline)
            except Postponed:
                log.info("a reply is parked")
                metrics.PARKED.inc(len(steps))
                late = True
            except Gone:
                await conversation.forget()
                await conversation.save(Record(), handled=update)
                return
            later = [step for step in steps if not isinstance(step, Mark)]  # whoever reads those has long gone on
            parked = record.parked or bool(later)
            parcels = tuple(pack_step(incoming.chat_id, step) for step in later)
            try:
                await conversation.save(replace(record, parked=parked), handled=update, park=parcels)
                break
            except LeaseLost:
                raise
            except StoreError:
                if late or not steps:
                    raise
        if parked:
            self._start_courier(incoming.chat_id)

    async def _show_first(
        self, conversation: Conversation, chat_id: int, steps: tuple[Step, ...], deadline: float
    ) -> tuple[Step, ...]:
        """Do the steps up to the first that people see; returns the others. Raises Postponed, Gone or BadRequest."""
        while steps:
            await conversation.check()
            done = await self._do(chat_id, steps[:2], deadline)
            last, steps = steps[done - 1], steps[done:]
            if not isinstance(last, Mark | Delete):
                break
        return steps

    async def _do(self, chat_id: int, steps: Sequence[Step], deadline: float) -> int:
        """Do the first of these steps, and the second together with a mark; returns how many were done.

        A mark is nice to have: whoever pressed does not wait for it before the answer.
        """
        mark, step = steps if len(steps) == 2 and isinstance(steps[0], Mark) else (None, steps[0])
        marking = asyncio.create_task(self._sender.do(chat_id, mark, deadline)) if mark else None
        try:
            await self._sender.do(chat_id, step, deadline)
        except BaseException:
            if marking:
                marking.cancel()
            raise
        metrics.send(type(step).__name__.lower()).inc()
        if marking is None:
            return 1
        await marking
        metrics.send("mark").inc()
        return 2

    async def _count_failure(self, incoming: Incoming | Elsewhere, said: str) -> bool:
        """Count a failure; True once the update is given up, and the words of that id are said."""
        try:
            if await self._store.count_failure(self._update(incoming.update_id)) < TRIES:
                return False
            if isinstance(incoming, Incoming):
                deadline = asyncio.get_running_loop().time() + self._budget
                async with self._store.open(self._name(incoming.chat_id)) as conversation:
                    record = await conversation.load()
                    apology = Send(Message(self._words_for(incoming, record.token)(said)))
                    await self._finish(conversation, incoming, record, (apology,), deadline)
        except (StoreError, BadRequest) as error:
            log.error("update %s could not be given up: %s", incoming.update_id, describe(error))
            return False
        metrics.GIVEN_UP.inc()
        log.error("update %s was given up", incoming.update_id)
        return True

    def _words_for(self, incoming: Incoming, recorded: str | None) -> Words:
        """The sentences in the language of the conversation; while nothing is known of it, of the button or the app."""
        return self._words_of(recorded or token_in(incoming.event), incoming.speaks)

    def _is_rest_of_album(self, incoming: Incoming) -> bool:
        """Whether an earlier part of the same album has been answered: ten photos get one answer."""
        if incoming.album is None:
            return False
        album, first = self._albums.setdefault(incoming.chat_id, (incoming.album, incoming.update_id))
        if album != incoming.album:
            self._albums[incoming.chat_id] = (incoming.album, incoming.update_id)
            return False
        return first != incoming.update_id

    def _start_courier(self, chat_id: int) -> None:
        if chat_id not in self._couriers:
            self._couriers[chat_id] = asyncio.create_task(self._deliver_parked(chat_id))

    async def _deliver_parked(self, chat_id: int) -> None:
        """Deliver the parked steps of a chat one by one; waits outside the lane, so that new updates go on."""
        pause, failures, counted = 0.5, 0, time.time()
        try:
            while True:
                if await self._stops_within(self._sender.wait_for(chat_id)):
                    return
                try:
                    if await self._deliver_first_parked(chat_id, with_files=failures < FILE_TRIES):
                        return
                    pause, failures, counted = 0.5, 0, time.time()
                except (Postponed, StoreError) as error:
                    if isinstance(error, Postponed) and self._sender.was_answered_since(counted):
                        failures, counted = failures + 1, time.time()
                    if await self._stops_within(random.uniform(0.5, 1.0) * pause):  # noqa: S311
                        return
                    pause = min(pause * 2, 30.0)
        except Exception as error:
            log.error("a parked reply failed: %s", describe(error))
        finally:
            del self._couriers[chat_id]

    async def _stops_within(self, seconds: float) -> bool:
        """Wait so long, or until the bot stops: then nothing is to be waited for any more."""
        if seconds <= 0:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        return self._stopping.is_set()

    async def _deliver_first_parked(self, chat_id: int, *, with_files: bool) -> bool:
        """True if nothing is left to deliver. Raises Postponed or StoreError.

        An update that waits for the conversation meanwhile finds nothing parked any more after the last one: else it
        would park its own reply, which takes twice as long.
        """
        async with self._store.open(self._name(chat_id)) as conversation:
            parcel = await conversation.first_parked()
            if parcel is not None:
                await conversation.check()
                try:
                    await self._deliver(conversation, chat_id, parcel, with_files=with_files)
                except Gone:
                    await conversation.forget()
                    return True
                if await conversation.unpark(parcel):
                    return False
            record = await conversation.load()
            if record.parked:
                await conversation.save(replace(record, parked=False))
            return True

    async def _deliver(self, conversation: Conversation, chat_id: int, parcel: Parcel, *, with_files: bool) -> None:
        """Do a parked step, or say sorry in its place if that can never be. Raises Postponed, Gone or StoreError."""
        deadline = asyncio.get_running_loop().time() + self._budget
        try:
            _, step = unpack_step(parcel.payload)
            if with_files or not isinstance(step, SendFile):
                await self._do(chat_id, (step,), deadline)
                return
            await self._do(chat_id, (Send(Message(instead_of(step))),), deadline)
            log.error("a parked file gave way to what is behind it")
            metrics.GIVEN_UP.inc()
        except (Postponed, Gone, StoreError):
            raise
        except Exception as error:  # Telegram refuses it, it is of another version: it may not stop those behind it
            log.error("a parked reply is undeliverable: %s", describe(error))
            metrics.GIVEN_UP.inc()
            words = self._words_of((await conversation.load()).token, "")
            with suppress(BadRequest):
                await self._do(chat_id, (Send(Message(words("telegram.apology"))),), deadline)

    def _name(self, chat_id: int) -> str:
        return f"telegram:{self._bot_id}:{chat_id}"

    def _update(self, update_id: int) -> str:
        return f"telegram-update:{self._bot_id}:{update_id}"


def _once(turn: Turn, record: Record, now: float) -> tuple[Turn, Asked | None]:
    """The turn with what was asked or heard within a day left out, and what is to be remembered of it."""
    if turn.heard:
        before = record.asked_about(turn.heard.about, now)
        heard = None if before and before.heard else turn.heard
        return replace(turn, heard=heard), Asked(turn.heard.about, before.at if before else int(now), heard=True)
    if not any(reply.feedback for reply in turn.replies):
        return turn, None
    asked, replies = None, []
    for reply in turn.replies:
        if reply.feedback and (asked or record.asked_about(reply.feedback.about, now)):
            reply = replace(reply, feedback=None)
        if reply.feedback:
            asked = Asked(reply.feedback.about, int(now))
        replies.append(reply)
    return replace(turn, replies=tuple(replies)), asked


def _list_of(incoming: Incoming | Elsewhere) -> tuple[int, int] | None:
    """Chat and message of the checklist whose button was pressed; None for anything else."""
    message = incoming.list_message if isinstance(incoming, Incoming) else None
    return None if message is None else (incoming.chat_id, message)


class _Frequency:
    """Counts the updates of each chat within a minute, by the time they were sent.

    Not by the time they arrive: after an outage everything arrives at once.
    """

    def __init__(self, per_minute: float) -> None:
        self._per_minute = per_minute
        self._times: dict[int, deque[float]] = {}
        self._told: dict[int, float] = {}

    def count(self, chat_id: int, at: float) -> str:
        """`fine`, `too many` (say so) or `told` (it was said within the last minute)."""
        times = self._times.setdefault(chat_id, deque(maxlen=1000))
        while times and times[0] <= at - 60:
            times.popleft()
        times.append(at)
        if len(times) <= self._per_minute:
            return "fine"
        if self._told.get(chat_id, at - 61) > at - 60:
            return "told"
        self._told[chat_id] = at
        return "too many"

    def tidy(self) -> None:
        newest = max((times[-1] for times in self._times.values() if times), default=0.0)
        self._times = {chat: times for chat, times in self._times.items() if times and times[-1] > newest - 120}
        self._told = {chat: at for chat, at in self._told.items() if at > newest - 120}
