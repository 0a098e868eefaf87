"""Which office a case would go to by its category."""

from domain.case import Case
from domain.city import City
from domain.people import Person


def office_for(city: City, case: Case) -> Person | None:
    """The office that is proposed (taxonomy, default office); None where the roster has none."""
    for hint in city.rules_of(case).office_hints(case.category, case.words):
        found = city.world.find_person(hint, case.area)
        if found:
            return found[0]
    return None
