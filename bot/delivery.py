"""The one way out: claim, render, send, record or plan the retry."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog

from bot.channels.base import Channel, Reporting, SendError, Unknown
from bot.failures import Failures
from bot.gate import LOST, Gate
from bot.late import as_of, still_of_use
from bot.phrases import Phrases
from bot.stations import Watch
from bot.values import Values
from domain.messages import Outbound
from domain.retry import decide
from scheduler.clock import Clock
from store import outbox
from store.directory import Directory
from store.engine import STORE_ERRORS, Connection, Store
from store.outbox import Claimed, Outcome, Saying
from store.quiet import Quiet
from store.ways import in_group

log = structlog.get_logger(__name__)

POLL = 1.0
PAUSE = 0.05
GATHER = 0.02
BATCH = 50
LOOKS = 20  # batches of which nothing may be said that one transaction looks at: others wait for it
IN_FLIGHT = 200
GOODBYE = 2.0


class Delivery:
    """Sends what stands in the outbox for one channel, in order within each chat."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        phrases: Phrases,
        directory: Directory,
        clock: Clock,
        watch: Watch,
        quiet: Quiet | None = None,
    ) -> None:
        self._quiet = quiet
        self._store, self._channel, self._phrases = store, channel, phrases
        self._directory, self._clock, self._watch = directory, clock, watch
        self._woken = asyncio.Event()
        self._lanes: dict[str, list[Claimed]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._outcomes: list[Outcome] = []
        self._more = False  # whether looking for what may be said ended before its end
        self._due: datetime | None = None  # when the next is due, as last seen
        self._instead: list[Saying] = []
        self._gate = Gate(store, directory, channel.limits.window)
        self._turn = asyncio.Lock()  # one transaction at a time: the gate counts what is in it
        if isinstance(channel, Reporting):
            failures = Failures(store, channel.name, directory, clock, watch, self._recorded)
            channel.report_to(failures.note)

    def wake(self) -> None:
        """Look now; without it the next look comes within a second."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; a channel that is down keeps its rows until it is back."""
        try:
            while True:
                rest = POLL
                try:
                    if self._woken.is_set() or not (rest := await self._idle()):
                        while await self._round():
                            pass
                        # What is due may still wait its turn behind another: no spinning on it.
                        rest = max(self._left(), PAUSE)
                except STORE_ERRORS as error:
                    log.error("store", action="delivery.store", error=type(error).__name__)
                with suppress(TimeoutError):
                    async with asyncio.timeout(rest):
                        await self._woken.wait()
        finally:
            await self._stop()

    async def run_once(self) -> int:
        """Send all that is due now and wait until it is recorded; 0 when there was nothing."""
        done = 0
        while (turned := await self._turnover()) or self._more:
            done += turned
            if not (self._tasks or self._more):
                break  # it looked for more when it wrote these down
            while self._tasks:
                await asyncio.wait(self._tasks)
        return done

    async def _idle(self) -> float:
        """Seconds until something may be due here, at most one; resting costs only a read."""
        if self._quiet is not None and not self._outcomes:
            left = await self._quiet.left(self._clock.now())
            if left:
                return min(left, POLL)
        if self._channel.connected and not self._outcomes:
            async with self._store.read() as conn:
                self._due = await outbox.next_due(conn, self._channel.name)
        return self._left()

    def _left(self) -> float:
        """Seconds until the next is due, as last seen, at most one."""
        if self._outcomes:
            return 0.0
        if self._due is None or not self._channel.connected:
            return POLL
        return min(max((self._due - self._clock.now()).total_seconds(), 0.0), POLL)

    async def _round(self) -> bool:
        """Record what came back and take more; whether there is anything to do at once."""
        self._woken.clear()
        done = await self._turnover()
        if done:
            await asyncio.sleep(GATHER)  # what comes meanwhile shares the next transaction
        return self._woken.is_set() or done >= BATCH

    async def _recorded(self) -> None:
        """See that what was sent so far is written down."""
        await self._turnover(take=False)

    async def _turnover(self, *, take: bool = True) -> int:
        """Write down what became of rows, keep those on their way, and take more: one commit."""
        async with self._turn:
            return await self._turned(take=take)

    async def _turned(self, *, take: bool) -> int:
        on_their_way = [row.id for lane in self._lanes.values() for row in lane]
        room = IN_FLIGHT - len(on_their_way) if take and self._channel.connected else 0
        outcomes, self._outcomes = self._outcomes, []
        instead, self._instead = self._instead, []
        if room <= 0 and not on_their_way and not outcomes:
            return 0
        now = self._clock.now()
        try:
            async with self._store.write() as conn:
                await outbox.record(conn, await self._gate.settled(conn, outcomes, now))
                await self._gate.count(conn)
                rerouted = [outbox.row_of(saying, now) for saying in instead]
                await outbox.add(self._store, conn, rerouted)
                await outbox.renew(conn, on_their_way, now)
                rows = await self._claim(conn, room, now) if room > 0 else []
                # Who sends wakes us when he is done: only where nobody does is it asked for.
                self._due = None if rows else await outbox.next_due(conn, self._channel.name)
        except BaseException:
            # They were sent: forgetting that would say them twice. They are recorded next time,
            # and at the latest when the program stops.
            self._outcomes = outcomes + self._outcomes
            self._instead = instead + self._instead
            raise
        self._gate.written(outcomes)
        if rows:
            self._watch.at("delivery.claimed")
        for row in rows:
            lane = self._lanes.setdefault(row.saying.address.chat, [])
            lane.append(row)
            if len(lane) == 1:
                task = asyncio.create_task(self._lane(row.saying.address.chat))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return len(outcomes) + len(rows)

    async def _claim(self, conn: Connection, room: int, now: datetime) -> list[Claimed]:
        rates, limit, name = self._channel.limits.rates, min(BATCH, room), self._channel.name
        self._more = False
        for _ in range(LOOKS):
            rows = await outbox.claim(self._store, conn, name, rates, now, limit=limit)
            if not rows:
                return []
            useful = await still_of_use(conn, rows, now)
            if free := await self._gate.through(conn, name, useful, now):
                return free
        self._more = True
        return []

    async def _lane(self, chat: str) -> None:
        """Send one chat's rows in order; after a failure the rest waits with it."""
        lane = self._lanes[chat]
        while lane:
            outcome = await self._send(lane[0])
            self._outcomes.append(outcome)
            if outcome.state == "waiting":
                # What follows may not overtake; it was not tried, and that is not counted.
                self._outcomes.extend(
                    Outcome(row.id, "waiting", outcome.at, untried=True) for row in lane[1:]
                )
                break
            lane.pop(0)
        del self._lanes[chat]
        self._woken.set()

    async def _send(self, row: Claimed) -> Outcome:
        now = self._clock.now()
        channel = self._channel
        if row.unknown and channel.limits.unknown is Unknown.DROP:
            return self._count(Outcome(row.id, "dead", now, error="outcome unknown"), "dead")
        try:
            outbound = self._render(row)
        except Exception as error:  # noqa: BLE001 -- a deployment's own template may do anything
            log.error(
                "template",
                action="delivery.template",
                template=row.saying.template,
                error=str(error),
            )
            return self._count(Outcome(row.id, "dead", now, error=repr(error)), "dead")
        self._watch.at("delivery.before_send")
        try:
            with self._watch.timed("send"):
                platform_id = await channel.send(outbound)
        except SendError as error:
            return self._failed(row, error, self._clock.now())
        except Exception as error:  # a channel's bug must not stop the other chats
            log.exception("channel failed", action="delivery.bug", channel=channel.name)
            return self._failed(row, SendError(repr(error), retryable=True), self._clock.now())
        self._gate.sent(row)
        self._watch.at("delivery.after_send")
        return self._count(
            Outcome(row.id, "sent", self._clock.now(), platform_id=platform_id), "sent"
        )

    def _render(self, row: Claimed) -> Outbound:
        saying, limits = row.saying, self._channel.limits
        context = as_of(row, self._clock.now())
        number = str((context.get("case") or {}).get("number") or "M")
        rendered = self._phrases.render(
            saying.template,
            self._with_copy(context),
            task_id=f"{number}_{row.id}",
            markup=limits.markup,
            max_bytes=limits.max_bytes,
            public=self._directory.public(saying.address),
            alone=not saying.address.group,
        )
        return Outbound(
            once=saying.once,
            address=saying.address,
            text=rendered.text,
            card=rendered.card if limits.buttons else None,
            handle=saying.handle,
            to=saying.to,
            template=saying.template,
            values={} if saying.address.group else Values(self._phrases, context),
        )

    def _with_copy(self, context: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of a copy-ready line with the words to paste, as neighbours may read them."""
        copy = context.get("copy")
        if copy is None:
            return context
        words = self._phrases.render(copy["template"], copy["context"], public=True)
        return {**context, "words": words.text}

    def _failed(self, row: Claimed, error: SendError, now: datetime) -> Outcome:
        channel = self._channel.name
        if error.unreachable and self._gate.refused(row, error):
            return self._count(Outcome(row.id, LOST, now, error=str(error)), LOST)
        aside = in_group(row.saying)
        if error.unreachable and aside is not None:
            return self._reroute(row, aside, now, error)
        retry = decide(row.tries, now, retryable=error.retryable, after=error.retry_after)
        if retry.at is None and aside is not None:
            return self._reroute(row, aside, now, error)
        log.warning(
            "not sent",
            action="delivery.failed",
            channel=channel,
            code=error.code,
            tries=row.tries,
            again=retry.at is not None,
        )
        if retry.at is None:
            return self._count(Outcome(row.id, "dead", now, error=str(error)), "dead")
        return self._count(Outcome(row.id, "waiting", retry.at, error=str(error)), "retried")

    def _reroute(self, row: Claimed, other: Saying, now: datetime, error: SendError) -> Outcome:
        """Say it where the person can be reached instead, by name."""
        self._instead.append(other)
        return self._count(Outcome(row.id, "rerouted", now, error=str(error)), "rerouted")

    def _count(self, outcome: Outcome, name: str) -> Outcome:
        self._watch.sent(self._channel.name, name)
        return outcome

    async def _stop(self) -> None:
        """Wait a moment for what is on its way: what stays unknown would be said again."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GOODBYE)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        now = self._clock.now()
        self._outcomes.extend(
            Outcome(row.id, "waiting", now, untried=True)
            for lane in self._lanes.values()
            for row in lane[1:]
        )
        await self._turnover(take=False)
