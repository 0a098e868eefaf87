"""The section [volunteers] of a rules file."""

from bot.deployment.toml import Section
from domain.volunteer_rules import VolunteerRules


def volunteer_rules(section: Section) -> VolunteerRules:
    """Read the section; what is not written keeps its default."""
    wait = section.duration("wait") or VolunteerRules().wait
    rules = VolunteerRules(wait, section.names("organisations"))
    section.done()
    return rules
