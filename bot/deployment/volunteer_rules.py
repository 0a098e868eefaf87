"""The section [volunteers] of a rules file."""

from bot.deployment.toml import Section
from domain.volunteer_rules import VolunteerRules


def volunteer_rules(section: Section) -> VolunteerRules:
    """Read the section; what is not written keeps its default."""
    base = VolunteerRules()
    wait = section.duration("wait") or base.wait
    most, fresh = section.count("most", base.most), section.duration("fresh") or base.fresh
    rules = VolunteerRules(wait, section.names("organisations"), most, fresh)
    section.done()
    return rules
