"""[notices] of the rules: limits, care lists, and notices that come by themselves."""

from bot.deployment.toml import Section
from domain.notice_rules import NoticeRules, Plan
from domain.notice_times import Rhythm, rhythm_of
from domain.notices import TO


def notice_rules(section: Section) -> NoticeRules:
    """Read the section; without it the defaults hold and nothing comes by itself."""
    base, lists = NoticeRules(), section.table("lists")
    written = lists.keys()
    found = NoticeRules(
        per_day=section.count("per_day", base.per_day),
        digest=section.clock("digest", base.digest),
        per_minute=section.count("per_minute", base.per_minute),
        most_words=section.count("most_words", base.most_words),
        valid=section.duration("valid") or base.valid,
        draft=section.duration("draft") or base.draft,
        remind_after=section.duration("remind_after") or base.remind_after,
        cap=section.duration("cap") or base.cap,
        lists={name: lists.names(name) for name in written},
        plans=tuple(_plan(one) for one in section.tables("plan")),
    )
    section.done()
    return found


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
            wanted=" once/day/workday/eve/week/month/year HH:MM",
            example='"week 1 09:00"',
        )
    return found
