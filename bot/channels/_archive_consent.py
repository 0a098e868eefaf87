"""Whether what somebody said in the archive may be kept: members' words always, others' by consent.

A person outside the corp agrees, or does not object (Agree, Default_Agree), or refuses (wechat.md
1e, D-91782). Who was not asked about yet is asked about before anything of his is stored.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.channels._api import Answer as Told
from bot.channels._api import Api
from bot.channels._archive_messages import Changed, Heard, Place, moment
from bot.channels._codes import CODES
from bot.channels.base import Parts, SendError
from domain.messages import Address, Inbound, Kind
from store.consents import LONG_AGO, Answer, Consent

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

# A changed mind stands in the stream itself; asking again is for what was missed.
YES_LASTS, NO_LASTS = timedelta(days=1), timedelta(minutes=10)
MEMBERS_LAST, MEMBERS_REST = timedelta(hours=1), timedelta(minutes=1)
_STATUS = {
    "Agree": Answer.AGREED,
    "Default_Agree": Answer.AGREED,
    "Disagree": Answer.REFUSED,
}
Answers = dict[str, tuple[Answer, datetime]]


class Members:
    """Whose chats are archived, asked about once an hour; as far as known while nobody says."""

    def __init__(self, parts: Parts, api: Api) -> None:
        self._now, self._api = parts.now, api
        self._ids: frozenset[str] = frozenset()
        self._due: datetime | None = None

    async def ids(self) -> frozenset[str]:
        """Their userids. Never raises SendError."""
        now = self._now()
        if self._due is None or now >= self._due:
            self._due = now + MEMBERS_REST
            with suppress(SendError):
                told = (await self.told()).get("ids")
                self._ids = frozenset(map(str, told if isinstance(told, list) else ()))
                self._due = now + MEMBERS_LAST
        return self._ids

    async def told(self) -> Told:
        """What the platform says of them: a harmless call. Raises SendError."""
        return await self._api.post("/cgi-bin/msgaudit/get_permit_user_list", {})


class Consenting:
    """Asks the platform, remembers the answers, and hears of changes."""

    def __init__(self, parts: Parts, api: Api) -> None:
        self._parts, self._api = parts, api
        self._consents = parts.vault.consents
        self._turned: list[Changed] = []
        self._log = log.bind(channel=parts.name)

    async def let_go(self, change: Changed) -> list[Inbound]:
        """What is to be told on when somebody agrees no longer: he left, in each place he agreed.

        A refusal in a private chat holds in the groups too.
        """
        if change.agreed:
            return []
        channel, person = self._parts.name, change.person
        places = await self._consents.places(channel, person)
        if change.place.room:
            places = [one for one in places if one == change.place.room]
        stamp = f"left:{person}:{change.at.timestamp():.0f}"
        return [
            Inbound(
                Address(channel, one, group=True) if _room(one) else Address(channel, person),
                person,
                f"{stamp}:{one}",
                change.at,
                kind=Kind.LEFT,
            )
            for one in places
        ]

    def turned(self) -> list[Changed]:
        """Whose refusal was learned by asking, without a word in the stream; each is told once."""
        found, self._turned = self._turned, []
        return found

    async def allows(self, heard: Heard) -> bool:
        """Whether it may be stored. Raises SendError when that cannot be asked now."""
        person = heard.inbound.sender
        if heard.member:
            return True
        consent = await self._current(heard.place, person)
        if heard.inbound.kind is Kind.RECALLED:
            return consent.ever  # it only takes away, and it brings no words
        return consent.agreed

    async def note(self, change: Changed) -> None:
        """Somebody agreed, or agrees no longer. Outside a group a refusal holds everywhere."""
        answer = Answer.AGREED if change.agreed else Answer.REFUSED
        name, now = self._parts.name, self._parts.now()
        if not change.place.room and not change.agreed:
            await self._consents.refuse(name, change.person, change.at)
        elif not change.place.room:
            await self._consents.doubt(name, change.person)
        said = {change.person: (answer, change.at)}
        await self._consents.note(name, change.place.key, said, now)

    async def _current(self, place: Place, person: str) -> Consent:
        known = await self._consents.of(self._parts.name, place.key, person)
        now = self._parts.now()
        if known is not None and now - known.asked_at < _lasts(known):
            return known
        answers = await self._asked(place, person, now)
        answers.setdefault(person, (Answer.UNKNOWN, LONG_AGO))
        await self._consents.note(self._parts.name, place.key, answers, now)
        found = await self._consents.of(self._parts.name, place.key, person)
        if known is not None and known.agreed and found and found.answer is Answer.REFUSED:
            self._turned.append(Changed(place, person, agreed=False, at=now))
        return found or Consent(Answer.UNKNOWN, now, ever=False)

    async def _asked(self, place: Place, person: str, now: datetime) -> Answers:
        """What the platform knows of the people in this place; nothing where it refuses to say."""
        try:
            told = await self._told(place, person)
        except SendError as error:
            if error.retryable and (not error.code or error.code in CODES):
                raise
            # This place is none the platform tells of: nothing of theirs is kept meanwhile.
            self._log.warning("consent unknown", action="archive.consent", code=error.code)
            return {}
        return _answers(told, now)

    async def _told(self, place: Place, person: str) -> Told:
        if place.room:
            return await self._api.post(
                "/cgi-bin/msgaudit/check_room_agree", {"roomid": place.room}
            )
        who = {"userid": place.member, "exteranalopenid": person}  # the real key is misspelt
        return await self._api.post("/cgi-bin/msgaudit/check_single_agree", {"info": [who]})


def _room(place: str) -> bool:
    return place.startswith("wr")  # ids of groups begin so, members' do not (wechat.md 1d, 1e)


def _lasts(known: Consent) -> timedelta:
    return YES_LASTS if known.agreed else NO_LASTS


def _answers(told: Told, now: datetime) -> Answers:
    found = told.get("agreeinfo")
    entries = found if isinstance(found, list) else []
    return dict(one for entry in entries if (one := _answer(entry, now)) is not None)


def _answer(entry: object, now: datetime) -> tuple[str, tuple[Answer, datetime]] | None:
    if not isinstance(entry, Mapping):
        return None
    person, status = entry.get("exteranalopenid"), entry.get("agree_status")
    if not isinstance(person, str) or not person:
        return None
    answer = _STATUS.get(str(status), Answer.UNKNOWN)
    # Without a moment a refusal counts as the newest word, and a consent as the oldest.
    missing = now if answer is Answer.REFUSED else LONG_AGO
    stamp = entry.get("status_change_time")
    return person, (answer, moment(stamp, now) if stamp else missing)
