"""The section [volunteers] of a rules file."""

from bot.deployment.toml import Section
from domain.volunteer_rules import VolunteerRules


def volunteer_rules(section: Section) -> VolunteerRules:
    """Read the section; what is not written keeps its default."""
    base = VolunteerRules()
    wait = section.duration("wait") or base.wait
    rules = VolunteerRules(wait, section.names("organisations"), section.count("most", base.most))
    section.done()
    return rules
