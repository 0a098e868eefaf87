"""[notices] of the rules: limits, care lists, and notices that come by themselves."""

from collections.abc import Iterator
from dataclasses import replace

from bot.deployment.toml import Section
from domain.notice_rules import NoticeRules, Plan
from domain.notice_times import Missed, Rhythm, comes, rhythm_of
from domain.notices import GAPS, READY, TO, gaps, malformed


def notice_rules(section: Section) -> NoticeRules:
    """Read the section; without it the defaults hold and nothing comes by itself."""
    base, lists = NoticeRules(), section.table("lists")
    written = lists.keys()
    most = section.count("most_words", base.most_words)
    found = NoticeRules(
        per_day=section.count("per_day", base.per_day),
        digest=section.clock("digest", base.digest),
        per_minute=section.count("per_minute", base.per_minute),
        most_words=most,
        valid=section.duration("valid") or base.valid,
        draft=section.duration("draft") or base.draft,
        remind_after=section.duration("remind_after") or base.remind_after,
        cap=section.duration("cap") or base.cap,
        lists={name: lists.names(name) for name in written},
        plans=tuple(_plans(section, most)),
    )
    section.done()
    return found


def _plans(section: Section, most: int) -> Iterator[Plan]:
    """The plans; each has a name of its own, by which its row in the store is known."""
    names: set[str] = set()
    for entry in section.tables("plan"):
        plan = _plan(entry)
        _check_words(entry, plan, most)
        if plan.name and plan.name in names:
            entry.fault("notice_twice", "name", value=plan.name)
        names.add(plan.name)
        yield plan


def _check_words(entry: Section, plan: Plan, most: int) -> None:
    """What could not be said later is refused now."""
    if plan.ready and plan.ready not in READY:
        wanted = " " + " / ".join(READY)
        entry.fault("value_type", "ready", value=plan.ready, wanted=wanted, example='"fire"')
    if len(plan.words) > most:
        entry.fault("notice_long", "words", count=len(plan.words), most=most)
    unknown = [one for one in gaps(plan.words) if one not in GAPS]
    if odd := "".join(unknown[:1]) or malformed(plan.words):
        entry.fault("notice_gap", "words", value=odd, names=" ".join(GAPS))
    if plan.to == "list" and not plan.list:
        entry.fault("key_missing", "list")


def _plan(entry: Section) -> Plan:
    base = Plan("", "")
    to = entry.text("to")
    if to and to not in TO:
        entry.fault(
            "value_type", "to", value=to, wanted=" " + " / ".join(TO), example='"residents"'
        )
    plan = Plan(
        name=entry.text("name"),
        to=to,
        where=entry.names("where"),
        list=_said(entry, "list"),
        words=_said(entry, "words"),
        ready=_said(entry, "ready"),
        rhythm=_rhythm(entry),
        event=_said(entry, "event"),
        valid=entry.duration("valid") or base.valid,
        approved_by=_said(entry, "approved_by"),
        urgent=entry.yes("urgent", default=False),
        receipts=entry.yes("receipts", default=False),
        visit=entry.yes("visit", default=False),
    )
    if bool(plan.words) == bool(plan.ready):
        entry.fault("empty", "words")
    if plan.rhythm is None and not plan.event:
        entry.fault("key_missing", "when")
    entry.done()
    return plan


def _said(entry: Section, key: str) -> str:
    written = entry.keys()
    return entry.text(key) if key in written else ""


def _rhythm(entry: Section) -> Rhythm | None:
    code = _said(entry, "when")
    found = rhythm_of(code) if code else None
    if code and found is None:
        entry.fault(
            "value_type",
            "when",
            value=code,
            wanted=" once/day/workday/eve/after/week/month/nth/year HH:MM",
            example='"week 1 09:00"',
        )
    if found is not None and not comes(found):
        entry.fault("notice_never", "when", value=code)
    missed = _missed(entry)
    return replace(found, missed=missed or found.missed) if found is not None else None


def _missed(entry: Section) -> Missed | None:
    """What becomes of a time at which nobody ran; None where the rules do not say."""
    said, known = _said(entry, "missed"), [one.value for one in Missed]
    if said and said not in known:
        wanted = " " + " / ".join(known)
        entry.fault("value_type", "missed", value=said, wanted=wanted, example='"skip"')
    return Missed(said) if said in known else None
