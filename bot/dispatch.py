"""One conversation at a time: person, understanding, handler, commit."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from bot import asides, identity, polls
from bot.advice.advised import Opinions
from bot.cases import another_trouble, named, not_his, suspects
from bot.hearing import Hearing
from bot.notices import receipts
from bot.reminders import remind
from bot.rush import FULL, Rush
from bot.stations import Watch
from bot.turn import Handler, Turn, again
from domain.city import City
from domain.errors import NotAllowed
from domain.messages import Kind
from domain.retry import decide
from scheduler.clock import Clock
from store import cases, inbox, media
from store.directory import Directory
from store.engine import STORE_ERRORS, Store, away, conflicted
from store.inbox import Letter
from store.quiet import Quiet
from store.voice import Answering
from store.work import Work

log = structlog.get_logger(__name__)

TRIES = 5
POLL = 1.0
GATHER = 0.01  # a transaction costs as much of the processor as a message or two


@dataclass(frozen=True, slots=True)
class Desk:
    """What every conversation is handled with."""

    store: Store
    city: City
    directory: Directory
    hearing: Hearing
    handlers: Mapping[str, Handler]
    clock: Clock
    watch: Watch
    opinions: Opinions | None = None


class Dispatcher:
    """Takes waiting conversations, lets handlers answer them, and commits."""

    def __init__(
        self, desk: Desk, handled: Callable[[Work], None], quiet: Quiet | None = None
    ) -> None:
        self._desk, self._quiet = desk, quiet
        self._handled = handled  # told what was committed
        self._woken = asyncio.Event()
        self._rush = Rush()
        self._at_hand: Letter | None = None

    def wake(self) -> None:
        """Look now; without it the next look comes within a second."""
        self._woken.set()

    def give_way(self, rush: Rush) -> None:
        """Let taking messages in go first while there is a rush."""
        self._rush = rush

    async def run(self) -> None:
        """Work until cancelled; nothing that goes wrong with a message ends the loop."""
        # Beside the loop: what comes in meanwhile is stored and acknowledged.
        await asyncio.to_thread(self._desk.hearing.begin)
        while True:
            try:
                if self._woken.is_set() or await self._anything():
                    self._woken.clear()
                    while await self._some():
                        pass
                    self._rush.over()
                    await asyncio.sleep(GATHER)  # what comes meanwhile shares the next transaction
            except STORE_ERRORS as error:
                log.error("store", action="dispatch.store", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._woken.wait()

    async def _some(self) -> bool:
        """Handle what waits; whether to look again, though nobody may wake us for it.

        Where a few were all that waited, SQLite has no more: what came meanwhile has woken us. On
        PostgreSQL another process may have left us what it could not lock.
        """
        room = await self._rush.room()
        taken = await self.run_once(*room)
        return taken >= (min(room) if self._desk.store.sqlite else 1)

    async def _anything(self) -> bool:
        """Whether something waits; resting must not cost a write transaction."""
        if self._quiet is not None and await self._quiet.left(self._desk.clock.now()):
            return False
        async with self._desk.store.read() as conn:
            return await inbox.oldest_unhandled(conn) is not None

    async def run_once(self, conversations: int = FULL[0], each: int = FULL[1]) -> int:
        """Handle what waits, as much as fits one transaction; returns how many messages.

        After a failure it tells of as many as it may take: some can be left.
        """
        try:
            return await self._batch(conversations, each)
        except Exception as error:  # noqa: BLE001 -- one bad message must not stop the others
            log.warning("batch failed", action="dispatch.batch", error=type(error).__name__)
        for _ in range(20):
            if not await self._alone():
                break
        return max(conversations, each)

    async def _batch(self, conversations: int, each: int) -> int:
        desk = self._desk
        now = desk.clock.now()
        with desk.watch.timed("dispatch"):
            async with desk.store.write() as conn:
                if desk.opinions is not None:
                    await desk.opinions.overtake(conn)
                waiting = await inbox.claim(conn, now, conversations=conversations, each=each)
                if not waiting:
                    return 0
                desk.watch.at("dispatch.claimed")
                work = Work(desk.store, conn, desk.city, desk.directory, now)
                letters = [letter for mine in waiting.values() for letter in mine]
                await self._prefetch(work, letters)
                lasts = {mine[-1].id for mine in waiting.values()}
                tried = [
                    (letter, await self._handle(work, letter, last=letter.id in lasts))
                    for letter in letters
                ]
                await work.flush()
                desk.watch.at("dispatch.before_commit")
            desk.watch.at("dispatch.after_commit")
        if work.rebound:
            async with desk.store.read() as conn:
                await desk.directory.refresh(conn)
        self._handled(work)
        later = desk.clock.now()
        for letter, intent in tried:
            if intent is None:
                continue
            lag = (later - letter.inbound.received_at).total_seconds()
            desk.watch.handled(letter.inbound.address.channel, intent, lag)
        return len(tried)

    async def _alone(self) -> int:
        """Handle one conversation's next message by itself, and hold it back if it fails."""
        desk = self._desk
        self._at_hand = None
        try:
            return await self._batch(1, 1)
        except Exception as error:  # whatever is wrong with one message must not stop the others
            if away(error):
                raise
            if conflicted(error) or isinstance(error, cases.Conflict):
                return 1
            log.exception("message failed", action="dispatch.failed")
        letter = self._at_hand
        if letter is None:
            return 0
        now = desk.clock.now()
        retry = decide(letter.tries + 1, now, retryable=True, limit=TRIES)
        async with desk.store.write() as conn:
            await inbox.hold(conn, letter, retry.at, now)
        if retry.at is None:
            desk.watch.handled(letter.inbound.address.channel, "dead", 0.0)
        return 1

    async def _prefetch(self, work: Work, letters: list[Letter]) -> None:
        """Read what most messages need, once for all of them."""
        conversations = {letter.inbound.address.key for letter in letters}
        await work.look_for_questions(conversations)
        await work.look_for_pictures(conversations)
        speakers = (
            work.directory.speaker(one.inbound.address.channel, one.inbound.sender)
            for one in letters
        )
        await work.know(sorted({id_ for speaker in speakers for id_ in speaker.ids}))
        await identity.questions_elsewhere(work, letters)
        if self._desk.opinions is not None:
            await self._desk.opinions.look(work.conn, letters)

    async def _handle(self, work: Work, letter: Letter, *, last: bool) -> str | None:
        """Let the right handler answer one message; returns what it was taken for.

        None: it waits for a second opinion, which only the `last` of its conversation does.
        """
        self._at_hand = letter
        desk, inbound = self._desk, letter.inbound
        work.answering = Answering(
            letter.id, inbound.address, inbound.sender, inbound.handle, inbound.text
        )
        work.spoken = 0
        turn = await self._considered(work, desk.hearing.turn(work, letter, self._run), last=last)
        if turn is None:
            return None
        if inbound.attachments:
            work.heard_media(media.rows_of(letter.id, inbound))
        if inbound.union:
            await identity.note_union(work, inbound)
        aside = await receipts.noted(turn) or await polls.noted(turn)
        aside = aside or await another_trouble.noted(turn) or await named.noted(turn)
        aside = aside or await asides.noted(turn)
        if not aside:
            await self._run(await self._edited(turn))
        suspected = not aside and suspects.noted(turn)
        remind(turn)
        work.handled(letter.id, suspects.OUTCOME if suspected else turn.heard.intent)
        return turn.heard.intent

    async def _considered(self, work: Work, turn: Turn, *, last: bool) -> Turn | None:
        """The turn with a second opinion where one is wanted; None when it has to wait for it."""
        opinions = self._desk.opinions
        return turn if opinions is None else await opinions.consider(work, turn, last=last)

    async def _edited(self, turn: Turn) -> Turn:
        """The turn, after the words it takes the place of were taken back."""
        earlier = turn.inbound.handle.get("edits", "")
        if not earlier:
            return turn
        gone = replace(turn.inbound, kind=Kind.RECALLED, card=earlier)
        await self._run(again(replace(turn, inbound=gone), "recalled"))
        return replace(turn, question=identity.question_of(turn.work, turn.inbound, turn.speaker))

    async def _run(self, turn: Turn) -> None:
        handler = self._desk.handlers.get(turn.heard.intent)
        if handler is None:
            return
        if turn.speaker.role not in handler.roles:
            if turn.inbound.kind is Kind.CLICKED or turn.addressed:
                await not_his.refused(turn)
            return
        try:
            await handler.run(turn)
        except NotAllowed as refusal:
            # "好的，我去看看" among neighbours is a command only if there is a case to move.
            nothing = refusal.reason == "nothing_open" and not turn.addressed
            if not turn.overheard and await not_his.answered(turn, refusal.reason):
                return
            if not turn.overheard and not nothing:
                turn.work.reply("replies/refused", {"reason": refusal.reason})
