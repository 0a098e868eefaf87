"""The packed roster gives back everybody exactly as they were put in."""

from hypothesis import given
from hypothesis import strategies as st

from domain.people import People, Person, Role

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x1e\x1f"), max_size=6)
PEOPLE = st.lists(
    st.builds(
        Person,
        id=st.text("abz019._-", min_size=1, max_size=4),
        name=TEXT,
        role=st.sampled_from(Role),
        area=TEXT,
        phone=TEXT,
        substitute=TEXT,
        wecom=TEXT,
        home=TEXT,
        notes=TEXT,
    ),
    max_size=20,
    unique_by=(lambda one: one.id, lambda one: one.wecom or one.id),
)


@given(PEOPLE)
def test_everybody_is_found_by_id_and_by_platform_id(people: list[Person]) -> None:
    kept = People(people)
    assert len(kept) == len(people)
    for one in people:
        assert kept[one.id] == one
        assert one.id in kept
        assert kept.by_wecom(one.wecom) == (one if one.wecom else None)
    staff = [one.id for one in people if one.role.staff]
    assert list(kept) == staff + [one.id for one in people if not one.role.staff]


def test_strangers_and_separators_are_no_trouble() -> None:
    odd = Person("p1", "a\x1fb", Role.RESIDENT, "g1", home="3\x1e2")
    kept = People([odd])
    assert kept["p1"].name == "a b"
    assert kept["p1"].home == "3 2"
    assert kept.get("nobody") is None
    assert kept.get("") is None
    assert kept.get("\ud800") is None
    assert kept.by_wecom("") is None
